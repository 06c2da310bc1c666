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
from directdebit.schemes import Scheme

TEMPLATE = "directdebit/pdf/mandate_form.html"
STYLE = "directdebit/pdf/mandate_form.css"
WORDS = Path(__file__).with_name("mandate_forms")
ENGLISH = "en"
# Their words bind in English alone, so that is what a payer signs; a translation stands below it.
BINDING_IN_ENGLISH = frozenset({Scheme.BACS, Scheme.ACH})


def html_of_form(mandate: Mandate) -> str:
    """The page, in the customer's language. The account is left to the payer: its number is on no paper of ours."""
    scheme, language = mandate.creditor.scheme, language_of(mandate)
    own, signed = words_in(language), words_in(ENGLISH if scheme in BINDING_IN_ENGLISH else language)
    address = mandate.customer.addresses.filter(kind=Address.Kind.BILLING, is_active=True).first()
    labels = own["labels"]
    context = {
        "mandate": mandate,
        "entity": mandate.entity,
        "language": language,
        "signed_in": ENGLISH if signed is not own else language,
        "labels": labels,
        "use": labels["once" if mandate.use == Mandate.Use.ONE_OFF else "recurrent"],
        "send_to": labels["send_to"].format(to=mandate.entity.email or mandate.entity.legal_name),
        "payer": [mandate.customer.name, *(printed_lines(address) if address else [])],
        "account_fields": own[scheme]["to_fill"],
        "words": _filled(signed[scheme], mandate),
        "translated": _filled(own[scheme], mandate) if signed is not own else None,
        "guarantee_title": signed["labels"]["guarantee"],
    }
    return render_to_string(TEMPLATE, context)


def pdf_of_form(mandate: Mandate) -> bytes:
    """The form as a PDF."""
    return render_pdf(html_of_form(mandate), *stylesheets_of(mandate.entity, STYLE))


def language_of(mandate: Mandate) -> str:
    """The customer's language where there are words in it, else English."""
    wanted = mandate.customer.language.partition("-")[0].partition("_")[0].lower()
    return wanted if (WORDS / f"{wanted}.toml").exists() else ENGLISH


def _filled(words: dict[str, Any], mandate: Mandate) -> dict[str, Any]:
    """A scheme's words with the creditor's name and its days of notice."""
    gaps = {"name": mandate.creditor.name, "days": str(mandate.creditor.notice_days)}
    return {
        "title": words["title"],
        "identifier": words["identifier"],
        "authority": [each.format(**gaps) for each in words["authority"]],
        "guarantee": [each.format(**gaps) for each in words.get("guarantee", ())],
    }


@cache
def words_in(language: str) -> dict[str, Any]:
    """The labels and every scheme's words in a language that has them."""
    return tomllib.loads((WORDS / f"{language}.toml").read_text(encoding="utf-8"))
