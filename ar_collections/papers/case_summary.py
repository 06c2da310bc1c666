"""The one page about a customer that a manager reads."""

from datetime import date

from django.template.loader import render_to_string

from ar_collections.escalation import Summary
from core.papers import stylesheets_of
from core.pdf import render_pdf
from customers.models import Customer

TEMPLATE = "collections/pdf/case_summary.html"
STYLE = "collections/pdf/inner_paper.css"


def pdf_of_summary(customer: Customer, summary: Summary, *, on: date, note: str = "", asked: str = "") -> bytes:
    """The page as a PDF."""
    context = {"customer": customer, "summary": summary, "on": on, "note": note, "asked": asked}
    return render_pdf(render_to_string(TEMPLATE, context), *stylesheets_of(customer.entity, STYLE))


def summary_name(customer: Customer, on: date) -> str:
    """What the file is called."""
    return f"summary-{customer.entity.code}-{customer.code}-{on}.pdf".replace("/", "-")
