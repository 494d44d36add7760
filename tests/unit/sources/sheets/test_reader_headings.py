"""Headings of trackers: spellings, slips of the pen, English, and what looks like a heading and is none."""

import pytest

from rekap.sources.sheets.headings import meaning

KNOWN = {
    "service_date": [
        "Tgl", "TANGGAL *", "1. Tanggal", "(Tanggal)", "Tanggal (dd/mm/yyyy)", "Tgl. Service", "Tgl_Service",
        "TglService", "T A N G G A L", "Tangal", "Tanggla", "Tangal Service", "Hari/Tgl", "Tanggal & Jam", "Jadual",
        "Tgl\nPengerjaan", "Date of Service", "Scheduled Date", "Rencana Tanggal",
    ],
    "time": ["Jam (WIB)", "Wkatu", "Schedule Time", "Service Time", "Jam Kedatangan Teknisi"],
    "outlet": ["OUTLET :", "Outlit", "Nama Outet", "Nama Outlet & Alamat", "Store Name", "Outlet / Cabang", "2) Outlet"],
    "service": ["Jenis\nPekerjaan", "Pekerjan", "Type of Service", "Request Service", "Uraian Pekerjaan"],
    "units": ["Jml. Unit", "# Unit", "No. of Units", "Jumlah Unitt", "QTY (unit)"],
    "status": ["Service Status", "Outlet Status", "Stauts", "Status (Done/Pending)", "Selesai?"],
    "technicians": ["Tekhnisi", "Technician(s)", "Teknisi 1", "Assigned To", "Teknisi yang bertugas"],
    "order_ref": ["ID Bascamp", "Link To-do", "Basecamp Link", "Order No", "Ref."],
    "note": ["Keteragan", "Note Outlet", "Service Notes", "Catatan Teknisi", "Remarks"],
}  # fmt: skip
NONE = [
    "Tgl Request", "Tanggal Order", "Tgl Invoic", "Tanggal (invoice)", "Tgl Jatuh Tempo", "Alamat Outlet",
    "Kode Outlet", "Outlet Address", "PIC Outlet", "Status Pembayaran", "Jumlah (Rp)", "Jumlah Teknisi", "Merk Unit",
    "Harga Service", "HP Teknisi", "Jam Buka", "Jam Selesai", "No PO", "No", "#", "Hari", "Lokasi: BSD",
    "Kopi Senja BSD 2", "Cuci AC besar dan tambah freon", "x" * 5_000,
]  # fmt: skip


@pytest.mark.parametrize(("column", "text"), [(column, text) for column, texts in KNOWN.items() for text in texts])
def test_a_heading_is_known_in_any_spelling(column: str, text: str) -> None:
    found = meaning(text)
    assert found is not None
    assert found[0] == column


@pytest.mark.parametrize("text", NONE)
def test_a_heading_of_something_else_names_no_column(text: str) -> None:
    assert meaning(text) is None


def test_the_better_word_wins_whatever_stands_first() -> None:
    ranks = [meaning(text) for text in ("Nama Outlet", "Outlet", "Outlt", "Outlet Depan")]
    assert [found and found[0] for found in ranks] == ["outlet"] * 4
    assert ranks == sorted(ranks, key=lambda found: found[1] if found else 0)
