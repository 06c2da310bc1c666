"""Money that nobody can name the sender of: kept in suspense, identified later."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from cashapp.actions.drafts import Application, BankAccounts
from cashapp.errors import AlreadyEnded, AlreadyPosted, ReasonMissing
from cashapp.models import Receipt, UnidentifiedReceipt
from cashapp.money_in import Incoming, Payment, refuse_payments
from cashapp.open_days import OpenDays
from cashapp.taskbook import BY_HAND, Entry, Outcome, Reasons, State, take_tasks, write_down
from cashapp.wirebook import close_wires
from core import clock
from core.audit import audit, audit_many
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from core.series import take_numbers
from customers.models import Customer, lock
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, allocate, post, reverse_entry


@transaction.atomic
def post_unidentified(
    *, by: User, entity: LegalEntity, incoming: Incoming, reasons: Reasons = BY_HAND, posted_on: date | None = None
) -> UnidentifiedReceipt:
    """Book money of an unknown sender, so that the bank account is right while somebody looks for them."""
    require(by, "cashapp.post_unidentified", entity)
    take_tasks([incoming.line] if incoming.line else [])
    known = _waiting(entity, incoming)
    if known is not None:
        return known
    incoming.refuse_nothing()
    if incoming.line and (receipt := Receipt.objects.filter(line=incoming.line, ended_on=None).first()):
        raise AlreadyPosted(f"{incoming.label} is posted already: {receipt} of {receipt.item.customer.name}.")

    key = _key(incoming)
    draft = _suspense(
        entity,
        incoming,
        key,
        OpenDays(entity).from_day(incoming.bank_account, posted_on or incoming.received_on),
        BankAccounts(entity),
    )
    (entry,) = post(by=by, entries=[draft])
    unidentified = _row(by, entity, incoming, key, entry)
    unidentified.save(force_insert=True)

    audit(by, "receipt.booked_unidentified", unidentified, entity=entity, after={"amount": incoming.money.amount})
    if incoming.line:
        entry_of_book = Entry(
            incoming.line, Outcome.UNIDENTIFIED, State.CHECK, reasons, unidentified_receipt=unidentified
        )
        write_down(by, [entry_of_book])
    return unidentified


@transaction.atomic
def post_unidentified_many(*, by: User, entity: LegalEntity, incomings: Sequence[Incoming]) -> int:
    """Book money of unknown senders that no bank line tells of; returns how much of it was new."""
    require(by, "cashapp.post_unidentified", entity)
    keys = {_key(incoming): incoming for incoming in incomings if incoming.line is None}
    if len(keys) != len(incomings):
        raise Refused("Each receipt of an unknown sender needs a key of its own.")
    known = UnidentifiedReceipt.objects.filter(entity=entity, key__in=list(keys))
    for key in known.values_list("key", flat=True):
        del keys[key]
    for incoming in keys.values():
        incoming.refuse_nothing()

    accounts, days = BankAccounts(entity), OpenDays(entity)
    drafts = [
        _suspense(entity, incoming, key, days.from_day(incoming.bank_account, incoming.received_on), accounts)
        for key, incoming in keys.items()
    ]
    entries = post(by=by, entries=drafts)
    rows = [
        _row(by, entity, incoming, key, entry) for (key, incoming), entry in zip(keys.items(), entries, strict=True)
    ]
    UnidentifiedReceipt.objects.bulk_create(rows)

    audit_many(by, "receipt.booked_unidentified", rows, entity=entity, after_each=lambda row: {"amount": row.amount})
    return len(rows)


@transaction.atomic
def identify_receipt(
    *,
    by: User,
    unidentified: UnidentifiedReceipt,
    customer: Customer,
    identified_on: date,
    pays: Sequence[Payment] = (),
    reasons: Reasons = BY_HAND,
) -> Receipt:
    """Say whose money it was: it leaves suspense for the customer's account and pays what is named."""
    require(by, "cashapp.identify_receipt", unidentified.entity)
    lock(customer)
    take_tasks([unidentified.line] if unidentified.line else [])
    unidentified = UnidentifiedReceipt.objects.select_for_update(no_key=True, of=("self",)).get(pk=unidentified.pk)
    receipt = _identified_as(unidentified, customer)
    if receipt is not None:
        return receipt
    _refuse_ended(unidentified)
    if customer.entity_id != unidentified.entity_id:
        raise Refused(f"{customer.name} is a customer of another company.")
    refuse_payments(str(unidentified), unidentified.money, pays)

    day = max(identified_on, unidentified.entry.posted_on)
    receipt = _identify(by, unidentified, customer, day)
    allocate(by=by, pairs=list(Application(receipt.item, pays, day).pairs()))

    after = {"customer": customer.code, "receipt": str(receipt), "pays": {p.item.number: p.amount for p in pays}}
    audit(by, "receipt.identified", unidentified, entity=unidentified.entity, after=after)
    if unidentified.line:
        state = State.MATCHED if pays else State.CHECK
        write_down(by, [Entry(unidentified.line, Outcome.IDENTIFIED, state, reasons, receipt, unidentified)])
    close_wires(by, unidentified.entity, [receipt])
    return receipt


