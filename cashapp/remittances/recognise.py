"""What kind of remittance a file is, told by its content, and the reader that it takes."""

from collections.abc import Callable

from cashapp.remittances.edifact import is_edifact
from cashapp.remittances.lockbox import is_lockbox, read_lockbox
from cashapp.remittances.mail import is_mail, read_mail
from cashapp.remittances.model import Advice, RemittanceRefused
from cashapp.remittances.pdf import is_pdf, read_pdf
from cashapp.remittances.remadv import read_edifact
from cashapp.remittances.table import LIMITS, find_columns, read_rows, read_workbook
from cashapp.remittances.text import read_words
from cashapp.remittances.x12 import is_x12
from cashapp.remittances.x12_sets import read_x12
from cashapp.statements.recognise import decode
from core.rows import MEGABYTE, TableRefused, csv_rows, is_workbook

LARGEST_FILE = 25 * MEGABYTE
DEEPEST_MAIL = 2


def read_remittances(content: bytes, name: str) -> list[Advice]:
    """Every payment that a file explains; a refusal names the place and the way out."""
    return _read(content, name, DEEPEST_MAIL)


def read_text(text: str, name: str = "The text") -> list[Advice]:
    """What somebody pasted: words, a table, EDI, or a mail with its headers."""
    return read_remittances(text.encode(), name)


def _read(content: bytes, name: str, depth: int) -> list[Advice]:
    if not content.strip():
        raise RemittanceRefused(f"{name} is empty.")
    if len(content) > LARGEST_FILE:
        raise RemittanceRefused(f"{name} has more than {LARGEST_FILE // MEGABYTE} MB. Split it.")
    if is_workbook(content):
        return read_workbook(content, name)
    if is_pdf(content):
        return read_pdf(content, name)
    if depth and is_mail(content):
        return read_mail(content, name, _part_reader(depth))
    text, _ = decode(content, name)
    if "\x00" in text:
        raise RemittanceRefused(f"{name} is no text, table or PDF that tells of a payment.")
    return _read_text(text.lstrip("\ufeff \r\n\t"), name)


def _part_reader(depth: int) -> Callable[[bytes, str], list[Advice]]:
    return lambda content, name: _read(content, name, depth - 1)


def _read_text(text: str, name: str) -> list[Advice]:
    if is_x12(text):
        return read_x12(text, name)
    if is_edifact(text):
        return read_edifact(text, name)
    if is_lockbox(text):
        return read_lockbox(text, name)
    try:
        rows = csv_rows(name, text, LIMITS, strict=False)
    except TableRefused:
        rows = []
    if rows and find_columns(rows, name):
        return read_rows(rows, name, "CSV")
    return [read_words(text, name, "Text")]
