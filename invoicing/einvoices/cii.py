"""Cross Industry Invoice of UN/CEFACT, D16B, as Factur-X carries it. Elements stand in the schema's order. Pure."""

from collections.abc import Iterator

from invoicing.einvoices.content import InvoiceContent, LineContent, PartyContent, PaymentContent, TaxContent
from invoicing.einvoices.xml import Node, amount, basic, leaf, node, number, render, required

NAMESPACE = "urn:un:unece:uncefact:data:standard:"
PREFIXES: dict[str | None, str] = {
    "rsm": f"{NAMESPACE}CrossIndustryInvoice:100",
    "ram": f"{NAMESPACE}ReusableAggregateBusinessInformationEntity:100",
    "qdt": f"{NAMESPACE}QualifiedDataType:100",
    "udt": f"{NAMESPACE}UnqualifiedDataType:100",
}
DISCOUNT = "95"
OUTSIDE = "O"


def cii_of(content: InvoiceContent, guideline: str) -> bytes:
    """The document under a guideline, such as urn:cen.eu:en16931:2017."""
    root = required(
        "rsm:CrossIndustryInvoice",
        node(
            "rsm:ExchangedDocumentContext",
            node("ram:GuidelineSpecifiedDocumentContextParameter", leaf("ram:ID", guideline)),
        ),
        node(
            "rsm:ExchangedDocument",
            leaf("ram:ID", content.number),
            leaf("ram:TypeCode", content.kind.value),
            node("ram:IssueDateTime", leaf("udt:DateTimeString", basic(content.issued_on), format="102")),
            node("ram:IncludedNote", leaf("ram:Content", content.note)),
        ),
        node(
            "rsm:SupplyChainTradeTransaction",
            (_line(line) for line in content.lines),
            _agreement(content),
            required("ram:ApplicableHeaderTradeDelivery"),
            _settlement(content),
        ),
    )
    return render(root, PREFIXES)


def _line(line: LineContent) -> Node | None:
    return node(
        "ram:IncludedSupplyChainTradeLineItem",
        node("ram:AssociatedDocumentLineDocument", leaf("ram:LineID", line.position)),
        node(
            "ram:SpecifiedTradeProduct",
            leaf("ram:SellerAssignedID", line.product),
            leaf("ram:Name", line.name),
            leaf("ram:Description", line.description),
        ),
        node(
            "ram:SpecifiedLineTradeAgreement",
            node("ram:NetPriceProductTradePrice", leaf("ram:ChargeAmount", number(line.price))),
        ),
        node(
            "ram:SpecifiedLineTradeDelivery",
            leaf("ram:BilledQuantity", number(line.quantity), unitCode=line.unit),
        ),
        node(
            "ram:SpecifiedLineTradeSettlement",
            node("ram:ApplicableTradeTax", leaf("ram:TypeCode", "VAT"), _category(line)),
            _period(line),
            _discount(line),
            node("ram:SpecifiedTradeSettlementLineMonetarySummation", leaf("ram:LineTotalAmount", amount(line.net))),
        ),
    )


def _category(taxed: LineContent | TaxContent) -> Iterator[Node | None]:
    yield leaf("ram:CategoryCode", taxed.category)
    yield leaf("ram:ExemptionReasonCode", taxed.reason_code) if isinstance(taxed, TaxContent) else None
    yield leaf("ram:RateApplicablePercent", number(taxed.percent)) if taxed.category != OUTSIDE else None


def _discount(line: LineContent) -> Node | None:
    if not line.discount:
        return None
    return node(
        "ram:SpecifiedTradeAllowanceCharge",
        node("ram:ChargeIndicator", leaf("udt:Indicator", "false")),
        _basis(line),
        leaf("ram:ActualAmount", amount(line.discount)),
        leaf("ram:ReasonCode", DISCOUNT),
    )


def _basis(line: LineContent) -> Iterator[Node | None]:
    if line.discount_percent:
        yield leaf("ram:CalculationPercent", number(line.discount_percent))
        yield leaf("ram:BasisAmount", amount(line.net + line.discount))


def _period(of: InvoiceContent | LineContent) -> Node | None:
    return node(
        "ram:BillingSpecifiedPeriod",
        node("ram:StartDateTime", leaf("udt:DateTimeString", basic(of.service_from), format="102")),
        node("ram:EndDateTime", leaf("udt:DateTimeString", basic(of.service_until), format="102")),
    )


