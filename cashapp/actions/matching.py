"""Matching bank lines to customers and documents: what is sure posts by itself, the rest is proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from cashapp.actions.deductions import Difference, dispute_difference, settle_difference
from cashapp.actions.drafts import ReceiptDraft
from cashapp.actions.payments.arriving import tie_payouts
from cashapp.actions.receipts import post_receipts
from cashapp.actions.sharing import Sharing
from cashapp.answers import applied_as_data, is_sure, payments_of, reasons_of, task_of
from cashapp.matching import Decision, MatchProposal, MatchRule, OpenIndex, match_line
from cashapp.models import BankStatement, BankStatementLine, DeductionReason, MatchTask, Receipt
from cashapp.money_in import Incoming
from cashapp.queries.matching import agreed_sums, bank_line_of
from cashapp.queries.remittances import stated_for
from cashapp.queries.shortages import ShortRules
from cashapp.settlements import SETTLEMENT_CODES
from cashapp.taskbook import (
    Entry,
    Outcome,
    Reasons,
    State,
    keep_answers,
    lines_decided_on,
    open_tasks,
    take_tasks,
    write_down,
)
from cashapp.tiebook import tie_lines
from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, Run, User
from core.money import Money, to_minor
from core.permissions import require
from core.runs import start_run
from customers.models import Customer
from ledger.models import OpenItem

KIND = "match_lines"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one line."""

    line: BankStatementLine
    proposal: MatchProposal
    refusal: str = ""

    @property
    def decision(self) -> str:
        """Posted, kept on account, proposed or unidentified; what was refused is only proposed."""
        return Decision.PROPOSED.value if self.refusal else self.proposal.decision.value


@transaction.atomic
def match_statement(*, by: User, statement: BankStatement) -> Run:
    """Start matching the lines of a statement. Starting it twice gives the same run."""
    entity = statement.bank_account.entity
    require(by, "cashapp.match_statement", entity)
    lines = list(BankStatementLine.objects.filter(listings__statement=statement).select_related("bank_account"))
    open_tasks(lines)
    settles = any(line.transaction_code in SETTLEMENT_CODES for line in lines)
    run, is_new = start_run(
        by,
        entity,
        KIND,
        statement.to_on or clock.today(entity),
        title=f"{'Taking in' if settles else 'Matching'} {statement}",
        part=f"statement-{statement.pk}",
        parameters={"statement": statement.pk},
        total=len(lines),
        link=reverse("cashapp:settlement", args=[statement.pk]) if settles else reverse("cashapp:desk"),
    )
    if is_new:
        audit(by, "statement.matching_started", statement, entity=entity, after={"lines": len(lines)})
    return run


@transaction.atomic
def match_again(*, by: User, entity: LegalEntity) -> Run:
    """Try again what is still to be matched, with what is known by now."""
    require(by, "cashapp.match_again", entity)
    moment = clock.now()
    run, _ = start_run(
        by,
        entity,
        KIND,
        clock.today(entity),
        title="Matching what is left",
        part=f"again-{moment:%H%M%S%f}",
        total=MatchTask.objects.filter(entity=entity, state=State.TO_MATCH).count(),
        link=reverse("cashapp:desk"),
    )
    audit(by, "run.started", run, entity=entity, after={"lines": run.total})
    return run


@transaction.atomic
def match_lines(
    *, by: User, entity: LegalEntity, lines: Sequence[BankStatementLine], index: OpenIndex
) -> list[Answered]:
    """Answer for some lines in the order of their dates, post what is sure and keep the answers for the desk.

    `index` is what is open; it is brought up to date with what is posted.
    """
    require(by, "cashapp.match_lines", entity)
    decided = lines_decided_on(lines)
    decided |= tie_payouts(by=by, entity=entity, lines=[line for line in lines if line.pk not in decided])
    tie_lines(by, entity, [line for line in lines if line.pk not in decided])
    stated = stated_for(lines)
    index.expect(agreed_sums(entity))
    answers = []
    for line in lines:
        if line.pk in decided:
            continue
        proposal = match_line(bank_line_of(line, stated.get(line.pk)), index)
        if proposal.decision is Decision.POSTED:
            index.apply(proposal.applied)
            _note_fulfilled(index, line, proposal)
        answers.append(Answered(line, proposal))
    keep_answers([task_of(answer.line, answer.proposal) for answer in answers])
    sure = [answer for answer in answers if is_sure(answer.proposal)]
    refused = _post(by, entity, sure, index)
    return [refused.get(answer.line.pk, answer) for answer in answers]


@transaction.atomic
def ask_about_line(*, by: User, line: BankStatementLine, question: str) -> MatchTask:
    """Set a line aside until somebody has answered a question about it."""
    entity = line.bank_account.entity
    require(by, "cashapp.ask_about_line", entity)
    task = take_tasks([line])[line.pk]
    if task.state != State.TO_MATCH:
        raise Refused(f"{line} is no longer to be matched; look at what was done with it.")
    if not question.strip():
        raise Refused("Write what you want to know about the line.")

    MatchTask.objects.filter(pk=task.pk).update(question=question.strip()[:400])
    write_down(by, [Entry(line, Outcome.ASKED, State.CHECK, Reasons(note=question.strip()))])

    audit(by, "line.asked_about", line, entity=entity, reason=question.strip())
    task.refresh_from_db()
    return task


def _note_fulfilled(index: OpenIndex, line: BankStatementLine, proposal: MatchProposal) -> None:
    if proposal.rule in (MatchRule.INSTALMENT, MatchRule.PROMISE) and proposal.customer_id is not None:
        index.fulfil(proposal.customer_id, line.currency, to_minor(line.amount, line.currency))


