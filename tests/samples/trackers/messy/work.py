"""The spellings of what is to be done and on how many units: the service cell and the unit cell together."""

from random import Random

from tests.samples.trackers.messy import cells
from tests.samples.trackers.messy.dates import FULL_WIDTH
from tests.samples.trackers.messy.orders import Order
from tests.samples.trackers.messy.truth import Spelling

SERVICE_WORDS = {
    "cleaning": [
        "cuci AC",
        "Cuci AC",
        "CUCI AC",
        "cleaning",
        "service rutin",
        "cuci kecil",
        "cuci biasa",
        "Cleaning AC",
    ],
    "deep_cleaning": ["cuci besar", "Cuci Besar AC", "overhaul", "deep clean", "CUCI BESAR"],
    "repair": ["perbaikan", "Perbaikan AC", "AC tidak dingin", "AC bocor", "AC mati total", "perbaikan AC bocor"],
    "inspection": ["cek AC", "Survey", "pengecekan", "Pengecekan AC"],
    "freon_topup": ["tambah freon", "isi freon", "Tambah Freon R32", "isi freon R410A", "tambah freon 20 psi"],
    "installation": ["pasang baru", "instalasi", "Instalasi AC", "Pasang baru AC"],
    "dismantle": ["bongkar", "Bongkar AC"],
    "relocation": ["bongkar pasang", "BP", "relokasi", "Relokasi AC", "pindah AC", "Bongkar Pasang AC"],
    "part_replacement": ["ganti kapasitor", "ganti PCB", "Ganti kapasitor AC"],
    "housekeeping": ["Housekeeping", "housekeeping"],
    "helper": ["Helper", "helper"],
}
COUNTABLE = {  # words after which a bare number reads as a count: "cuci 3, tambah freon 1"
    "cleaning": "cuci",
    "deep_cleaning": "cuci besar",
    "freon_topup": "tambah freon",
    "part_replacement": "ganti kapasitor",
    "inspection": "cek",
    "relocation": "bongkar pasang",
}
NUMBER_WORDS = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan"]
SIZES = ["0.5", "½", "1/2", "0,75", "3/4", "1", "1.5", "1,5", "1 ½", "2", "2.5", "3", "5"]
FLOORS = ["Lt. 2", "lantai 3", "Lt.1", "lt 2", "Lantai 5"]
JOINTS = [" + ", ", ", " & ", " dan "]


def spell(rng: Random, order: Order, unit_column: bool) -> Spelling:
    """The service cell and, where the tab has a unit column, the unit cell of an order."""
    if len(order.services) > 1:
        return _several(rng, order, unit_column)
    (service, units), words = order.services[0], rng.choice(SERVICE_WORDS[order.services[0][0]])
    if rng.random() < 0.12 and service == "cleaning":
        words, trap = _with_size_or_floor(rng)
    elif service == "repair" and rng.random() < 0.15:
        words, trap = rng.choice(["Servis AC", "servis", "Service AC"]), "'servis' alone"
    else:
        trap = words
    note = {}
    if service == "cleaning" and rng.random() < 0.05:
        words, trap, note = "Servis AC", "'servis' with cleaning in the note", {"note": cells.text("cuci saja")}
    if unit_column:
        return _with_unit_cell(rng, service, units, words, trap, note)
    if rng.random() < 0.75:
        shape, words = _counted(rng, words, units)
        return _work(f"{trap}; in the text {shape}", _noisy(rng, words), note, [(service, units)], units)
    if rng.random() < 0.2:
        words = f"{words} {rng.choice(['semua unit', 'all unit'])}"
        return _work(f"{trap}; all units in the text", words, note, [(service, None)], None, flags=("units_unknown",))
    return _work(f"{trap}; no count", words, note, [(service, None)], None, undecided=("units_unknown",))


def _with_unit_cell(
    rng: Random, service: str, units: int, words: str, trap: str, note: dict[str, cells.Cell]
) -> Spelling:
    shape = rng.choices(["column", "text", "both", "unknown", "conflict", "error", "none"], [70, 8, 6, 5, 4, 3, 4])[0]
    if shape == "column":
        name, cell, units = _unit_cell(rng, units)
        cells_of_row = {"units": cell, **note}
        return _work(f"{trap}; unit column {name}", _noisy(rng, words), cells_of_row, [(service, units)], units)
    if shape == "none":
        return _work(f"{trap}; no count", words, note, [(service, None)], None, undecided=("units_unknown",))
    if shape == "unknown":
        said = rng.choice(["semua", "Semua", "all unit", "SEMUA", "?", "beberapa"])
        cells_of_row = {"units": cells.text(said), **note}
        name = f"{trap}; unit column {said.lower()}"
        return _work(name, words, cells_of_row, [(service, None)], None, flags=("units_unknown",))
    if shape == "error":
        cells_of_row = {"units": cells.error(rng.choice(["REF", "N_A", "LOADING"])), **note}
        return _work(
            f"{trap}; unit column error cell",
            words,
            cells_of_row,
            [(service, None)],
            None,
            flags=("error_cell",),
            undecided=("units_unknown",),
        )
    name, counted = _counted(rng, words, units)
    if shape == "text":
        return _work(f"{trap}; {name} in the text, unit column empty", counted, note, [(service, units)], units)
    if shape == "both":
        cells_of_row = {"units": cells.number(units), **note}
        return _work(
            f"{trap}; {name} in the text, unit column the same", counted, cells_of_row, [(service, units)], units
        )
    column = units + rng.randint(1, 3)
    cells_of_row = {"units": cells.number(column), **note}
    name = f"{trap}; {name} in the text, unit column differs"
    return _work(name, counted, cells_of_row, [(service, units)], column, flags=("units_conflict",))


