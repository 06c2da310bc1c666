"""Mails of a suspension: to the customer in wording that nobody changes in a case, to support, and to the managers."""

from datetime import date, datetime, timedelta
from typing import ClassVar
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from ar_collections.models import SuspensionCase, SuspensionStep
from ar_collections.queries.case_facts import why_not_written_to
from ar_collections.queries.hours import hours_by_customer
from ar_collections.queries.suspension import paused_by, standings_of, with_parts
from ar_collections.suspension import NOTICES, RESTORES, STOPPED, WINDOW, Level, Position, Stage, reached_on
from core import clock
from core.money import Money, money
from core.papers import in_groups
from customers.models import lock
from messaging.kinds import Context, Kind
from messaging.models import Message

NOTICE_KINDS = {stage: f"suspension_{stage.value}" for stage in NOTICES}
SUSPEND, RESTORE, TOLD = "suspension_request", "suspension_restore", "suspension_told"
SAMPLE: Context = {
    "customer": "Brightwater Hotels",
    "contact": "Priya Nair",
    "document": "",
    "items": [
        {"number": "INV-24119", "due_on": date(2026, 9, 28), "days": 53, "amount": money("7,890.00 GBP")},
    ],
    "totals": [{"amount": money("7,890.00 GBP")}],
    "whole": True,
    "clause": "8.3, terms of service",
    "ends_on": date(2026, 12, 4),
    "reference": "RF41 C104 20",
    "phone": "+44 117 496 0000",
}


class SuspensionNotice(Kind):
    """A notice of a case on its way to the customer, with its owners on copy."""

    stage: ClassVar[Stage]
    sample: ClassVar[Context] = SAMPLE
    note: ClassVar[str] = "A case keeps the wording that it began with. What you change is for cases that begin later."

    def worded_at(self, message: Message) -> datetime | None:
        """All notices of a case are in the words that were in force when the first one was written."""
        first = (step.at for step in _case(message).steps.all() if step.kind == Stage.NOTICE_1)
        return next(first, None)

    def still_true(self, message: Message) -> str | None:
        """Only at its own stage, and while something is owed that nothing covers."""
        lock(message.about)
        case = _case(message)
        if case.stage != self.stage:
            return f"The suspension is at “{case.get_stage_display()}” by now."
        standing = standings_of([case], clock.today(message.entity))[case.pk]
        if standing.position != Position.OWED:
            return standing.words or f"The documents are {standing.position.label.lower()}."
        today = clock.today(message.entity)
        return paused_by(case, today) or why_not_written_to(case.customer_id, message.channel, today) or None

    def may_leave_from(self, message: Message, at: datetime) -> datetime:
        """In the customer's next working hours."""
        customer = message.about
        return hours_by_customer(customer.entity, [customer])[customer.pk].next_working(at)

    def context(self, message: Message) -> Context:
        """What is owed as it leaves, and when the service stops."""
        case = _case(message)
        today = clock.today(message.entity)
        left = standings_of([case], today)[case.pk].left
        sums: dict[str, Money] = {}
        items: list[dict[str, str | int | date | Money]] = []
        for part in case.items.all():
            if amount := left.get(part.item_id):
                owed = Money(amount, part.currency)
                sums[part.currency] = sums[part.currency] + owed if part.currency in sums else owed
                days = (today - part.item.due_on).days
                items.append({"number": part.item.number, "due_on": part.item.due_on, "days": days, "amount": owed})
        ends_on = reached_on(case.opened_on, case.pauses, WINDOW)
        return {
            "items": items,
            "totals": [{"amount": amount} for _, amount in sorted(sums.items())],
            "whole": case.level == Level.FULL,
            "clause": case.clause,
            "ends_on": max(ends_on or today, today + timedelta(days=1)),
            "reference": in_groups(message.about.payment_reference),
            "phone": case.entity.phone,
        }


class FirstNotice(SuspensionNotice):
    """Opens the window."""

    label = "Suspension, first notice"
    stage = Stage.NOTICE_1


class SecondNotice(SuspensionNotice):
    """Half of it is over."""

    label = "Suspension, second notice"
    stage = Stage.NOTICE_2


class FinalNotice(SuspensionNotice):
    """Also to whom matters are escalated there."""

    label = "Suspension, final notice"
    stage = Stage.FINAL


class SupportRequest(Kind):
    """A request to support about one case."""

    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Support desk",
        "document": "",
        "code": "C-10420",
        "level": "The whole service",
        "why": "Settled",
        "link": "https://o2c.example/suspensions/7/",
    }

    def context(self, message: Message) -> Context:
        """Which service, and where to say that it is done."""
        case = _case(message)
        return {
            "code": case.customer.code,
            "level": case.get_level_display(),
            "why": message.context["why"],
            "link": _link(case),
        }


class SuspendRequest(SupportRequest):
    """To stop a service."""

    label = "Support: suspend a service"

    def still_true(self, message: Message) -> str | None:
        """Only while the case asks for it."""
        lock(message.about)
        case = _case(message)
        if case.stage not in STOPPED:
            return f"The case is at “{case.get_stage_display()}” by now."
        standing = standings_of([case], clock.today(message.entity))[case.pk]
        return standing.words or standing.position.label if standing.position in RESTORES else None


class RestoreRequest(SupportRequest):
    """To bring a service back. It always leaves: it does no harm where nothing was stopped."""

    label = "Support: restore a service"


class SuspensionTold(Kind):
    """What changes the position of a suspension, to the managers."""

    label = "Suspension: what changed"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Maya Lind",
        "document": "",
        "what": "Position changed",
        "note": "On a plan, kept until 5 Dec 2026",
        "stage": "Second notice",
        "link": "https://o2c.example/suspensions/7/",
    }

    def context(self, message: Message) -> Context:
        """The step's own words."""
        step = SuspensionStep.objects.select_related("case").get(
            pk=message.context["step"], case__entity=message.entity_id
        )
        return {
            "what": step.get_kind_display(),
            "note": step.note,
            "stage": step.case.get_stage_display(),
            "link": _link(step.case),
        }


def _case(message: Message) -> SuspensionCase:
    rows = with_parts(SuspensionCase.objects.filter(entity=message.entity_id))
    return rows.get(pk=message.context["case"])


def _link(case: SuspensionCase) -> str:
    return urljoin(str(settings.PUBLIC_URL), reverse("collections:suspension", args=[case.pk]))
