"""Telling a report by what it holds, whatever its name says."""

from cashapp.statements.model import StatementRefused
from cashapp.statements.recognise import FileFormat, recognise
from directdebit.returns import bacs, camt054, nacha, pain002
from directdebit.returns.advice import Report, ReportRefused
from directdebit.returns.table import read_return_table
from directdebit.returns.xml import parse_report

LARGEST_REPORT = 25 * 1024 * 1024
TEXT = "latin-1"


def read_report(content: bytes, name: str) -> Report:
    """Read any report on direct debits, or refuse it with a sentence that says why."""
    if len(content) > LARGEST_REPORT:
        raise ReportRefused(f"{name} has {len(content) / 1024 / 1024:.1f} MB; up to 25 MB are taken.")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _read_xml(content, name)
    head = content[:4000].decode(TEXT)
    if nacha.is_nacha(head):
        return nacha.read_nacha(content.decode(TEXT), name)
    return read_return_table(_checked(content, name), name)


def _read_xml(content: bytes, name: str) -> Report:
    xml = parse_report(content, name)
    if bacs.is_bacs(xml):
        return bacs.read_bacs(xml, name)
    if pain002.is_pain002(xml):
        return pain002.read_pain002(xml, name)
    if camt054.is_camt(xml):
        return camt054.read_returns(content, name)
    raise ReportRefused(
        f"{name} is XML of another kind ({xml.root.tag} {xml.namespace}".rstrip()
        + "). ARUDD, ADDACS, AUDDIS, DDICA, pain.002 and camt.054 are read."
    )


def _checked(content: bytes, name: str) -> bytes:
    """Refuse at once what is neither text nor a workbook."""
    try:
        if recognise(content, name).format in {FileFormat.CSV, FileFormat.WORKBOOK}:
            return content
    except StatementRefused as refusal:
        raise ReportRefused(refusal.message) from refusal
    raise ReportRefused(f"{name} is no report on direct debits, and no table of them.")