def _several(rng: Random, order: Order, unit_column: bool) -> Spelling:
    total = sum(units for _, units in order.services)
    joint = rng.choice(JOINTS)
    if rng.random() < 0.6:
        unit = rng.choice(["", " unit"])
        words = joint.join(f"{COUNTABLE[service]} {units}{unit}" for service, units in order.services)
        if rng.random() < 0.2:
            words = joint.join(f"{units} unit {COUNTABLE[service]}" for service, units in order.services)
            joint = f"{joint}, counts in front"
        also = {"units": cells.number(total)} if unit_column and rng.random() < 0.6 else {}
        return _work(f"several with own counts, joined by {joint!r}", words, also, list(order.services), total)
    words = joint.join(rng.choice(SERVICE_WORDS[service]) for service, _ in order.services)
    nothing = [(service, None) for service, _ in order.services]
    if unit_column:
        also = {"units": cells.number(total)}
        return _work(f"several with one total, joined by {joint!r}", words, also, nothing, total)
    trap = f"several without count, joined by {joint!r}"
    return _work(trap, words, {}, nothing, None, undecided=("units_unknown",))


def _counted(rng: Random, words: str, units: int) -> tuple[str, str]:
    shapes = {
        "3 unit": f"{words} {units} unit",
        "3u": f"{words} {units}u",
        "(3 unit)": f"{words} ({units} unit)",
        "tiga unit": f"{words} {NUMBER_WORDS[units]} unit",
        "3 unit in front": f"{units} unit {words}",
        "3 unit @75rb": f"{words} {units} unit @75rb",
        "3 UNIT": f"{words} {units} UNIT",
    }
    name = rng.choice(list(shapes))
    return name, shapes[name]


def _unit_cell(rng: Random, units: int) -> tuple[str, cells.Cell, int]:
    """The name of the shape, the cell, and the count that it gives."""
    more = rng.randint(1, 3)
    shapes = {
        "number": (cells.number(units), units),
        "number by formula": (cells.computed(cells.number(units), "=1*D1"), units),
        "text": (cells.text(str(units)), units),
        "3 unit": (cells.text(f"{units} unit"), units),
        "3 Unit with NBSP": (cells.text(f"{units}\u00a0Unit"), units),
        "3u": (cells.text(f"{units}u"), units),
        "3 un": (cells.text(f"{units} un"), units),
        "tiga": (cells.text(NUMBER_WORDS[units]), units),
        "full-width": (cells.text(str(units).translate(FULL_WIDTH)), units),
        "2+1": (cells.text(f"{units}+{more}"), units + more),
        "3 split 1 cassette": (cells.text(f"{units} split {more} cassette"), units + more),
    }
    name = rng.choices(list(shapes), [10, 2, 4, 3, 1, 1, 1, 2, 1, 1, 1])[0]
    return name, *shapes[name]


def _with_size_or_floor(rng: Random) -> tuple[str, str]:
    shapes = {
        "size": f"Cuci AC {rng.choice(SIZES)} PK",
        "brand and size": f"cuci AC Daikin {rng.choice(SIZES)}PK",
        "kind and size": f"Cuci AC split {rng.choice(SIZES)} pk",
        "floor": f"Cuci AC {rng.choice(FLOORS)}",
        "price": rng.choice(["cuci AC Rp75.000", "cuci AC @75rb", "cuci AC (75k)"]),
    }
    name = rng.choice(list(shapes))
    return shapes[name], f"{name} that is no count"


def _noisy(rng: Random, words: str) -> str:
    return rng.choice(
        [words, words, words, words, words.replace(" ", "\u00a0"), words.replace(" ", "  "), words.upper()]
    )


def _work(
    trap: str,
    words: str,
    also: dict[str, cells.Cell],
    services: list[tuple[str, int]] | list[tuple[str, None]],
    units: int | None,
    *,
    flags: tuple[str, ...] = (),
    undecided: tuple[str, ...] = (),
) -> Spelling:
    values = {"services": [{"service": service, "units": count} for service, count in services], "units": units}
    return Spelling(trap, {"service": cells.text(words), **also}, values, flags=flags, undecided=undecided)
