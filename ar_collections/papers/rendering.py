"""From a statement to the bytes of its PDF and its workbook."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

from django.template.loader import render_to_string
from pypdf import PdfReader, PdfWriter

from ar_collections.papers.paper import paper_of
from ar_collections.papers.sheets import sheets_of
from ar_collections.statements import CustomerStatement
from core.papers import accounts_to_pay_into, stylesheets_of
from core.pdf import render_pdf
from core.xlsx import workbook_bytes
from customers.models import Address

TEMPLATE = "collections/pdf/statement.html"
STYLE = "collections/pdf/statement.css"
LONGEST_SHEET = 31
"""Characters that a spreadsheet program takes as a sheet's name."""


def html_of_statement(statement: CustomerStatement) -> str:
    """The pages of a statement."""
    customer = statement.customer
    address = customer.addresses.filter(kind=Address.Kind.BILLING, is_active=True).first()
    paper = paper_of(statement, accounts=accounts_to_pay_into(customer.entity), address=address)
    return render_to_string(TEMPLATE, {"paper": paper})


def pdf_of_statement(statement: CustomerStatement) -> bytes:
    """The PDF of a statement."""
    return render_pdf(html_of_statement(statement), *stylesheets_of(statement.customer.entity, STYLE))


def workbook_of_statement(statement: CustomerStatement) -> bytes:
    """The workbook of a statement."""
    return workbook_bytes(sheets_of(statement))


def pdf_of_group(statements: Sequence[CustomerStatement]) -> bytes:
    """The statements of a group's members, one after the other."""
    writer = PdfWriter()
    for statement in statements:
        writer.append(PdfReader(BytesIO(pdf_of_statement(statement))))
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def workbook_of_group(statements: Sequence[CustomerStatement]) -> bytes:
    """The same as a workbook: the sheets of each member under its number."""
    sheets = [
        replace(sheet, name=f"{number} {sheet.name}"[:LONGEST_SHEET])
        for number, statement in enumerate(statements, 1)
        for sheet in sheets_of(statement)
    ]
    return workbook_bytes(sheets)


def file_name(statement: CustomerStatement, ending: str) -> str:
    """What the file is called at the customer's."""
    customer = statement.customer
    return f"statement-{customer.entity.code}-{customer.code}-{statement.as_of}.{ending}".replace("/", "-")
