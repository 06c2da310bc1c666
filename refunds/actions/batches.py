"""Files of refunds: made by one person, released by another, cancelled only before, fetched only after.

Releasing takes the refunds off “Refunds payable” (2300) to “Payments under way” (1250), where they stand until the
bank's line tells that they left. The payees are told by mail.
"""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.audit import audit
from core.files import store_file
from core.models import BankAccount, LegalEntity, User
from core.money import ZERO
from core.permissions import require
from customers.models import lock_many
from invoicing.models import Refund
from ledger.actions import set_up_ledger
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, LineDraft, post
from messaging.actions import Draft, queue_messages
from messaging.recipients import STATEMENTS, recipients_of
from refunds.errors import BatchRefused, PaymentRefused
from refunds.files import name_of, order_of, written
from refunds.models import PaymentBatch, PaymentChannel, RefundPayment
from refunds.queries.payable import why_not_payable

REMITTANCE = "refund_paid"
MOST = 5_000


@transaction.atomic
def add_channel(
    *,
    by: User,
    entity: LegalEntity,
    bank_account: BankAccount,
    scheme: str,
    name: str,
    identifier: str = "",
    routing: str = "",
) -> PaymentChannel:
    """Say how one of our banks takes files of payments."""
    require(by, "refunds.add_channel", entity)
    channel = PaymentChannel(
        entity=entity, bank_account=bank_account, scheme=scheme, name=name, identifier=identifier, routing=routing
    )
    if bank_account.entity_id != entity.pk or bank_account.currency != channel.currency:
        raise BatchRefused(f"{channel.get_scheme_display()} needs an account of {entity.name} in {channel.currency}.")
    channel.full_clean()
    channel.save(force_insert=True)
    audit(by, "channel.added", channel, entity=entity, after={"scheme": scheme, "identifier": identifier})
    return channel


@transaction.atomic
def prepare_batch(*, by: User, channel: PaymentChannel, refunds: Sequence[Refund], paid_on: date) -> PaymentBatch:
    """Write a file for the bank out of approved refunds. Nothing is posted before somebody else releases it."""
    require(by, "refunds.prepare_batch", channel.entity)
    lock_many([refund.customer for refund in refunds])
    channel = _locked(channel)
    rows = list(_again(refunds))
    _refuse_batch(by, channel, rows, len(refunds), paid_on)

    serial, made_at = channel.next_serial, clock.now().astimezone(channel.entity.zone)
    orders = [order_of(row, row.bank_account) for row in rows if row.bank_account]
    content = written(channel, serial, made_at, paid_on, orders)
    batch = PaymentBatch.objects.create(
        channel=channel,
        serial=serial,
        paid_on=paid_on,
        total=sum((row.amount for row in rows), ZERO),
        currency=channel.currency,
        file=store_file(by, channel.entity, name_of(channel, serial), content, is_sealed=True),
        file_hash=sha256(content).hexdigest(),
        made_by=by,
    )
    RefundPayment.objects.bulk_create(_payment(by, batch, row) for row in rows)
    PaymentChannel.objects.filter(pk=channel.pk).update(next_serial=serial + 1)

    after = {"refunds": [row.number for row in rows], "total": str(batch.money), "sha256": batch.file_hash}
    audit(by, "batch.prepared", batch, entity=channel.entity, after=after)
    return batch


@transaction.atomic
def cancel_batch(*, by: User, batch: PaymentBatch) -> PaymentBatch:
    """Take a file back before it is released; its refunds wait to be paid again."""
    require(by, "refunds.cancel_batch", batch.channel.entity)
    _locked(batch.channel)
    batch = _batch_again(batch)
    if batch.cancelled_at is not None:
        return batch
    if batch.released_at is not None:
        raise BatchRefused(f"{batch} was released by {batch.released_by}. Single payments are failed instead.")

    batch.cancelled_by, batch.cancelled_at = by, clock.now()
    batch.save(update_fields=["cancelled_by", "cancelled_at"])
    today = clock.today(batch.channel.entity)
    batch.payments.update(failed_on=today, failed_reason="The file was cancelled before its release")
    audit(by, "batch.cancelled", batch, entity=batch.channel.entity)
    return batch


@transaction.atomic
def release_batch(*, by: User, batch: PaymentBatch, released_on: date) -> PaymentBatch:
    """Release a file that somebody else made: it goes to the bank, and its refunds are under way in the books."""
    entity = batch.channel.entity
    require(by, "refunds.release_batch", entity)
    about = ("refund__customer", "refund__item", "refund__entry", "refund__taken_back", "bank_account")
    payments = list(batch.payments.select_related(*about))
    lock_many([payment.refund.customer for payment in payments])
    _locked(batch.channel)
    batch = _batch_again(batch)
    if batch.released_at is not None:
        return batch
    _refuse_release(by, batch, payments)

    set_up_ledger(by=by, entity=entity)
    entries = post(by=by, entries=[_under_way(payment, released_on) for payment in payments])
    for payment, entry in zip(payments, entries, strict=True):
        payment.entry = entry
    RefundPayment.objects.bulk_update(payments, ["entry"])
    batch.released_by, batch.released_at = by, clock.now()
    batch.save(update_fields=["released_by", "released_at"])

    audit(by, "batch.released", batch, entity=entity, after={"total": str(batch.money), "sha256": batch.file_hash})
    _tell(by, batch, payments)
    return batch


