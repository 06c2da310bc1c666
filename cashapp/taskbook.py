"""The book of tasks that actions keep: which bank lines are to be matched, and what was decided about them.

Only actions call this. The row of a line is its lock: two people never decide on one line at the same time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from cashapp.models import BankStatementLine, MatchDecision, MatchTask, Receipt, UnidentifiedReceipt
from cashapp.settlements import SETTLEMENT_CODES
from core import clock
from core.models import User

BATCH = 2000
Outcome = MatchDecision.Outcome
State = MatchTask.State
ANSWER = (
    "decision", "rule", "rules_version", "sureness", "customer", "applied", "evidence", "alternatives", "proposed_at",
    "written_rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why something was decided: the matcher's rule and evidence, and whether a person followed them."""

    rule: str = ""
    rules_version: str = ""
    evidence: Sequence[Mapping[str, Any]] = ()
    as_proposed: bool = False
    note: str = ""
    written_rule: int | None = None


BY_HAND = Reasons()


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision to be written down."""

    line: BankStatementLine
    outcome: str
    state: str
    reasons: Reasons = BY_HAND
    receipt: Receipt | None = None
    unidentified_receipt: UnidentifiedReceipt | None = None


def open_tasks(lines: Iterable[BankStatementLine]) -> None:
    """Put incoming lines on the list "To match"; those that are on it stay as they are.

    Movements at a payment provider are no receipts: they are led to the queue of electronic payments.
    """
    tasks = [
        MatchTask(line_id=line.pk, entity_id=line.bank_account.entity_id)
        for line in lines
        if line.amount > 0 and not line.is_reversal and line.transaction_code not in SETTLEMENT_CODES
    ]
    MatchTask.objects.bulk_create(tasks, ignore_conflicts=True, batch_size=BATCH)


def take_tasks(lines: Sequence[BankStatementLine]) -> dict[int, MatchTask]:
    """Take your turn with the lines, by ascending id."""
    wanted = {line.pk for line in lines}
    if not wanted:
        return {}
    locked = MatchTask.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    tasks = {task.pk: task for task in locked}
    if missing := [line for line in lines if line.pk not in tasks]:
        open_tasks(missing)
        tasks |= {task.pk: task for task in locked.filter(pk__in=[line.pk for line in missing])}
    return tasks


def lines_decided_on(lines: Sequence[BankStatementLine]) -> set[int]:
    """Take your turn with the lines that are known, and tell which of them are no longer to be matched.

    Lines without a task get one with their answer; posting them takes its turn again.
    """
    wanted = [line.pk for line in lines]
    known = MatchTask.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    return {pk for pk, state in known.values_list("pk", "state") if state != State.TO_MATCH}


def write_down(by: User, entries: Sequence[Entry]) -> None:
    """Record decisions and move the lines to the list on which they belong now."""
    moment = clock.now()
    MatchDecision.objects.bulk_create([_decision(by, entry, moment) for entry in entries], batch_size=BATCH)
    by_state: dict[str, list[int]] = {}
    for entry in entries:
        by_state.setdefault(entry.state, []).append(entry.line.pk)
    for state, lines in by_state.items():
        MatchTask.objects.filter(pk__in=lines).update(state=state, version=F("version") + 1)


def _decision(by: User, entry: Entry, moment: Any) -> MatchDecision:
    reasons = entry.reasons
    return MatchDecision(
        entity_id=entry.line.bank_account.entity_id,
        line=entry.line,
        outcome=entry.outcome,
        as_proposed=reasons.as_proposed,
        rule=reasons.rule,
        rules_version=reasons.rules_version,
        written_rule_id=reasons.written_rule,
        evidence=list(reasons.evidence),
        note=reasons.note[:400],
        receipt=entry.receipt,
        unidentified_receipt=entry.unidentified_receipt,
        decided_by=by,
        decided_at=moment,
    )


def keep_answers(tasks: Sequence[MatchTask]) -> None:
    """Store what the matcher answered; the list on which a line stands stays as it is."""
    MatchTask.objects.bulk_create(
        tasks, batch_size=BATCH, update_conflicts=True, unique_fields=["line"], update_fields=ANSWER
    )
