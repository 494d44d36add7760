"""Status words → canonical codes (tracker contract)."""

import re

from rekap.vocabulary import date_words, lexicon, times
from rekap.vocabulary.dates import month_of_word
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, UNKNOWN, Reading, refused
from rekap.vocabulary.typos import near

LONGEST = 120  # characters
PROSE = 2000  # characters of a comment that are looked at
TYPO_FROM = 5  # letters of the word that is meant: shorter ones have too many neighbours
CLOSED = ("done", "cancelled", "partial")
REASONED = ("cancelled", "on_hold", "rescheduled")  # what is told with its reason
CLOCK = re.compile(r"\b(?:jam|pukul|pkl) ?\d{1,2}(?:[.:]\d\d)?|(?<![\d./])\d{1,2}[.:]\d\d(?![\d./])")


def read_status(text: str) -> Reading[str]:
    """The code of a status text. Problems: `empty` (also an unticked box), `unknown`."""
    return refused(UNKNOWN) if len(text) > LONGEST else _read(text)


@lexicon.by_words(4000)
def _read(text: str) -> Reading[str]:
    folded = fold(text)
    trimmed = re.sub(r"^[\s.,;:!_*()\[\]'\"-]+|[\s.,;:!_*'\"-]+$", "", folded)
    if not trimmed or folded in lexicon.words("statuses", "nothing"):
        return refused(EMPTY)
    spaced = _alike(re.sub(r"(?<=[a-z])[-_/](?=[a-z])", " ", trimmed))
    code = (
        _known(spaced)
        or _partial(spaced)
        or _composed(spaced)
        or _with_reason(spaced)
        or _assigned(spaced)
        or _named(spaced)
    )
    return Reading(code) if code else refused(UNKNOWN)


def said(text: str) -> str | None:
    """`cancelled` or `on_hold` when a title or comment says so in prose; a negation before it ("tidak batal") or a
    question mark after it does not count. Cancelled wins when both are said."""
    folded = fold(text[:PROSE])
    for code in ("cancelled", "on_hold"):
        found = _prose(code).search(folded)
        if found and not found["no"] and not found["asked"]:
            return code
    return None


def says_cancelled(text: str) -> bool:
    """Whether a title or comment says in prose that the order is cancelled."""
    return said(text) == "cancelled"


@lexicon.by_words()
def _prose(code: str) -> re.Pattern[str]:
    """A spelling of a code with what turns it round, before or behind it; `menunggu` in every spelling of it."""
    known = [spelling for spelling, meaning in lexicon.meanings("statuses", "codes").items() if meaning == code]
    others = [spelling for spelling, word in lexicon.meanings("statuses", "same").items() if word == "menunggu"]
    known += [
        other + word.removeprefix("menunggu") for word in known if word.startswith("menunggu ") for other in others
    ]
    no = lexicon.alternatives(lexicon.words("statuses", "negations"))
    return re.compile(
        rf"(?<!\w)(?P<no>(?:{no})\s(?:\w+\s)?)?(?:{lexicon.alternatives(known)})(?!\w)(?P<asked>[^.!\n?]{{0,40}}\?)?"
    )


def _alike(folded: str) -> str:
    """Each word in the spelling in which phrases hold it: abbreviations written out, slips of the pen mended."""
    folded = re.sub(r"\bdi ([a-z]+)", lambda found: _joined(found[0], f"di{found[1]}"), folded)
    folded = _abbreviations().sub(lambda found: lexicon.meanings("statuses", "same")[found[0]], folded)
    return re.sub(r"[a-z]+", lambda found: _meant(found[0]), folded)


def _joined(apart: str, joined: str) -> str:
    """ "di jadwalkan" is dijadwalkan; "di toko" stays."""
    return joined if joined in _code_of() else apart


@lexicon.by_words()
def _abbreviations() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{lexicon.alternatives(lexicon.meanings('statuses', 'same'))})(?!\w)")


@lexicon.by_words()
def _vocabulary() -> frozenset[str]:
    lists = ("beside", "involved", "awaited", "day", "less", "because")
    phrases = [*_code_of(), *(phrase for key in lists for phrase in lexicon.words("statuses", key))]
    return frozenset(word for phrase in phrases for word in phrase.split())


