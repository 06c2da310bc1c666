"""One stream of everything that happened with a customer, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from ar_collections.models import Call, Escalation, Promise, SuspensionStep
from cashapp.models import Correction, Receipt
from core.models import AuditEvent
from customers.models import Customer, CustomerFile, CustomerNote
from invoicing.models import LinkAccess, UploadStep
from ledger.models import OpenItem
from messaging.approvals import TO_COLLEAGUES
from messaging.models import Message

KINDS = {
    "documents": "Documents",
    "messages": "Messages",
    "calls": "Calls and promises",
    "cases": "Suspension",
    "notes": "Notes",
    "files": "Files",
    "corrections": "Corrections",
    "changes": "Changes",
}
TONES: dict[str, str] = {Message.State.SENT: "ok", Message.State.FAILED: "bad", Message.State.BOUNCED: "bad"}
STEP_TONES: dict[str, str] = {"suspended": "bad", "restored": "ok"}
TOLD_ELSEWHERE = ("note.added", "file.attached")  # among the notes and files themselves
DOCUMENT_ICONS = {"invoice": "file-text", "credit_note": "file-minus", "receipt": "hand-coins"}


@dataclass(frozen=True)
class Happening:
    """One line of the stream. `on` orders it, `at` is the moment where one is known."""

    kind: str
    on: date
    at: datetime
    icon: str
    title: str
    text: str = ""
    who: str = ""
    url: str = ""
    tone: str = ""


def timeline(*, customer: Customer, as_of: date, kind: str = "", most: int = 30) -> list[Happening]:
    """The latest happenings up to a date, of one kind or all: one statement for each kind."""
    wanted = [kind] if kind in KINDS else list(KINDS)
    zone = customer.entity.zone
    until = datetime.combine(as_of, time.max, tzinfo=zone)
    found = [happening for name in wanted for happening in SOURCES[name](customer, until, zone, most)]
    return sorted(found, key=lambda happening: (happening.on, happening.at), reverse=True)[:most]


def _documents(customer: Customer, until: datetime, zone: ZoneInfo, most: int) -> Iterator[Happening]:
    rows = OpenItem.objects.filter(customer=customer, posted_on__lte=until.date())
    for item in rows.order_by("-posted_on", "-pk")[:most]:
        yield Happening(
            "documents",
            item.posted_on,
            item.recorded_at,
            DOCUMENT_ICONS.get(item.kind, "file-text"),
            item.document_label,
            str(item.money),
            url=reverse("reporting:document", args=[item.pk]),
            tone="ok" if item.kind == OpenItem.Kind.RECEIPT else "",
        )


def _messages(customer: Customer, until: datetime, zone: ZoneInfo, most: int) -> Iterator[Happening]:
    rows = Message.objects.filter(customer=customer, queued_at__lte=until).exclude(kind__in=TO_COLLEAGUES)
    for message in rows.order_by("-pk")[:most]:
        at = message.sent_at or message.queued_at
        yield Happening(
            "messages",
            at.astimezone(zone).date(),
            at,
            "mail",
            message.subject or f"{message.kind.replace('_', ' ').capitalize()} {message.document}".strip(),
            _became_of(message),
            url=reverse("messaging:message", args=[message.pk]),
            tone=TONES.get(message.state, ""),
        )


def _became_of(message: Message) -> str:
    """What the outbox knows; where nothing was sent, why."""
    if message.state == Message.State.CANCELLED and message.reason:
        return f"{message.get_state_display()}: {message.reason}"
    return f"{message.get_state_display()}, to {', '.join(message.to_addresses) or 'be printed'}"


def _notes(customer: Customer, until: datetime, zone: ZoneInfo, most: int) -> Iterator[Happening]:
    rows = CustomerNote.objects.filter(customer=customer, written_at__lte=until).select_related("written_by")
    for note in rows.order_by("-pk")[:most]:
        on = note.written_at.astimezone(zone).date()
        yield Happening("notes", on, note.written_at, "message-square", "Note", note.text, note.written_by.name)


def _files(customer: Customer, until: datetime, zone: ZoneInfo, most: int) -> Iterator[Happening]:
    rows = CustomerFile.objects.filter(customer=customer, attached_at__lte=until).select_related("file", "attached_by")
    for row in rows.order_by("-pk")[:most]:
        yield Happening(
            "files",
            row.attached_at.astimezone(zone).date(),
            row.attached_at,
            "paperclip",
            f"{row.get_kind_display()}: {row.file.name}",
            row.note,
            row.attached_by.name,
            reverse("core:file", args=[row.file_id]),
        )


def _calls(customer: Customer, until: datetime, zone: ZoneInfo, most: int) -> Iterator[Happening]:
    """Calls made and received, and what was promised."""
    calls = Call.objects.filter(customer=customer, started_at__lte=until, taken_back_at=None)
    for call in calls.select_related("agent", "contact").order_by("-started_at", "-pk")[:most]:
        title = f"{call.get_outcome_display()}, {call.contact.name}" if call.contact else call.get_outcome_display()
        who = call.agent.name if call.agent else ""
        icon, url = ("phone" if call.was_reached else "phone-missed"), _url_of_calls(customer)
        yield Happening("calls", call.on, call.started_at, icon, title, call.note, who, url)
    promises = Promise.objects.filter(customer=customer, taken_on__lte=until.date()).select_related("taken_by")
    for promise in promises.order_by("-pk")[:most]:
        title = f"Promised {promise.money} by {promise.due_on:%d %b %Y}"
        text = f"{promise.said_by}. {promise.get_outcome_display()}"
        tone = "bad" if promise.outcome in ("broken", "partly") else "ok" if promise.outcome == "kept" else ""
        url = reverse("collections:promise", args=[promise.pk])
        taken = promise.taken_on, promise.taken_at
        yield Happening("calls", *taken, "hand-coins", title, text, promise.taken_by.name, url, tone)


def _cases(customer: Customer, until: datetime, zone: ZoneInfo, most: int) -> Iterator[Happening]:
    """Steps of suspensions, and what was laid before managers."""
    steps = SuspensionStep.objects.filter(case__customer=customer, on__lte=until.date()).select_related("by")
    for step in steps.order_by("-pk")[:most]:
        url, tone = reverse("collections:suspension", args=[step.case_id]), STEP_TONES.get(step.kind, "")
        title = f"Suspension: {step.get_kind_display().lower()}"
        yield Happening("cases", step.on, step.at, "ban", title, step.note, step.by.name, url, tone)
    raised = Escalation.objects.filter(customer=customer, raised_on__lte=until.date()).select_related("raised_by")
    for row in raised.order_by("-pk")[:most]:
        url = reverse("collections:escalation", args=[row.pk])
        title = f"Escalation: {row.get_trigger_display().lower()}"
        text = row.get_decision_display() or f"{row.get_advice_display()}?"
        yield Happening("cases", row.raised_on, row.raised_at, "flag", title, text, row.raised_by.name, url)


def _url_of_calls(customer: Customer) -> str:
    return reverse("collections:customer_calls", args=[customer.pk])


def _corrections(customer: Customer, until: datetime, zone: ZoneInfo, most: int) -> Iterator[Happening]:
    """Money that was applied to the wrong customer or document: told on both pages, each leads to the other."""
    concerned = Q(receipt__item__customer=customer) | Q(moved__item__customer=customer)
    rows = Correction.objects.filter(concerned, corrected_on__lte=until.date())
    people = "receipt__item__customer", "moved__item__customer", "corrected_by"
    for row in rows.select_related(*people).order_by("-pk")[:most]:
        on, at, who = row.corrected_on, row.corrected_at, row.corrected_by.name
        title, other = _correction_told_to(row, customer)
        undone = f" (undone: {row.undo_reason})" if row.undone_on else ""
        url = reverse("cashapp:receipt", args=[other.pk])
        yield Happening("corrections", on, at, "arrow-left-right", title, f"{row.reason}{undone}", who, url)


def _correction_told_to(row: Correction, customer: Customer) -> tuple[str, Receipt]:
    """The sentence for one side, and the receipt of the other."""
    if row.moved is None:
        return f"{row.receipt} was applied to other documents", row.receipt
    if row.receipt.item.customer_id == customer.pk:
        return f"{row.moved.money} of {row.receipt} moved to {row.moved.item.customer.name}", row.moved
    return f"{row.moved.money} as {row.moved} moved here from {row.receipt.item.customer.name}", row.receipt


def _changes(customer: Customer, until: datetime, zone: ZoneInfo, most: int) -> Iterator[Happening]:
    rows = AuditEvent.objects.filter(object_type="customers.customer", object_id=str(customer.pk), at__lte=until)
    for event in rows.exclude(event__in=TOLD_ELSEWHERE).select_related("by").order_by("-pk")[:most]:
        on = event.at.astimezone(zone).date()
        title = event.event.partition(".")[2].replace("_", " ").capitalize()
        yield Happening("changes", on, event.at, "history", title, _difference(event), event.by.name)


def _difference(event: AuditEvent) -> str:
    """What changed, in words: “credit limit 5000 → 8000”."""
    before, after = event.before or {}, event.after or {}
    parts = [_changed(name, before, value) for name, value in after.items()]
    return "; ".join([*parts, event.reason] if event.reason else parts)


def _changed(name: str, before: dict[str, Any], value: Any) -> str:
    words = name.replace("_", " ")
    return f"{words} {before[name]} → {value}" if name in before else f"{words} {value}"


def _deliveries(customer: Customer, until: datetime, zone: ZoneInfo, most: int) -> Iterator[Happening]:
    """What the customer did with its links, and what was put into its portal."""
    used = LinkAccess.objects.filter(link__invoice__customer=customer, by=None, at__lte=until).exclude(kind="refused")
    for access in used.select_related("link__invoice").order_by("-pk")[:most]:
        invoice = access.link.invoice
        url = reverse("invoicing:invoice", args=[invoice.pk])
        title = f"{access.get_kind_display()}: {invoice.number}"
        yield Happening(
            "messages", access.at.astimezone(zone).date(), access.at, "eye", title, "Through the link", "", url, "ok"
        )
    steps = UploadStep.objects.filter(task__customer=customer, at__lte=until)
    for step in steps.select_related("by", "task__invoice", "task__credit_note").order_by("-pk")[:most]:
        title = f"{step.get_kind_display()}: {step.task.document.number}"
        url = reverse("invoicing:upload", args=[step.task_id])
        text = step.reference or step.reason
        on = step.at.astimezone(zone).date()
        yield Happening("messages", on, step.at, "upload", title, text, step.by.name, url)


def _messages_and_deliveries(customer: Customer, until: datetime, zone: ZoneInfo, most: int) -> Iterator[Happening]:
    yield from _messages(customer, until, zone, most)
    yield from _deliveries(customer, until, zone, most)


SOURCES = {
    "documents": _documents,
    "messages": _messages_and_deliveries,
    "calls": _calls,
    "cases": _cases,
    "notes": _notes,
    "files": _files,
    "corrections": _corrections,
    "changes": _changes,
}