def _agreement(content: InvoiceContent) -> Node | None:
    return node(
        "ram:ApplicableHeaderTradeAgreement",
        leaf("ram:BuyerReference", content.buyer_reference),
        _party("ram:SellerTradeParty", content.seller),
        _party("ram:BuyerTradeParty", content.buyer),
        node("ram:BuyerOrderReferencedDocument", leaf("ram:IssuerAssignedID", content.purchase_order)),
    )


def _party(name: str, party: PartyContent) -> Node | None:
    streets = [*party.streets, "", "", ""]
    return node(
        name,
        leaf("ram:ID", party.code),
        leaf("ram:Name", party.name),
        node(
            "ram:SpecifiedLegalOrganization",
            leaf("ram:ID", party.registration_number, schemeID=party.registration_scheme),
        ),
        node(
            "ram:DefinedTradeContact",
            leaf("ram:PersonName", party.contact),
            node("ram:TelephoneUniversalCommunication", leaf("ram:CompleteNumber", party.phone)),
            node("ram:EmailURIUniversalCommunication", leaf("ram:URIID", party.email)),
        ),
        node(
            "ram:PostalTradeAddress",
            leaf("ram:PostcodeCode", party.postcode),
            leaf("ram:LineOne", streets[0]),
            leaf("ram:LineTwo", streets[1]),
            leaf("ram:LineThree", streets[2]),
            leaf("ram:CityName", party.city),
            leaf("ram:CountryID", party.country),
            leaf("ram:CountrySubDivisionName", party.region),
        ),
        node(
            "ram:URIUniversalCommunication",
            leaf("ram:URIID", party.electronic_address, schemeID=party.electronic_scheme),
        ),
        node("ram:SpecifiedTaxRegistration", leaf("ram:ID", party.tax_registration, schemeID="FC")),
        node("ram:SpecifiedTaxRegistration", leaf("ram:ID", party.tax_number, schemeID="VA")),
    )


def _settlement(content: InvoiceContent) -> Node | None:
    return node(
        "ram:ApplicableHeaderTradeSettlement",
        leaf("ram:PaymentReference", content.payment.reference if content.payment else ""),
        leaf("ram:TaxCurrencyCode", content.books_currency),
        leaf("ram:InvoiceCurrencyCode", content.currency),
        _means(content.payment),
        (_tax(tax) for tax in content.taxes),
        _period(content),
        node(
            "ram:SpecifiedTradePaymentTerms",
            leaf("ram:Description", content.terms),
            node("ram:DueDateDateTime", leaf("udt:DateTimeString", basic(content.due_on), format="102")),
        ),
        _sums(content),
        (
            node(
                "ram:InvoiceReferencedDocument",
                leaf("ram:IssuerAssignedID", one.number),
                node("ram:FormattedIssueDateTime", leaf("qdt:DateTimeString", basic(one.issued_on), format="102")),
            )
            for one in content.preceding
        ),
        node("ram:ReceivableSpecifiedTradeAccountingAccount", leaf("ram:ID", content.cost_centre)),
    )


def _means(payment: PaymentContent | None) -> Node | None:
    if payment is None:
        return None
    return node(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        leaf("ram:TypeCode", payment.means),
        node(
            "ram:PayeePartyCreditorFinancialAccount",
            leaf("ram:IBANID", payment.account if payment.is_iban else ""),
            leaf("ram:AccountName", payment.holder),
            leaf("ram:ProprietaryID", "" if payment.is_iban else payment.account),
        ),
        node("ram:PayeeSpecifiedCreditorFinancialInstitution", leaf("ram:BICID", payment.bic)),
    )


def _tax(tax: TaxContent) -> Node | None:
    return node(
        "ram:ApplicableTradeTax",
        leaf("ram:CalculatedAmount", amount(tax.tax)),
        leaf("ram:TypeCode", "VAT"),
        leaf("ram:ExemptionReason", tax.reason),
        leaf("ram:BasisAmount", amount(tax.net)),
        _category(tax),
    )


def _sums(content: InvoiceContent) -> Node | None:
    in_books = content.tax_in_books
    return node(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        leaf("ram:LineTotalAmount", amount(content.lines_net)),
        leaf("ram:TaxBasisTotalAmount", amount(content.net)),
        leaf("ram:TaxTotalAmount", amount(content.tax), currencyID=content.currency),
        leaf("ram:TaxTotalAmount", amount(in_books), currencyID=content.books_currency)
        if in_books is not None
        else None,
        leaf("ram:GrandTotalAmount", amount(content.gross)),
        leaf("ram:DuePayableAmount", amount(content.payable)),
    )