@transaction.atomic
def reverse_unidentified(
    *, by: User, unidentified: UnidentifiedReceipt, reversed_on: date, reason: str
) -> UnidentifiedReceipt:
    """Take money out of suspense again; its bank line waits to be matched."""
    require(by, "cashapp.reverse_unidentified", unidentified.entity)
    take_tasks([unidentified.line] if unidentified.line else [])
    unidentified = UnidentifiedReceipt.objects.select_for_update(no_key=True, of=("self",)).get(pk=unidentified.pk)
    _refuse_ended(unidentified)
    if not reason.strip():
        raise ReasonMissing("Say why the money leaves suspense: auditors will ask.")

    day = max(reversed_on, unidentified.entry.posted_on)
    mirror = reverse_entry(by=by, entry=unidentified.entry, posted_on=day, reason=reason)
    _end(by, unidentified, day, UnidentifiedReceipt.Ending.REVERSED, mirror, reason)

    audit(by, "unidentified.reversed", unidentified, entity=unidentified.entity, reason=reason)
    if unidentified.line:
        note = Reasons(note=reason)
        write_down(
            by,
            [Entry(unidentified.line, Outcome.REVERSED, State.TO_MATCH, note, unidentified_receipt=unidentified)],
        )
    return unidentified


def _waiting(entity: LegalEntity, incoming: Incoming) -> UnidentifiedReceipt | None:
    rows = UnidentifiedReceipt.objects.filter(entity=entity, ended_on=None)
    if incoming.line:
        return rows.filter(line=incoming.line).first()
    return rows.filter(key=f"unidentified:{incoming.key}").first()


def _key(incoming: Incoming) -> str:
    if incoming.line is None:
        return f"unidentified:{incoming.key}"
    return f"unidentified:{incoming.line.pk}:{UnidentifiedReceipt.objects.filter(line=incoming.line).count()}"


def _suspense(entity: LegalEntity, incoming: Incoming, key: str, on: date, accounts: BankAccounts) -> EntryDraft:
    return EntryDraft(
        entity=entity,
        kind=JournalEntry.Kind.RECEIPT,
        posted_on=on,
        currency=incoming.money.currency,
        lines=(
            accounts.debit(incoming),
            LineDraft(Account.Role.UNIDENTIFIED_RECEIPTS, credit=incoming.money.amount),
        ),
        key=key,
        text=f"Unidentified: {incoming.payer or incoming.text or 'no sender'}"[:200],
    )


def _row(by: User, entity: LegalEntity, incoming: Incoming, key: str, entry: JournalEntry) -> UnidentifiedReceipt:
    return UnidentifiedReceipt(
        entity=entity,
        entry=entry,
        key=key,
        line=incoming.line,
        bank_account=incoming.bank_account,
        amount=incoming.money.amount,
        currency=incoming.money.currency,
        received_on=incoming.received_on,
        payer=incoming.payer[:200],
        payer_account=incoming.payer_account[:64],
        text=incoming.text,
        recorded_by=by,
        recorded_at=clock.now(),
    )


def _identified_as(unidentified: UnidentifiedReceipt, customer: Customer) -> Receipt | None:
    """What identifying it the first time made, when it was for the same customer."""
    live = unidentified.receipts.filter(ended_on=None).select_related("item__customer").first()
    return live if live is not None and live.item.customer_id == customer.pk else None


def _refuse_ended(unidentified: UnidentifiedReceipt) -> None:
    if not unidentified.is_live:
        how = unidentified.get_ending_display().lower()
        raise AlreadyEnded(f"The {unidentified.money} of {unidentified.received_on:%d %b %Y} were {how} before.")


def _identify(by: User, unidentified: UnidentifiedReceipt, customer: Customer, day: date) -> Receipt:
    (number,) = take_numbers(unidentified.entity, "receipt", day)
    (entry,) = post(by=by, entries=[_out_of_suspense(unidentified, customer, day, number)])
    receipt = Receipt(
        item=entry.open_items[0],
        entity=unidentified.entity,
        key=f"identified:{unidentified.pk}:{unidentified.receipts.count()}",
        line=unidentified.line,
        bank_account=unidentified.bank_account,
        amount=unidentified.amount,
        currency=unidentified.currency,
        received_on=unidentified.received_on,
        payer=unidentified.payer,
        payer_account=unidentified.payer_account,
        text=unidentified.text,
        identified_from=unidentified,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    receipt.save(force_insert=True)
    _end(by, unidentified, day, UnidentifiedReceipt.Ending.IDENTIFIED, entry, f"{number} of {customer.name}")
    return receipt


def _out_of_suspense(unidentified: UnidentifiedReceipt, customer: Customer, day: date, number: str) -> EntryDraft:
    item = ItemDraft(number, OpenItem.Kind.RECEIPT, unidentified.received_on, unidentified.received_on)
    return EntryDraft(
        entity=unidentified.entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=day,
        currency=unidentified.currency,
        lines=(
            LineDraft(Account.Role.UNIDENTIFIED_RECEIPTS, debit=unidentified.amount),
            LineDraft(Account.Role.RECEIVABLES, credit=unidentified.amount, customer=customer, item=item),
        ),
        key=f"identified:{number}",
        text=f"{number} {customer.name}, identified"[:200],
        rate=unidentified.entry.rate,
    )


def _end(
    by: User,
    unidentified: UnidentifiedReceipt,
    on: date,
    ending: UnidentifiedReceipt.Ending,
    entry: JournalEntry,
    reason: str,
) -> None:
    unidentified.ended_on, unidentified.ending, unidentified.end_reason = on, ending, reason[:200]
    unidentified.ended_by, unidentified.end_entry = by, entry
    unidentified.save(update_fields=["ended_on", "ending", "end_reason", "ended_by", "end_entry"])
