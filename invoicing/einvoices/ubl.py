"""Universal Business Language 2.1, as Peppol and XRechnung take it. Elements stand in the schema's order. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from invoicing.einvoices.content import InvoiceContent, Kind, LineContent, PartyContent, TaxContent
from invoicing.einvoices.xml import Node, amount, iso, leaf, node, number, render, required

SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
PREFIXES: dict[str | None, str] = {
    "cac": f"{SCHEMA}CommonAggregateComponents-2",
    "cbc": f"{SCHEMA}CommonBasicComponents-2",
}
BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
DISCOUNT = "95"
OUTSIDE = "O"


def ubl_of(content: InvoiceContent, customization: str) -> bytes:
    """The document under a customization, such as that of Peppol."""
    name = "Invoice" if content.kind is Kind.INVOICE else "CreditNote"
    root = required(
        name,
        leaf("cbc:CustomizationID", customization),
        leaf("cbc:ProfileID", BILLING),
        _head(content),
        node(
            "cac:InvoicePeriod",
            leaf("cbc:StartDate", iso(content.service_from)),
            leaf("cbc:EndDate", iso(content.service_until)),
        ),
        node("cac:OrderReference", leaf("cbc:ID", content.purchase_order)),
        _preceding(content),
        node("cac:AccountingSupplierParty", _party(content.seller)),
        node("cac:AccountingCustomerParty", _party(content.buyer)),
        _means(content),
        node("cac:PaymentTerms", leaf("cbc:Note", content.terms)),
        _taxes(content),
        _sums(content),
        (_line(line, content) for line in content.lines),
    )
    return render(root, {None: f"{SCHEMA}{name}-2", **PREFIXES})


def _head(content: InvoiceContent) -> Iterator[Node | None]:
    yield leaf("cbc:ID", content.number)
    yield leaf("cbc:IssueDate", iso(content.issued_on))
    if content.kind is Kind.INVOICE:
        yield leaf("cbc:DueDate", iso(content.due_on))
        yield leaf("cbc:InvoiceTypeCode", content.kind.value)
    else:
        yield leaf("cbc:CreditNoteTypeCode", content.kind.value)
    yield leaf("cbc:Note", content.note)
    yield leaf("cbc:DocumentCurrencyCode", content.currency)
    yield leaf("cbc:TaxCurrencyCode", content.books_currency)
    yield leaf("cbc:AccountingCost", content.cost_centre)
    yield leaf("cbc:BuyerReference", content.buyer_reference)


def _preceding(content: InvoiceContent) -> Iterator[Node | None]:
    for one in content.preceding:
        yield node(
            "cac:BillingReference",
            node(
                "cac:InvoiceDocumentReference",
                leaf("cbc:ID", one.number),
                leaf("cbc:IssueDate", iso(one.issued_on)),
            ),
        )


def _party(party: PartyContent) -> Node | None:
    streets = [*party.streets, "", "", ""]
    return node(
        "cac:Party",
        leaf("cbc:EndpointID", party.electronic_address, schemeID=party.electronic_scheme),
        node("cac:PartyIdentification", leaf("cbc:ID", party.code)),
        node(
            "cac:PostalAddress",
            leaf("cbc:StreetName", streets[0]),
            leaf("cbc:AdditionalStreetName", streets[1]),
            leaf("cbc:CityName", party.city),
            leaf("cbc:PostalZone", party.postcode),
            leaf("cbc:CountrySubentity", party.region),
            node("cac:AddressLine", leaf("cbc:Line", streets[2])),
            node("cac:Country", leaf("cbc:IdentificationCode", party.country)),
        ),
        _tax_scheme(party.tax_number, "VAT"),
        _tax_scheme(party.tax_registration, "TAX"),
        node(
            "cac:PartyLegalEntity",
            leaf("cbc:RegistrationName", party.name),
            leaf("cbc:CompanyID", party.registration_number, schemeID=party.registration_scheme),
        ),
        node(
            "cac:Contact",
            leaf("cbc:Name", party.contact),
            leaf("cbc:Telephone", party.phone),
            leaf("cbc:ElectronicMail", party.email),
        ),
    )


def _tax_scheme(company: str, scheme: str) -> Node | None:
    if not company:
        return None
    return node("cac:PartyTaxScheme", leaf("cbc:CompanyID", company), node("cac:TaxScheme", leaf("cbc:ID", scheme)))


def _means(content: InvoiceContent) -> Node | None:
    payment = content.payment
    if payment is None:
        return None
    return node(
        "cac:PaymentMeans",
        leaf("cbc:PaymentMeansCode", payment.means),
        leaf("cbc:PaymentID", payment.reference),
        node(
            "cac:PayeeFinancialAccount",
            leaf("cbc:ID", payment.account),
            leaf("cbc:Name", payment.holder),
            node("cac:FinancialInstitutionBranch", leaf("cbc:ID", payment.bic)),
        ),
    )


def _taxes(content: InvoiceContent) -> Iterator[Node | None]:
    yield node(
        "cac:TaxTotal",
        _money("cbc:TaxAmount", content.tax, content.currency),
        (_tax(tax, content.currency) for tax in content.taxes),
    )
    if content.tax_in_books is not None:
        yield node("cac:TaxTotal", _money("cbc:TaxAmount", content.tax_in_books, content.books_currency))


def _tax(tax: TaxContent, currency: str) -> Node | None:
    return node(
        "cac:TaxSubtotal",
        _money("cbc:TaxableAmount", tax.net, currency),
        _money("cbc:TaxAmount", tax.tax, currency),
        node("cac:TaxCategory", _category(tax)),
    )


def _category(taxed: LineContent | TaxContent) -> Iterator[Node | None]:
    yield leaf("cbc:ID", taxed.category)
    yield leaf("cbc:Percent", number(taxed.percent)) if taxed.category != OUTSIDE else None
    if isinstance(taxed, TaxContent):
        yield leaf("cbc:TaxExemptionReasonCode", taxed.reason_code)
        yield leaf("cbc:TaxExemptionReason", taxed.reason)
    yield node("cac:TaxScheme", leaf("cbc:ID", "VAT"))


def _sums(content: InvoiceContent) -> Node | None:
    return node(
        "cac:LegalMonetaryTotal",
        _money("cbc:LineExtensionAmount", content.lines_net, content.currency),
        _money("cbc:TaxExclusiveAmount", content.net, content.currency),
        _money("cbc:TaxInclusiveAmount", content.gross, content.currency),
        _money("cbc:PayableAmount", content.payable, content.currency),
    )


def _line(line: LineContent, content: InvoiceContent) -> Node | None:
    is_invoice, currency = content.kind is Kind.INVOICE, content.currency
    return node(
        "cac:InvoiceLine" if is_invoice else "cac:CreditNoteLine",
        leaf("cbc:ID", line.position),
        leaf(
            "cbc:InvoicedQuantity" if is_invoice else "cbc:CreditedQuantity",
            number(line.quantity),
            unitCode=line.unit,
        ),
        _money("cbc:LineExtensionAmount", line.net, currency),
        node(
            "cac:InvoicePeriod",
            leaf("cbc:StartDate", iso(line.service_from)),
            leaf("cbc:EndDate", iso(line.service_until)),
        ),
        _discount(line, currency),
        node(
            "cac:Item",
            leaf("cbc:Description", line.description),
            leaf("cbc:Name", line.name),
            node("cac:SellersItemIdentification", leaf("cbc:ID", line.product)),
            node("cac:ClassifiedTaxCategory", _category(line)),
        ),
        node("cac:Price", leaf("cbc:PriceAmount", number(line.price), currencyID=currency)),
    )


def _discount(line: LineContent, currency: str) -> Node | None:
    if not line.discount:
        return None
    return node(
        "cac:AllowanceCharge",
        leaf("cbc:ChargeIndicator", "false"),
        leaf("cbc:AllowanceChargeReasonCode", DISCOUNT),
        leaf("cbc:MultiplierFactorNumeric", number(line.discount_percent) if line.discount_percent else ""),
        _money("cbc:Amount", line.discount, currency),
        _money("cbc:BaseAmount", line.net + line.discount, currency) if line.discount_percent else None,
    )


def _money(name: str, value: Decimal, currency: str) -> Node | None:
    return leaf(name, amount(value), currencyID=currency)
