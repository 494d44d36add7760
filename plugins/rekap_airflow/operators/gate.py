"""The quality gate of one or several stages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator, Context

from rekap_airflow.work import work

if TYPE_CHECKING:
    from rekap.quality.rules import Stage


class Gate(BaseOperator):
    """Judges what is committed in `stages`, one after the other; `whole` also what only the night has time for.

    Ends well when rows were set aside, clients were marked or held, or warnings were counted: that is one client's
    matter, and stands in ops.quality_runs. Fails at once (AirflowFailException) when a relation as a whole cannot be
    used, since it will not be better at the next try; a rule that could not be evaluated (TransientError) is tried
    again. Great Expectations is imported when it is executed. XCom: counts alone; rows stay in the warehouse."""

    def __init__(self, *, stages: Sequence[Stage], whole: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stages = tuple(stages)
        self.whole = whole

    def execute(self, context: Context) -> dict[str, int]:
        from rekap.quality import gate

        counts: dict[str, int] = {}
        with work() as job:
            for stage in self.stages:
                month = job.month if stage == "outputs" else None
                for name, number in gate(job.conn, job.run, stage, month, whole=self.whole).items():
                    counts[name] = counts.get(name, 0) + number
        return counts
