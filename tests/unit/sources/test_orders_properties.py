"""Orders made by a writer whose meaning is known: a form reads back whole, a free text never reads otherwise."""

from datetime import date, time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rekap.sources.basecamp.orders import Order
from rekap.sources.basecamp.places import Places, words_of
from rekap.vocabulary import lexicon
from rekap.vocabulary.outlets import normalise
from rekap.vocabulary.services import codes
from tests.unit.sources.test_orders_corpus import READER, REGISTER, read

OUTLETS = {outlet["name"]: outlet["code"] for outlet in REGISTER["clients"][0]["outlets"]}
SERVICES = {
    "cuci AC": "cleaning",
    "cuci besar": "deep_cleaning",
    "tambah freon": "freon_topup",
    "bongkar pasang AC": "relocation",
    "ganti kapasitor": "part_replacement",
    "perbaikan AC": "repair",
}
MONTHS = {8: ("Agustus", "Agt", "Agu", "August"), 9: ("September", "Sept", "Sep")}
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
REQUIRED = ("outlet", "date", "service", "units")
days = st.dates(date(2026, 8, 3), date(2026, 9, 28))
hours = st.builds(time, st.integers(8, 19), st.sampled_from((0, 15, 30, 45)))
distractions = st.sampled_from(
    (
        "lantai 3", "Blok C 12", "2 PK", "3/4 PK", "Rp 75.000", "hub Bu Sari 0812-3456-7890", "makasih",
        "bawa tangga 3 meter",
        "umur 5 tahun", "R32", "24 jam", "teknisi 2 orang", "H-1", "#4512", "garansi 30 hari", "terakhir cuci 9 unit",
        "jangan telat ya", "nego harga", "invoice tgl 30 Juli 2026", "toko buka jam 7", "Pak Dodi", "ok kak",
    )
)  # fmt: skip
JUNK = st.text(max_size=300) | st.lists(
    st.sampled_from(
        ("Kopi Senja BSD", "2", "3 unit", "cuci", "AC", "tgl", "7", "Agustus", "2026", "jam", "10", "-", "/", ",", ".",
         "(", ")",
         "tidak", "bukan", "tapi", "Outlet:", "Unit:", "Tanggal:", "<br>", "\t", "|", "08123456789", "s/d", "Jumat",
         "sore", "½",
         "<b>", "</del>", "<s>", "semua", "sekitar", "0", "999999", "[H-1]", ">", "\N{ZERO WIDTH SPACE}", "ﬁ", "İ")
    ),
    max_size=40,
).map(" ".join)  # fmt: skip


def written_day(day: date, spelling: int) -> str:
    months = MONTHS[day.month]
    return (
        f"{day.day} {months[spelling % len(months)]} {day.year}",
        f"{day.day:02}/{day.month:02}/{day.year}",
        f"{day.day}-{day.month}-{day:%y}",
        f"{WEEKDAYS[day.weekday()]}, {day.day} {months[0]} {day.year}",
    )[spelling % 4]


@st.composite
def visits(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "outlet": draw(st.sampled_from(sorted(OUTLETS))),
        "service": draw(st.sampled_from(sorted(SERVICES))),
        "units": draw(st.integers(1, 40)),
        "date": draw(days),
        "time": draw(hours),
    }


