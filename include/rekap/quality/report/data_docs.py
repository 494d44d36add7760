"""Great Expectations' own Data Docs of a stage, for engineers who ask for them (setting `quality.data_docs`).

Opt-in, and beside our page, not instead of it: their pages load style sheets and scripts from other hosts, show a blank
index without them, and fetch a logo that tells those hosts of each viewing. A store of past runs makes them grow until
a browser gives up, so there is none: a folder a stage holds the newest run alone.
"""

import shutil
from pathlib import Path

from rekap import warehouse
from rekap.quality.expectations import judge
from rekap.quality.gate import bound_values
from rekap.quality.registry import of_stage
from rekap.quality.rules import Stage
from rekap.run import Run


def build(connection: warehouse.Connection, run: Run, stage: Stage, month: str | None = None) -> int:
    """Judge the stage once more and write its Data Docs into `quality.data_docs`/STAGE; 0 when none are asked for, else
    the number of pages. Costs a second pass of the gate; rows that the gate set aside are no longer among the failing.
    Raises OSError when the folder cannot be written."""
    asked = run.config.settings.quality.data_docs
    if not asked:
        return 0
    folder = Path(asked) / stage
    shutil.rmtree(folder, ignore_errors=True)
    connection.commit()
    with judge(connection, bound_values(run, month)) as judging:
        for suite in of_stage(stage, whole=False):
            judging.validate(suite)
        judging.write_docs(folder)
    return len(list(folder.rglob("*.html")))
