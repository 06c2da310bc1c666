"""Collections that count as paid: the receipt, its confirmation, and the money's arrival on the bank account."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from cashapp.actions.clearing_lines import FromClearing
from cashapp.actions.drafts import BankAccounts, ReceiptDraft
from cashapp.actions.receipts import post_receipts
from cashapp.actions.reconciling import tie_posting
from cashapp.errors import AlreadyPosted
from cashapp.models import BankStatementLine
from cashapp.money_in import Incoming, Payment
from cashapp.open_days import OpenDays
from cashapp.queries.money import live_receipts, waiting_in_suspense
from cashapp.taskbook import Entry, Outcome, Reasons, take_tasks, write_down
from cashapp.taskbook import State as TaskState
from core.audit import audit, audit_many
from core.models import LegalEntity, User
from core.money import Money
from core.permissions import require
from customers.models import take_turns
from directdebit.errors import RunRefused
from directdebit.models import BlockArrival, Collection, Creditor, ProviderRequest, Submission
from directdebit.queries.arrivals import Block, arriving_money, blocks_of
from directdebit.schemes import days_for
from directdebit.steps import step_collections
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, post

State = Collection.State
RULE = "direct_debit"
# Nothing is presumed of what a provider has not taken on, or has said to be off.
TAKEN_ON = Q(mandate__creditor__provider=Creditor.Provider.FILE) | (
    Q(provider_request__state=ProviderRequest.State.TAKEN)
    & ~Q(provider_request__status__in=("cancelled", "unpaid", "claimed", "unknown"))
)


@transaction.atomic
def presume_paid(*, by: User, entity: LegalEntity, as_of: date) -> list[Collection]:
    """Post a receipt for each submitted collection whose day has come; it stands on clearing until it arrives."""
    require(by, "directdebit.presume_paid", entity)
    rows = Collection.objects.filter(TAKEN_ON, entity=entity, state=State.SUBMITTED, collect_on__lte=as_of)
    take_turns(each.customer for each in rows.select_related("customer__entity"))
    collections = list(_whole(rows))
    if not collections:
        return []

    clearing = Account.objects.get(entity=entity, role=Account.Role.DIRECT_DEBIT_CLEARING)
    drafts = [_receipt_of(collection, clearing) for collection in collections]
    for collection, receipt in zip(collections, post_receipts(by=by, entity=entity, drafts=drafts), strict=True):
        collection.receipt = receipt
    Collection.objects.bulk_update(collections, ["receipt"], batch_size=500)
    for day in sorted({each.collect_on for each in collections}):
        step_collections(by, [each for each in collections if each.collect_on == day], State.PRESUMED_PAID, day)

    audit_many(by, "collection.presumed_paid", collections, entity=entity, after_each=_summary)
    return collections


def _whole(rows: QuerySet[Collection]) -> list[Collection]:
    found = rows.select_related("customer__entity", "mandate__bank_account", "mandate__creditor")
    return list(found.prefetch_related("parts__item").order_by("pk"))


def _receipt_of(collection: Collection, clearing: Account) -> ReceiptDraft:
    """What was paid meanwhile by another way is left: the rest of the money waits on the customer's account."""
    pays = [
        Payment(part.item, min(part.amount, part.item.open_amount))
        for part in collection.parts.all()
        if part.item.open_amount
    ]
    incoming = Incoming(
        money=collection.money,
        received_on=collection.collect_on,
        key=f"direct-debit:{collection.reference}",
        payer=collection.mandate.bank_account.holder or collection.customer.name,
        text=f"Direct debit {collection.reference}, mandate {collection.mandate}",
        clearing=clearing,
    )
    return ReceiptDraft(collection.customer, incoming, pays, Reasons(rule=RULE))


