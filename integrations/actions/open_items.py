"""Opening balances: the customers and open items of the program that was used before."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction

from core.audit import audit
from core.models import LegalEntity, User
from core.money import ZERO
from core.permissions import require
from customers.actions import create_terms, import_customers
from customers.drafts import ContactDraft, CustomerDraft
from customers.models import Customer, PaymentTerms, lock_many
from integrations.open_items.rows import FoundCustomer, FoundItem, customers_in
from integrations.queries import customers_of
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, post


@transaction.atomic
def import_open_items(
    *, by: User, entity: LegalEntity, items: Sequence[FoundItem], program: str, usual_days: int
) -> list[JournalEntry]:
    """Post what another program says is open, against the opening balances; customers that are missing are made.

    Items are dated as their documents were. The same file again finds what it posted and adds nothing.
    """
    require(by, "ledger.post_opening", entity)
    found = customers_in(items, usual_days)
    customers = {**customers_of(entity, found)}
    missing = [customer for customer in found if customer.key not in customers]
    if missing:
        customers |= _made(by, entity, missing)
    lock_many(customers.values())

    entries = post(by=by, entries=[_entry(entity, item, customers[item.customer_key], usual_days) for item in items])

    after = {"program": program, "items": len(entries), "new_customers": len(missing)}
    audit(by, "open_items.imported", entity, entity=entity, after=after)
    return entries


def _made(by: User, entity: LegalEntity, missing: Sequence[FoundCustomer]) -> Mapping[str, Customer]:
    terms = _terms_for(by, entity, missing)
    drafts = [_draft(customer, terms) for customer in missing]
    made = import_customers(by=by, entity=entity, drafts=drafts)
    return {found.key: customer for found, customer in zip(missing, made, strict=True)}


def _terms_for(by: User, entity: LegalEntity, missing: Sequence[FoundCustomer]) -> dict[str, PaymentTerms]:
    """Terms by the other program's code, with the days that its own due dates show."""
    wanted = {customer.terms[:20]: customer.net_days for customer in missing if customer.terms}
    known = {terms.code: terms for terms in PaymentTerms.objects.filter(entity=entity, code__in=wanted)}
    for code, days in sorted(wanted.items()):
        if code not in known:
            name = f"{code}, {days} days net"
            known[code] = create_terms(by=by, entity=entity, code=code, name=name, net_days=max(days, 0))
    return known


def _draft(customer: FoundCustomer, terms: Mapping[str, PaymentTerms]) -> CustomerDraft:
    others = [spelling for spelling in customer.spellings if spelling != customer.name]
    contact = (ContactDraft(name=customer.name[:120], email=customer.email),) if customer.email else ()
    return CustomerDraft(
        name=customer.name,
        code=customer.code,
        terms=terms.get(customer.terms[:20], customer.net_days),
        currency=customer.currency,
        contacts=contact,
        note=f"Also spelled {'; '.join(others)} in the open items that were brought in." if others else "",
    )


def _entry(entity: LegalEntity, item: FoundItem, customer: Customer, usual_days: int) -> EntryDraft:
    debit, credit = max(item.amount, ZERO), max(-item.amount, ZERO)
    kind = OpenItem.Kind.INVOICE if debit else OpenItem.Kind.CREDIT_NOTE
    due_on = item.due_on or item.document_on + timedelta(days=usual_days)
    document = ItemDraft(item.number, kind, item.document_on, due_on, item.purchase_order[:60])
    return EntryDraft(
        entity=entity,
        kind=JournalEntry.Kind.OPENING,
        posted_on=item.document_on,
        currency=item.currency,
        key=f"opening:{kind}:{item.number}",
        text=f"Opening balance {item.number}",
        lines=(
            LineDraft(Account.Role.RECEIVABLES, debit=debit, credit=credit, customer=customer, item=document),
            LineDraft(Account.Role.OPENING_BALANCES, debit=credit, credit=debit),
        ),
    )