@lexicon.by_words(4000)
def _meant(word: str) -> str:
    """The one status word that a misspelt word can mean, else the word. Two that say the same are one."""
    if word in _vocabulary() or month_of_word(word) or word in date_words.weekdays():
        return word
    found = [other for other in near(word, _vocabulary(), least=TYPO_FROM - 1) if len(other) >= TYPO_FROM]
    alone = {_code_of().get(other, other) for other in found}
    return sorted(found)[0] if len(alone) == 1 else word


@lexicon.by_words()
def _code_of() -> dict[str, str]:
    """Spelling as a text is compared → code."""
    same, turned = lexicon.meanings("statuses", "same"), {}
    for spelling, code in lexicon.meanings("statuses", "codes").items():
        turned[spelling] = str(code)
        turned.setdefault(" ".join(same.get(word, word) for word in spelling.split()), str(code))
    for spelling in [spelling for spelling, code in turned.items() if code == "done" and spelling.isalpha()]:
        turned.setdefault(f"belum {spelling}", "in_progress")  # tracker contract: "belum selesai" is not done
    return turned


def _known(text: str) -> str | None:
    """The code of a whole text."""
    return _code_of().get(text)


def _partial(text: str) -> str | None:
    """ "selesai (kurang 1 unit)", "done, sisa 2", "selesai 2 dari 3", "selesai 2 unit, 1 belum": some of it is done."""
    done = _done()
    if match := re.fullmatch(rf"(?:sudah )?(?:{done})\b[\s,;:(-]*(?:{_less()})\b\s?[^)]{{0,80}}\)?", text):
        return "partial"
    if re.fullmatch(rf"(?:{_less()}) \d{{1,3}}(?: unit)?", text):
        return "partial"
    if re.fullmatch(rf"(?:{done})\b[^)]{{0,40}}\d ?(?:unit|ac|u)? (?:belum|pending|lagi belum)\b.{{0,20}}", text):
        return "partial"
    for pattern in (rf"(?:{done}) ", r""):
        share = r"\(?(\d{1,3})(?: ?(?:unit|ac))? ?(?:dari|of|/) ?(\d{1,3})( (?:unit|ac))?\)?"
        match = re.fullmatch(rf"{pattern}{share}" + ("" if pattern else rf" (?:{done})"), text)
        if match and ("/" not in match[0] or match[3]):
            return "partial" if int(match[1]) < int(match[2]) else "done" if match[1] == match[2] else None
    return None


@lexicon.by_words()
def _done() -> str:
    return lexicon.alternatives([spelling for spelling, code in _code_of().items() if code == "done"])


@lexicon.by_words()
def _less() -> str:
    return lexicon.alternatives(lexicon.words("statuses", "less"))


@lexicon.by_words()
def _phrases() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{lexicon.alternatives(_code_of())})(?!\w)")


def _composed(text: str) -> str | None:
    """A known phrase among words that change nothing, perhaps with a day; two statuses in one text are no status."""
    found = _phrases().findall(text)
    codes = {_code_of()[phrase] for phrase in found}
    if len(found) > 1 and any(phrase.startswith("tidak ") for phrase in found):
        return None  # "tidak jadi batal"
    if len(codes) > 1:
        codes = {_code_of()[phrase] for phrase in found if phrase not in lexicon.words("statuses", "weak")}
    if len(codes) != 1:
        return None
    code = codes.pop()
    if not _agrees(code, set(found), text):
        return None
    rest = CLOCK.sub(" ", _phrases().sub(" ", text))
    day_words = lexicon.alternatives(lexicon.words("statuses", "day"))
    if (
        "?" in rest
        or re.search(rf"(?<!\w)(?:{day_words})\W*$", rest)
        or re.search(r"[<>%=]", rest if code in CLOSED else "")
    ):
        return None
    plain = frozenset().union(*(lexicon.words("statuses", key) for key in ("beside", "involved", "awaited", "day")))
    if code not in CLOSED:
        plain |= _planning()
    left = [word for word in re.findall(r"[^\W\d_]+", rest) if word not in plain and not month_of_word(word)]
    left = left if code in CLOSED else [word for word in left if word not in date_words.weekdays()]
    if code == "done":
        rest = re.sub(r"(?<![\d./-])\d{1,3} ?(?:units?|u|ac|titik)\b(?! ?(?:dari|of|/|lagi|lg))", " ", rest)
        left = [word for word in left if re.search(rf"\b{word}\b", rest)]
    if left or (code in CLOSED and re.search(r"\d", rest) and not _names_day(rest)):
        return None  # "selesai 2/3" may be a part of the units
    return code


