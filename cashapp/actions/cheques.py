"""Cheques: recorded as they come, put on a slip, taken to the bank, credited by it, or given back unpaid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from cashapp.actions.clearing import Arrival, Booking
from cashapp.actions.ending import return_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.actions.unidentified import post_unidentified, reverse_unidentified
from cashapp.electronic import Named
from cashapp.electronic_items import payments_named
from cashapp.errors import ChequeRefused
from cashapp.models import BankStatementLine, Cheque, ChequeReturn, ClearingCredit, DepositSlip
from cashapp.money_in import Incoming
from cashapp.open_days import OpenDays
from cashapp.papers.slip import pdf_of_slip, slip_file_name
from cashapp.queries.cheques import bounced_in_advance, keys_of_debit, slip_total, sums_of_credit
from core.audit import audit
from core.errors import SameKeyOtherContent
from core.files import store_file
from core.models import BankAccount, LegalEntity, User
from core.money import ZERO, Money
from core.permissions import require
from core.reading import read
from core.series import take_numbers
from customers.models import Customer, lock_many
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, LineDraft, post


@dataclass(frozen=True, slots=True, kw_only=True)
class ChequeDraft:
    """A cheque as it lies on the table."""

    number: str
    drawer: str
    drawn_on: str
    money: Money
    received_on: date
    payable_from: date
    customer: Customer | None = None
    documents: Sequence[Named] = ()


@dataclass(frozen=True, slots=True)
class Bounce:
    """That the bank gave a cheque back: when, why, its fee, and the bank line that tells of it."""

    on: date
    reason: str
    fee: Decimal = ZERO
    line: BankStatementLine | None = None


@transaction.atomic
def record_cheque(*, by: User, entity: LegalEntity, draft: ChequeDraft) -> Cheque:
    """Record a cheque that came in, once; its money is in the ledger only when it goes to the bank."""
    require(by, "cashapp.record_cheque", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    same = Cheque.objects.filter(entity=entity, number=draft.number, drawer=draft.drawer, drawn_on=draft.drawn_on)
    if known := same.first():
        if known.money == draft.money:
            return known
        raise SameKeyOtherContent(f"{known} was recorded before, over {known.money}.")
    if draft.money.amount <= 0:
        raise ChequeRefused(f"Cheque {draft.number} of {draft.drawer} has no amount.")
    if draft.customer is not None and draft.customer.entity_id != entity.pk:
        raise ChequeRefused(f"{draft.customer.name} is a customer of another company.")

    cheque = Cheque(
        entity=entity,
        number=draft.number,
        drawer=draft.drawer,
        drawn_on=draft.drawn_on,
        amount=draft.money.amount,
        currency=draft.money.currency,
        received_on=draft.received_on,
        payable_from=draft.payable_from,
        customer=draft.customer,
        documents=[each.as_data() for each in draft.documents],
        recorded_by=by,
    )
    cheque.save(force_insert=True)

    after = {"amount": cheque.amount, "currency": cheque.currency, "payable_from": cheque.payable_from}
    audit(by, "cheque.recorded", cheque, entity=entity, after=after)
    return cheque


@transaction.atomic
def fill_slip(
    *, by: User, entity: LegalEntity, bank_account: BankAccount, cheques: Sequence[Cheque], on: date
) -> DepositSlip:
    """Put cheques on a new slip for one of our accounts; they are still in the drawer."""
    require(by, "cashapp.fill_slip", entity)
    chosen = _turn_with(cheques)
    if not chosen:
        raise ChequeRefused("Choose the cheques that go to the bank.")
    for cheque in chosen:
        _refuse_on_slip(cheque, bank_account, on)

    (number,) = take_numbers(entity, "deposit_slip", on)
    slip = DepositSlip(entity=entity, number=number, bank_account=bank_account, made_by=by)
    slip.save(force_insert=True)
    Cheque.objects.filter(pk__in=[cheque.pk for cheque in chosen]).update(slip=slip)

    after = {"cheques": [str(cheque) for cheque in chosen], "account": str(bank_account)}
    audit(by, "slip.filled", slip, entity=entity, after=after)
    return slip


@transaction.atomic
def deposit_cheques(*, by: User, slip: DepositSlip, deposited_on: date) -> DepositSlip:
    """Take a slip to the bank: each cheque is posted to its customer, or as unidentified, until the bank credits it."""
    require(by, "cashapp.deposit_cheques", slip.entity)
    cheques = list(slip.cheques.select_related("customer__entity"))
    lock_many(cheque.customer for cheque in cheques if cheque.customer)
    slip = DepositSlip.objects.select_for_update(no_key=True).get(pk=slip.pk)
    if slip.deposited_on is not None:
        return slip
    cheques = _turn_with(cheques)
    for cheque in cheques:
        _refuse_post_dated(cheque, deposited_on)

    clearing = _clearing_of(slip.entity)
    for cheque in cheques:
        _post(by, cheque, clearing, deposited_on)
    slip.deposited_on = deposited_on
    slip.file = store_file(by, slip.entity, slip_file_name(slip), pdf_of_slip(slip))
    slip.save(update_fields=["deposited_on", "file"])

    after = {"cheques": len(cheques), "total": slip_total(slip).amount, "on": deposited_on}
    audit(by, "slip.deposited", slip, entity=slip.entity, after=after)
    return slip


@transaction.atomic
def credit_slip(*, by: User, slip: DepositSlip, line: BankStatementLine) -> ClearingCredit:
    """Tie a deposited slip to the bank line that credits it."""
    require(by, "cashapp.credit_slip", slip.entity)
    slip = _slip_again(slip)
    if slip.deposited_on is None:
        raise ChequeRefused(f"Slip {slip} was not taken to the bank yet.")
    sums, back = sums_of_credit(slip), bounced_in_advance(slip)
    arrived = Money(line.amount, line.currency)

    arrival = Arrival(
        label=f"Deposit slip {slip}",
        key=f"slip:{slip.pk}",
        clearing=Account.Role.CHEQUE_CLEARING,
        net=arrived if arrived in sums else sums[0],
        slip=slip,
    )
    credit, is_new = Booking(by, slip.entity).book(line, arrival)
    if is_new and arrived == sums[0]:
        _debit_bounced(by, slip, back, line.booked_on)

    if is_new:
        after = {"entry": credit.entry.number, "given_back": [str(cheque) for cheque in back]}
        audit(by, "slip.credited", slip, entity=slip.entity, after=after)
    return credit


@transaction.atomic
def bounce_cheque(*, by: User, cheque: Cheque, told: Bounce) -> ChequeReturn:
    """The bank gave a cheque back: its receipt is reversed, what it paid is open again, the bank's fee is booked."""
    require(by, "cashapp.bounce_cheque", cheque.entity)
    lock_many([cheque.receipt.item.customer] if cheque.receipt else [])
    if cheque.slip is not None:
        _slip_again(cheque.slip)
    rows = Cheque.objects.select_for_update(no_key=True, of=("self",))
    cheque = rows.select_related("entity", "slip__bank_account", "receipt__entity", "unidentified__entity").get(
        pk=cheque.pk
    )
    if known := ChequeReturn.objects.filter(cheque=cheque).first():
        return known
    if cheque.slip is None or cheque.slip.deposited_on is None:
        raise ChequeRefused(f"{cheque} was not taken to the bank; there is nothing to give back.")
    if told.fee < 0 or not told.reason.strip():
        raise ChequeRefused(f"Say why the bank gave {cheque} back.")

    _take_back(by, cheque, told)
    bounce = ChequeReturn(
        cheque=cheque,
        returned_on=told.on,
        reason=told.reason[:200],
        fee=told.fee,
        line=told.line,
        entry=_book_at_bank(by, cheque, cheque.slip, told),
        recorded_by=by,
    )
    bounce.save(force_insert=True)

    audit(by, "cheque.bounced", cheque, entity=cheque.entity, after={"fee": told.fee}, reason=told.reason)
    return bounce


