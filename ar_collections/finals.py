"""Finals: the last bills of customers who leave, and what is done for each of them by when. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices

from ar_collections.suspension import OVERDUE_FROM
from core.calendars import BusinessCalendar

START_BUSINESS_DAY = 6
"""Of the month after the one that is billed, unless its billing is declared complete before."""
CONTACT_DAYS = (5, 15)
"""Days past due on which everybody is called and written to again."""
MONTHS_SHOWN = 12
QUESTION_DAYS = 3
"""Business days in which an open question is answered."""


class QuestionKind(TextChoices):
    """What would stop the payment of a final."""

    EXEMPTION = "exemption", "Exemption certificate"
    DOCUMENTS = "documents", "Supporting documents"
    CHANGE_ORDER = "change_order", "Approved change order"
    PURCHASE_ORDER = "purchase_order", "Purchase order"
    PORTAL = "portal", "Upload to their portal"
    AMOUNT = "amount", "Amount or service"
    OTHER = "other", "Something else"


class Task(TextChoices):
    """What is next for a final."""

    SOON = "soon", "Not begun yet"
    CALL = "call", "Call"
    MAIL = "mail", "Write"
    ASK = "ask", "Ask whether it arrived"
    ANSWER = "answer", "Answer the question"
    CALL_AGAIN = "call_again", "Call again"
    MAIL_AGAIN = "mail_again", "Write again"
    SUSPEND = "suspend", "Begin the suspension"
    WAIT = "wait", "Wait for the payment"
    DONE = "done", "Paid"


@dataclass(frozen=True, slots=True)
class Contact:
    """A day from which somebody is to be called and written to, and when that was done."""

    from_on: date
    called_on: date | None
    mailed_on: date | None

    @property
    def is_done(self) -> bool:
        """Whether both happened."""
        return self.called_on is not None and self.mailed_on is not None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one final. `received` is None while nobody has said whether it arrived."""

    due_on: date
    is_open: bool
    starts_on: date
    calls: Sequence[date] = ()
    mails: Sequence[date] = ()
    received: bool | None = None
    open_questions: int = 0
    has_case: bool = False


def starts_on(calendar: BusinessCalendar, month_on: date, declared_on: date | None = None) -> date:
    """When everybody with a final of a month is contacted: the 6th business day after it, or once it is declared."""
    following = (month_on.replace(day=1) + timedelta(days=32)).replace(day=1)
    sixth = calendar.nth_business_day(following.year, following.month, START_BUSINESS_DAY)
    return min(sixth, calendar.roll_forward(declared_on)) if declared_on else sixth


def months_from(today: date, count: int = MONTHS_SHOWN) -> list[date]:
    """The month before this one, whose finals are contacted in this one, and those that follow."""
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    found = [first]
    while len(found) < count:
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found


def contacts_of(facts: Facts) -> list[Contact]:
    """The first contact and those after the due date; each counts from its day until the next one's."""
    days = [facts.starts_on, *(facts.due_on + timedelta(days=number) for number in CONTACT_DAYS)]
    ends = [*days[1:], date.max]
    return [
        Contact(day, _first(facts.calls, day, end), _first(facts.mails, day, end))
        for day, end in zip(days, ends, strict=True)
    ]


def next_task(facts: Facts, today: date) -> Task:
    """What is to be done for a final on a day."""
    if not facts.is_open:
        return Task.DONE
    if today < facts.starts_on:
        return Task.SOON
    if (today - facts.due_on).days >= OVERDUE_FROM:
        return Task.WAIT if facts.has_case else Task.SUSPEND
    if facts.open_questions:
        return Task.ANSWER
    first, *others = contacts_of(facts)
    reached = [contact for contact in others if contact.from_on <= today]
    if reached:
        return _again(reached[-1])
    if facts.received is None and first.is_done:
        return Task.ASK
    if not first.called_on and not facts.received:
        return Task.CALL
    return Task.WAIT if first.mailed_on or facts.received else Task.MAIL


def _again(contact: Contact) -> Task:
    if contact.called_on is None:
        return Task.CALL_AGAIN
    return Task.WAIT if contact.mailed_on else Task.MAIL_AGAIN


def _first(days: Sequence[date], start: date, end: date) -> date | None:
    return min((day for day in days if start <= day < end), default=None)
