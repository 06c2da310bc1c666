"""XML reports, read with the same guards as bank statements."""

from cashapp.statements.model import StatementRefused
from cashapp.statements.safe_xml import XmlFile, parse_xml
from directdebit.returns.advice import ReportRefused


def parse_report(content: bytes, name: str) -> XmlFile:
    """The tree without entities, document types or network, or a refusal that names the line."""
    try:
        return parse_xml(content, name)
    except StatementRefused as refusal:
        raise ReportRefused(refusal.message) from refusal
