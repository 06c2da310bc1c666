"""Undoing receipts: reversed, returned by the bank, or moved to the customer whose money it was."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from cashapp.actions.undoing import Undoing
from cashapp.errors import AlreadyEnded, MoreThanReceived, MovedAway, ReasonMissing, WrongDocument
from cashapp.models import MatchDecision, Receipt, UnidentifiedReceipt
from cashapp.taskbook import Entry, Outcome, Reasons, State, take_tasks, write_down
from core import clock
from core.audit import audit
from core.models import User
from core.money import Money
from core.permissions import require
from core.series import take_numbers
from customers.models import Customer, lock_many
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair, allocate, post, reverse_allocations, reverse_entry


@transaction.atomic
def reverse_receipt(*, by: User, receipt: Receipt, reversed_on: date, reason: str) -> Receipt:
    """Take a receipt back as if it had never been: its documents open again, the bank line waits to be matched."""
    require(by, "cashapp.reverse_receipt", receipt.entity)
    return _end(by, receipt, reversed_on, reason, Receipt.Ending.REVERSED)


@transaction.atomic
def return_receipt(*, by: User, receipt: Receipt, returned_on: date, reason: str) -> Receipt:
    """The bank took the money back: the documents that it paid are open again, at their old due dates."""
    require(by, "cashapp.return_receipt", receipt.entity)
    return _end(by, receipt, returned_on, reason, Receipt.Ending.RETURNED)


@transaction.atomic
def move_receipt(
    *, by: User, receipt: Receipt, customer: Customer, moved_on: date, reason: str, amount: Decimal | None = None
) -> Receipt:
    """Give a receipt, or a part of it, to the customer whose money it was. Both accounts show the correction."""
    require(by, "cashapp.move_receipt", receipt.entity)
    lock_many([receipt.item.customer, customer])
    take_tasks([receipt.line] if receipt.line else [])
    receipt.refresh_from_db()
    _refuse_move(receipt, customer, reason)

    if amount is None:
        Undoing(by, receipt, moved_on, reason).undo()
    receipt.item.refresh_from_db()
    money = Money(receipt.item.open_amount if amount is None else amount, receipt.currency)
    _refuse_amount(receipt, money)
    moved = _post_move(by, receipt, customer, money, moved_on, reason)

    after = {"from": receipt.item.customer.code, "to": customer.code, "amount": money.amount, "receipt": str(moved)}
    audit(by, "receipt.moved", receipt, entity=receipt.entity, after=after, reason=reason)
    if receipt.line:
        write_down(by, [Entry(receipt.line, Outcome.MOVED, State.CHECK, Reasons(note=reason), moved)])
    return moved


# Ending --------------------------------------------------------------------------------------------------------------


def _end(by: User, receipt: Receipt, on: date, reason: str, ending: Receipt.Ending) -> Receipt:
    first = receipt.moved_from
    lock_many([receipt.item.customer, *([first.item.customer] if first else [])])
    take_tasks([receipt.line] if receipt.line else [])
    receipt.refresh_from_db()
    _refuse_end(receipt, reason)

    Undoing(by, receipt, on, reason, keeps_disputes=ending == Receipt.Ending.RETURNED).undo()
    entry = receipt.item.line.entry
    if first is not None:
        _release(by, first, entry, on, reason)
    mirror = reverse_entry(by=by, entry=entry, posted_on=max(on, entry.posted_on), reason=reason)
    _close(by, receipt, on, reason, ending, mirror)
    if receipt.identified_from_id:
        UnidentifiedReceipt.objects.filter(pk=receipt.identified_from_id).update(
            ended_on=None, ending="", end_reason="", ended_by=None, end_entry=None
        )

    event = f"receipt.{ending.value}"
    audit(by, event, receipt, entity=receipt.entity, after={"on": on, "entry": mirror.number}, reason=reason)
    _reopen_line(by, receipt, reason)
    return receipt


def _refuse_end(receipt: Receipt, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(f"Say why {receipt} is undone: auditors will ask.")
    if not receipt.is_live:
        raise AlreadyEnded(f"{receipt} was {receipt.get_ending_display().lower()} on {receipt.ended_on:%d %b %Y}.")
    moved = receipt.moved_to.filter(ended_on=None).select_related("item__customer").first()
    if moved is not None:
        raise MovedAway(
            f"{moved.money} of {receipt} went to {moved.item.customer.name} as {moved}. Reverse that first."
        )


def _close(by: User, receipt: Receipt, on: date, reason: str, ending: Receipt.Ending, mirror: JournalEntry) -> None:
    receipt.ended_on, receipt.ending, receipt.end_reason = on, ending, reason[:200]
    receipt.ended_by, receipt.end_entry = by, mirror
    receipt.save(update_fields=["ended_on", "ending", "end_reason", "ended_by", "end_entry"])


def _reopen_line(by: User, receipt: Receipt, reason: str) -> None:
    if receipt.line is None:
        _count_against(by, receipt, reason)
        return
    back_on_account = receipt.moved_from_id or receipt.identified_from_id
    state = State.CHECK if back_on_account else State.TO_MATCH
    write_down(by, [Entry(receipt.line, Outcome.REVERSED, state, Reasons(note=reason), receipt)])


def _count_against(by: User, receipt: Receipt, reason: str) -> None:
    """A payment of a settlement file that posted by itself is written down as undone, beside why it was posted."""
    posted = MatchDecision.objects.filter(receipt=receipt, outcome=Outcome.POSTED).select_related("line__bank_account")
    reasons = Reasons(note=reason)
    write_down(by, [Entry(each.line, Outcome.REVERSED, State.MATCHED, reasons, receipt) for each in posted])


def _release(by: User, first: Receipt, entry: JournalEntry, on: date, reason: str) -> None:
    """Undo what tied the moved money to the receipt that it came from."""
    tied = first.item.credit_allocations.filter(amount__gt=0, reversed_by=None, debit_item__line__entry=entry)
    reverse_allocations(by=by, allocations=list(tied), allocated_on=max(on, entry.posted_on), reason=reason)


# Moving --------------------------------------------------------------------------------------------------------------


def _refuse_move(receipt: Receipt, customer: Customer, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(f"Say why {receipt} is moved: both customers may ask.")
    if not receipt.is_live:
        raise AlreadyEnded(f"{receipt} was {receipt.get_ending_display().lower()} on {receipt.ended_on:%d %b %Y}.")
    if customer.pk == receipt.item.customer_id:
        raise WrongDocument(f"{receipt} is on the account of {customer.name} already.")
    if customer.entity_id != receipt.entity_id:
        raise WrongDocument(f"{customer.name} is a customer of another company.")


def _refuse_amount(receipt: Receipt, money: Money) -> None:
    if money.amount <= 0 or money.amount > receipt.item.open_amount:
        raise MoreThanReceived(f"{receipt} has {receipt.item.open_money} on account; {money} cannot be moved from it.")


def _post_move(by: User, receipt: Receipt, customer: Customer, money: Money, on: date, reason: str) -> Receipt:
    day = max(on, receipt.item.posted_on)
    (number,) = take_numbers(receipt.entity, "receipt", day)
    (entry,) = post(by=by, entries=[_transfer(receipt, customer, money, day, number, reason)])
    out, into = entry.open_items
    allocate(by=by, pairs=[Pair(out, receipt.item, money.amount, day)])
    moved = Receipt(
        item=into,
        entity=receipt.entity,
        key=f"moved:{number}",
        line=receipt.line,
        bank_account=receipt.bank_account,
        amount=money.amount,
        currency=money.currency,
        received_on=receipt.received_on,
        payer=receipt.payer,
        payer_account=receipt.payer_account,
        text=receipt.text,
        moved_from=receipt,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    moved.save(force_insert=True)
    return moved


def _transfer(receipt: Receipt, customer: Customer, money: Money, day: date, number: str, reason: str) -> EntryDraft:
    """Debit the customer who had it, credit the customer whose it is, at the value that it has in the books."""
    kind = OpenItem.Kind.RECEIPT
    left = ItemDraft(f"{receipt.item.number}/{number}"[:58], kind, day, day)
    here = ItemDraft(number, kind, receipt.received_on, day)
    lines = (
        LineDraft(Account.Role.RECEIVABLES, debit=money.amount, customer=receipt.item.customer, item=left),
        LineDraft(Account.Role.RECEIVABLES, credit=money.amount, customer=customer, item=here),
    )
    return EntryDraft(
        entity=receipt.entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=day,
        currency=money.currency,
        lines=lines,
        key=f"moved:{number}",
        text=f"{receipt} to {customer.name}: {reason}"[:200],
        rate=receipt.item.line.entry.rate,
    )