def wrong(order: Order, meant: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Fields that were read otherwise than they were meant: (read, meant). What is null is not among them."""
    told = {
        "outlet": (order.outlet, OUTLETS[meant["outlet"]]),
        "date": (order.service_date, meant["date"]),
        "until": (order.service_date_end, None),
        "time": (order.time_from, meant["time"]),
        "units": (order.units, meant["units"]),
        "service": (order.services or None, [(SERVICES[meant["service"]], order.units)]),
    }
    return {name: both for name, both in told.items() if both[0] is not None and both[0] != both[1]}


@settings(deadline=None)  # a test never judges by the clock
@given(visits(), st.data())
def test_a_form_reads_back_whatever_its_order_labels_and_separators(meant: dict[str, Any], data: st.DataObject) -> None:
    values = {
        "outlet": meant["outlet"],
        "service": meant["service"],
        "units": f"{meant['units']}{data.draw(st.sampled_from(('', ' unit')))}",
        "date": written_day(meant["date"], data.draw(st.integers(0, 15))),
        "time": f"{meant['time']:%H.%M}",
    }
    labels = lexicon.read("order_form")["labels"]
    sign = data.draw(st.sampled_from((":", " : ", ": ", " = ", "=", " -> ", "：")))
    mark = data.draw(st.sampled_from(("", "• ", "- ", "* ", "1. ", "✅ ")))
    bold = data.draw(st.sampled_from(("{}", "<strong>{}</strong>", "*{}*")))
    lines = []
    for name in data.draw(st.permutations(sorted(values))):
        label = data.draw(st.sampled_from(sorted(labels[name])))
        label = data.draw(st.sampled_from((label, label.upper(), label.title())))
        lines.append(f"{mark}{bold.format(label.replace('&', '&amp;'))}{sign}{values[name].replace('&', '&amp;')}")
    between = data.draw(st.sampled_from(("<br>", "</div><div>", "<br><br>")))
    order = read({"description": f"<div>{between.join(lines)}</div>"})
    assert (order.problems, wrong(order, meant)) == ({}, {})
    assert (order.outlet, order.service_date, order.time_from, order.units) == (
        OUTLETS[meant["outlet"]], meant["date"], meant["time"], meant["units"],
    )  # fmt: skip
    assert set(order.field_sources.values()) == {"form"}


@settings(deadline=None)
@given(visits(), st.lists(distractions, max_size=3), st.data())
def test_a_free_text_is_read_as_meant_or_not_at_all(
    meant: dict[str, Any], beside: list[str], data: st.DataObject
) -> None:
    pieces = data.draw(
        st.permutations(
            [
                data.draw(st.sampled_from(("{}", "di {}", "lokasi {}"))).format(meant["outlet"]),
                data.draw(st.sampled_from(("{} {} unit", "mau {} {} unit", "{} {}u"))).format(
                    meant["service"], meant["units"]
                ),
                data.draw(st.sampled_from(("{}", "tgl {}", "untuk {}"))).format(
                    written_day(meant["date"], data.draw(st.integers(0, 15)))
                ),
                f"jam {meant['time']:%H.%M}",
                *beside,
            ]
        )
    )
    text = data.draw(st.sampled_from((" ", ", ", " - ", ". ", "\n", " / ", "; ", " | "))).join(pieces)
    is_title = data.draw(st.booleans())
    order = read({"title": text} if is_title else {"description": text.replace("&", "&amp;")})
    assert wrong(order, meant) == {}, text
    read_fields = {"outlet": order.outlet, "date": order.service_date, "service": order.services, "units": order.units}
    assert all(read_fields[name] or name in order.problems for name in REQUIRED)


@settings(deadline=None)
@given(JUNK, JUNK, st.none() | st.just("2026-08-07") | st.text(max_size=12))
def test_no_text_raises_and_what_is_missing_is_named(title: str, description: str, due_on: str | None) -> None:
    order = read({"title": title, "description": description, "due_on": due_on})
    fields = {"outlet": order.outlet, "date": order.service_date, "service": order.services, "units": order.units}
    assert all(value not in (None, []) or name in order.problems for name, value in fields.items())
    assert {code for code, _ in order.services} <= set(codes())
    last = order.service_date_end
    assert last is None or (order.service_date is not None and last > order.service_date)
    again = read({"title": title, "description": description, "due_on": due_on})
    assert again == order


@settings(deadline=None)
@given(st.text(max_size=80) | st.text(alphabet="KopiSenja BSD&2()-,tangselJakarta selatan jln 07", max_size=60))
def test_names_are_compared_word_by_word_as_whole_cells_are(text: str) -> None:
    """What finds an outlet in a text must know the same spellings as what reads a cell."""
    if len(text) == len(text.casefold()) and text.isascii():
        assert " ".join(word.key for word in words_of(text)) == normalise(text)


def test_the_longest_spelling_is_the_outlet() -> None:
    places = READER.places("senja")
    assert [place.outlet for place in places.named("KOPI SENJA - BSD (2), cuci")] == ["KS-2"]
    assert isinstance(places, Places)
