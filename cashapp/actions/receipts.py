"""Posting receipts: money of a customer into the ledger, with the documents that it pays."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from cashapp.actions.drafts import Application, BankAccounts, ReceiptDraft
from cashapp.errors import AlreadyPosted
from cashapp.models import Receipt, UnidentifiedReceipt, UsedCredit
from cashapp.money_in import Incoming, Payment, refuse_payments, total_of
from cashapp.open_days import OpenDays
from cashapp.taskbook import BY_HAND, Entry, Outcome, Reasons, State, take_tasks, write_down
from cashapp.wirebook import close_wires
from core import clock
from core.audit import audit_many
from core.copying import Copier
from core.errors import Refused, SameKeyOtherContent
from core.models import LegalEntity, User
from core.permissions import require
from core.reading import read, unsaved
from core.series import take_numbers
from customers.models import Customer, take_turns
from ledger.models import Allocation, JournalEntry
from ledger.posting import Pair, allocate, post

RECEIPTS = Copier(
    "cashapp_receipt",
    (
        "item_id", "entity_id", "key", "line_id", "bank_account_id", "amount", "currency", "received_on", "payer",
        "payer_account", "text", "recorded_by_id", "recorded_at", "ending", "end_reason",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What was done before with the money of some drafts."""

    by_key: dict[str, Receipt]
    by_line: dict[int, Receipt]
    unidentified_lines: set[int]
    attempts: Counter[int]

    def key_of(self, incoming: Incoming) -> str:
        """The event's name: a line that was reversed can be posted again under another."""
        if incoming.line is None:
            return incoming.key
        return f"line:{incoming.line.pk}:{self.attempts[incoming.line.pk]}"

    def receipt_of(self, incoming: Incoming) -> Receipt | None:
        """The receipt that holds this money already."""
        return self.by_line.get(incoming.line.pk) if incoming.line else self.by_key.get(incoming.key)


@transaction.atomic
def post_receipts(*, by: User, entity: LegalEntity, drafts: Sequence[ReceiptDraft]) -> list[Receipt]:
    """Post what customers paid, many at once, and settle the documents that each receipt names."""
    require(by, "cashapp.post_receipt", entity)
    take_turns(draft.customer for draft in drafts)
    take_tasks([draft.incoming.line for draft in drafts if draft.incoming.line])
    days = OpenDays(entity)
    drafts = [replace(draft, posted_on=days.from_day(draft.incoming.bank_account, draft.day)) for draft in drafts]

    known = _known(entity, drafts)
    fresh = [draft for draft in drafts if _is_fresh(draft, known)]
    for draft in fresh:
        _refuse(draft, entity, known)

    posted = _post(by, entity, fresh, known)
    allocations = _settle(by, fresh, posted)

    _audit(by, entity, fresh, posted)
    write_down(by, [_entry(draft, receipt) for draft, receipt in zip(fresh, posted, strict=True) if receipt.line_id])
    _keep_used_credits(fresh, posted, allocations)
    close_wires(by, entity, posted)
    made = {id(draft): receipt for draft, receipt in zip(fresh, posted, strict=True)}
    return [made.get(id(draft)) or _found(known, draft) for draft in drafts]


@transaction.atomic
def post_receipt(
    *,
    by: User,
    customer: Customer,
    incoming: Incoming,
    pays: Sequence[Payment] = (),
    reasons: Reasons = BY_HAND,
    posted_on: date | None = None,
) -> Receipt:
    """Post what a customer paid. What no document takes waits on the customer's account."""
    draft = ReceiptDraft(customer, incoming, pays, reasons, posted_on)
    return post_receipts(by=by, entity=customer.entity, drafts=[draft])[0]


# What was done before ------------------------------------------------------------------------------------------------


def _known(entity: LegalEntity, drafts: Sequence[ReceiptDraft]) -> Known:
    keys = [draft.incoming.key for draft in drafts if not draft.incoming.line]
    lines = [draft.incoming.line.pk for draft in drafts if draft.incoming.line]
    same_key = read(Receipt, "entity_id = %(entity)s AND key = ANY(%(keys)s)", entity=entity.pk, keys=keys)
    by_key = {receipt.key: receipt for receipt in same_key}
    by_line: dict[int, Receipt] = {}
    attempts: Counter[int] = Counter()
    for receipt in read(Receipt, "line_id = ANY(%(lines)s) AND moved_from_id IS NULL", lines=lines) if lines else ():
        if receipt.line_id is None:
            continue
        attempts[receipt.line_id] += 1
        if receipt.is_live:
            by_line[receipt.line_id] = receipt
    waiting = UnidentifiedReceipt.objects.filter(line__in=lines, ended_on=None) if lines else ()
    return Known(by_key, by_line, {row.line_id for row in waiting if row.line_id}, attempts)


def _is_fresh(draft: ReceiptDraft, known: Known) -> bool:
    """False for what was posted before in the same way; in another way it is refused."""
    receipt = known.receipt_of(draft.incoming)
    if receipt is None:
        return True
    if receipt.item.customer_id == draft.customer.pk and _pays_the_same(receipt, draft):
        return False
    if draft.incoming.line is None:
        raise SameKeyOtherContent(f"{receipt} was posted with this key before, with other content.")
    raise AlreadyPosted(
        f"{draft.incoming.label} is posted already: {receipt} of {receipt.item.customer.name}. Reverse that one first."
    )


def _pays_the_same(receipt: Receipt, draft: ReceiptDraft) -> bool:
    if receipt.money != draft.incoming.money:
        return False
    wanted = {payment.item.pk for payment in draft.pays if payment.amount > 0}
    paid = receipt.item.credit_allocations.filter(amount__gt=0, reversed_by=None)
    return set(paid.values_list("debit_item", flat=True)) <= wanted


