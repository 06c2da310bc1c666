"""What adjustments and refunds have in common: drafted once, posted as an entry with an open item of its own."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from django.db.models import QuerySet

from controls.models import Authority
from controls.queries import open_request
from core.errors import Refused, SameKeyOtherContent
from core.files import store_file
from core.models import StoredFile, User
from core.money import Money
from core.series import take_numbers
from customers.models import Customer, lock
from invoicing.models import ItemChange
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair, allocate, post

Change = TypeVar("Change", bound=ItemChange)
File = tuple[str, bytes]


class ChangeRefused(Refused):
    """The amount doesn't fit the item, or what was drafted is posted or gone."""

    code = "change_refused"


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """Drafts and posts changes of open items, as a person."""

    by: User

    def draft(self, row: Change, file: File | None, request_id: str | None) -> Change:
        """Keep a draft with its file; a repeated request gives the first one again."""
        content = _content_hash(row, file)
        done = _rows_like(row).filter(entity=row.entity, request_id=request_id).first() if request_id else None
        if done is not None:
            if done.request_hash != content:
                raise SameKeyOtherContent(f"This form made {done} already, with other content. Open a new form.")
            return done
        self.refuse_unfit(row)
        row.file = self._kept(row, file)
        row.drafted_by, row.request_id, row.request_hash = self.by, request_id, content if request_id else ""
        row.save(force_insert=True)
        return row

    def refuse_unfit(self, row: ItemChange) -> None:
        """A change needs a reason and an amount, and takes no more from an item than is open of it."""
        if not row.reason.strip():
            raise ChangeRefused("Write the reason: whoever decides reads it first.")
        if not row.amount > 0:
            raise ChangeRefused("Write an amount above zero; the side says which way it goes.")
        item = OpenItem.objects.get(pk=row.item_id)
        if row.side != item.side and row.amount > item.open_amount:
            raise ChangeRefused(f"{item.number} has only {item.open_money} open, less than {row.money}.")

    def again(self, row: Change) -> tuple[Change, Customer]:
        """The row as it is now, with the customer's lock."""
        customer = lock(row.customer)
        rows = _rows_like(row).select_related("entity", "file", "item__line__entry", "item__customer")
        current = rows.filter(pk=row.pk).first()
        if current is None:
            raise ChangeRefused("It was discarded meanwhile.")
        current.customer = current.item.customer = customer
        return current, customer

    def draft_again(self, row: Change) -> Change:
        """The same, refused when it is posted."""
        current, _ = self.again(row)
        if current.is_posted:
            raise ChangeRefused(f"{current} is posted and stays as it is.")
        return current

    def refuse_waiting(self, kind: Authority, row: ItemChange) -> None:
        """What waits for a decision isn't thrown away under whoever decides."""
        if open_request(kind=kind, subject_type=row._meta.label_lower, subject_id=row.pk) is not None:
            raise ChangeRefused(f"{row} waits for approval. Withdraw that request first.")

    def post(self, row: Change, account: Account.Role, series: str, posted_on: date) -> Change:
        """Number, entry and open item, set against the item that it changes; at that item's rate."""
        self.refuse_unfit(row)
        item = row.item
        if posted_on < item.posted_on:
            raise ChangeRefused(
                f"{item.number} is of {item.posted_on:%d %b %Y}; it can't be changed on {posted_on:%d %b %Y}."
            )
        number = take_numbers(row.entity, series, posted_on)[0]
        entry = post(by=self.by, entries=[self._entry(row, account, number, posted_on)])[0]
        row.number, row.posted_on, row.entry, row.own_item = number, posted_on, entry, entry.open_items[0]
        row.save()
        if row.side != item.side:
            own = entry.open_items[0]
            debit, credit = (own, item) if row.side == OpenItem.Side.DEBIT else (item, own)
            allocate(by=self.by, pairs=[Pair(debit, credit, row.amount, posted_on)])
        return row

    def _entry(self, row: ItemChange, account: Account.Role, number: str, posted_on: date) -> EntryDraft:
        item = row.item
        document = ItemDraft(number, OpenItem.Kind.ADJUSTMENT, posted_on, max(posted_on, item.due_on))
        amount: dict[str, Any] = {str(row.side): row.amount}
        other = {"credit" if row.side == OpenItem.Side.DEBIT else "debit": row.amount}
        return EntryDraft(
            entity=row.entity,
            kind=JournalEntry.Kind.ADJUSTMENT,
            posted_on=posted_on,
            currency=row.currency,
            lines=(
                LineDraft(Account.Role.RECEIVABLES, **amount, customer=row.customer, item=document),
                LineDraft(account, **other),
            ),
            key=None,
            text=f"{number} on {item.number}: {row.reason}"[:200],
            rate=item.line.entry.rate,
        )

    def _kept(self, row: ItemChange, file: File | None) -> StoredFile | None:
        return store_file(self.by, row.entity, *file) if file else None


def _rows_like(row: Change) -> QuerySet[Change]:
    manager: Any = type(row)._default_manager
    rows: QuerySet[Change] = manager.all()
    return rows


def _content_hash(row: ItemChange, file: File | None) -> str:
    facts = [row.item_id, str(row.side), str(Money(row.amount, row.currency)), row.reason]
    facts += [getattr(row, "reason_code", ""), getattr(row, "bank_account_id", ""), file[0] if file else ""]
    return sha256(repr(facts).encode()).hexdigest()
