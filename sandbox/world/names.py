"""The names the world is made of; every one is invented."""

from __future__ import annotations

COMPANY = "Hawa Teduh Prima"
DOMAIN = "hawateduh.example"

GIVEN = (
    "Budi",
    "Andi",
    "Rizal",
    "Dedi",
    "Wawan",
    "Yusuf",
    "Hendra",
    "Agus",
    "Fajar",
    "Iwan",
    "Rudi",
    "Anton",
    "Bagas",
    "Dimas",
    "Eko",
    "Galih",
    "Heri",
    "Ilham",
    "Jaka",
    "Krisna",
)
FAMILY = (
    "Santoso",
    "Pratama",
    "Hidayat",
    "Kurnia",
    "Saputra",
    "Maulana",
    "Gunawan",
    "Wibowo",
    "Nugraha",
    "Setiadi",
    "Permana",
    "Lukito",
    "Ramadhan",
    "Firmansyah",
    "Purnomo",
    "Wijaya",
    "Susanto",
    "Akbar",
    "Laksana",
    "Putra",
)
ACCOUNT_MANAGERS = ("Rina Kartika", "Maya Puspita", "Tania Lestari", "Gita Anjani")
PICS = ("Bagus Priyono", "Sari Melinda")
OPERATIONS_HEAD = "Harun Wicaksono"
ACCOUNTS_HEAD = "Wulan Paramita"
MANAGERS = ("Surya Adinata", "Nadia Fransiska")
ENGINEER = "Teguh Raharja"
OPERATOR = "Intan Prameswari"
CONTACTS = (
    "Bu Sari",
    "Pak Joni",
    "Mbak Dewi",
    "Pak Hasan",
    "Bu Lina",
    "Mas Toni",
    "Kak Nita",
    "Pak Edi",
    "Bu Ratna",
    "Ci Mei",
)

#: name, initials used in aliases and codes, what the place is
CLIENTS = (
    ("Kopi Senja Pagi", "KSP"),
    ("Roti & Selai Nuara", "RSN"),
    ("Griya Melur Kos", "GMK"),
    ("Toko Buku Lintera", "TBL"),
    ("Klinik Gigi Arundaya", "KGA"),
    ("Bimbel Pijar Mulia Raya", "BPM"),
    ("Laundry Busa Rona", "LBR"),
    ("Optik Sorot Hening", "OSH"),
    ("Barber Tapak Rapi", "BTR"),
    ("Ruang Kerja Selasara", "RKS"),
    ("Apotek Daun Sagara", "ADS"),
    ("Dapur Lembayung", "DLB"),
    ("Studio Nafasa", "SNF"),
    ("Butik Sulur Kain", "BSK"),
    ("Kedai Mi Harsaya", "KMH"),
    ("Toko Roti Panggon", "TRP"),
    ("Klinik Hewan Satwika", "KHS"),
    ("Galeri Batu Tenun", "GBT"),
    ("Kafe Jeda Sore", "KJS"),
    ("Toko Sepeda Rangkai", "TSR"),
)
#: what further clients are made of, beyond the ones above: a kind of place and two words
KINDS = ("Kopi", "Roti", "Klinik", "Toko", "Apotek", "Butik", "Salon", "Kedai", "Griya", "Studio", "Warung", "Bengkel")
WORDS = (
    *("Anjung", "Bayu", "Candra", "Damar", "Embun", "Fajarina", "Gemilang", "Hulu", "Intan", "Jelita", "Kirana"),
    *("Langit", "Mentari", "Nirwana", "Ombak", "Pelita", "Rimba", "Samudra", "Tirta", "Utama", "Wening"),
)
AREAS = (
    "BSD",
    "BSD 2",
    "Gading Serpong",
    "Bintaro",
    "Kemang",
    "Tebet",
    "Kelapa Gading",
    "Cibubur",
    "Depok",
    "Bekasi",
    "Pluit",
    "Puri",
    "Cikini",
    "Menteng",
    "Alam Sutera",
    "Karawaci",
    "Fatmawati",
    "Sunter",
    "Pejaten",
    "Rawamangun",
)
CITIES = {
    "BSD": "Tangerang Selatan",
    "BSD 2": "Tangerang Selatan",
    "Bintaro": "Tangerang Selatan",
    "Alam Sutera": "Tangerang",
    "Gading Serpong": "Tangerang",
    "Karawaci": "Tangerang",
    "Depok": "Depok",
    "Bekasi": "Bekasi",
    "Kemang": "Jakarta Selatan",
    "Tebet": "Jakarta Selatan",
    "Fatmawati": "Jakarta Selatan",
    "Pejaten": "Jakarta Selatan",
    "Cikini": "Jakarta Pusat",
    "Menteng": "Jakarta Pusat",
    "Pluit": "Jakarta Utara",
    "Kelapa Gading": "Jakarta Utara",
    "Sunter": "Jakarta Utara",
    "Puri": "Jakarta Barat",
    "Cibubur": "Jakarta Timur",
    "Rawamangun": "Jakarta Timur",
}


def clients(count: int) -> list[tuple[str, str]]:
    """Name and initials of that many clients; from the twenty-first on both are put together from words and letters."""
    return [*CLIENTS[:count], *(_further(number) for number in range(count - len(CLIENTS)))]


def _further(number: int) -> tuple[str, str]:
    kind = KINDS[number % len(KINDS)]
    rest, first = divmod(number // len(KINDS), len(WORDS))
    name = f"{kind} {WORDS[first]} {WORDS[(first + 1 + rest) % len(WORDS)]}"
    letters = "".join(chr(ord("A") + number // 26**power % 26) for power in (2, 1, 0))
    return name, kind[0] + letters


def technicians(count: int, family: list[str]) -> list[tuple[str, str]]:
    """Given and family name of that many technicians; ``family`` is the order in which families come.

    A given name comes once among the first sixteen; after them no whole name comes twice.
    """
    found = dict.fromkeys(zip(GIVEN[:16], family, strict=False))
    number = 0
    while len(found) < count:
        rest, given = divmod(number, len(GIVEN))
        rest, last = divmod(rest, len(family))
        middle = f"{family[(last + 7 + rest) % len(family)]} " if rest else ""
        found[GIVEN[given], f"{middle}{family[(last + 3 + given) % len(family)]}"] = None
        number += 1
    return list(found)
