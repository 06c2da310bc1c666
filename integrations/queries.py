"""What has to be known before whole ledgers come in."""

from collections.abc import Sequence
from datetime import date

from core.models import LegalEntity
from core.rates import NoRate, rate_on
from customers.models import Customer
from customers.names import name_key
from integrations.open_items.rows import FoundCustomer, Reading
from ledger.models import JournalEntry, OpenItem

OPENING_KINDS = (OpenItem.Kind.INVOICE, OpenItem.Kind.CREDIT_NOTE)


def customers_of(entity: LegalEntity, found: Sequence[FoundCustomer]) -> dict[str, Customer]:
    """Customers that are here already, by their key in the file: by code, or by name where the file has no codes."""
    codes = [customer.code for customer in found if customer.code]
    names = {name_key(customer.name): customer.key for customer in found if not customer.code}
    here = {row.code: row for row in Customer.objects.filter(entity=entity, code__in=codes)}
    by_name: dict[str, list[Customer]] = {}
    for row in Customer.objects.filter(entity=entity, name_key__in=names):
        by_name.setdefault(names[row.name_key], []).append(row)
    alone = {key: rows[0] for key, rows in by_name.items() if len(rows) == 1}
    return here | alone


def refuse_what_cannot_be_posted(entity: LegalEntity, reading: Reading) -> None:
    """Move items from a reading to its refused rows that the ledger would not take: no rate, number taken."""
    reasons = {currency: _no_rate(entity, currency, on) for currency, on in _earliest(reading).items()}
    taken = _taken(entity, [item.number for item in reading.items])
    kept = []
    for item in reading.items:
        if reason := reasons[item.currency]:
            reading.refuse(item.row, item.number, reason)
        elif item.number in taken:
            reading.refuse(item.row, item.number, f"The number is taken by a document of {taken[item.number]}.")
        else:
            kept.append(item)
    reading.items = kept


def _taken(entity: LegalEntity, numbers: Sequence[str]) -> dict[str, str]:
    """Numbers that documents of the portal's own bear, with their customers' names."""
    keys = [f"opening:{kind}:{number}" for kind in OPENING_KINDS for number in numbers]
    posted = JournalEntry.objects.filter(entity=entity, key__in=keys).values_list("key", flat=True)
    brought_in = {str(key).split(":", 2)[2] for key in posted}
    rows = OpenItem.objects.filter(entity=entity, number__in=numbers).values_list("number", "customer__name")
    return {number: name for number, name in rows if number not in brought_in}


def _earliest(reading: Reading) -> dict[str, date]:
    days: dict[str, date] = {}
    for item in reading.items:
        days[item.currency] = min(item.document_on, days.get(item.currency, item.document_on))
    return days


def _no_rate(entity: LegalEntity, currency: str, on: date) -> str:
    """Why an amount in the currency can't be valued at its earliest date; nothing when it can."""
    try:
        rate_on(currency, entity.currency, on)
    except NoRate as refusal:
        return refusal.message
    return ""
