"""What a profile demands of a document before it can be written, each as a sentence. Pure.

EN 16931 and Peppol are checked by their rules in the tests. The rules of XRechnung beyond them stand here alone
(BR-DE-1 to BR-DE-15 of KoSIT), because most of them ask for master data that somebody has to fill in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.currencies import minor_units
from invoicing.einvoices.content import InvoiceContent, PartyContent
from invoicing.einvoices.formats import Profile
from invoicing.models import TaxCategory

TAXED_BY_SELLER = frozenset({TaxCategory.STANDARD, TaxCategory.ZERO, TaxCategory.EXEMPT, TaxCategory.REVERSE_CHARGE})
MAIL_SCHEME = "EM"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the demands look at, of a draft as well as of an issued document."""

    seller: PartyContent
    buyer: PartyContent
    currency: str
    categories: frozenset[str]
    purchase_order: str = ""
    buyer_reference: str = ""

    @classmethod
    def about(cls, content: InvoiceContent) -> "Asked":
        """What an issued document says."""
        return cls(
            seller=content.seller,
            buyer=content.buyer,
            currency=content.currency,
            categories=frozenset(tax.category for tax in content.taxes),
            purchase_order=content.purchase_order,
            buyer_reference=content.buyer_reference,
        )


def missing_for(profile: Profile, asked: Asked) -> list[str]:
    """Everything that is missing, each as a sentence; nothing where the document can be written."""
    beyond = {Profile.PEPPOL: _peppol, Profile.XRECHNUNG: _xrechnung}.get(profile)
    return [*_core(asked), *(beyond(asked) if beyond else ())]


def _core(asked: Asked) -> Iterator[str]:
    seller, buyer, categories = asked.seller, asked.buyer, asked.categories
    if minor_units(asked.currency) > 2:
        yield f"Structured invoices know two decimals, and {asked.currency} has {minor_units(asked.currency)}."
    for party in (seller, buyer):
        if not party.country:
            yield f"The country of {party.name} is missing."
    if TaxCategory.OUTSIDE in categories and len(categories) > 1:
        yield "Lines outside the scope of tax stand on a structured invoice of their own."
    if categories & TAXED_BY_SELLER and not (seller.tax_number or seller.tax_registration):
        yield f"The tax number of {seller.name} is missing."
    if TaxCategory.EXPORT in categories and not seller.tax_number:
        yield f"An export names the VAT number of {seller.name} with its country's letters; it is missing."
    if TaxCategory.REVERSE_CHARGE in categories and not (buyer.tax_number or buyer.registration_number):
        yield f"Reverse charge names the VAT number of {buyer.name} with its country's letters; it is missing."


def _peppol(asked: Asked) -> Iterator[str]:
    yield from _reachable(asked)
    if MAIL_SCHEME in {asked.buyer.electronic_scheme, asked.seller.electronic_scheme}:
        yield f"Peppol knows no e-mail addresses; write another electronic address of {asked.buyer.name}."
    if not (asked.purchase_order or asked.buyer_reference):
        yield f"Peppol wants a purchase order number or the reference of {asked.buyer.name}."


def _xrechnung(asked: Asked) -> Iterator[str]:
    yield from _reachable(asked)
    if not asked.buyer_reference:
        yield f"The buyer reference (Leitweg-ID) of {asked.buyer.name} is missing."
    seller, buyer = asked.seller, asked.buyer
    parts = [
        ("phone", seller, seller.phone),
        ("e-mail address", seller, seller.email),
        *_addressed(seller),
        *_addressed(buyer),
    ]
    for what, party, known in parts:
        if not known:
            yield f"XRechnung names the {what} of {party.name}; it is missing."


def _addressed(party: PartyContent) -> Iterable[tuple[str, PartyContent, str]]:
    return [("town", party, party.city), ("postcode", party, party.postcode)]


def _reachable(asked: Asked) -> Iterator[str]:
    for party in (asked.seller, asked.buyer):
        if not party.electronic_address:
            yield f"{party.name} has no electronic address and no VAT number that could be one."
