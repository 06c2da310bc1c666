"""The cash desk: what a person decides about one bank line, all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cashapp import payerbook
from cashapp.actions.applying import Use, apply_receipts
from cashapp.actions.clearing import Booking
from cashapp.actions.deductions import Difference, dispute_difference, note_deduction, settle_difference
from cashapp.actions.ending import move_receipt, reverse_receipt
from cashapp.actions.exchanges import Exchange, exchange_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.actions.sharing import Sharing
from cashapp.actions.unidentified import identify_receipt, reverse_unidentified
from cashapp.errors import AlreadyPosted, NothingToUndo, StaleProposal
from cashapp.models import BankStatementLine, ClearingCredit, DeductionReason, MatchTask, Receipt
from cashapp.money_in import Incoming, Payment
from cashapp.queries.desk import answers_of
from cashapp.queries.money import day_to_undo, live_receipts, waiting_in_suspense
from cashapp.taskbook import Entry, Outcome, Reasons, State, take_tasks, write_down
from core.models import User
from core.money import Money
from core.permissions import require
from customers.models import Customer, lock_many
from ledger.periods import is_open


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says that a line pays. `seen` is the version of the line that the person was shown.

    `pays` may hold documents of other customers of a declared group: their share of the money is moved to them.
    `exchanges` are documents of the customer in another currency.
    """

    customer: Customer
    pays: Sequence[Payment] = ()
    differences: Sequence[Difference] = ()
    exchanges: Sequence[Exchange] = ()
    on: date | None = None
    seen: int | None = None

    @property
    def customers(self) -> dict[int, Customer]:
        """Everybody whose documents are paid, and whose money it is."""
        return {each.pk: each for each in (*(payment.item.customer for payment in self.pays), self.customer)}

    def pays_of(self, customer: int) -> list[Payment]:
        """The documents of one customer."""
        return [payment for payment in self.pays if payment.item.customer_id == customer]


@transaction.atomic
def match_line(*, by: User, line: BankStatementLine, verdict: Verdict) -> Receipt:
    """Decide whose money a bank line is and what it pays, wherever the money waits until now."""
    require(by, "cashapp.match_line", line.bank_account.entity)
    lock_many([*verdict.customers.values(), *(receipt.item.customer for receipt in live_receipts(line))])
    task = take_tasks([line])[line.pk]
    if verdict.seen is not None and task.version != verdict.seen:
        raise StaleProposal(f"Somebody else worked on this line meanwhile: {_latest(line)}. Look at it again.")
    if cleared := ClearingCredit.objects.filter(line=line, ended_on=None).first():
        raise AlreadyPosted(f"The line holds {cleared.payout or cleared.slip}. Undo that first.")
    _refuse_tied(line)

    reasons = _reasons(task, verdict)
    receipt = _put(by, line, verdict, reasons)
    on = verdict.on or line.booked_on
    receipts = Sharing(by, on, reasons).out(receipt, verdict.pays)
    for exchange in verdict.exchanges:
        exchange_receipt(by=by, receipt=receipt, exchange=exchange, exchanged_on=on, reasons=reasons)
    for difference in verdict.differences:
        _treat(by, receipts[difference.item.customer_id], difference, on)
    if len(receipts) == 1:
        payerbook.confirm(by, line, verdict.customer)
    receipt.item.refresh_from_db()
    return receipt


@transaction.atomic
def undo_line(*, by: User, line: BankStatementLine, undone_on: date, reason: str) -> MatchTask:
    """Take back what was done with a line, from the day on which it was booked; it waits to be matched again.

    Where the month of that day is closed it counts from `undone_on`.
    """
    require(by, "cashapp.undo_line", line.bank_account.entity)
    receipts = live_receipts(line)
    lock_many(receipt.item.customer for receipt in receipts)
    task = take_tasks([line])[line.pk]
    if task.state == State.TO_MATCH:
        raise NothingToUndo("Nothing was done with this line yet.")
    _refuse_tied(line)

    day = max((day_to_undo(receipt, undone_on) for receipt in receipts), default=undone_on)
    for receipt in receipts:
        reverse_receipt(by=by, receipt=receipt, reversed_on=day, reason=reason)
    if unidentified := waiting_in_suspense(line):
        booked_on = unidentified.entry.posted_on
        from_then = booked_on if is_open(unidentified.entity, booked_on) else undone_on
        day = max(day, from_then) if receipts else from_then
        reverse_unidentified(by=by, unidentified=unidentified, reversed_on=day, reason=reason)
    elif arrived := ClearingCredit.objects.filter(line=line, ended_on=None).select_related("entry", "line").first():
        booked_on = arrived.entry.posted_on
        from_then = booked_on if is_open(arrived.entity, booked_on) else undone_on
        Booking(by, arrived.entity).end(arrived, from_then, reason)
    elif not receipts:
        write_down(by, [Entry(line, Outcome.REVERSED, State.TO_MATCH, Reasons(note=reason))])
    task.refresh_from_db()
    return task


