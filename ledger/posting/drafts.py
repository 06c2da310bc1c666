"""What somebody wants to post, before it is posted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.models import LegalEntity
from core.money import ZERO
from customers.models import Customer
from ledger.models import Account, JournalEntry


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """The document that makes a receivables line an open item."""

    number: str
    kind: str
    document_on: date
    due_on: date
    purchase_order: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class LineDraft:
    """An amount on an account: a role for the entity's account in that role, or the account itself.

    `base` is the amount in the entity's currency; left out, it follows from the entry's rate.
    """

    role_or_account: Account.Role | Account
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    base: Decimal | None = None
    customer: Customer | None = None
    item: ItemDraft | None = None
    tax_code: str = ""
    text: str = ""

    @classmethod
    def signed(cls, account: Account.Role | Account, amount: Decimal, base: Decimal | None = None) -> LineDraft:
        """A line on the side that the sign tells: debit where the amount is positive."""
        return cls(account, debit=amount, base=base) if amount > 0 else cls(account, credit=-amount, base=base)


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One event. `key` names it, once for each entity; `rate` turns its currency into the entity's.

    `late_reason` lets it into a soft-locked month, where the person may do that.
    """

    entity: LegalEntity
    kind: str
    posted_on: date
    currency: str
    lines: Sequence[LineDraft]
    key: str | None
    text: str = ""
    rate: Decimal | None = None
    late_reason: str = ""
    reverses: JournalEntry | None = field(default=None, compare=False)


def content_hash(draft: EntryDraft) -> bytes:
    """A fingerprint of everything that makes this event this event."""
    facts: list[Any] = [str(draft.kind), draft.posted_on.toordinal(), draft.currency, draft.text, _plain(draft.rate)]
    for line in draft.lines:
        account = line.role_or_account
        facts += [
            account.code if isinstance(account, Account) else str(account),
            _plain(line.debit),
            _plain(line.credit),
            _plain(line.base),
            line.customer.pk if line.customer else None,
            line.tax_code,
            line.text,
        ]
        if line.item:
            facts += _item_facts(line.item)
    return hashlib.sha256(repr(facts).encode()).digest()


def _item_facts(item: ItemDraft) -> Iterable[Any]:
    return (
        item.number,
        str(item.kind),
        item.document_on.toordinal(),
        item.due_on.toordinal(),
        item.purchase_order,
        item.reference,
    )


def _plain(amount: Decimal | None) -> str:
    """The same text for 100, 100.0 and 100.00."""
    return "" if amount is None else f"{amount.normalize():f}"
