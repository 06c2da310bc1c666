"""When a returned collection may be presented again, by the rules of its scheme."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from directdebit.returns.reasons import Reason


@dataclass(frozen=True, slots=True)
class Rule:
    """How often and until when. Days count from the original collection, or from its return where that is said."""

    attempts: int
    months: int = 0
    days: int = 0
    from_return: bool = False
    code: str = ""
    same_amount: bool = True

    def until(self, collected_on: date, returned_on: date) -> date:
        """The last day on which it may be presented again."""
        start = returned_on if self.from_return else collected_on
        return _months_later(start, self.months) + timedelta(days=self.days)


# Bacs sets no limit of attempts within the month; one or two are usual. NACHA counts from the original's day.
RULES: dict[str, Rule] = {
    "bacs": Rule(attempts=2, months=1, code="18"),
    "sepa": Rule(attempts=1, months=2, code="RCUR"),
    "nacha": Rule(attempts=2, days=180, code="RETRY PYMT"),
    "nacha_corrected": Rule(attempts=1, days=60, from_return=True, same_amount=False),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it may be presented again, until when, and why not where it may not."""

    until: date | None
    code: str = ""
    why_not: str = ""

    @property
    def is_allowed(self) -> bool:
        """True where it may go into the next run."""
        return not self.why_not


def may_represent(reason: Reason, *, collected_on: date, returned_on: date, attempts: int, on: date) -> Answer:
    """Whether a collection may be presented on a day; `attempts` are the presentations again that were made before."""
    rule = RULES.get(reason.re_present)
    if rule is None:
        return Answer(None, why_not=f"{reason.meaning}: the scheme does not allow to present it again.")
    until = rule.until(collected_on, returned_on)
    if on > until:
        return Answer(until, why_not=f"It could be presented again until {until:%d %b %Y}.")
    if attempts >= rule.attempts:
        times = "once" if rule.attempts == 1 else f"{rule.attempts} times"
        return Answer(until, why_not=f"It was presented again {times} already.")
    return Answer(until, rule.code)


def _months_later(day: date, months: int) -> date:
    """The same day some months later, or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