@transaction.atomic
def take_batch(*, by: User, batch: PaymentBatch) -> PaymentBatch:
    """Fetch a released file for the bank. The first time is marked, so that nobody hands it in twice unaware."""
    entity = batch.channel.entity
    require(by, "refunds.take_batch", entity)
    _locked(batch.channel)
    batch = _batch_again(batch)
    if batch.released_at is None:
        raise BatchRefused(f"{batch} over {batch.money} isn't released, so nobody fetches it.")
    _refuse_other_bytes(batch)

    if batch.taken_at is None:
        batch.taken_by, batch.taken_at = by, clock.now()
        batch.save(update_fields=["taken_by", "taken_at"])
    audit(by, "batch.taken", batch, entity=entity, after={"total": str(batch.money), "sha256": batch.file_hash})
    return batch


# Refusing ------------------------------------------------------------------------------------------------------------


def _locked(channel: PaymentChannel) -> PaymentChannel:
    rows = PaymentChannel.objects.select_for_update(no_key=True, of=("self",)).select_related("entity", "bank_account")
    return rows.get(pk=channel.pk)


def _batch_again(batch: PaymentBatch) -> PaymentBatch:
    return PaymentBatch.objects.select_related("channel__entity", "file", "made_by", "released_by", "taken_by").get(
        pk=batch.pk
    )


def _again(refunds: Sequence[Refund]) -> QuerySet[Refund]:
    rows = Refund.objects.filter(pk__in=[refund.pk for refund in refunds])
    return rows.select_related("entity", "customer", "item", "bank_account__added_by", "taken_back").order_by("pk")


def _refuse_batch(by: User, channel: PaymentChannel, rows: Sequence[Refund], asked: int, paid_on: date) -> None:
    if not rows or len(rows) != asked or len(rows) > MOST:
        raise BatchRefused(f"Choose refunds to pay, each once and at most {MOST:,}.")
    if not channel.is_active:
        raise BatchRefused(f"{channel} is not in use any more.")
    if paid_on < clock.today(channel.entity):
        raise BatchRefused(f"{paid_on:%d %B %Y} is over; the bank carries nothing out in the past.")
    for row in rows:
        if row.entity_id != channel.entity_id or row.currency != channel.currency:
            raise PaymentRefused(f"{row} is in {row.currency}; {channel} carries {channel.currency}.")
        if row.bank_account is None:
            raise PaymentRefused(f"{row} goes back to where the money came from, not into a file.")
        if reason := why_not_payable(row):
            raise PaymentRefused(reason)


def _refuse_release(by: User, batch: PaymentBatch, payments: Sequence[RefundPayment]) -> None:
    if batch.cancelled_at is not None:
        raise BatchRefused(f"{batch} was cancelled.")
    if batch.made_by_id == by.pk:
        raise BatchRefused(f"You made {batch} yourself; somebody else releases it.")
    if batch.paid_on < clock.today(batch.channel.entity):
        raise BatchRefused(
            f"{batch} was to be paid on {batch.paid_on:%d %b %Y}, which is over. Cancel it and make it again."
        )
    _refuse_other_bytes(batch)
    for payment in payments:
        account = payment.bank_account
        if account is not None and account.added_by_id == by.pk:
            raise BatchRefused(f"You added the bank account of {payment.refund.customer}; somebody else releases this.")
        if reason := why_not_payable(payment.refund, payment):
            raise PaymentRefused(reason)


def _refuse_other_bytes(batch: PaymentBatch) -> None:
    if sha256(batch.file.read()).hexdigest() != batch.file_hash:
        raise BatchRefused(f"{batch} is not the file that {batch.made_by} made. Its payments have to be made again.")


# Writing -------------------------------------------------------------------------------------------------------------


def _payment(by: User, batch: PaymentBatch, refund: Refund) -> RefundPayment:
    return RefundPayment(
        refund=refund,
        batch=batch,
        bank_account=refund.bank_account,
        reference=refund.number or "",
        amount=refund.amount,
        currency=refund.currency,
        recorded_by=by,
    )


def _under_way(payment: RefundPayment, on: date) -> EntryDraft:
    refund = payment.refund
    return EntryDraft(
        entity=refund.entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=max(on, refund.posted_on or on),
        currency=payment.currency,
        lines=(
            LineDraft(Account.Role.REFUNDS_PAYABLE, debit=payment.amount),
            LineDraft(Account.Role.PAYMENTS_UNDER_WAY, credit=payment.amount),
        ),
        key=f"refund-payment:{payment.pk}",
        text=f"{refund.number} to {refund.customer.name}"[:200],
        rate=refund.entry.rate if refund.entry else None,
    )


def _tell(by: User, batch: PaymentBatch, payments: Sequence[RefundPayment]) -> None:
    """A remittance to each payee: what comes, for what, and when."""
    recipients = recipients_of([payment.refund.customer for payment in payments], STATEMENTS)
    queue_messages(
        by=by,
        drafts=[
            Draft(
                kind=REMITTANCE,
                key=f"refund-payment:{payment.pk}",
                customer=payment.refund.customer,
                recipients=recipients[payment.refund.customer_id],
                document=payment.reference,
                context={"payment": payment.pk},
            )
            for payment in payments
        ],
    )
