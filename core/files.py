"""Keeping files: size and true type are checked, bytes are kept once by hash, and browsers run none of them."""

import hashlib
import zipfile
from io import BytesIO
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from core.errors import Refused
from core.models import LegalEntity, StoredFile, User

MEGABYTE = 1024 * 1024
LARGEST_FILE = 25 * MEGABYTE
LARGEST_SCAN = 10 * MEGABYTE
SCANS = frozenset({"application/pdf", "image/png", "image/jpeg"})
SHOWN_IN_BROWSER = frozenset({"application/pdf", "image/png", "image/jpeg", "text/plain"})
SIGNATURES: list[tuple[bytes, str]] = [
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
]
REFUSED_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")
TEXT_TYPES = {
    ".csv": "text/csv",
    ".xml": "application/xml",
    ".eml": "message/rfc822",
    ".json": "application/json",
}


class FileRefused(Refused):
    """The file is empty, too large, or of a kind that isn't kept."""

    code = "file_refused"


def store_file(
    by: User,
    entity: LegalEntity,
    name: str,
    content: bytes,
    *,
    max_bytes: int = LARGEST_FILE,
    is_sealed: bool = False,
) -> StoredFile:
    """Keep a file for an entity; its type is read from its content, never from its name alone.

    A sealed file is an order to a bank: no address shows it, only the action that fetches it for the bank.
    """
    safe_name = PurePath(name.replace("\\", "/")).name.replace("\x00", "")[-200:] or "file"
    if not content:
        raise FileRefused(f"{safe_name} is empty.")
    if len(content) > max_bytes:
        raise FileRefused(
            f"{safe_name} has {len(content) / MEGABYTE:.1f} MB; up to {max_bytes / MEGABYTE:.0f} MB are taken."
        )
    stored = StoredFile(
        entity=entity,
        name=safe_name,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content_type=content_type_of(safe_name, content),
        stored_by=by,
        is_sealed=is_sealed,
    )
    _keep(stored.path, content)
    stored.save(force_insert=True)
    return stored


def _keep(path: str, content: bytes) -> None:
    """Write the bytes once; what a crash left half written is written again."""
    if default_storage.exists(path):
        if default_storage.size(path) == len(content):
            return
        default_storage.delete(path)
    default_storage.save(path, ContentFile(content))


def content_type_of(name: str, content: bytes) -> str:
    """Tell the type from the first bytes; refuse programs."""
    if content.startswith(REFUSED_STARTS):
        raise FileRefused(f"{name} is a program. Only documents, pictures and data files are kept.")
    for start, found in SIGNATURES:
        if content.startswith(start):
            return found
    if content.startswith(b"PK\x03\x04"):
        return _type_of_zip(content)
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "application/octet-stream"
    return TEXT_TYPES.get(PurePath(name).suffix.lower(), "text/plain")


def is_scan(name: str, content: bytes) -> bool:
    """Whether it is paper that was scanned or photographed, such as a signed form."""
    return content_type_of(name, content) in SCANS


def _type_of_zip(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(BytesIO(content)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # a hostile archive makes it raise the others
        return "application/octet-stream"
    office = "application/vnd.openxmlformats-officedocument."
    if "xl/workbook.xml" in names:
        return office + "spreadsheetml.sheet"
    return office + "wordprocessingml.document" if "word/document.xml" in names else "application/zip"


def file_response(stored: StoredFile, *, download: bool) -> HttpResponse:
    """Send a file so that no browser runs it: no sniffing, a policy of its own, and only plain kinds shown inline."""
    inline = not download and stored.content_type in SHOWN_IN_BROWSER
    response = HttpResponse(stored.read(), content_type=stored.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=not inline, filename=stored.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
