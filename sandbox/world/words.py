"""How people here write dates, services and statuses. Every phrase is one that the tracker contract can read."""

from __future__ import annotations

from datetime import date
from random import Random

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
SHORT_MONTHS = (
    ("Jan",),
    ("Feb",),
    ("Mar",),
    ("Apr",),
    ("Mei",),
    ("Jun",),
    ("Jul",),
    ("Agu", "Agt", "Ags"),
    ("Sep", "Sept"),
    ("Okt",),
    ("Nov", "Nop"),
    ("Des",),
)
TAB_MONTHS = ("JAN", "FEB", "MAR", "APR", "MEI", "JUN", "JUL", "AGT", "SEP", "OKT", "NOV", "DES")
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

#: what the order form says for each service
FORM_SERVICES = {
    "cleaning": ("Cuci AC", "Cleaning AC", "Cuci AC rutin"),
    "deep_cleaning": ("Cuci besar", "Overhaul AC"),
    "repair": ("Perbaikan AC tidak dingin", "Perbaikan AC bocor"),
    "inspection": ("Pengecekan AC", "Survey AC"),
    "freon_topup": ("Tambah freon", "Isi freon"),
    "installation": ("Pasang baru", "Instalasi AC"),
    "dismantle": ("Bongkar AC",),
    "relocation": ("Bongkar pasang", "Relokasi AC"),
    "part_replacement": ("Ganti kapasitor", "Ganti PCB"),
}
TRACKER_SERVICES = {
    "cleaning": ("Cuci AC", "cleaning", "cuci kecil", "service rutin", "Cuci ac"),
    "deep_cleaning": ("Cuci besar", "overhaul", "deep clean"),
    "repair": ("perbaikan", "AC tidak dingin", "AC bocor"),
    "inspection": ("pengecekan", "survey", "cek AC"),
    "freon_topup": ("tambah freon", "isi freon"),
    "installation": ("pasang baru", "instalasi"),
    "dismantle": ("bongkar",),
    "relocation": ("bongkar pasang", "relokasi"),
    "part_replacement": ("ganti kapasitor", "ganti PCB"),
}
#: short words of a list such as "cuci 3, tambah freon 1"
LIST_SERVICES = {
    "cleaning": "cuci",
    "deep_cleaning": "cuci besar",
    "freon_topup": "tambah freon",
    "inspection": "cek",
    "repair": "perbaikan",
    "part_replacement": "ganti kapasitor",
}
STATUS_WORDS = {
    "requested": ("Baru", "Request", "Menunggu Penjadwalan"),
    "scheduled": ("Terjadwal", "Dijadwalkan", "Schedule", "OK jadwal"),
    "assigned": ("Teknisi OK", "Sudah assign"),
    "in_progress": ("Proses", "On progress", "Sedang Dikerjakan"),
    "done": ("Selesai", "Done", "Beres", "selesai", "SELESAI", "Complete", "✅"),
    "partial": ("Selesai (kurang 1 unit)",),
    "on_hold": ("Pending", "Ditunda", "Menunggu sparepart", "Hold"),
    "rescheduled": ("Reschedule", "Jadwal ulang"),
    "cancelled": ("Batal", "Cancel", "Dibatalkan", "Tidak jadi"),
}


def long_date(day: date) -> str:
    """``12 Oktober 2026``"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date, rng: Random) -> str:
    """``12 Okt 2026``, with the spellings of the month that are in use."""
    return f"{day.day} {rng.choice(SHORT_MONTHS[day.month - 1])} {day.year}"


def form_date(day: date, rng: Random) -> str:
    """A date as account managers type it into the order form."""
    return rng.choice(
        (
            long_date(day),
            long_date(day),
            short_date(day, rng),
            f"{DAYS[day.weekday()]}, {long_date(day)}",
            f"{day.day:02}/{day.month:02}/{day.year}",
        )
    )


def tracker_date(day: date, rng: Random) -> str:
    """A date typed as text into a tracker: day first, sometimes without a year or with its weekday."""
    return rng.choice(
        (
            f"{day.day}/{day.month}/{day:%y}",
            f"{day.day:02}-{day.month:02}-{day.year}",
            short_date(day, rng),
            f"{day.day} {rng.choice(SHORT_MONTHS[day.month - 1])}",
            f"{DAYS[day.weekday()]} {day.day}/{day.month}",
            f"{DAYS[day.weekday()]}, {long_date(day)}",
        )
    )


def clock_time(time: str, rng: Random) -> str:
    """A time as typed: ``10.00``, ``jam 10``, ``10:00``."""
    hour, minute = time.split(":")
    spellings = [f"{hour}.{minute}", f"{hour}:{minute}"]
    if minute == "00" and int(hour) >= 7:
        spellings.append(f"jam {int(hour)}")
    return rng.choice(spellings)


def services_text(services: list[tuple[str, int]], phrases: dict[str, tuple[str, ...]], rng: Random) -> str:
    """One service by its phrase, several as a list with their units."""
    if len(services) == 1:
        return rng.choice(phrases[services[0][0]])
    return ", ".join(f"{LIST_SERVICES[code]} {units}" for code, units in services)
