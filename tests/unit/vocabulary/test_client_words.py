"""A client's own words: where they hold, and what is refused."""

from datetime import time
from pathlib import Path

import pytest

from rekap.errors import SettingsError
from rekap.settings import load
from rekap.sources.basecamp import form
from rekap.sources.sheets import faces, headers
from rekap.vocabulary import client_words, date_words, lexicon
from rekap.vocabulary.dates import read_date
from rekap.vocabulary.services import read_services
from rekap.vocabulary.statuses import read_status, said
from rekap.vocabulary.technicians import read_technicians
from rekap.vocabulary.times import read_time

WORDS = {
    "statuses": {"done": ["sip", "👌"], "cancelled": ["coret"], "nothing": ["belum diisi"]},
    "services": {"cleaning": ["semprot"], "parts": ["kipas"]},
    "dates": {"relative": ["minggu muka"], "beside": ["kunjungan"]},
    "months": {"8": ["delapanan"]},
    "days": {"4": ["jemuah"]},
    "times": {"pagi": ["isuk"]},
    "people": {"honorifics": ["suhu"]},
    "headings": {"service_date": ["hari h"]},
    "labels": {"outlet": ["gerai"]},
}


def answers() -> list[object]:
    """What each kind makes of a text that only WORDS can read."""
    return [
        read_status("SIP").value,
        read_status("👌").value,
        read_status("sudah sip").value,
        said("maaf, coret saja ya"),
        read_status("belum diisi").problem,
        read_services("semprot AC 2 unit").value,
        read_services("ganti kipas").value,
        read_date("kunjungan 7/8/2026").value is not None,
        read_date("7 delapanan 2026").value is not None,
        read_date("Jemuah 7/8/2026").value is not None,
        read_time("8 isuk").value,
        read_technicians("Suhu Budi").value,
        headers.meaning("hari h") is not None,
        form.read_form("Gerai: Kopi BSD").told,
        faces.work("semprot"),
    ]


def test_the_words_hold_inside_and_nowhere_else() -> None:
    before = answers()
    with lexicon.of_client(WORDS):
        inside = answers()
        with lexicon.of_client({"statuses": {"cancelled": ["sip"]}}):
            assert read_status("sip").value == "cancelled"
            assert read_services("semprot").problem == "unknown"
        assert read_status("sip").value == "done"
    assert answers() == before
    assert inside == [
        "done", "done", "done", "cancelled", "empty", [("cleaning", 2)], [("part_replacement", None)], True, True, True,
        (time(8), None), ["Budi"], True, {"outlet": "Kopi BSD"}, "cleaning",
    ]  # fmt: skip
    assert not any(one == other and one for one, other in zip(before, inside, strict=True))


def test_equal_words_share_what_was_worked_out() -> None:
    with lexicon.of_client({"statuses": {"done": ["sip"]}}):
        first = date_words.months()
    with lexicon.of_client({"statuses": {"done": ("sip",)}}):
        assert date_words.months() is first


def test_words_that_are_known_and_new_are_accepted() -> None:
    client_words.check(WORDS)
    client_words.check({"statuses": {"done": ["selesai"]}})


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"stati": {"done": ["sip"]}}, "'stati' is no kind of words"),
        ({"outlets": {"jl": ["lorong"]}}, "'outlets' is no kind of words"),
        ({"statuses": {"finished": ["sip"]}}, "'finished' is neither a code nor a list of statuses"),
        ({"statuses": {"done": ["batal"]}}, "'batal' already means statuses.cancelled, it cannot mean statuses.done"),
        ({"statuses": {"done": ["sip"], "cancelled": ["SIP"]}}, "'SIP' already means statuses.done"),
        ({"months": {"8": ["agustus"], "9": ["oktober"]}}, "'oktober' already means months.10"),
        ({"days": {"4": ["agustus"]}}, "'agustus' already means months.8"),
        ({"services": {"cleaning": ["kapasitor"]}}, "'kapasitor' already means services.parts"),
        ({"services": {"cleaning": ["dua"]}}, "'dua' already means services.numbers"),
        ({"times": {"pagi": ["sore"]}}, "'sore' already means times.sore"),
        ({"headings": {"outlet": ["jadwal"]}}, "'jadwal' already means headings.service_date"),
        ({"labels": {"outlet": ["jam"]}}, "'jam' already means labels.time"),
        ({"statuses": {"done": ["12"]}}, "'12' is no word"),
        ({"statuses": {"done": [" "]}}, "is no word"),
        ({"statuses": {"done": ["x" * 61]}}, "is no word"),
        ({"statuses": {"done": [f"kata {'a' * n}" for n in range(1, 50)] * 5}}, "more than 200 words"),
    ],
)
def test_what_cannot_hold_is_refused_with_both_meanings(words: lexicon.ClientWords, told: str) -> None:
    with pytest.raises(client_words.RefusedWord, match=told):
        client_words.check(words)


def test_the_fingerprint_is_of_the_words_not_of_their_order() -> None:
    one = client_words.fingerprint({"statuses": {"done": ["sip", "oke deh"]}, "services": {"cleaning": ["semprot"]}})
    other = client_words.fingerprint({"services": {"cleaning": ["Semprot"]}, "statuses": {"done": ["oke deh", "sip"]}})
    assert one == other != client_words.fingerprint({"statuses": {"done": ["sip"]}})
    assert client_words.fingerprint({}) == client_words.fingerprint({"statuses": {"done": []}}) == ""


REGISTER = """\
people:
  - {code: sinta, name: Sinta, roles: [am, pic]}
clients:
  - slug: kopi
    name: Kopi
    active_from: 2026-07-01
    am: sinta
    pic: sinta
    scopes: [{kind: project, project_id: 1}]
    words:
      statuses:
        done: [sip]
      months: {8: [delapanan]}
services: [{code: cleaning, minutes_per_unit: 45}]
"""


def _written(folder: Path, register: str) -> Path:
    (folder / "rekap.yaml").write_text("timezone: Asia/Jakarta\n")
    (folder / "clients.yaml").write_text(register)
    return folder


def test_the_register_carries_the_words(tmp_path: Path) -> None:
    [client] = load(_written(tmp_path, REGISTER)).register.clients
    assert client.words == {"statuses": {"done": ("sip",)}, "months": {"8": ("delapanan",)}}


def test_a_wrong_word_stops_the_start_with_its_line(tmp_path: Path) -> None:
    wrong = REGISTER.replace("done: [sip]", "done: [sip, batal]")
    with pytest.raises(
        SettingsError, match=r"line 12, clients\.0\.words\.statuses\.done\.1: client kopi: 'batal' already"
    ):
        load(_written(tmp_path, wrong))