def _agrees(code: str, found: set[str], text: str) -> bool:
    """Whether what stands beside the phrases of a code leaves them that meaning: "selesai ❌", "order sparepart" (the
    part is ordered, not the visit), "toko baru" and "jadwal selesai" do not."""
    words, bare = set(re.findall(r"[^\W\d_]+", _phrases().sub(" ", text))), lexicon.words("statuses", "bare")
    if code == "done" and any("jadwal" in phrase.split() for phrase in found):
        return False
    if code != "on_hold" and words & lexicon.words("statuses", "awaited"):
        return False
    if found <= bare and words & lexicon.words("statuses", "involved"):
        return False
    signs = set(text)
    crossed, unfinished = signs & lexicon.words("statuses", "crosses"), signs & lexicon.words("statuses", "unfinished")
    return not (crossed and code != "cancelled") and not (unfinished and code in CLOSED)


@lexicon.by_words()
def _planning() -> frozenset[str]:
    """Words of days to come: they stand beside what is still planned, and never beside what is closed."""
    lists = [lexicon.words("dates", key) for key in ("relative", "span", "beside")]
    lists += [lexicon.words("times", key) for key in times.BESIDE]
    return frozenset().union(*lists, lexicon.meanings("times", "parts"))


def _with_reason(text: str) -> str | None:
    """ "batal karena hujan", "pending - AC dipakai": a status that is told with its reason, which says no other."""
    because = lexicon.alternatives(lexicon.words("statuses", "because"))
    head, *reason = re.split(rf"\s(?:{because})\s|\s?[-:,;(]+\s?", text, maxsplit=1)
    code = _known(head.strip()) or _composed(head.strip())
    if code not in REASONED or not reason or "?" in reason[0] or re.search(r"\b(?:jadi|tapi|ternyata)\b", reason[0]):
        return None
    return code if {_code_of()[phrase] for phrase in _phrases().findall(reason[0])} <= {code} else None


def _assigned(text: str) -> str | None:
    """ "assigned to Budi", "assign: Tim 2"."""
    heads = lexicon.alternatives(lexicon.words("statuses", "assigned_to"))
    match = re.match(rf"(?:{heads})\b[ :-]{{1,3}}([^?]{{1,40}})$", text)
    if match is None or _phrases().search(match[1]) or len(match[1].split()) > 4:
        return None
    words = re.findall(r"[^\W\d_]+", match[1])
    return "assigned" if words and not any(word in _doubtful() or word in _code_words() for word in words) else None


@lexicon.by_words()
def _code_words() -> frozenset[str]:
    """Words of the phrases of codes that do more than name who is told of: "ulang", "belum"."""
    who = lexicon.words("statuses", "beside") | lexicon.words("statuses", "involved")
    return frozenset(word for phrase in _code_of() for word in phrase.split()) - who


def _named(text: str) -> str | None:
    """ "selesai (Budi)", "teknisi ok - Budi Santoso": a status and, apart from it, a name."""
    match = re.fullmatch(r"([^(]{3,60}?) ?(?:\(([^()\d?]{2,30})\)|- ([^()\d?]{2,30}))", text)
    if match is None:
        return None
    words = re.findall(r"[^\W\d_]+", match[2] or match[3])
    is_name = len(words) <= 2 and not any(word in _vocabulary() or word in _doubtful() for word in words)
    return _known(match[1]) or _composed(match[1]) if is_name else None


@lexicon.by_words()
def _doubtful() -> frozenset[str]:
    """What a name is not: it denies, or speaks of a day or of what is left."""
    lists = [lexicon.words("dates", key) for key in ("relative", "span", "nothing", "unsettled", "range")]
    return frozenset().union(lexicon.words("statuses", "negations"), date_words.weekdays(), date_words.months(), *lists,
                             lexicon.meanings("services", "codes"), lexicon.words("services", "parts"))  # fmt: skip


def _names_day(rest: str) -> bool:
    day_words = lexicon.alternatives(lexicon.words("statuses", "day"))
    if any(month_of_word(word) for word in re.findall(r"[^\W\d_]+", rest)):
        return True
    if re.search(rf"\b(?:{day_words}) ?\d|\d[/.-]\d{{1,2}}[/.-]\d", rest):
        return True
    # "selesai 12/8": no share of the units is greater than the whole
    share = re.fullmatch(r"\W*(\d{1,2})/(\d{1,2})\W*", rest)
    return bool(share and int(share[1]) > int(share[2]) and 1 <= int(share[2]) <= 12)
