"""What a writer writes in the many shapes that are in use, the reader reads back."""

from datetime import date, time, timedelta

from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from rekap.vocabulary import date_words, lexicon
from rekap.vocabulary.dates import read_date
from rekap.vocabulary.phones import read_phone
from rekap.vocabulary.services import read_services
from rekap.vocabulary.statuses import read_status
from rekap.vocabulary.technicians import read_technicians
from rekap.vocabulary.times import read_time

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
NOTES = ("", " (3 unit)", ", lt 2", " jam 10.00", " - AC 1/2 PK", " 10.00-12.00", " (confirm toko)")
UNTIMED = settings(deadline=None)  # the first text compiles the patterns
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@st.composite
def written_dates(draw: st.DrawFn) -> tuple[date, str]:
    """A day, named by any spelling of its month, joined by any separator, with or without its weekday and a note."""
    day = draw(DAYS)
    month = draw(st.sampled_from(sorted(word for word, number in date_words.months().items() if number == day.month)))
    separator = draw(st.sampled_from([" ", "-", "/", ".", "  ", " - ", "\u00a0"]))
    text = separator.join((str(day.day), month, draw(st.sampled_from([f"{day:%Y}", f"{day:%y}"]))))
    if draw(st.booleans()):
        names = [word for word, number in date_words.weekdays().items() if number == day.weekday()]
        text = f"{draw(st.sampled_from(sorted(names)))}{draw(st.sampled_from([' ', ', ', ' tgl ']))}{text}"
    text += draw(st.sampled_from(NOTES))
    case = draw(st.sampled_from([str.upper, str.title, str.lower]))
    return day, case(text).translate(FULL_WIDTH) if draw(st.booleans()) else case(text)


@UNTIMED
@given(written_dates())
def test_dates(written: tuple[date, str]) -> None:
    day, text = written
    assert read_date(text, reference=date(2026, 6, 30)).value == (day, None)


@UNTIMED
@given(
    DAYS,
    st.integers(1, 6),
    st.sampled_from(["wide", "abbreviated"]),
    st.sampled_from([" - ", "-", " s/d ", " sampai "]),
)
def test_a_weekday_that_contradicts_is_never_passed_over(day: date, off: int, width: str, until: str) -> None:
    wrong = format_date(day + timedelta(days=off), "EEEE", locale="id")
    named = format_date(day, "d MMMM yyyy" if width == "wide" else "d MMM yyyy", locale="id")
    assert read_date(f"{wrong}, {named}").problem == "date_conflict"
    last = day + timedelta(days=3)
    assert (
        read_date(f"{wrong} {named}{until}{format_date(last, 'd MMMM yyyy', locale='id')}").problem == "date_conflict"
    )


PARTS = {"pagi": range(6, 12), "siang": range(12, 15), "sore": range(15, 18), "malam": range(19, 22)}


@UNTIMED
@given(
    st.integers(8, 20), st.sampled_from([0, 15, 30, 45]), st.integers(1, 3), st.sampled_from(["-", " - ", " s/d ", "–"])
)
def test_times(hour: int, minute: int, hours: int, until: str) -> None:
    start, end = time(hour, minute), time(hour + hours, minute)
    assert read_time(f"{start:%H.%M}{until}{end:%H.%M} WIB").value == (start, end)
    assert read_time(f"jam {start:%H:%M} (2 unit)").value == (start, None)
    part = next((part for part, of in PARTS.items() if hour in of), None)
    if part:
        assert read_time(f"jam {(hour - 1) % 12 + 1}.{minute:02} {part}").value == (start, None)


@UNTIMED
@given(
    st.lists(
        st.tuples(st.sampled_from(["cleaning", "deep_cleaning", "inspection", "relocation"]), st.integers(1, 40)),
        min_size=1, max_size=4, unique_by=lambda said: said[0],
    ),
    st.sampled_from(["{word} {number} unit", "{number} {word}", "{word} AC {number}u", "{word} 1/2 PK {number} unit"]),
    st.sampled_from([", ", " + ", " & ", "; ", " dan "]),
)  # fmt: skip
def test_services(said: list[tuple[str, int]], shape: str, between: str) -> None:
    words = {"cleaning": "cuci", "deep_cleaning": "overhaul", "inspection": "cek", "relocation": "bongkar pasang"}
    text = between.join(shape.format(word=words[code], number=number) for code, number in said)
    assert read_services(text).value == said


@UNTIMED
@given(
    st.sampled_from(sorted(lexicon.meanings("statuses", "codes"))),
    st.sampled_from(["{}", " {} ", "{}.", "*{}*", "{}!", "- {}", "{} ya pak"]),
)
def test_statuses(phrase: str, shape: str) -> None:
    assert read_status(shape.format(phrase).title()).value == lexicon.meanings("statuses", "codes")[phrase]


@UNTIMED
@given(
    st.integers(10_000_000, 99_999_999), st.sampled_from(["0{}", "+62 {}", "62{}", "{}", "+62 (0){}", "0{} (Bu Sari)"])
)
def test_phones(number: int, shape: str) -> None:
    assert read_phone(shape.format(f"812{number}")).value == [f"+62812{number}"]
    grouped = f"812-{str(number)[:4]}-{str(number)[4:]}"
    assert read_phone(shape.format(grouped)).value == [f"+62812{number}"]


@UNTIMED
@given(
    st.lists(st.sampled_from(["Budi", "Andi S", "Joko Susilo", "Tim 2", "teknisi A"]), min_size=1, unique=True),
    st.sampled_from(["/", " & ", ", ", " + ", " dan "]), st.sampled_from(["", "Pak ", "Bpk. ", "Mas "]),
)  # fmt: skip
def test_technicians(names: list[str], between: str, title: str) -> None:
    assert read_technicians(between.join(f"{title}{name}" for name in names)).value == names
