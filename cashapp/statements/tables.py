"""A bank's CSV text, QIF or workbook as rows, before anybody says what their columns mean."""

from cashapp.statements.model import StatementRefused
from cashapp.statements.qif import qif_rows
from cashapp.statements.recognise import FileFormat, RecognisedFile, as_statement_refusal
from core.rows import Limits, Row, csv_rows, workbook_rows

LIMITS = Limits(rows=250_000, columns=300)


def rows_of(file: RecognisedFile, *, delimiter: str = "", sheet: str = "") -> list[Row]:
    """Every row that holds anything."""
    if file.format == FileFormat.QIF:
        return qif_rows(file.text, file.name, LIMITS.rows)
    with as_statement_refusal():
        if file.format == FileFormat.WORKBOOK:
            rows = workbook_rows(file.name, file.content, LIMITS, sheet=sheet)
        else:
            rows = csv_rows(file.name, file.text, LIMITS, delimiter=delimiter, strict=False)
    if not rows:
        raise StatementRefused(f"{file.name} has no rows. Download the statement again.")
    return rows
