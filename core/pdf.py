"""PDFs from HTML: tagged (PDF/UA-1), in our own fonts, and nothing is fetched from the network or the disk.

WeasyPrint is imported when the first PDF is asked for, because it needs Pango, which pip can't install. What can be
kept between documents is kept: the font configuration, the style sheets, the pictures and the fetcher.
"""

import atexit
import gc
import logging
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import RLock
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage

from core.checks import APT_LINE
from core.errors import Refused
from core.models import StoredFile
from core.pdf_archive import TAGGED, Embedded, with_schemas

VARIANT: Final = "pdf/ua-1"
ARCHIVE_VARIANT: Final = "pdf/a-3a"
FONT: Final = re.compile(r"o2c-font:(?://)?(inter-\d{3}\.ttf)")
DRAWN_HERE: Final = "data:image/png;base64,"
PICTURE: Final = re.compile(r"o2c-picture:(?://)?([0-9a-f]{64})")

# Pango and the shared font configuration serve one document at a time; workers scale by processes.
_one_at_a_time = RLock()


class PdfUnavailable(Refused):
    """This machine can't make PDFs because a library is missing."""

    code = "pdf_unavailable"


class NotFetched(Exception):
    """A document asked for something that isn't its own font or picture."""


def render_pdf(html: str, *stylesheets: str) -> bytes:
    """Make a PDF. Style sheets are named by their path among the static files, such as core/pdf/document.css."""
    with _one_at_a_time, _without_collecting():
        return _written(html, stylesheets, VARIANT)


def render_archive_pdf(html: str, *stylesheets: str, embedded: Embedded) -> bytes:
    """Make a PDF/A-3 with a file inside, tagged as every other (PDF/A-3a and PDF/UA-1)."""

    def embed(document: Any) -> None:
        facts = {"description": embedded.description, "relationship": embedded.relationship}
        inside = _engine().Attachment(string=embedded.content, name=embedded.name, **facts)
        plain = document.metadata.generate_rdf_metadata
        document.metadata.attachments.append(inside)
        document.metadata.generate_rdf_metadata = lambda *about: with_schemas(plain(*about), [TAGGED, embedded.schema])

    with _one_at_a_time, _without_collecting():
        return _written(html, stylesheets, ARCHIVE_VARIANT, embed)


def _written(html: str, stylesheets: Sequence[str], variant: str, change: Callable[[Any], None] | None = None) -> bytes:
    pictures = _pictures()
    options = {"pdf_variant": variant, "cache": pictures}
    sheets = [_stylesheet(name, _changed_at(name)) for name in stylesheets]
    page = _engine().HTML(string=html, url_fetcher=_fetcher())
    document = page.render(font_config=_font_configuration(), stylesheets=sheets, **options)
    if change is not None:
        change(document)
    pdf: bytes = document.write_pdf(finisher=_name_files_once, **options)
    _forget_drawn(pictures)
    return pdf


def _name_files_once(document: Any, pdf: Any) -> None:
    """WeasyPrint names a file of a PDF/A-3 twice in the catalogue."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def picture_url(stored: StoredFile | None) -> str:
    """The address under which a document shows a stored picture; empty when there is none."""
    if stored is None or stored.content_type not in {"image/png", "image/jpeg"}:
        return ""
    return f"o2c-picture:{stored.sha256}"


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the garbage collector from walking a half-made document, which costs a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def _engine() -> Any:
    try:
        weasyprint = import_module("weasyprint")
    except OSError as missing:
        raise PdfUnavailable(f"PDFs need the Pango library, which isn't installed here. Type: {APT_LINE}") from missing
    except ImportError as missing:
        raise PdfUnavailable("PDFs need the Python package weasyprint. Type: make setup") from missing
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return weasyprint


@cache
def _fetcher() -> Any:
    urls = import_module(f"{_engine().__name__}.urls")

    class ShelfFetcher(urls.URLFetcher):  # type: ignore[misc, name-defined]
        """Hands out our fonts and stored pictures, and refuses every other address."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            return urls.URLFetcherResponse(url, _from_shelf(url))

    return ShelfFetcher()


def _from_shelf(url: str) -> bytes:
    if font := FONT.fullmatch(url):
        return (Path(settings.UI_BUILD_DIR) / "core/fonts" / font[1]).read_bytes()
    if picture := PICTURE.fullmatch(url):
        with default_storage.open(f"files/{picture[1][:2]}/{picture[1]}") as handle:
            return bytes(handle.read())
    if url.startswith(DRAWN_HERE):
        return b64decode(url.removeprefix(DRAWN_HERE))
    raise NotFetched(f"Documents fetch nothing: {url[:80]}")


@cache
def _font_configuration() -> Any:
    atexit.register(_font_configuration.cache_clear)  # it frees its fonts while Python still can
    return import_module(f"{_engine().__name__}.text.fonts").FontConfiguration()


@cache
def _pictures() -> dict[str, Any]:
    return {}


def _forget_drawn(pictures: dict[str, Any]) -> None:
    """Drop what was drawn for one document, such as its payment code; kept, it would only fill the memory."""
    for url in [key for key in pictures if key.startswith(DRAWN_HERE)]:
        if (picture := pictures.pop(url)) is not None:
            for part in [key for key in pictures if key.startswith(f"{picture.id}-")]:
                del pictures[part]


@cache
def _stylesheet(name: str, changed_at: int) -> Any:
    source = _path_of(name).read_text(encoding="utf-8")
    return _engine().CSS(string=source, url_fetcher=_fetcher(), font_config=_font_configuration())


def _changed_at(name: str) -> int:
    return _path_of(name).stat().st_mtime_ns if settings.DEBUG else 0


@cache
def _path_of(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(f"There is no style sheet {name} among the static files.")
    return Path(found)