def _found(known: Known, draft: ReceiptDraft) -> Receipt:
    receipt = known.receipt_of(draft.incoming)
    if receipt is None:
        raise Refused(f"{draft.incoming.label} was not posted.")
    return receipt


# Refusing ------------------------------------------------------------------------------------------------------------


def _refuse(draft: ReceiptDraft, entity: LegalEntity, known: Known) -> None:
    incoming = draft.incoming
    incoming.refuse_nothing()
    if draft.customer.entity_id != entity.pk:
        raise Refused(f"{draft.customer.name} is no customer of {entity.name}.")
    if incoming.bank_account and incoming.bank_account.entity_id != entity.pk:
        raise Refused(f"{incoming.label} came to an account that is none of {entity.name}'s.")
    if incoming.line and incoming.line.pk in known.unidentified_lines:
        raise AlreadyPosted(f"{incoming.label} waits as unidentified. Identify it instead.")
    if not incoming.line and not incoming.key:
        raise Refused(f"{incoming.label} needs a key, so that it is posted once.")
    refuse_payments(incoming.label, incoming.money, draft.pays)


# Posting -------------------------------------------------------------------------------------------------------------


def _post(by: User, entity: LegalEntity, drafts: Sequence[ReceiptDraft], known: Known) -> list[Receipt]:
    if not drafts:
        return []
    accounts = BankAccounts(entity)
    numbers = _numbers(entity, drafts)
    keys = [known.key_of(draft.incoming) for draft in drafts]
    entries = post(
        by=by,
        entries=[draft.entry(numbers[place], keys[place], accounts) for place, draft in enumerate(drafts)],
    )
    moment = clock.now()
    receipts = [
        _receipt(by, draft, key, entry, moment) for draft, key, entry in zip(drafts, keys, entries, strict=True)
    ]
    RECEIPTS.copy([getattr(receipt, column) for column in RECEIPTS.columns] for receipt in receipts)
    for receipt in receipts:
        receipt._state.adding = False
    return receipts


def _numbers(entity: LegalEntity, drafts: Sequence[ReceiptDraft]) -> list[str]:
    """Numbers in the order of the drafts, from each year's series."""
    years = Counter(draft.day.year for draft in drafts)
    taken = {
        year: iter(take_numbers(entity, "receipt", date(year, 1, 1), count)) for year, count in sorted(years.items())
    }
    return [next(taken[draft.day.year]) for draft in drafts]


def _receipt(by: User, draft: ReceiptDraft, key: str, entry: JournalEntry, moment: datetime) -> Receipt:
    incoming = draft.incoming
    (item,) = entry.open_items
    receipt = unsaved(
        Receipt,
        key=key,
        line_id=incoming.line.pk if incoming.line else None,
        bank_account_id=incoming.bank_account.pk if incoming.bank_account else None,
        amount=incoming.money.amount,
        currency=incoming.money.currency,
        received_on=incoming.received_on,
        payer=incoming.payer[:200],
        payer_account=incoming.payer_account[:64],
        text=incoming.text,
        recorded_by_id=by.pk,
        recorded_at=moment,
    )
    receipt.item, receipt.entity = item, draft.customer.entity
    return receipt


def _settle(by: User, drafts: Sequence[ReceiptDraft], receipts: Sequence[Receipt]) -> list[Allocation]:
    pairs: list[Pair] = []
    for draft, receipt in zip(drafts, receipts, strict=True):
        pairs += Application(receipt.item, draft.pays, draft.day).pairs()
    return allocate(by=by, pairs=pairs)


def _keep_used_credits(
    drafts: Sequence[ReceiptDraft], receipts: Sequence[Receipt], allocations: Sequence[Allocation]
) -> None:
    """Remember which credit notes were used up beside a receipt."""
    of_debit: dict[int, list[Allocation]] = defaultdict(list)
    own = {receipt.pk for receipt in receipts}
    for allocation in allocations:
        if allocation.credit_item_id not in own:
            of_debit[allocation.credit_item_id].append(allocation)
    used = [
        UsedCredit(receipt=receipt, allocation=allocation)
        for draft, receipt in zip(drafts, receipts, strict=True)
        for payment in draft.pays
        if payment.amount < 0
        for allocation in of_debit[payment.item.pk]
        if allocation.debit_item_id in {each.item.pk for each in draft.pays}
    ]
    UsedCredit.objects.bulk_create(used)


# Telling -------------------------------------------------------------------------------------------------------------


def _audit(by: User, entity: LegalEntity, drafts: Sequence[ReceiptDraft], receipts: Sequence[Receipt]) -> None:
    told = {receipt.pk: _told(draft) for draft, receipt in zip(drafts, receipts, strict=True)}
    audit_many(by, "receipt.posted", receipts, entity=entity, after_each=lambda receipt: told[receipt.pk])


def _told(draft: ReceiptDraft) -> dict[str, object]:
    left: Decimal = draft.incoming.money.amount - total_of(draft.pays)
    return {
        "customer": draft.customer.code,
        "amount": draft.incoming.money.amount,
        "currency": draft.incoming.money.currency,
        "received_on": draft.incoming.received_on,
        "pays": {payment.item.number: payment.amount for payment in draft.pays},
        "on_account": left,
        "rule": draft.reasons.rule,
    }


def _entry(draft: ReceiptDraft, receipt: Receipt) -> Entry:
    line = draft.incoming.line
    if line is None:
        raise Refused(f"{receipt} has no bank line.")
    if draft.pays:
        return Entry(line, Outcome.POSTED, State.MATCHED, draft.reasons, receipt)
    return Entry(line, Outcome.ON_ACCOUNT, State.CHECK, draft.reasons, receipt)