@transaction.atomic
def confirm_paid(*, by: User, entity: LegalEntity, as_of: date) -> list[Collection]:
    """Take presumed payments for good once the days in which banks give them back as unpaid are over."""
    require(by, "directdebit.confirm_paid", entity)
    rows = Collection.objects.filter(entity=entity, state=State.PRESUMED_PAID, collect_on__lt=as_of)
    take_turns(each.customer for each in rows.select_related("customer__entity"))
    over = [
        each
        for each in rows.select_related("mandate__creditor")
        if days_for(each.mandate.creditor.scheme, each.collect_on).confirmed_from <= as_of
    ]
    if over:
        step_collections(by, over, State.CONFIRMED_PAID, as_of)
        audit_many(by, "collection.confirmed_paid", over, entity=entity, after_each=_summary)
    return over


def _summary(collection: Collection) -> dict[str, object]:
    return {"amount": collection.amount, "currency": collection.currency, "collect_on": collection.collect_on}


@transaction.atomic
def settle_submission(
    *, by: User, submission: Submission, line: BankStatementLine, evidence: str = "Chosen by hand."
) -> Submission:
    """Tie a submission, or one of its payment blocks, to the bank line on which its amount arrived.

    Clearing is emptied to the bank.
    """
    require(by, "directdebit.settle_submission", submission.entity)
    task = take_tasks([line])[line.pk]
    submission = Submission.objects.select_for_update(of=("self",), no_key=True).get(pk=submission.pk)
    if submission.line_id == line.pk or submission.block_arrivals.filter(line=line).exists():
        return submission
    block = _block_of(submission, line)
    _refuse_line(submission, line, block)
    if task.state == TaskState.MATCHED:
        raise AlreadyPosted(f"{line} is posted already. Undo that first.")

    (entry,) = post(by=by, entries=[_arrival(submission, line)])
    tie_posting(by=by, line=line, entry=entry)
    if block is not None:
        BlockArrival.objects.create(submission=submission, place=block.place, line=line, entry=entry)
    else:
        submission.line, submission.entry = line, entry
        submission.save(update_fields=["line", "entry"])
    reasons = Reasons(rule=RULE, note=f"{block.name if block else submission.name}. {evidence}")
    write_down(by, [Entry(line, Outcome.CLEARED, TaskState.MATCHED, reasons)])

    after = {"line": str(line), "evidence": evidence}
    audit(by, "submission.settled", submission, entity=submission.entity, after=after)
    return submission


def _block_of(submission: Submission, line: BankStatementLine) -> Block | None:
    """The first block of that very amount that did not arrive, where the line isn't the whole file."""
    arrived = set(submission.block_arrivals.values_list("place", flat=True))
    if not arrived and arriving_money(submission).amount == line.amount:
        return None
    left = [block for block in blocks_of(submission) if block.place not in arrived]
    return next((block for block in left if block.amount == line.amount), None)


def _refuse_line(submission: Submission, line: BankStatementLine, block: Block | None) -> None:
    if submission.kind != Submission.Kind.COLLECTIONS:
        raise RunRefused(f"{submission} holds instructions; no money comes for it.")
    if submission.line_id is not None:
        raise RunRefused(f"{submission} arrived with another bank line already.")
    if line.bank_account.entity_id != submission.entity_id:
        raise RunRefused(f"{line} is on an account of another company.")
    arrived = Money(line.amount, line.currency)
    expected = Money(block.amount, submission.currency) if block else arriving_money(submission)
    if arrived != expected or (block is None and submission.block_arrivals.exists()):
        raise RunRefused(f"{submission} brings {expected}, but the bank line holds {arrived}.")
    if live_receipts(line) or waiting_in_suspense(line):
        raise AlreadyPosted(f"{line} is posted already. Undo that first.")


def _arrival(submission: Submission, line: BankStatementLine) -> EntryDraft:
    entity, money = submission.entity, Money(line.amount, line.currency)
    day = OpenDays(entity).from_day(line.bank_account, line.booked_on)
    leaving = FromClearing(entity, Account.Role.DIRECT_DEBIT_CLEARING, money, day)
    return EntryDraft(
        entity=entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=day,
        currency=line.currency,
        lines=leaving.lines(BankAccounts(entity).of(line.bank_account)),
        key=f"direct-debit:{submission.pk}:{line.pk}",
        text=f"Direct debits {submission.name}",
    )
