"""Rows as the matching sees them: outlets by the register, services by the vocabulary, slips of the pen mended."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rekap.sources.sheets.identity import Face
from rekap.sources.sheets.rows import TrackerRow
from rekap.vocabulary import lexicon, outlets, services
from rekap.vocabulary.folding import fold, words
from rekap.vocabulary.technicians import name_key
from rekap.vocabulary.typos import one_edit

TYPO_FROM = 4  # letters: a slip in a shorter word makes another word
MOST_TYPOS = 2  # words of one name


def crew_of(names: Iterable[str], crew: Mapping[str, set[str]]) -> list[str]:
    """The technicians' codes; a name that is nobody's, or two people's, stays as it was written."""
    return [next(iter(codes)) if len(codes := crew.get(name_key(name), set())) == 1 else name for name in names]


class Faces:
    """Makes faces for one client. `outlet_of`: normalised spelling → the outlet's code; `crew`: name's key → codes;
    `seen`: names of outlets as the living rows have them, which the register may not know."""

    def __init__(
        self, outlet_of: Mapping[str, str], crew: Mapping[str, set[str]], seen: Iterable[str | None] = ()
    ) -> None:  # fmt: skip
        self._outlet_of, self._crew = outlet_of, crew
        unknown = {spelt for name in seen if (spelt := outlets.normalise(name or "")) and spelt not in outlet_of}
        self._registered, self._seen = _Spellings(outlet_of), _Spellings({spelt: spelt for spelt in unknown})

    def of_row(self, sheet_id: int, row: TrackerRow) -> Face:
        """The face of a row of the new grid."""
        read, cells = row.read, row.cells
        told = {
            "sheet_id": sheet_id, "row": row.row, "content_sha256": row.content_sha256, "order_ref": read.order_ref,
            "service_date": read.service_date, "outlet_text": read.outlet, "service_text": cells.get("service"),
            "units": read.units, "time_from": read.time_from, "technicians": crew_of(read.technicians, self._crew),
            "status_text": cells.get("status"), "note": cells.get("note"),
        }  # fmt: skip
        return self.of_known(told)

    def of_known(self, row: Mapping[str, Any]) -> Face:
        """The face of a row as the warehouse keeps it (20_staging/tracker_rows_living)."""
        spelt = outlets.normalise(row["outlet_text"] or "")
        meant = ""
        if spelt and spelt not in self._outlet_of:
            meant = self._registered.meant(spelt) or self._seen.meant(spelt)
        return Face(
            row["sheet_id"], row["row"], row["content_sha256"], row["order_ref"], row["service_date"],
            self._outlet_of.get(spelt, spelt), work(row["service_text"]), row["units"], meant,
            work_meant(row["service_text"]), fold(row["outlet_text"] or ""), fold(row["service_text"] or ""),
            str(row["time_from"] or ""), " ".join(sorted(row["technicians"] or ())), fold(row["status_text"] or ""),
            fold(row["note"] or ""),
        )  # fmt: skip


@lexicon.by_words(10_000)
def work(text: str | None) -> str:
    """The services of a text without their numbers, so that another spelling is the same work."""
    found = services.read_services(text).value if text else None
    return "+".join(sorted({code for code, _ in found})) if found else " ".join((text or "").casefold().split())


@lexicon.by_words(10_000)
def work_meant(text: str | None) -> str:
    """The same with slips of the pen mended: "cuic AC" is cleaning. Empty when there are none."""
    mended = [(_word_meant(word) or word) if word.isalpha() else word for word in words(text or "")]
    return "" if mended == words(text or "") else work(" ".join(mended))


@lexicon.by_words(10_000)
def _word_meant(word: str) -> str | None:
    known = _service_words()
    if word in known or len(word) < TYPO_FROM:
        return None
    near = sorted(other for other in known if len(other) >= TYPO_FROM and one_edit(word, other))
    return near[0] if near else None


@lexicon.by_words()
def _service_words() -> frozenset[str]:
    phrases = [
        *lexicon.meanings("services", "codes"),
        *(word for name in ("parts", "change", "unit_words", "everything") for word in lexicon.words("services", name)),
    ]
    return frozenset(word for phrase in phrases for word in words(phrase))


class _Spellings:
    """Known names of outlets, and which of them a misspelt one means."""

    def __init__(self, outlet_of: Mapping[str, str]) -> None:
        self._outlet_of = outlet_of
        self._by_length: dict[int, list[Sequence[str]]] = defaultdict(list)
        self._run_together: dict[str, set[str]] = defaultdict(set)
        for spelling, code in outlet_of.items():
            self._by_length[len(spelling.split())].append(spelling.split())
            self._run_together[spelling.replace(" ", "")].add(code)
        self._meant: dict[str, str] = {}

    def meant(self, spelling: str) -> str:
        """The code of the one outlet that a spelling can mean; empty when it is known, or can mean none or several."""
        if spelling not in self._meant:
            self._meant[spelling] = "" if spelling in self._outlet_of else self._nearest(spelling)
        return self._meant[spelling]

    def _nearest(self, spelling: str) -> str:
        said = spelling.split()
        codes = set(self._run_together.get(spelling.replace(" ", ""), ()))
        for name in self._by_length[len(said)] if not codes else ():
            slips = [(left, right) for left, right in zip(said, name, strict=True) if left != right]
            if len(slips) <= MOST_TYPOS and all(
                min(len(left), len(right)) >= TYPO_FROM and left.isalpha() and one_edit(left, right)
                for left, right in slips
            ):
                codes.add(self._outlet_of[" ".join(name)])
        return codes.pop() if len(codes) == 1 else ""
