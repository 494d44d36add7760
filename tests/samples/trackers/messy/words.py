"""The spellings of time, status, technicians and order reference."""

from random import Random

from tests.samples.trackers.messy import cells
from tests.samples.trackers.messy.orders import Order
from tests.samples.trackers.messy.truth import Spelling

STATUS_WORDS = {
    "requested": ["Baru", "Request", "Masuk", "Order", "Menunggu Penjadwalan", "Waitlist", "Pending konfirmasi"],
    "scheduled": ["Dijadwalkan", "Terjadwal", "Schedule", "Confirm", "Fix", "OK jadwal", "TERJADWAL"],
    "assigned": ["Teknisi OK", "Sudah assign"],
    "in_progress": ["Proses", "Dalam Proses", "On progress", "Diproses", "Sedang Dikerjakan", "OTW", "On the way"],
    "done": [
        "Selesai",
        "Done",
        "Complete",
        "Beres",
        "Clear",
        "✅",
        "✔",
        "SELESAI",
        "done",
        " Selesai ",
        "Selesai ✅",
        "✔\ufe0f",
        "Selesai\u00a0",
    ],
    "partial": ["Selesai (kurang 1 unit)", "selesai (kurang 2 unit)"],
    "on_hold": ["Pending", "Hold", "Tunda", "Ditunda", "Menunggu sparepart", "Tunggu approval"],
    "rescheduled": ["Reschedule", "Resched", "Jadwal ulang", "Mundur", "Pindah tgl", "Geser", "RESCHEDULE"],
    "cancelled": ["Batal", "Cancel", "Dibatalkan", "Tidak jadi", "Gagal", "Void", "toko tutup", "BATAL"],
}
STATUS_WORDS["in_progress"] += ["Berlangsung", "belum selesai", "Belum Selesai"]
STATUS_WORDS["cancelled"] += ["customer not available"]
STATUS_TYPOS = {  # one edit away, or listed as typing errors in the reference
    "requested": ["Requst"],
    "scheduled": ["Dijadwalkn", "Terjadwl", "Dijadwal"],
    "in_progress": ["Prosess", "Berlangsng", "Dipross"],
    "done": ["Selsai", "selesei", "Selesaii", "Complte"],
    "on_hold": ["Pendng", "Ditundaa"],
    "rescheduled": ["Reschedul", "resecedule"],
    "cancelled": ["cancle", "Cancell", "Dibatalkn", "Batall"],
}
UNKNOWN_STATUSES = ["tanya pusat", "xx", "hubungi Bu Sari", "???", "lihat grup WA"]
UNKNOWN_TIMES = ["??", "xx", "nanti dikabari", "lihat grup WA"]


def time(rng: Random, order: Order) -> Spelling:
    """The time cell of an order."""
    if order.at is None:
        return Spelling("no time")
    hour, minute = order.at
    roll = rng.random()
    if roll < 0.06:
        words = rng.choice(UNKNOWN_TIMES)
        return Spelling(f"unreadable: {words}", {"time": cells.text(words)}, flags=("time_unknown",))
    if roll < 0.08:
        cell = cells.error(rng.choice(["REF", "N_A", "LOADING"]))
        return Spelling("error cell", {"time": cell}, flags=("error_cell",), undecided=("time_unknown",))
    if roll < 0.14:
        words = rng.choice(["pagi", "siang", "sore", "malam", "Pagi", "SORE"])
        return Spelling(f"part of the day: {words.lower()}", {"time": cells.text(words)})
    if roll < 0.2:
        said = rng.randint(1, 6)
        words, start, trap = rng.choice(
            [
                (f"jam {said}", f"{said + 12}:00", "jam 1 to 6 means afternoon"),
                (f"stlh jam {said}", f"{said + 12}:00", "stlh jam 5"),
            ]
        )
        return Spelling(trap, {"time": cells.text(words)}, {"time_from": start})
    name, cell, end = rng.choice(_time_shapes(rng, hour, minute))
    return Spelling(name, {"time": cell}, {"time_from": f"{hour:02}:{minute:02}", "time_to": end})


def _time_shapes(rng: Random, hour: int, minute: int) -> list[tuple[str, cells.Cell, str | None]]:
    """The shapes that say the order's time: name, cell and the end that it gives."""
    until = f"{hour + 2:02}:{minute:02}"
    dotted, end = f"{hour:02}.{minute:02}", until.replace(":", ".")
    shapes: list[tuple[str, cells.Cell, str | None]] = [
        ("time cell", cells.clock(hour, minute), None),
        ("time cell", cells.clock(hour, minute), None),
        ("14.30", cells.text(dotted), None),
        ("14:30", cells.text(f"{hour}:{minute:02}"), None),
        ("14.30 WIB", cells.text(f"{dotted} WIB"), None),
        ("10.00-12.00", cells.text(f"{dotted}-{end}"), until),
        ("10.00 - 12.00", cells.text(f"{dotted} - {end}"), until),
        ("10:00 s/d 12:00", cells.text(f"{hour:02}:{minute:02} s/d {until}"), until),
        ("10.00–12.00 with a long dash", cells.text(f"{dotted}–{end}"), until),
        ("pukul 10.00", cells.text(f"{rng.choice(['pukul', 'Pukul', 'pkl', 'pkl.'])} {dotted}"), None),
        ("10.00 - selesai", cells.text(f"{dotted} - {rng.choice(['selesai', 'Selesai'])}"), None),
        ("14.30 became a number", cells.number(float(f"{hour}.{minute:02}"), dotted, "00.00"), None),
    ]
    if hour >= 8:
        shapes.append(("jam 10.30", cells.text(f"jam {dotted}"), None))
    if minute:
        return shapes
    part, said = ("pagi", hour) if hour < 11 else ("siang", hour) if hour < 13 else ("siang", hour - 12)
    if hour >= 16:
        part, said = ("sore", hour - 12) if hour < 18 else ("malam", hour - 12)
    if hour != 15:  # "3 siang" or "3 sore": people differ
        shapes.append((f"10 {part}", cells.text(f"{said} {part}"), None))
        shapes.append((f"jam 10 {part}", cells.text(f"jam {said} {part}"), None))
    if 8 <= hour <= 10:
        shapes.append(("jam 10-12", cells.text(f"jam {hour}-{hour + 2}"), until))
        shapes.append(("10 pagi - 12 siang", cells.text(f"{hour} pagi - 12 siang"), "12:00"))
    if 8 <= hour <= 12:
        shapes.append(("jam 10", cells.text(f"{rng.choice(['jam', 'Jam', 'JAM'])} {hour}"), None))
    return shapes


