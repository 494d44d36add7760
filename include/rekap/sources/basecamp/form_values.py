"""What the lines of the order form say, each read by the vocabulary."""

import re
from datetime import date

from rekap.sources.basecamp import moments
from rekap.sources.basecamp.form import Form, says_nothing
from rekap.sources.basecamp.places import Places
from rekap.sources.basecamp.prose import SEVERAL, Said
from rekap.vocabulary import lexicon
from rekap.vocabulary.dates import Days, read_date
from rekap.vocabulary.reading import EMPTY, UNKNOWN, Reading, refused
from rekap.vocabulary.services import read_services
from rekap.vocabulary.times import Span, read_time
from rekap.vocabulary.units import read_units


def read(form: Form, places: Places, reference: date, *, row_text: str) -> dict[str, Said]:
    """field → what its line says. A line that was left blank is not there; one that says "menyusul" is, as `empty` or
    `no_date`. `row_text`: the rest of the order, for services (vocabulary.services)."""
    told = {name: text for name, text in form.told.items() if text}
    read: dict[str, Said] = {}
    if "outlet" in told:
        read["outlet"] = Said(_outlet(told["outlet"], places), None if says_nothing(told["outlet"]) else told["outlet"])
    if "date" in told:
        read["date"] = Said(_day(told["date"], reference))
    if "time" in told:
        time = _time(told["time"])
        if time.problem != EMPTY:
            read["time"] = Said(time)
    elif "date" in told and (found := [each for each in moments.times(told["date"]) if each.sure]):
        read["time"] = Said(found[0].reading if len(found) == 1 else refused(SEVERAL))
    if "service" in told:
        plain = re.sub(r"[<>]", " ", told["service"])  # the vocabulary marks what it found by these signs
        services = read_services(plain, row_text=row_text)
        read["service"] = Said(services, told["service"])
        numbers = [units for _, units in services.value or ()]
        if services.flags:
            read["units"] = Said(refused(UNKNOWN))
        elif numbers and all(numbers):
            read["units"] = Said(Reading(sum(number or 0 for number in numbers)))
    if "units" in told:
        read["units"] = Said(refused(EMPTY) if says_nothing(told["units"]) else read_units(told["units"]))
    if "contact" in told and not says_nothing(told["contact"]):
        read["contact"] = Said(Reading(told["contact"].replace("\n", " / ")))
    for name in form.several & read.keys():
        read[name] = Said(refused(SEVERAL))
    return read


def _outlet(text: str, places: Places) -> Reading[str]:
    """The outlet that the line names, whole or in front of its address: "Kopi Senja BSD, Jl. Raya 3"."""
    if says_nothing(text):
        return refused(EMPTY)
    if outlet := places.called(text):
        return Reading(outlet)
    named = places.named(text)
    if len({place.outlet for place in named}) > 1:
        return refused(SEVERAL)
    if not named or named[0].start > 0 or named[0].doubtful:
        return refused(UNKNOWN)
    behind = re.match(r"\s*[,;(/|-]\s*([^\W\d_]+)", text[named[0].end :])
    is_address = behind is not None and behind[1].lower() in lexicon.words("order_form", "addresses")
    return Reading(named[0].outlet) if is_address else refused(UNKNOWN)


def _day(text: str, reference: date) -> Reading[Days]:
    """The line as the vocabulary reads it; else the one day in it, if every other number is a time's."""
    reading = read_date(text, reference=reference)
    if reading.problem != "bad_date":
        return reading
    found = list(moments.days(text, reference, is_title=True))
    if len(found) != 1 or not found[0].sure or found[0].reading.value is None:
        return reading
    rest = text[: found[0].start] + " " + text[found[0].end :]
    for each in list(moments.times(rest)):
        rest = rest[: each.start] + " " * (each.end - each.start) + rest[each.end :]
    return reading if re.search(r"\d", rest) else found[0].reading


def _time(text: str) -> Reading[Span]:
    reading = read_time(text)
    if reading.problem != UNKNOWN:
        return reading
    found = [each for each in moments.times(text) if each.sure]
    if len(found) != 1 or re.search(r"\d", text[: found[0].start] + text[found[0].end :]):
        return reading
    return found[0].reading
