"""Taking in a settlement file: each movement is led to the payment, the payout or the entry that keeps its money."""

from collections.abc import Callable, Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from cashapp.actions.settlements.payouts import PayingOut
from cashapp.actions.settlements.posting import post_what_is_sure
from cashapp.actions.settlements.settling import Settling
from cashapp.errors import NothingChosen
from cashapp.matching import OpenIndex
from cashapp.models import BankStatement, BankStatementLine, MatchTask, Receipt, SettlementLine, UnidentifiedReceipt
from cashapp.queries.settlements import settlement_lines_of
from cashapp.settlements import Movement, movement_of
from cashapp.taskbook import Entry, Outcome, Reasons, State, write_down
from core import clock
from core.audit import audit
from core.errors import NotAllowed, Refused
from core.models import BankAccount, Run, User
from core.permissions import require
from core.runs import start_run

Kind = SettlementLine.Kind
RUN = "match_lines"
ORDER = [
    Kind.PAYMENT, Kind.REFUND, Kind.CHARGEBACK, Kind.FEE, Kind.CONVERSION, Kind.RESERVE, Kind.OTHER, Kind.PAYOUT,
]  # fmt: skip


@transaction.atomic
def take_in_settlement(*, by: User, statement: BankStatement) -> Run:
    """Start leading a settlement file's lines to payments and payouts; what is booked already is left as it is."""
    entity = statement.bank_account.entity
    require(by, "cashapp.take_in_settlement", entity)
    count = settlement_lines_of(statement).count()
    if not count:
        raise NothingChosen(f"{statement} is no settlement file of a payment provider.")

    run, _ = start_run(
        by,
        entity,
        RUN,
        clock.today(entity),
        title=f"Taking in {statement}",
        part=f"settlement-{statement.pk}-{clock.now():%H%M%S%f}",
        parameters={"statement": statement.pk},
        total=count,
        link=reverse("cashapp:settlement", args=[statement.pk]),
    )
    audit(by, "settlement.taken_in", statement, entity=entity, after={"lines": run.total})
    return run


@transaction.atomic
def settle_lines(
    *, by: User, account: BankAccount, lines: Sequence[BankStatementLine], on: date, index: OpenIndex
) -> list[SettlementLine]:
    """Lead movements on an account at a provider to what keeps their money, each once.

    What could not be booked is tried again. What lies in a closed month counts from `on`. `index` is what is open; it
    is brought up to date with what is posted.
    """
    require(by, "cashapp.take_in_settlement", account.entity)
    BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    known = {row.pk: row for row in SettlementLine.objects.filter(line__in=lines).select_related("line")}
    left = [line for line in lines if line.pk not in known or known[line.pk].difference]
    if not left:
        return list(known.values())

    at_desk = _receipts_of(left)
    settling = Settling.of(by, account, [movement_of(line) for line in left], on)
    for movement in sorted(settling.movements, key=lambda each: ORDER.index(Kind(each.kind))):
        row = known.setdefault(
            movement.line.pk, SettlementLine(line=movement.line, kind=movement.kind, recorded_at=clock.now())
        )
        row.difference = at_desk.get(movement.line.pk, "")
        if not row.difference:
            _settle(settling, movement, row, index)
        row.save(force_insert=row._state.adding)
    _take_from_the_desk(by, [line for line in left if not known[line.pk].difference])

    return list(known.values())


def _settle(settling: Settling, movement: Movement, row: SettlementLine, index: OpenIndex) -> None:
    """Its fee first, which is certain whatever becomes of the rest."""
    _try(row, lambda: settling.settle_fee(movement, row))
    if movement.kind == Kind.PAYOUT:
        _try(row, lambda: PayingOut(settling).settle(movement, row))
        return
    _try(row, lambda: settling.settle(movement, row))
    if not row.difference:
        _post(settling, movement, row, index)
        _try(row, lambda: settling.settle_exchange(movement, row))


def _post(settling: Settling, movement: Movement, row: SettlementLine, index: OpenIndex) -> None:
    """What is refused waits in the queue of electronic payments, where a person sees why."""
    try:
        post_what_is_sure(by=settling.by, settling=settling, movement=movement, row=row, index=index)
    except NotAllowed:
        raise
    except Refused:
        return


def _try(row: SettlementLine, step: Callable[[], None]) -> None:
    """What is refused leaves nothing of itself but the sentence."""
    before = (row.payment, row.fact, row.payout, row.entry, row.exchange)
    try:
        with transaction.atomic():
            step()
    except NotAllowed:
        raise
    except Refused as refusal:
        row.payment, row.fact, row.payout, row.entry, row.exchange = before
        row.difference = refusal.message[:300]


def _receipts_of(lines: Sequence[BankStatementLine]) -> dict[int, str]:
    """Lines whose money somebody matched at the desk before settlement files had a way of their own."""
    found = {}
    for model in (Receipt, UnidentifiedReceipt):
        for held in model.objects.filter(line__in=lines, ended_on=None):
            if held.line_id:
                found[held.line_id] = f"The line was matched at the desk as {held}. Reverse that, then look again."
    return found


def _take_from_the_desk(by: User, lines: Sequence[BankStatementLine]) -> None:
    waiting = MatchTask.objects.filter(line__in=lines).exclude(state=State.MATCHED).select_related("line__bank_account")
    note = Reasons(note="A movement at a payment provider; see its settlement.")
    write_down(by, [Entry(task.line, Outcome.CLEARED, State.MATCHED, note) for task in waiting])
