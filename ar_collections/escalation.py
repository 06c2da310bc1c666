"""What a manager is advised to do about a customer, out of the figures. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices

from core.money import ZERO

LONG_OVERDUE, VERY_OLD = 31, 75
"""Days past due from which a suspension, and from which lawyers are thought of."""
MANY_BROKEN = 2
NOT_WORTH_IT = Decimal(250)
"""In the company's currency: less than this is not worth a claim."""
ANSWER_WITHIN = 3
"""Business days in which a manager answers, unless another day is chosen."""


class Trigger(TextChoices):
    """Why a customer is laid before a manager."""

    AMOUNT = "amount", "Large and old"
    BROKEN = "broken", "Promises broken again"
    SILENCE = "silence", "Nobody can be reached"
    DIFFICULT = "difficult", "A difficult conversation"
    INSOLVENCY = "insolvency", "Signs of insolvency"
    OTHER = "other", "Something else"


class Advice(TextChoices):
    """What can be done."""

    CALL = "call", "A manager calls them"
    DISPUTES = "disputes", "Decide the disputes first"
    PLAN = "plan", "Let a payment plan be proposed"
    SUSPEND = "suspend", "Begin the suspension"
    LEGAL = "legal", "Hand over to lawyers"
    WRITE_OFF = "write_off", "Write it off"
    WAIT = "wait", "Wait"


@dataclass(frozen=True, slots=True)
class Figures:
    """What the advice rests on; amounts in the company's currency."""

    overdue: Decimal = ZERO
    free: Decimal = ZERO
    disputed: Decimal = ZERO
    oldest_days: int = 0
    broken: int = 0
    cannot_pay: bool = False
    is_insolvent: bool = False
    was_suspended: bool = False
    has_case: bool = False


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What is advised, and the sentence that says why."""

    advice: Advice
    because: str


def recommend(found: Figures) -> Recommendation:
    """The first rule that fits decides."""
    if found.overdue <= ZERO:
        return Recommendation(Advice.WAIT, "Nothing is overdue.")
    if found.is_insolvent:
        return Recommendation(Advice.LEGAL, "They are insolvent: the claim has to be lodged in time.")
    if found.free <= ZERO:
        words = "All that is overdue is disputed, promised, on a plan or on its way."
        return Recommendation(Advice.DISPUTES if found.disputed > ZERO else Advice.WAIT, words)
    return _of_debt(found)


def _of_debt(found: Figures) -> Recommendation:
    if found.oldest_days >= VERY_OLD and found.free < NOT_WORTH_IT:
        return Recommendation(Advice.WRITE_OFF, f"{found.oldest_days} days old, and less than a claim would cost.")
    if found.oldest_days >= VERY_OLD and (found.was_suspended or found.broken >= MANY_BROKEN):
        why = "the suspension did not help" if found.was_suspended else f"{found.broken} promises were broken"
        return Recommendation(Advice.LEGAL, f"The oldest document is {found.oldest_days} days past due, and {why}.")
    if found.cannot_pay:
        return Recommendation(Advice.PLAN, "They say that they cannot pay at once.")
    if found.oldest_days >= LONG_OVERDUE and not found.has_case and not found.was_suspended:
        return Recommendation(Advice.SUSPEND, f"The oldest document is {found.oldest_days} days past due.")
    if found.broken >= MANY_BROKEN:
        return Recommendation(Advice.CALL, f"{found.broken} promises were broken; their word needs a manager’s.")
    return Recommendation(Advice.CALL, "It is overdue, and nobody above the collector has spoken with them.")


@dataclass(frozen=True, slots=True)
class Summary:
    """One page about a customer: figures as label and value, the oldest documents, what happened last, the advice."""

    facts: Sequence[tuple[str, str]]
    documents: Sequence[Sequence[str]]
    history: Sequence[Sequence[str]]
    recommendation: Recommendation