# Posting what is sure ------------------------------------------------------------------------------------------------


def _post(by: User, entity: LegalEntity, sure: Sequence[Answered], index: OpenIndex) -> dict[int, Answered]:
    """Post at once; when the ledger refuses one, post them one by one so that only that one is left over."""
    if not sure:
        return {}
    drafts = _drafts(entity, sure)
    try:
        with transaction.atomic():
            _post_drafts(by, entity, sure, drafts, index)
        return {}
    except Refused:
        return _post_singly(by, entity, sure, drafts, index)


def _post_drafts(
    by: User, entity: LegalEntity, sure: Sequence[Answered], drafts: Sequence[ReceiptDraft], index: OpenIndex
) -> None:
    receipts = post_receipts(by=by, entity=entity, drafts=[_own_part(draft) for draft in drafts])
    for answer, draft, receipt in zip(sure, drafts, receipts, strict=True):
        shares = Sharing(by, receipt.received_on, draft.reasons).out(receipt, draft.pays)
        if any(each.kept for each in answer.proposal.applied):
            keep_back(by=by, receipts=shares, proposal=answer.proposal, on=receipt.received_on)
    short = [
        (answer, receipt)
        for answer, receipt in zip(sure, receipts, strict=True)
        if answer.proposal.rule is MatchRule.PART_PAYMENT
    ]
    rules = ShortRules(entity)
    for answer, receipt in short:
        _settle_what_is_sure(by, answer, receipt, rules, index)


def _own_part(draft: ReceiptDraft) -> ReceiptDraft:
    """What pays the payer's own documents; the part of others in a declared group is moved to them afterwards."""
    own = [payment for payment in draft.pays if payment.item.customer_id == draft.customer.pk]
    return draft if len(own) == len(draft.pays) else replace(draft, pays=own)


@transaction.atomic
def keep_back(*, by: User, receipts: Mapping[int, Receipt], proposal: MatchProposal, on: date) -> None:
    """Settle what the payer's remittance keeps back of the documents, or open a dispute of it.

    `receipts` holds the money of each customer whose documents are paid.
    """
    for receipt in receipts.values():
        require(by, "cashapp.keep_back", receipt.entity)
    kept = [(applied, each) for applied in proposal.applied for each in applied.kept]
    wanted: list[Any] = [applied.document.id for applied, _ in kept]
    items = OpenItem.objects.in_bulk(wanted) if wanted else {}
    for applied, each in kept:
        item: OpenItem = items[applied.document.id]
        money = Money.from_minor(each.amount, item.currency)
        difference = Difference(item, money, DeductionReason(each.reason), each.words)
        receipt = receipts[item.customer_id]
        if difference.reason.is_settled_at_once:
            settle_difference(by=by, receipt=receipt, difference=difference, settled_on=on)
        else:
            dispute_difference(by=by, receipt=receipt, difference=difference, disputed_on=on)


def _settle_what_is_sure(by: User, answer: Answered, receipt: Receipt, rules: ShortRules, index: OpenIndex) -> None:
    """A discount in time, or a difference within a tolerance that says so: nobody has to look at that.

    Where it is refused, as when the discount was given before, the document simply stays open for it.
    """
    wanted: list[Any] = [each.document.id for each in answer.proposal.applied if not each.kept]
    items = OpenItem.objects.filter(pk__in=wanted, side=OpenItem.Side.DEBIT, open_amount__gt=0)
    for item in items.select_related("customer__terms"):
        likely = rules.likely(item, item.open_money, answer.line, receipt.received_on)
        if likely is None or not likely.is_sure:
            continue
        difference = Difference(item, item.open_money, likely.reason, likely.words)
        try:
            with transaction.atomic():
                settle_difference(by=by, receipt=receipt, difference=difference, settled_on=receipt.received_on)
        except Refused:
            continue
        index.set_open(item.pk, 0)


def _post_singly(
    by: User, entity: LegalEntity, sure: Sequence[Answered], drafts: Sequence[ReceiptDraft], index: OpenIndex
) -> dict[int, Answered]:
    refused = {}
    for answer, draft in zip(sure, drafts, strict=True):
        try:
            with transaction.atomic():
                _post_drafts(by, entity, [answer], [draft], index)
        except Refused as refusal:
            refused[answer.line.pk] = _left_over(answer, refusal, index)
    return refused


def _left_over(answer: Answered, refusal: Refused, index: OpenIndex) -> Answered:
    """The line stays with its proposal and with what the ledger said."""
    for applied in answer.proposal.applied:
        index.set_open(applied.document.id, applied.document.open + abs(applied.amount))
    doubt = {"kind": "doubt", "words": refusal.message, "item": None}
    task = MatchTask.objects.get(pk=answer.line.pk)
    MatchTask.objects.filter(pk=task.pk).update(decision=Decision.PROPOSED.value, evidence=[*task.evidence, doubt])
    return Answered(answer.line, answer.proposal, refusal.message)


def _drafts(entity: LegalEntity, sure: Sequence[Answered]) -> list[ReceiptDraft]:
    wanted: list[Any] = [applied.document.id for answer in sure for applied in answer.proposal.applied]
    items = {item.pk: item for item in OpenItem.objects.filter(pk__in=wanted).select_related("customer__entity")}
    customers = Customer.objects.select_related("entity").in_bulk({answer.proposal.customer_id for answer in sure})
    return [
        ReceiptDraft(
            customer=customers[answer.proposal.customer_id or 0],
            incoming=Incoming.of_line(answer.line),
            pays=payments_of(applied_as_data(answer.proposal.applied), items),
            reasons=reasons_of(answer.proposal),
        )
        for answer in sure
    ]
