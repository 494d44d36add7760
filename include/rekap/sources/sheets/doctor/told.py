"""The report with what is to be written in clients.yaml, ready for terminal and page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rekap import catalogue
from rekap.config_file import FILL
from rekap.settings import Client
from rekap.sources.sheets.doctor import brand, proposal, words
from rekap.sources.sheets.doctor.examine import examine
from rekap.sources.sheets.doctor.left import left
from rekap.sources.sheets.doctor.proposal import Surroundings
from rekap.sources.sheets.doctor.wording import Check, Said, said
from rekap.vocabulary import lexicon


def told(
    resource: Mapping[str, Any], *, slug: str | None, client: Client | None, as_of: date, language: str,
    around: Surroundings, checks: Sequence[Check] = (), stands_still: bool = False,
) -> Said:  # fmt: skip
    """A Spreadsheet resource in the words of `language`. `client`: who it is in clients.yaml, None when nobody yet;
    then a whole entry is proposed, under `slug` where one is given. `stands_still`: the clock does. Raises what
    `examine` raises."""
    names = [name for outlet in client.outlets for name in (outlet.name, *outlet.aliases)] if client else []
    with lexicon.of_client(client.words if client else None):
        report = examine(resource, slug=slug, as_of=as_of, outlet_names=names, crew=around.crew)
        yaml = proposal.entry(report, client, around, language)
        taught = words.teachable(report)
        name = proposal.client_name(slug, report.title)
        # Asked until the entry is written: then a person has said whose outlets these are.
        foreign = None if client else brand.foreign(proposal.outlet_names(report), [slug or "", name])
    if not client:
        write = catalogue.text(language, "doctor.write_new", fill=FILL)
    elif yaml:
        write = catalogue.text(language, "doctor.write_known", slug=client.slug)
    else:
        write = catalogue.text(language, "doctor.write_nothing")
    made = said(
        report, yaml, write, language, checks=checks, taught=taught, brand=foreign, name=name, stands_still=stands_still
    )
    return replace(made, left=tuple(left(made, is_new=client is None)))
