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
