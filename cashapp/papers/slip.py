"""A deposit slip on paper: the cheques one by one, how many they are, and what they come to."""

from django.template.loader import render_to_string

from cashapp.models import DepositSlip
from cashapp.queries.cheques import slip_total
from core.papers import stylesheets_of
from core.pdf import render_pdf

TEMPLATE = "cashapp/pdf/slip.html"
STYLE = "cashapp/pdf/slip.css"


def html_of_slip(slip: DepositSlip) -> str:
    """The pages of a slip."""
    cheques = list(slip.cheques.order_by("pk"))
    context = {"slip": slip, "entity": slip.entity, "cheques": cheques, "total": slip_total(slip)}
    return render_to_string(TEMPLATE, context)


def pdf_of_slip(slip: DepositSlip) -> bytes:
    """The PDF of a slip."""
    return render_pdf(html_of_slip(slip), *stylesheets_of(slip.entity, STYLE))


def slip_file_name(slip: DepositSlip) -> str:
    """What the file is called."""
    return f"deposit-slip-{slip.number}.pdf".replace("/", "-")