def status(rng: Random, order: Order) -> Spelling:
    """The status cell of an order in a tab where people write words."""
    roll = rng.random()
    if roll < 0.04:
        words = rng.choice(UNKNOWN_STATUSES)
        return Spelling(f"unknown word: {words}", {"status": cells.text(words)}, flags=("status_unknown",))
    if roll < 0.05:
        cell = cells.error(rng.choice(["REF", "N_A"]))
        return Spelling("error cell", {"status": cell}, flags=("error_cell",), undecided=("status_unknown",))
    if order.status is None:
        return Spelling("no status")
    typos = STATUS_TYPOS.get(order.status, [])
    words = rng.choice(typos if typos and roll < 0.15 else STATUS_WORDS[order.status])
    trap = f"typo: {words}" if words in typos else words
    return Spelling(trap, {"status": cells.text(words)}, {"status": order.status})


def tick(order: Order) -> Spelling:
    """The status cell in a tab with check boxes."""
    done = order.status == "done"
    return Spelling(f"check box {done}", {"status": cells.box(done)}, {"status": "done" if done else None})


def technicians(rng: Random, order: Order) -> Spelling:
    """The technician cell of an order."""
    if not order.technicians:
        cell = rng.choice([None, cells.text("-"), None])
        return Spelling("'-'" if cell else "no technician", {"technicians": cell} if cell else {})
    polite = rng.random() < 0.35
    titles = ["Pak ", "Bpk ", "Mas ", "Bang ", "pak ", "MAS "]
    names = [
        f"{rng.choice(titles)}{name}" if polite and not name.startswith("Tim") else name for name in order.technicians
    ]
    joints = ["/", " / ", " & ", ", ", " + ", " dan ", ",", "&", "\u00a0/ "]
    joint = rng.choice(joints)
    words = joint.join(names)
    if len(names) == 3 and rng.random() < 0.5:
        joint, words = ", and &", f"{names[0]}, {names[1]} & {names[2]}"
    trap = (f"joined by {joint!r}" if len(names) > 1 else "one name") + (", with titles" if polite else "")
    return Spelling(trap, {"technicians": cells.text(words)}, {"technicians": list(order.technicians)})


def reference(rng: Random, order: Order, ref_column: bool, note_column: bool) -> Spelling:
    """Where the order's to-do stands: in the ref column, or as a link in the note."""
    ref = order.order_ref
    bucket = rng.randint(10_000_000, 49_999_999)
    host = rng.choice(["3.basecamp.com", "3.basecamp.com", "app.basecamp.com"])
    root = f"https://{host}/5551234/buckets/{bucket}"
    if ref is None:
        if note_column and rng.random() < 0.15:
            words = rng.choice([f"{root}/messages/{rng.randint(7_000_000, 8_999_999)}", f"briefing: {root}"])
            return Spelling("Basecamp link to no to-do", {"note": cells.text(words)})
        if ref_column and rng.random() < 0.25:
            cell = rng.choice([cells.text("-"), cells.number(rng.randint(1, 999)), cells.text("123456")])
            return Spelling("ref column without a to-do id", {"order_ref": cell})
        return Spelling("no reference")
    url = f"{root}/todos/{ref}{rng.choice(['', '', f'#__recording_{rng.randint(9_000_000, 9_999_999)}'])}"
    said = {"order_ref": ref}
    in_note = {
        "URL in the note": cells.text(url),
        "URL within the note": cells.text(f"foto di {url} ya"),
        "link behind the note": cells.linked(cells.text("link order"), url),
    }
    name = rng.choice(list(in_note))
    if not ref_column:
        return Spelling(name, {"note": in_note[name]}, said) if note_column else Spelling("no reference")
    whole = int(ref)
    in_column = {
        "number": cells.number(whole),
        "number with thousands": cells.number(whole, f"{whole:,}".replace(",", "."), "#,##0"),
        "number shown in powers": cells.number(whole, f"{whole:.2E}", "0.00E+00"),
        "text": cells.text(ref),
        "text with blanks": cells.text(f" {ref}\u00a0"),
        "URL in the ref column": cells.text(url),
        "link behind the ref column": cells.linked(cells.text("Basecamp"), url),
    }
    column = rng.choice(list(in_column))
    roll = rng.random()
    if not note_column or roll < 0.75:
        return Spelling(column, {"order_ref": in_column[column]}, said)
    if roll < 0.85:
        return Spelling(name, {"note": in_note[name]}, said)
    if roll < 0.92:
        both = {"order_ref": in_column[column], "note": in_note[name]}
        return Spelling(f"{column}, the same in the note", both, said)
    other = cells.text(f"{root}/todos/{whole + rng.randint(1, 500)}")
    both = {"order_ref": in_column[column], "note": other}
    return Spelling(f"{column}, another in the note", both, said, flags=("ref_conflict",))
