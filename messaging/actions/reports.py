"""Taking in what became of mails after they left: bounces from the mailbox, events from the mail provider."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core.audit import audit
from core.errors import NotAllowed
from core.models import User
from customers.actions import mark_bounced
from customers.models import Contact
from messaging.models import DeliveryEvent, MailReport, Message

State = Message.State
Kind = MailReport.Kind
Happened = DeliveryEvent.Kind
LEFT = (State.SENT, State.UNCONFIRMED, State.BOUNCED)
ADDRESS_IS_ENOUGH_FOR = timedelta(days=14)
EVENTS: dict[str, str] = {
    Kind.BOUNCED: Happened.BOUNCED,
    Kind.DELAYED: Happened.DELAYED,
    Kind.COMPLAINED: Happened.COMPLAINED,
    Kind.DELIVERED: Happened.DELIVERED,
    Kind.OPENED: Happened.OPENED,
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody tells about a mail. Of who proved to be the provider, an address may be enough: `is_trusted`."""

    source: str
    key: str
    kind: str
    message_id: str
    address: str
    detail: str
    happened_at: datetime
    is_trusted: bool = False


@transaction.atomic
def record_report(*, by: User, report: Report) -> MailReport:
    """Keep a report once, and draw its consequences: a mail that came back is bounced, its address is marked."""
    if not by.is_system:
        raise NotAllowed("Only the mailbox and the provider's events say what became of mails.")
    if done := MailReport.objects.filter(source=report.source, key=report.key).first():
        return done
    message = _message_of(report)

    kept, is_new = MailReport.objects.get_or_create(
        source=report.source,
        key=report.key,
        defaults={
            "kind": report.kind,
            "message": message,
            "address": report.address[:320],
            "detail": report.detail,
            "happened_at": report.happened_at,
        },
    )
    if is_new and message:
        _follow(by, message, kept)
    return kept


def _message_of(report: Report) -> Message | None:
    """The mail that is meant: by its Message-ID and an address that it went to."""
    rows = Message.objects.select_for_update(of=("self",), no_key=True).select_related("entity", "customer")
    rows = rows.filter(state__in=LEFT, channel=Message.Channel.EMAIL)
    plain = report.message_id.strip().strip("<>")
    found = rows.filter(message_id=f"<{plain}>").first() if plain else None
    if found is None and report.is_trusted and report.kind in {Kind.BOUNCED, Kind.COMPLAINED}:
        since = report.happened_at - ADDRESS_IS_ENOUGH_FOR
        written_to = Contact.objects.filter(email__iexact=report.address).values("customer")
        recent = rows.filter(customer__in=written_to, sent_at__gte=since).order_by("-sent_at")[:20]
        found = next((message for message in recent if _went_to(message, report.address)), None)
    return found if found and (not report.address or _went_to(found, report.address)) else None


def _went_to(message: Message, address: str) -> bool:
    return address.lower() in {one.lower() for one in (*message.to_addresses, *message.cc_addresses)}


def _follow(by: User, message: Message, report: MailReport) -> None:
    DeliveryEvent.objects.create(
        message=message, kind=EVENTS[report.kind], address=report.address, detail=report.detail, by=by
    )
    if message.state == State.UNCONFIRMED and report.kind in {Kind.DELIVERED, Kind.OPENED}:
        message.state, message.sent_at = State.SENT, message.claimed_at
        message.save(update_fields=["state", "sent_at"])
        audit(by, "message.confirmed", message, entity=message.entity, reason=str(report))
    if report.kind == Kind.COMPLAINED:
        audit(by, "message.complained", message, entity=message.entity, after={"address": report.address})
    if report.kind != Kind.BOUNCED:
        return

    if message.state != State.BOUNCED and _all_came_back(message):
        message.state, message.reason = State.BOUNCED, report.detail
        message.save(update_fields=["state", "reason"])
    after = {"address": report.address}
    audit(by, "message.bounced", message, entity=message.entity, after=after, reason=report.detail)
    if report.address and message.customer is not None:
        mark_bounced(
            by=by,
            entity=message.entity,
            customer=message.customer,
            address=report.address,
            detail=report.detail,
        )


def _all_came_back(message: Message) -> bool:
    """Whether the mail reached nobody of those whom it was written to."""
    events = message.events.filter(kind__in=(Happened.BOUNCED, Happened.REFUSED))
    back = {address.lower() for address in events.values_list("address", flat=True)}
    return back >= {address.lower() for address in message.to_addresses}
