"""The columns that files of orders, amendments and usage may have, and the headings that they go by. Pure."""

from collections.abc import Iterable, Mapping

from customers.importing.columns import Field, squeezed
from invoicing.models import ContractIntake

Kind = ContractIntake.Kind


def _field(key: str, label: str, headings: str = "") -> Field:
    names = (label, key, *headings.split("|"))
    return Field(key, label, tuple(dict.fromkeys(squeezed(name) for name in names if name)))


ID = "id|external id|record id|opportunity id|reference|ref"
FIELDS: dict[str, list[Field]] = {
    Kind.ORDERS: [
        _field("source_id", "Order’s id", f"order|order id|order number|{ID}|auftragsnummer"),
        _field("customer", "Customer", "customer code|customer number|account|account code|kundennummer"),
        _field("product", "Product", "product code|item|item code|sku|stockcode|artikel"),
        _field("description", "Description", "item name|product name|beschreibung"),
        _field("quantity", "Quantity", "qty|users|seats|licences|licenses|menge"),
        _field("unit_price", "Price", "unit price|price per unit|sales price|preis|einzelpreis"),
        _field("discount_percent", "Discount %", "discount|discount percent|rabatt"),
        _field("starts_on", "Starts", "start|start date|starts on|from|service from|beginn|order date|date"),
        _field("ends_on", "Ends", "end|end date|ends on|until|service until|ende"),
        _field("cycle", "Billed", "cycle|billing cycle|period|billing period|frequency|billing frequency"),
        _field("timing", "In advance or arrears", "timing|billing timing|advance"),
        _field("kind", "Kind of contract", "kind|contract type|type|order type"),
        _field("number", "Contract’s number", "contract|contract number|vertragsnummer"),
        _field("currency", "Currency", "currency code|wahrung"),
        _field("purchase_order", "Purchase order", "po|po number|purchase order number|bestellnummer"),
        _field("renews", "Renews", "auto renew|auto renewal|renewal"),
        _field("renewal_months", "Months of renewal", "renewal term|renewal months|renewal term months"),
        _field("notice_days", "Days of notice", "notice|notice period|notice days"),
        _field("indexation_percent", "Index %", "indexation|uplift|indexation percent|price increase"),
        _field("cost_centre", "Cost centre", "cost center|department|kostenstelle"),
    ],
    Kind.AMENDMENTS: [
        _field("source_id", "Amendment’s id", f"amendment|amendment id|change id|order id|{ID}"),
        _field("contract", "Contract’s number", "contract|contract number|vertragsnummer"),
        _field("kind", "What changes", "kind|type|change|change type|amendment type"),
        _field("effective_on", "From", "effective|effective on|effective date|date|start date"),
        _field("position", "Line", "position|line number|line no"),
        _field("product", "Product", "product code|item|item code|sku"),
        _field("description", "Description", "item name|product name"),
        _field("quantity", "Quantity", "qty|users|seats|licences|licenses"),
        _field("unit_price", "Price", "unit price|new price|residual|residual value"),
        _field("percent", "Change %", "percent|percentage|uplift|indexation"),
        _field("reason", "Reason", "note|comment"),
    ],
    Kind.USAGE: [
        _field("source_id", "Reading’s id", f"reading|reading id|event id|{ID}"),
        _field("contract", "Contract’s number", "contract|contract number|vertragsnummer"),
        _field("position", "Line", "position|line number|line no"),
        _field("used_on", "Day", "used on|date|usage date|reading date|datum"),
        _field("quantity", "Quantity", "qty|usage|units|consumption|menge"),
    ],
}
REQUIRED: dict[str, tuple[str, ...]] = {
    Kind.ORDERS: ("source_id", "customer", "product", "starts_on"),
    Kind.AMENDMENTS: ("source_id", "contract", "kind"),
    Kind.USAGE: ("source_id", "contract", "used_on", "quantity"),
}


def labels_of(kind: str) -> dict[str, str]:
    """What each of our fields is called."""
    return {field.key: field.label for field in FIELDS[kind]}


def guess(kind: str, headings: Iterable[str]) -> dict[str, str]:
    """Our field for each heading that is known by its name; each field once, the best name first."""
    by_heading = {heading: squeezed(heading) for heading in headings}
    guessed: dict[str, str] = {}
    for field in FIELDS[kind]:
        known = (name for key in field.headings for name, heading in by_heading.items() if heading == key)
        if (found := next((name for name in known if name not in guessed), None)) is not None:
            guessed[found] = field.key
    return guessed


def usable(kind: str, columns: Mapping[str, str], headings: Iterable[str]) -> dict[str, str]:
    """A saved mapping as far as it fits the file at hand."""
    present, known = set(headings), labels_of(kind)
    return {heading: key for heading, key in columns.items() if heading in present and key in known}


def missing_columns(kind: str, columns: Mapping[str, str]) -> list[str]:
    """The labels of fields without which no row can be read."""
    return [labels_of(kind)[key] for key in REQUIRED[kind] if key not in columns.values()]
