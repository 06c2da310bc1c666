"""The text of a PDF, laid out as on paper. Scanned pages hold none."""

import logging
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from cashapp.remittances.model import Advice, RemittanceRefused
from cashapp.remittances.text import LONGEST_TEXT, read_words

MOST_PAGES = 200
LARGEST_PDF = 10 * 1024 * 1024

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def is_pdf(content: bytes) -> bool:
    """Whether the first bytes are those of a PDF."""
    return content[:1024].lstrip().startswith(b"%PDF-")


def read_pdf(content: bytes, name: str) -> list[Advice]:
    """The payment that the pages explain."""
    if len(content) > LARGEST_PDF:
        raise RemittanceRefused(f"{name} has more than 10 MB. Print the pages that matter into a smaller PDF.")
    text = _text_of(content, name)
    if not text.strip():
        raise RemittanceRefused(f"{name} holds pictures and no text. Type what it says into the form instead.")
    return [read_words(text, name, "PDF")]


def _text_of(content: bytes, name: str) -> str:
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise RemittanceRefused(f"{name} is locked with a password. Ask the sender for one that is not.")
        if len(reader.pages) > MOST_PAGES:
            raise RemittanceRefused(f"{name} has more than {MOST_PAGES} pages. Send the table as CSV.")
        texts, length = [], 0
        for page in reader.pages:
            texts.append(page.extract_text(extraction_mode="layout"))
            length += len(texts[-1])
            if length > LONGEST_TEXT:
                raise RemittanceRefused(f"{name} has more than {LONGEST_TEXT:,} characters. Send the table as CSV.")
    except RemittanceRefused:
        raise
    except (PyPdfError, ArithmeticError, LookupError, ValueError, TypeError, AttributeError, OSError, RecursionError,
            AssertionError, NotImplementedError) as error:  # fmt: skip
        raise RemittanceRefused(f"{name} is a damaged PDF ({type(error).__name__}). Ask for it again.") from error
    return "\n".join(texts)
