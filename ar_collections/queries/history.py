"""What happened with a customer, in words: for the page that a manager reads and the pack that lawyers get."""

from collections.abc import Iterator
from datetime import date, datetime, time

from ar_collections.models import Call, Dispute, Promise, SuspensionStep
from customers.models import Customer, CustomerNote
from messaging.approvals import TO_COLLEAGUES
from messaging.models import Message

Told = tuple[date, str, str]
"""The day, what happened, and who did it."""


def happened(customer: Customer, on: date, *, most: int) -> list[Told]:
    """The latest happenings up to a day, the newest first."""
    found = [each for source in (_calls, _promises, _disputes, _steps, _mails) for each in source(customer, on, most)]
    return sorted(found, key=lambda each: each[0], reverse=True)[:most]


def all_that_happened(customer: Customer, on: date) -> list[Told]:
    """Everything that is kept of a customer up to a day, the oldest first, notes included."""
    sources = (_calls, _promises, _disputes, _steps, _mails, _notes)
    return sorted((each for source in sources for each in source(customer, on, None)), key=lambda each: each[0])


def letters_of(customer: Customer, on: date) -> list[Message]:
    """What was sent to a customer up to a day, the oldest first, with its files."""
    until = datetime.combine(on, time.max, tzinfo=customer.entity.zone)
    rows = Message.objects.filter(customer=customer, state=Message.State.SENT, queued_at__lte=until)
    return list(rows.exclude(kind__in=TO_COLLEAGUES).prefetch_related("attachments__file").order_by("sent_at", "pk"))


def _calls(customer: Customer, on: date, most: int | None) -> Iterator[Told]:
    rows = Call.objects.filter(customer=customer, on__lte=on, taken_back_at=None).exclude(outcome="")
    for call in rows.select_related("agent", "contact").order_by("-started_at", "-pk")[:most]:
        whom = f", {call.contact.name}" if call.contact else ""
        note = f": {call.note}" if call.note else ""
        yield (
            call.on,
            f"{call.get_direction_display()} call{whom}: {call.get_outcome_display()}{note}",
            _name(call.agent),
        )


def _promises(customer: Customer, on: date, most: int | None) -> Iterator[Told]:
    rows = Promise.objects.filter(customer=customer, taken_on__lte=on).select_related("taken_by")
    for promise in rows.order_by("-taken_on", "-pk")[:most]:
        words = f"{promise.said_by} promised {promise.money} by {promise.due_on:%d %b %Y}"
        yield promise.taken_on, f"{words}: {promise.get_outcome_display().lower()}", promise.taken_by.name


def _disputes(customer: Customer, on: date, most: int | None) -> Iterator[Told]:
    rows = Dispute.objects.filter(customer=customer, opened_on__lte=on).select_related("item", "opened_by")
    for dispute in rows.order_by("-opened_on", "-pk")[:most]:
        note = f": {dispute.note}" if dispute.note else ""
        words = f"Disputed {dispute}{note}. {dispute.get_outcome_display()}"
        yield dispute.opened_on, f"{words}. {dispute.closing_note}".rstrip(". "), dispute.opened_by.name


def _steps(customer: Customer, on: date, most: int | None) -> Iterator[Told]:
    rows = SuspensionStep.objects.filter(case__customer=customer, on__lte=on).select_related("by")
    for step in rows.order_by("-on", "-pk")[:most]:
        yield step.on, f"Suspension: {step.get_kind_display()}. {step.note}".strip(), step.by.name


def _mails(customer: Customer, on: date, most: int | None) -> Iterator[Told]:
    zone = customer.entity.zone
    until = datetime.combine(on, time.max, tzinfo=zone)
    rows = Message.objects.filter(customer=customer, state=Message.State.SENT, queued_at__lte=until)
    for message in rows.exclude(kind__in=TO_COLLEAGUES).order_by("-sent_at", "-pk")[:most]:
        at = message.sent_at or message.queued_at
        yield at.astimezone(zone).date(), f"Sent: {message.subject}", ", ".join(message.to_addresses)


def _notes(customer: Customer, on: date, most: int | None) -> Iterator[Told]:
    zone = customer.entity.zone
    until = datetime.combine(on, time.max, tzinfo=zone)
    rows = CustomerNote.objects.filter(customer=customer, written_at__lte=until).select_related("written_by")
    for note in rows.order_by("-written_at", "-pk")[:most]:
        yield note.written_at.astimezone(zone).date(), f"Note: {note.text}", note.written_by.name


def _name(person: object) -> str:
    return str(getattr(person, "name", "") or "")