def _refuse_tied(line: BankStatementLine) -> None:
    """An entry that is about the line holds its money: matched beside it, the bank would be debited twice."""
    if tie := line.postings.filter(ended_at=None).select_related("entry").first():
        raise AlreadyPosted(f"{line} is the money of {tie.entry}; it can't be matched or undone here.")


# Putting the money where it belongs ----------------------------------------------------------------------------------


def _put(by: User, line: BankStatementLine, verdict: Verdict, reasons: Reasons) -> Receipt:
    """Post the money, identify it, or apply what is on account; move it first when it is on another account."""
    on, own = verdict.on or line.booked_on, verdict.pays_of(verdict.customer.pk)
    receipt = next(iter(live_receipts(line)), None)
    if receipt is None and (unidentified := waiting_in_suspense(line)):
        return identify_receipt(
            by=by,
            unidentified=unidentified,
            customer=verdict.customer,
            identified_on=on,
            pays=own,
            reasons=reasons,
        )
    if receipt is None:
        incoming = Incoming.of_line(line)
        return post_receipt(by=by, customer=verdict.customer, incoming=incoming, pays=own, reasons=reasons)
    if receipt.item.customer_id != verdict.customer.pk:
        reason = f"It is the money of {verdict.customer.name}"
        receipt = move_receipt(by=by, receipt=receipt, customer=verdict.customer, moved_on=on, reason=reason)
    if own:
        apply_receipts(by=by, entity=receipt.entity, uses=[Use(receipt, own, on, reasons)])
    return receipt


def _treat(by: User, receipt: Receipt, difference: Difference, on: date) -> None:
    """What is missing is let go, disputed, or only noted: a discount that was not earned is still asked for."""
    if difference.reason.is_settled_at_once:
        settle_difference(by=by, receipt=receipt, difference=difference, settled_on=on)
    elif difference.reason == DeductionReason.DISCOUNT_UNEARNED:
        note_deduction(by=by, receipt=receipt, difference=difference)
    else:
        dispute_difference(by=by, receipt=receipt, difference=difference, disputed_on=on)


def _reasons(task: MatchTask, verdict: Verdict) -> Reasons:
    """The evidence that the person saw, and whether they followed the proposal.

    Where several options were offered, choosing one is the person's own decision and follows none.
    """
    said = {payment.item.pk: Money(payment.amount, payment.item.currency).minor for payment in verdict.pays}
    answers = answers_of(task)
    same = [place for place, each in enumerate(answers) if each.is_said(verdict.customer.pk, said)]
    fitting = [] if verdict.exchanges else same
    if len(answers) == 1 or not fitting:
        return Reasons(
            task.rule,
            task.rules_version,
            task.evidence,
            as_proposed=bool(fitting),
            written_rule=task.written_rule_id,
        )
    rule = task.alternatives[fitting[0] - 1]["rule"] if fitting[0] else task.rule
    offered = sum(bool(each.applied) for each in answers)
    note = f"Chosen from {offered} options" if offered > 1 else ""
    evidence = answers[fitting[0]].evidence
    return Reasons(rule, task.rules_version, evidence, note=note, written_rule=task.written_rule_id)


def _latest(line: BankStatementLine) -> str:
    decision = line.decisions.select_related("decided_by").last()
    return (
        f"{decision.decided_by.name}, {decision.get_outcome_display().lower()}" if decision else "it was matched anew"
    )
