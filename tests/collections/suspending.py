"""A suspension that has come some way, for tests: days pass, calls are made, mails leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch

from ar_collections.actions.calls import CallLog, log_call
from ar_collections.actions.suspension import SuspensionFacts, change_suspension_policy, open_suspension
from ar_collections.actions.suspension_meetings import write_owner_note
from ar_collections.calls import CallOutcome
from ar_collections.models import SuspensionCase
from ar_collections.suspension import Function
from ar_collections.watching import watch_suspensions
from core.models import LegalEntity, User
from core.permissions import system_user
from customers.models import Contact, Customer
from messaging.models import Message
from messaging.sender import deliver

MONDAY = date(2026, 10, 5)


def at(day: date, hour: int = 10) -> datetime:
    """An hour of a day, in UTC."""
    return datetime.combine(day, time(hour), UTC)


def clock_at(day: date, hour: int = 10) -> Any:
    """The house's clock stands at an hour of a day."""
    return patch("core.clock.now", lambda: at(day, hour))


def watch(entity: LegalEntity, day: date) -> int:
    """The ledger is asked about every open case; how many moved."""
    with clock_at(day):
        return watch_suspensions(entity, at(day))


def say_policy(by: User, entity: LegalEntity) -> None:
    """Requests go to the support desk."""
    facts: dict[str, str | int] = {"support_name": "Support desk", "support_email": "support@o2c.example"}
    change_suspension_policy(by=by, entity=entity, clause="8.3, terms of service", meeting_weekday=2, **facts)


@dataclass
class Suspending:
    """What people do about one case."""

    case: SuspensionCase
    collector: User

    @classmethod
    def begin(cls, collector: User, customer: Customer, owners: dict[Function, User]) -> "Suspending":
        """On a Monday, with somebody to escalate to at the customer."""
        Contact.objects.create(
            customer=customer, name="Ray Bourne", email="cfo@hotels.example", role=Contact.Role.ESCALATION
        )
        with clock_at(MONDAY):
            case = open_suspension(by=collector, customer=customer, facts=SuspensionFacts(owners), opened_on=MONDAY)
        return cls(case, collector)

    def mail(self, day: date) -> list[Message]:
        """A round of the sender at noon of a day; what left in it."""
        before = set(Message.objects.filter(state="sent").values_list("pk", flat=True))
        with clock_at(day, 12):
            deliver(by=system_user())
        return list(Message.objects.filter(state="sent").exclude(pk__in=before).order_by("pk"))

    def call(self, days: Iterable[date]) -> None:
        """A call on each of some days in which nobody is reached."""
        for day in days:
            with clock_at(day, 9):
                log = CallLog(outcome=CallOutcome.VOICEMAIL_LEFT)
                log_call(by=self.collector, customer=self.case.customer, log=log, on=day)

    def note(self, day: date, text: str = "They wait for their own customer.") -> None:
        """Every owner says how it stands."""
        for owner in self.case.owners.all():
            write_owner_note(by=owner.person, owner=owner, text=text, at=at(day, 8))

    def day(self, number: int) -> date:
        """A day of the window."""
        return MONDAY + timedelta(days=number)