def _slip_again(slip: DepositSlip) -> DepositSlip:
    """The slip after whoever credits it, or gives one of its cheques back, has taken turns."""
    rows = DepositSlip.objects.select_for_update(no_key=True, of=("self",)).select_related("entity", "bank_account")
    return rows.get(pk=slip.pk)


# Posting -------------------------------------------------------------------------------------------------------------


def _turn_with(cheques: Sequence[Cheque]) -> list[Cheque]:
    rows = Cheque.objects.select_for_update(no_key=True, of=("self",)).select_related("customer__entity", "entity")
    return list(rows.filter(pk__in=[cheque.pk for cheque in cheques]).order_by("pk"))


def _refuse_on_slip(cheque: Cheque, bank_account: BankAccount, on: date) -> None:
    if cheque.slip_id is not None:
        raise ChequeRefused(f"{cheque} is on slip {cheque.slip} already.")
    if (cheque.entity_id, cheque.currency) != (bank_account.entity_id, bank_account.currency):
        raise ChequeRefused(f"{cheque} over {cheque.money} cannot be paid into {bank_account}.")
    _refuse_post_dated(cheque, on)


def _refuse_post_dated(cheque: Cheque, on: date) -> None:
    if cheque.is_post_dated(on):
        raise ChequeRefused(f"{cheque} is post-dated; the bank pays it from {cheque.payable_from:%d %b %Y} on.")


