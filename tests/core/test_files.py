"""Files are kept by content, told by their bytes, and served so that nothing in them runs."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError

from core.files import FileRefused, file_response, store_file
from core.models import LegalEntity, User


def test_a_file_comes_back_as_it_went_in(uk: LegalEntity, clerk: User) -> None:
    stored = store_file(clerk, uk, "contract.pdf", b"%PDF-1.7 hello")

    assert stored.read() == b"%PDF-1.7 hello"
    assert (stored.content_type, stored.size) == ("application/pdf", 14)


def test_the_same_bytes_are_kept_once(uk: LegalEntity, clerk: User) -> None:
    one, two = (store_file(clerk, uk, name, b"same") for name in ("a.txt", "b.txt"))

    assert one.path == two.path
    assert one.pk != two.pk


def test_what_a_crash_left_half_written_is_written_again(uk: LegalEntity, clerk: User) -> None:
    path = store_file(clerk, uk, "a.txt", b"the whole of it").path
    Path(default_storage.path(path)).write_bytes(b"the wh")

    assert store_file(clerk, uk, "b.txt", b"the whole of it").read() == b"the whole of it"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.pdf", b"\x89PNG\r\n\x1a\nrest", "image/png"),
        ("statement.csv", b"date,amount\n", "text/csv"),
        ("page.html", b"<script>alert(1)</script>", "text/plain"),
        ("x.bin", b"\x01\x00\x02", "application/octet-stream"),
    ],
)
def test_the_content_tells_the_type(uk: LegalEntity, clerk: User, name: str, content: bytes, expected: str) -> None:
    assert store_file(clerk, uk, name, content).content_type == expected


def test_a_workbook_is_told_from_any_other_zip(uk: LegalEntity, clerk: User) -> None:
    book = BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")

    assert store_file(clerk, uk, "x.zip", book.getvalue()).content_type.endswith("spreadsheetml.sheet")


def test_an_archive_from_the_future_is_only_bytes(uk: LegalEntity, clerk: User) -> None:
    book = BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    hostile = bytearray(book.getvalue())
    hostile[hostile.index(b"PK\x01\x02") + 6] = 200  # the version that is needed to read it

    assert store_file(clerk, uk, "x.xlsx", bytes(hostile)).content_type == "application/octet-stream"


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\n"])
def test_programs_are_refused(uk: LegalEntity, clerk: User, content: bytes) -> None:
    with pytest.raises(FileRefused, match="is a program"):
        store_file(clerk, uk, "invoice.pdf", content)


def test_empty_and_too_large_files_are_refused_by_name(uk: LegalEntity, clerk: User) -> None:
    with pytest.raises(FileRefused, match=r"proof\.pdf is empty"):
        store_file(clerk, uk, "proof.pdf", b"")
    with pytest.raises(FileRefused, match=r"proof\.pdf has 2\.0 MB; up to 1 MB"):
        store_file(clerk, uk, "proof.pdf", b"x" * 2 * 1024 * 1024, max_bytes=1024 * 1024)


def test_a_name_never_leads_out_of_the_folder(uk: LegalEntity, clerk: User) -> None:
    assert store_file(clerk, uk, "../../etc/passwd", b"x").name == "passwd"
    assert store_file(clerk, uk, "C:\\temp\\a.txt", b"x").name == "a.txt"


def test_markup_is_never_shown_in_the_browser(uk: LegalEntity, clerk: User) -> None:
    response = file_response(store_file(clerk, uk, "a.xml", b"<svg onload='x()'/>"), download=False)

    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_stored_file_cannot_be_swapped(uk: LegalEntity, clerk: User) -> None:
    stored = store_file(clerk, uk, "a.txt", b"x")

    with pytest.raises(DatabaseError, match="never changed"):
        type(stored).objects.filter(pk=stored.pk).update(sha256="0" * 64)
