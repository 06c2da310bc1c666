"""What kind of file this is, told by its content and never by its name."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from cashapp.statements.model import StatementRefused
from core.rows import TableRefused, is_workbook, refuse_bad_archive

LARGEST_FILE = 40 * 1024 * 1024
WANTED = "Ask the bank for CAMT.053, MT940, BAI2, OFX, CSV or XLSX."
XML_START = re.compile(r"^[\s\ufeff]*<(\?xml|!--|!DOCTYPE|[A-Za-z_])", re.IGNORECASE)
MT940_TAG = re.compile(r"(?m)^[\x01\s]*(?:\{1:[^\n]*\{4:|:(?:20|25P?|28C?|60[FM]|61|62[FM]|64|86|940):)")
MT940_WINDOW = 4000
OFX_START = re.compile(r"^[\s\ufeff]*(?:OFXHEADER\s*:|(?:<\?xml[^>]{0,200}\?>\s*)?<(?:\?OFX|OFX>))", re.IGNORECASE)
QIF_START = re.compile(r"^[\s\ufeff]*!(?:Type:|Account|Option:|Clear:)", re.IGNORECASE)
BAI2_START = re.compile(r"^[\s\ufeff]*(?:01,[^,\n]*,[^,\n]*,\d{6},|\d\d,[^\n]{5,120},2/[ \t]*\r?(?:\n|$))")
FOREIGN_FILES = {
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}
OTHER_STATEMENTS = (
    (re.compile(r"^[\s\ufeff]*(<!DOCTYPE html|<html)", re.IGNORECASE), "a web page"),
    (re.compile(r"^\s*[{\[]\s*[\"{\[\]}]"), "a JSON file"),
)
OFX_CHARSET = re.compile(rb"^CHARSET:(1252|ISO-8859-1|8859-1)\s*$", re.MULTILINE)
CONTROL = re.compile(r"[\x00\x02\x04-\x08\x0e-\x19\x1c-\x1f]")
# The order decides between encodings that give equally sensible words.
ENCODINGS = ("cp1252", "cp1250", "cp852", "cp850", "latin-1")
BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[^\w\s'’.,;:/&()\"+*?<>|=#@!%-](?=[^\W\d_])")


class FileFormat(StrEnum):
    """The families of files that are read."""

    XML = "xml"
    MT940 = "mt940"
    BAI2 = "bai2"
    OFX = "ofx"
    QIF = "qif"
    CSV = "csv"
    WORKBOOK = "workbook"


TABLES = frozenset({FileFormat.CSV, FileFormat.WORKBOOK, FileFormat.QIF})
STARTS = (
    (OFX_START, FileFormat.OFX),
    (QIF_START, FileFormat.QIF),
    (BAI2_START, FileFormat.BAI2),
    (XML_START, FileFormat.XML),
)


@dataclass(frozen=True, slots=True)
class RecognisedFile:
    """A file whose family is known; `text` is empty for workbooks."""

    name: str
    format: FileFormat
    content: bytes
    text: str = ""
    encoding: str = ""


def recognise(content: bytes, name: str, *, encoding: str = "") -> RecognisedFile:
    """Tell the family of a file and decode its text, or refuse with what it is instead."""
    if not content.strip():
        raise StatementRefused(f"{name} is empty. Download the statement again.")
    if len(content) > LARGEST_FILE:
        limit = LARGEST_FILE // (1024 * 1024)
        raise StatementRefused(f"{name} is larger than {limit} MB. Ask the bank for one file per month or week.")
    _refuse_foreign(content, name)
    if is_workbook(content):
        with as_statement_refusal():
            refuse_bad_archive(name, content)
        return RecognisedFile(name, FileFormat.WORKBOOK, content)
    text, used = decode(content, name, encoding=encoding)
    return RecognisedFile(name, _text_format(text, name), content, text, used)


def _refuse_foreign(content: bytes, name: str) -> None:
    for start, what in FOREIGN_FILES.items():
        if content.startswith(start):
            raise StatementRefused(f"{name} is {what}, not a bank statement file. {WANTED}")


@contextmanager
def as_statement_refusal() -> Iterator[None]:
    """What the reader of tables refuses is refused as a statement."""
    try:
        yield
    except TableRefused as refusal:
        raise StatementRefused(refusal.message) from refusal


def _text_format(text: str, name: str) -> FileFormat:
    for shape, what in OTHER_STATEMENTS:
        if shape.match(text[:2000]):
            raise StatementRefused(f"{name} is {what}, which is not read as a bank statement. {WANTED}")
    for begins, family in STARTS:
        if begins.match(text[:2000]):
            return family
    if MT940_TAG.search(text[:MT940_WINDOW]):
        return FileFormat.MT940
    if CONTROL.search(text):
        raise StatementRefused(f"{name} is not a text file that holds a bank statement. {WANTED}")
    return FileFormat.CSV


def decode(content: bytes, name: str, *, encoding: str = "") -> tuple[str, str]:
    """The text and the encoding it was read in: as told, by its byte order mark, UTF-8, else the most sensible."""
    told = encoding or _marked_encoding(content)
    if told:
        try:
            return content.decode(told).removeprefix("\ufeff"), told
        except (UnicodeDecodeError, LookupError) as error:
            raise StatementRefused(f"{name} is not written in {told}. Choose the encoding it was saved in.") from error
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        declared = OFX_CHARSET.search(content[:400])
        if declared:
            return content.decode("cp1252" if declared[1] == b"1252" else "latin-1", "replace"), declared[1].decode()
        return _most_sensible(content)


def _marked_encoding(content: bytes) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:400]
    if len(head) > 3 and head.count(0) * 3 > len(head):
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    return ""


def _most_sensible(content: bytes) -> tuple[str, str]:
    """Old exports do not tell their code page; the right one leaves no signs in the middle of words."""
    readings: list[tuple[int, str, str]] = []
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        readings.append((len(BROKEN_WORD.findall(text)), text, encoding))
    _, text, encoding = min(readings, key=lambda reading: reading[0])
    return text, encoding
