"""Messages about orders without technician: a mention on the to-do for step 1, e-mails for everything else."""

from collections import Counter
from collections.abc import Sequence

from rekap import warehouse
from rekap.channels import basecamp_comment
from rekap.incidents import planning, wording
from rekap.incidents.case import Case
from rekap.incidents.planning import Draft, Envelope, Item
from rekap.incidents.unassigned import KIND, Telling
from rekap.run import Run

SUMMARY = "summary"
MAIL = "mail"
COMMENT = "comment"


def plan(conn: warehouse.Connection, run: Run, standing: Sequence[Case], tellings: Sequence[Telling]) -> Counter[str]:
    """Plan what is told of the cases that stand; messages whose cases all ended are withdrawn. Counts of
    `planning.plan`."""
    sgids = basecamp_comment.sgids(conn, run.config.register.people)
    cases = {one.incident_id: one for one in standing}

    def write(envelope: Envelope) -> Draft | None:
        told = [cases[incident] for incident in dict.fromkeys(i for i, _ in envelope.contents) if incident in cases]
        if not told:
            return None
        if envelope.channel == "basecamp_comment":
            return _comment(run, envelope, told[0], sgids.get(envelope.person))
        return _mail(run, envelope, told)

    return planning.plan(conn, run, KIND, [_item(telling, sgids) for telling in tellings], write)


def _item(telling: Telling, sgids: dict[str, str]) -> Item:
    one = telling.case
    assert one.incident_id is not None  # an incident is opened before it is told
    mentions = one.step == 1 and not telling.summary and not one.visible_to_clients and telling.person.code in sgids
    return Item(
        incident_id=one.incident_id,
        step=telling.step,
        service_date=one.service_date,
        person=telling.person.code,
        at=telling.at,
        delivery=one.delivery,
        group=SUMMARY if telling.summary else COMMENT if mentions else MAIL,
        order_id=one.order_id if mentions else None,
    )


def _comment(run: Run, envelope: Envelope, one: Case, sgid: str | None) -> Draft | None:
    person = run.config.register.person_by_code[envelope.person]
    leaves_on = envelope.at.astimezone(run.zone).date()
    lines = wording.comment(person.language, leaves_on, one)
    html = basecamp_comment.body(sgid, lines)
    return Draft(lines[0], "\n".join(lines), html, one.client, one.is_near(leaves_on))


def _mail(run: Run, envelope: Envelope, told: list[Case]) -> Draft:
    person = run.config.register.person_by_code[envelope.person]
    subject, text, html = wording.mail(run, person, envelope.at, told, summary=envelope.group == SUMMARY)
    clients = {one.client for one in told}
    leaves_on = envelope.at.astimezone(run.zone).date()
    return Draft(
        subject, text, html, clients.pop() if len(clients) == 1 else None, any(one.is_near(leaves_on) for one in told)
    )