def _clearing_of(entity: LegalEntity) -> Account:
    where = "entity_id = %(entity)s AND role = 'cheque_clearing'"
    found = next(iter(read(Account, where, entity=entity.pk)), None)
    if found is None:
        raise ChequeRefused(f"{entity.name} keeps no account for cheques yet. Set up its ledger again to add it.")
    return found


def _post(by: User, cheque: Cheque, clearing: Account, on: date) -> None:
    incoming = Incoming(
        money=cheque.money,
        received_on=on,
        key=f"cheque:{cheque.pk}",
        payer=cheque.drawer,
        text=f"Cheque {cheque.number}, {cheque.drawn_on}",
        clearing=clearing,
    )
    if cheque.customer is None:
        cheque.unidentified = post_unidentified(by=by, entity=cheque.entity, incoming=incoming)
    else:
        pays = payments_named(cheque.customer, cheque.money, cheque.documents)
        cheque.receipt = post_receipt(by=by, customer=cheque.customer, incoming=incoming, pays=pays)
    cheque.save(update_fields=["receipt", "unidentified"])


def _take_back(by: User, cheque: Cheque, told: Bounce) -> None:
    """Reverse what the cheque was posted as, also where it was identified since."""
    unidentified = cheque.unidentified
    receipt = cheque.receipt
    if unidentified is not None and not unidentified.is_live:
        receipt = unidentified.receipts.filter(ended_on=None).select_related("entity").first()
    if receipt is not None and receipt.is_live:
        return_receipt(by=by, receipt=receipt, returned_on=told.on, reason=told.reason)
    if unidentified is not None:
        unidentified.refresh_from_db()
        reverse_unidentified(by=by, unidentified=unidentified, reversed_on=told.on, reason=told.reason)


def _book_at_bank(by: User, cheque: Cheque, slip: DepositSlip, told: Bounce) -> JournalEntry | None:
    """Debit clearing where the bank had credited the slip, debit charges for its fee; credit the bank."""
    is_credited = ClearingCredit.objects.filter(slip=slip, ended_on=None).exists()
    back = cheque.amount if is_credited else ZERO
    if not back and not told.fee:
        return None
    key, _ = keys_of_debit(cheque)
    day = OpenDays(cheque.entity).from_day(slip.bank_account, told.on)
    debit = Debit(slip, day, f"{cheque} given back: {told.reason}", back, told.fee)
    return _debit_at_bank(by, cheque, debit, key)


def _debit_bounced(by: User, slip: DepositSlip, cheques: Sequence[Cheque], on: date) -> None:
    """The bank credited all of a slip although it had given cheques back: it debits these on a line of their own."""
    days = OpenDays(slip.entity)
    for cheque in cheques:
        _, key = keys_of_debit(cheque)
        day = days.from_day(slip.bank_account, max(on, cheque.bounce.returned_on))
        _debit_at_bank(by, cheque, Debit(slip, day, f"{cheque} given back before its credit", cheque.amount), key)


@dataclass(frozen=True, slots=True)
class Debit:
    """What the bank takes off our account for a cheque that it gave back, and its fee."""

    slip: DepositSlip
    on: date
    text: str
    back: Decimal
    fee: Decimal = ZERO


def _debit_at_bank(by: User, cheque: Cheque, debit: Debit, key: str) -> JournalEntry:
    account = Account.objects.filter(bank_account=debit.slip.bank_account).first() or Account.Role.BANK
    lines = [LineDraft(account, credit=debit.back + debit.fee)]
    if debit.back:
        lines.append(LineDraft(Account.Role.CHEQUE_CLEARING, debit=debit.back))
    if debit.fee:
        lines.append(LineDraft(Account.Role.BANK_CHARGES, debit=debit.fee))
    draft = EntryDraft(
        entity=cheque.entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=debit.on,
        currency=cheque.currency,
        lines=lines,
        key=key,
        text=debit.text[:200],
    )
    return post(by=by, entries=[draft])[0]
