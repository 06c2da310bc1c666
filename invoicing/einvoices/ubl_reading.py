"""Reading UBL invoices and credit notes, those of Peppol and XRechnung among them. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml import etree

from core.money import ZERO
from customers.names import compact
from invoicing.einvoices.content import (
    ONE,
    InvoiceContent,
    Kind,
    LineContent,
    PartyContent,
    PaymentContent,
    Preceding,
    TaxContent,
)
from invoicing.einvoices.fields import Fields, UnreadableInvoice, number_in
from invoicing.einvoices.kinds import kind_of
from invoicing.einvoices.ubl import PREFIXES

NAMES = {prefix: uri for prefix, uri in PREFIXES.items() if prefix}
SUMS = "cac:LegalMonetaryTotal/cbc:"
VAT = "VAT"


def read_ubl(root: etree._Element) -> InvoiceContent:
    """The content of a document; raises UnreadableInvoice with a sentence."""
    document = Fields(root, NAMES)
    currency = document.needed("currency", "cbc:DocumentCurrencyCode")
    issued_on = document.day("cbc:IssueDate")
    if issued_on is None:
        raise UnreadableInvoice("The invoice has no date.")
    return InvoiceContent(
        kind=_kind(document),
        number=document.needed("number", "cbc:ID"),
        issued_on=issued_on,
        currency=currency,
        seller=_party(document, "seller", "cac:AccountingSupplierParty/cac:Party"),
        buyer=_party(document, "buyer", "cac:AccountingCustomerParty/cac:Party"),
        lines=tuple(_line(line) for line in _lines(document)),
        taxes=tuple(_tax(tax) for tax in document.each("cac:TaxTotal/cac:TaxSubtotal")),
        note="\n".join(note.own_text for note in document.each("cbc:Note") if note.own_text),
        buyer_reference=document.text("cbc:BuyerReference"),
        purchase_order=document.text("cac:OrderReference/cbc:ID"),
        due_on=document.day("cbc:DueDate") or document.day("cac:PaymentMeans/cbc:PaymentDueDate"),
        terms=document.text("cac:PaymentTerms/cbc:Note"),
        cost_centre=document.text("cbc:AccountingCost"),
        service_from=document.day("cac:InvoicePeriod/cbc:StartDate"),
        service_until=document.day("cac:InvoicePeriod/cbc:EndDate"),
        preceding=tuple(_preceding(document)),
        payment=_payment(document),
        **_sums(document, currency),
    )


def _kind(document: Fields) -> Kind:
    if etree.QName(document.element).localname == "CreditNote":
        return Kind.CREDIT_NOTE
    return kind_of(document.text("cbc:InvoiceTypeCode"))


def _lines(document: Fields) -> Iterator[Fields]:
    yield from document.each("cac:InvoiceLine")
    yield from document.each("cac:CreditNoteLine")


def _party(document: Fields, what: str, path: str) -> PartyContent:
    party = document.first(path)
    if party is None:
        raise UnreadableInvoice(f"The invoice names no {what}.")
    place, legal = "cac:PostalAddress/", party.first("cac:PartyLegalEntity/cbc:CompanyID")
    reached = party.first("cbc:EndpointID")
    lines = ("cbc:StreetName", "cbc:AdditionalStreetName", "cac:AddressLine/cbc:Line")
    name = party.text("cac:PartyLegalEntity/cbc:RegistrationName", "cac:PartyName/cbc:Name")
    if not name:
        raise UnreadableInvoice(f"The invoice has no name of the {what}.")
    return PartyContent(
        name=name,
        code=party.text("cac:PartyIdentification/cbc:ID"),
        tax_number=_registered(party, is_vat=True),
        tax_registration=_registered(party, is_vat=False),
        registration_number=legal.own_text if legal else "",
        registration_scheme=legal.attribute("schemeID") if legal else "",
        streets=tuple(street for line in lines if (street := party.text(f"{place}{line}"))),
        postcode=party.text(f"{place}cbc:PostalZone"),
        city=party.text(f"{place}cbc:CityName"),
        region=party.text(f"{place}cbc:CountrySubentity"),
        country=party.text(f"{place}cac:Country/cbc:IdentificationCode"),
        contact=party.text("cac:Contact/cbc:Name"),
        phone=party.text("cac:Contact/cbc:Telephone"),
        email=party.text("cac:Contact/cbc:ElectronicMail"),
        electronic_address=reached.own_text if reached else "",
        electronic_scheme=reached.attribute("schemeID") if reached else "",
    )


def _registered(party: Fields, *, is_vat: bool) -> str:
    for scheme in party.each("cac:PartyTaxScheme"):
        if (scheme.text("cac:TaxScheme/cbc:ID").upper() == VAT) is is_vat:
            return scheme.text("cbc:CompanyID")
    return ""


def _line(line: Fields) -> LineContent:
    quantity = line.first("cbc:InvoicedQuantity") or line.first("cbc:CreditedQuantity")
    if quantity is None:
        raise UnreadableInvoice("A line of the invoice has no quantity.")
    changes = list(line.each("cac:AllowanceCharge"))
    return LineContent(
        position=line.text("cbc:ID"),
        name=line.needed("name on one of its lines", "cac:Item/cbc:Name"),
        description=line.text("cac:Item/cbc:Description"),
        product=line.text("cac:Item/cac:SellersItemIdentification/cbc:ID"),
        quantity=number_in(quantity.own_text),
        unit=quantity.attribute("unitCode"),
        price=line.needed_amount("price on a line", "cac:Price/cbc:PriceAmount"),
        per=line.amount("cac:Price/cbc:BaseQuantity", ONE),
        net=line.needed_amount("amount on a line", "cbc:LineExtensionAmount"),
        discount=sum((_change(one) for one in changes), ZERO),
        discount_percent=changes[0].amount("cbc:MultiplierFactorNumeric") if len(changes) == 1 else ZERO,
        category=line.text("cac:Item/cac:ClassifiedTaxCategory/cbc:ID"),
        percent=line.amount("cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"),
        service_from=line.day("cac:InvoicePeriod/cbc:StartDate"),
        service_until=line.day("cac:InvoicePeriod/cbc:EndDate"),
    )


def _change(change: Fields) -> Decimal:
    """What an allowance takes off; a charge takes off less than nothing."""
    amount = change.amount("cbc:Amount")
    return -amount if change.text("cbc:ChargeIndicator") == "true" else amount


def _tax(tax: Fields) -> TaxContent:
    return TaxContent(
        category=tax.text("cac:TaxCategory/cbc:ID"),
        percent=tax.amount("cac:TaxCategory/cbc:Percent"),
        net=tax.amount("cbc:TaxableAmount"),
        tax=tax.amount("cbc:TaxAmount"),
        reason=tax.text("cac:TaxCategory/cbc:TaxExemptionReason"),
        reason_code=tax.text("cac:TaxCategory/cbc:TaxExemptionReasonCode"),
    )


def _preceding(document: Fields) -> Iterator[Preceding]:
    for one in document.each("cac:BillingReference/cac:InvoiceDocumentReference"):
        yield Preceding(one.needed("number of the invoice that it corrects", "cbc:ID"), one.day("cbc:IssueDate"))


def _payment(document: Fields) -> PaymentContent | None:
    means = document.first("cac:PaymentMeans")
    if means is None:
        return None
    account = means.text("cac:PayeeFinancialAccount/cbc:ID")
    return PaymentContent(
        means=means.text("cbc:PaymentMeansCode"),
        account=account,
        is_iban=not account or _looks_like_iban(account),
        holder=means.text("cac:PayeeFinancialAccount/cbc:Name"),
        bic=means.text("cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"),
        reference=means.text("cbc:PaymentID"),
    )


def _looks_like_iban(account: str) -> bool:
    number = compact(account)
    return number[:2].isalpha() and number[2:4].isdigit() and 15 <= len(number) <= 34


def _sums(document: Fields, currency: str) -> dict[str, Any]:
    books = document.text("cbc:TaxCurrencyCode")
    taxes = {one.attribute("currencyID") or currency: one for one in document.each("cac:TaxTotal/cbc:TaxAmount")}
    net = document.needed_amount("total without tax", f"{SUMS}TaxExclusiveAmount")
    gross = document.needed_amount("total", f"{SUMS}TaxInclusiveAmount")
    in_books = taxes.get(books) if books != currency else None
    return {
        "lines_net": document.amount(f"{SUMS}LineExtensionAmount", net),
        "allowances": document.amount(f"{SUMS}AllowanceTotalAmount"),
        "charges": document.amount(f"{SUMS}ChargeTotalAmount"),
        "net": net,
        "tax": number_in(taxes[currency].own_text) if currency in taxes else ZERO,
        "gross": gross,
        "prepaid": document.amount(f"{SUMS}PrepaidAmount"),
        "rounding": document.amount(f"{SUMS}PayableRoundingAmount"),
        "payable": document.amount(f"{SUMS}PayableAmount", gross),
        "books_currency": books if in_books else "",
        "tax_in_books": number_in(in_books.own_text) if in_books else None,
    }
