"""The form by which a payer gives a mandate, to be printed and signed: the scheme's own words with our facts."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from core.papers import stylesheets_of
from core.pdf import render_pdf
from customers.addresses import printed_lines
from customers.models import Address
from directdebit.models import Mandate

TEMPLATE = "directdebit/pdf/mandate_form.html"
STYLE = "directdebit/pdf/mandate_form.css"
WORDS = Path(__file__).with_name("mandate_forms.toml")


def html_of_form(mandate: Mandate) -> str:
    """The page. The account is left to be written by the payer: its number is on no paper of ours in full."""
    words = _words()[mandate.creditor.scheme]
    address = mandate.customer.addresses.filter(kind=Address.Kind.BILLING, is_active=True).first()
    gaps = {"name": mandate.creditor.name, "days": str(mandate.creditor.notice_days)}
    context = {
        "mandate": mandate,
        "entity": mandate.entity,
        "title": words["title"],
        "identifier_name": words["identifier"],
        "payer": [mandate.customer.name, *(printed_lines(address) if address else [])],
        "authority": [each.format(**gaps) for each in words["authority"]],
        "guarantee": [each.format(**gaps) for each in words.get("guarantee", ())],
        "account_fields": words["to_fill"],
    }
    return render_to_string(TEMPLATE, context)


def pdf_of_form(mandate: Mandate) -> bytes:
    """The form as a PDF."""
    return render_pdf(html_of_form(mandate), *stylesheets_of(mandate.entity, STYLE))


@cache
def _words() -> dict[str, dict[str, Any]]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))
