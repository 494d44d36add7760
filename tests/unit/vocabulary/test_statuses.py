"""Status words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekap.vocabulary import lexicon
from rekap.vocabulary.statuses import read_status, says_cancelled


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Baru", "requested"),
        ("Pending konfirmasi", "requested"),
        ("Menunggu Penjadwalan", "requested"),
        ("Terjadwal", "scheduled"),
        ("OK jadwal", "scheduled"),
        ("Teknisi OK", "assigned"),
        ("Sudah assign", "assigned"),
        ("Sedang Dikerjakan", "in_progress"),
        ("OTW", "in_progress"),
        ("belum selesai", "in_progress"),
        ("Selesai", "done"),
        ("✅", "done"),
        ("✔️", "done"),
        ("TRUE", "done"),
        ("selesai tgl 12", "done"),
        ("Selsai", "done"),
        ("selesei", "done"),
        ("Selesai (kurang 1 unit)", "partial"),
        ("selesai 2 dari 3", "partial"),
        ("Pending", "on_hold"),
        ("Menunggu sparepart", "on_hold"),
        ("Reschedule ke 9/8", "rescheduled"),
        ("resecedule", "rescheduled"),
        ("Batal - toko tutup", "cancelled"),
        ("cancle", "cancelled"),
        ("tidak jadi", "cancelled"),
        ("Batl", "cancelled"),
        ("Tnda", "on_hold"),
        ("di jadwalkan", "scheduled"),
        ("belum clear", "in_progress"),
        ("Order AC", "requested"),
        ("sparepart pending", "on_hold"),
        ("❌ batal", "cancelled"),
        ("proses ⏳", "in_progress"),
        ("selesai 👍", "done"),
        ("selesai 2 unit dari 3", "partial"),
        ("assign ke Budi & Andi", "assigned"),
    ],
)
def test_status_words_are_read(text: str, code: str) -> None:
    assert read_status(text).value == code


@pytest.mark.parametrize(
    "text", ["Selesai 2/3", "batal reschedule", "tidak selesai", "selesai?", "ok", "Doen", "x" * 200]
)
def test_a_doubtful_status_is_unknown(text: str) -> None:
    assert read_status(text).problem == "unknown"


@pytest.mark.parametrize(
    "text",
    ["order sparepart", "proses approval", "selesai approval", "teknisi masuk", "toko baru", "jadwal teknisi",
     "jadwal selesai", "done 1 unit lagi", "batal 1 unit", "reschedule ke", "batal jadi", "assign ulang"],
)  # fmt: skip
def test_a_status_of_a_part_a_place_or_a_plan_is_none_of_the_visit(text: str) -> None:
    assert read_status(text).problem == "unknown"


@pytest.mark.parametrize("text", ["✅❌", "selesai ❌", "❌ done", "Selesai ⏳", "batal ⏳"])
def test_a_sign_that_contradicts_leaves_no_status(text: str) -> None:
    assert read_status(text).problem == "unknown"


@pytest.mark.parametrize("text", ["", "-", "FALSE", "☐"])
def test_an_unticked_box_is_empty(text: str) -> None:
    assert read_status(text).problem == "empty"


@pytest.mark.parametrize(
    ("text", "cancelled"),
    [
        ("batal ya pak, toko tutup", True),
        ("Dibatalkan klien", True),
        ("tidak batal", False),
        ("jadi batal?", False),
        ("ok", False),
    ],
)
def test_a_cancelling_word_in_prose(text: str, cancelled: bool) -> None:
    assert says_cancelled(text) is cancelled


@given(st.text(max_size=150))
def test_no_text_raises(text: str) -> None:
    reading = read_status(text)
    assert reading.value is None or reading.value in lexicon.read("statuses")["codes"]


@given(st.sampled_from(sorted(lexicon.meanings("statuses", "codes"))))
def test_every_known_phrase_keeps_its_code_whatever_its_case(phrase: str) -> None:
    assert read_status(phrase.upper()).value == lexicon.meanings("statuses", "codes")[phrase]
