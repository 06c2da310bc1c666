"""The truth at the second of sending: what a notice still asks for, or why it must not leave any more."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from ar_collections.contact_hours import ContactHours
from ar_collections.ladder import EMAIL, LETTER, Reason, Stop, stop_of
from ar_collections.models import DunningNotice, NoticeLine
from ar_collections.queries.asked import day_of_message
from ar_collections.queries.case_facts import why_not_written_to
from ar_collections.queries.cases import Case, house_of, load_cases
from core import clock
from core.audit import audit
from core.models import LegalEntity, User
from core.money import Money
from core.permissions import require
from customers.models import lock
from messaging.actions import cancel_message
from messaging.models import Message

OVER = "Its day, {on:%d %b %Y}, was over before it left. The next review decides anew."
CLOSED = "It would have left outside the working hours of the customer's country. The next review decides anew."
COPY_CLOSED = "The copy would have left outside the working hours of the customer's country. Send it again then."
SOFTER = "What “{step}” was about is settled or stopped. The next review decides about the rest."
SETTLED = "Everything that it asked for is settled."
UNREACHED = "It reached nobody: {reason} The next review decides anew."
LOST = (Message.State.FAILED, Message.State.BOUNCED)
TOLD = (Message.State.SENDING, Message.State.SENT, Message.State.UNCONFIRMED, Message.State.TO_PRINT)
LONGEST = 300


@transaction.atomic
def check_notice(*, by: User, message: Message, at: datetime) -> str:
    """Ask once more; what is no longer true falls out of the text. Returns why nothing may leave, else nothing.

    The customer's row stays locked until the message is marked as leaving, so that nothing is posted in between.
    A copy that a person sends is asked like the mail itself, but for its day. Where another one of the notice has left,
    its record stays as it was told, and only the copy says less.
    """
    require(by, "collections.check_notice", message.entity)
    shown = ("step", "entity", "customer")
    notice = DunningNotice.objects.select_related(*shown).get(pk=message.context["notice"])
    customer = lock(notice.customer)
    notice.refresh_from_db(fields=["held_back"])
    case = next(load_cases(house_of(notice.entity), [customer.pk], on=day_of_message(message, notice, at)), None)
    lines = list(notice.lines.filter(fell_out="").select_related("item").order_by("pk"))
    is_copy = message.resend_of_id is not None

    reason = notice.held_back or _weigh(notice, lines, case, message, at)
    if reason:
        if not is_copy:
            hold_back_notice(by=by, notice=notice, reason=reason)
    elif not (is_copy and _another_left(message)):
        _leave_out(by, notice, lines, case)
    return reason


@transaction.atomic
def check_letter(*, by: User, message: Message, at: datetime) -> str:
    """Ask once more before a letter is put to the printer. What was written can't be shortened any more: it is right,
    or it is not printed, and the next review decides anew. Returns why it isn't, else nothing."""
    require(by, "collections.check_notice", message.entity)
    notice = DunningNotice.objects.select_related("step", "entity", "customer").get(pk=message.context["notice"])
    customer = lock(notice.customer)
    notice.refresh_from_db(fields=["held_back"])
    today = at.astimezone(notice.entity.zone).date()
    case = next(load_cases(house_of(notice.entity), [customer.pk], on=today), None)
    lines = list(notice.lines.filter(fell_out="").select_related("item").order_by("pk"))

    reason = notice.held_back or _changed(lines, case)
    if reason:
        hold_back_notice(by=by, notice=notice, reason=reason)
    return reason


@transaction.atomic
def hold_back_notice(*, by: User, notice: DunningNotice, reason: str) -> DunningNotice:
    """Write down that nothing of a notice is sent, and why. Its steps are free again for the next review."""
    require(by, "collections.check_notice", notice.entity)
    if notice.held_back:
        return notice

    notice.held_back, notice.held_back_at = reason[:LONGEST], clock.now()
    notice.save(update_fields=["held_back", "held_back_at"])
    notice.lines.filter(fell_out="").update(fell_out=notice.held_back)

    audit(by, "notice.held_back", notice, entity=notice.entity, reason=notice.held_back)
    return notice


@transaction.atomic
def hold_back_stale_notices(*, by: User, entity: LegalEntity, today: date) -> int:
    """Take back what did not leave on its day or reached nobody, so that today's review decides it anew."""
    require(by, "collections.hold_back_stale_notices", entity)
    late = DunningNotice.objects.filter(entity=entity, decided_on__lt=today, message__state=Message.State.QUEUED)
    waiting = Message.objects.select_for_update(no_key=True, skip_locked=True).filter(
        pk__in=late.values("message"), state=Message.State.QUEUED
    )
    messages = {message.pk: message for message in waiting}
    for notice in late.filter(message__in=list(messages)).select_related("entity", "step").order_by("pk"):
        reason = OVER.format(on=notice.decided_on)
        cancel_message(by=by, message=messages[notice.message_id or 0], reason=reason)
        hold_back_notice(by=by, notice=notice, reason=reason)
    lost = list(_lost(entity, today))
    for message in lost:
        reason = UNREACHED.format(reason=message.reason)
        hold_back_notice(by=by, notice=message.dunning_notice, reason=reason)
    return len(messages) + len(lost)


def _lost(entity: LegalEntity, today: date) -> QuerySet[Message]:
    """Mails of notices that failed or came back, and of which no copy went out since."""
    copies = Message.objects.filter(resend_of=OuterRef("pk")).exclude(state__in=(*LOST, Message.State.CANCELLED))
    rows = Message.objects.filter(dunning_notice__entity=entity, dunning_notice__held_back="", state__in=LOST)
    rows = rows.filter(~Exists(copies), dunning_notice__decided_on__lt=today)
    return rows.select_related("dunning_notice__entity", "dunning_notice__step").order_by("pk")


def _weigh(notice: DunningNotice, lines: list[NoticeLine], case: Case | None, message: Message, at: datetime) -> str:
    """Why nothing of it may leave: its hour, its way, or all that it is about."""
    if case is None:
        return SETTLED
    if reason := _out_of_hours(notice, message, case.hours, at):
        return reason
    if reason := _closed(message, case):
        return reason
    stops = {line.pk: _stop(line, case) for line in lines}
    left = [line for line in lines if stops[line.pk] is None]
    if not left:
        return "; ".join(dict.fromkeys(f"{line.item.number}: {stops[line.pk]}" for line in lines)) or SETTLED
    led = any(line.step_day is not None for line in lines)
    if led and all(line.step_day != notice.step.day for line in left):
        return SOFTER.format(step=notice.step.name)
    return ""


def _another_left(message: Message) -> bool:
    """Whether the customer was told, or may have been, by another message of the same notice."""
    told = Message.objects.filter(customer=message.customer_id, kind=message.kind, state__in=TOLD)
    return told.filter(context__notice=message.context["notice"]).exclude(pk=message.pk).exists()


def _changed(lines: Sequence[NoticeLine], case: Case | None) -> str:
    """What of a written letter is not true any more."""
    left = {item.key: item.left for item in case.items} if case else {}
    for line in lines:
        if (stop := _stop(line, case)) is not None:
            return f"{line.item.number}: {stop}"[:LONGEST]
        if left[line.item_id] < line.asked:
            now = Money(left[line.item_id], line.currency)
            return f"{line.item.number}: only {now} is to be asked for, and the letter says {line.money}."
    return "" if lines else SETTLED


def _ways(case: Case) -> frozenset[str]:
    """By the outbox's names: a letter is printed, and so is a mail to whom gets everything by post."""
    printed = {LETTER, EMAIL} if case.customer.delivery == case.customer.Delivery.PRINT else {LETTER}
    return case.party.open_ways | ({"print"} if case.party.open_ways & printed else set())


def _closed(message: Message, case: Case) -> str:
    """Why that way is closed. A copy goes to addresses that a person wrote, so contacts are not asked for."""
    if message.resend_of_id is not None:
        return why_not_written_to(case.customer.pk, message.channel, case.on)
    return "" if message.channel in _ways(case) else case.party.why_closed or "There is nobody to write to any more."


def _out_of_hours(notice: DunningNotice, message: Message, hours: ContactHours, at: datetime) -> str:
    if message.resend_of_id is not None:
        return "" if hours.may_write_at(at) else COPY_CLOSED
    if at.astimezone(notice.entity.zone).date() != notice.decided_on:
        return OVER.format(on=notice.decided_on)
    return "" if hours.may_write_at(at) else CLOSED


def _leave_out(by: User, notice: DunningNotice, lines: list[NoticeLine], case: Case | None) -> None:
    """What fell out is not in the text, and what is asked of the rest is what is left of it now."""
    left = {item.key: item.left for item in case.items} if case else {}
    for line in lines:
        if (stop := _stop(line, case)) is not None:
            line.fell_out = str(stop)[:LONGEST]
        else:
            line.asked = left[line.item_id]
    NoticeLine.objects.bulk_update(lines, ["fell_out", "asked"])
    if fallen := [f"{line.item.number}: {line.fell_out}" for line in lines if line.fell_out]:
        audit(by, "notice.shortened", notice, entity=notice.entity, reason="; ".join(fallen))


def _stop(line: NoticeLine, case: Case | None) -> Stop | None:
    items = {item.key: item for item in case.items} if case else {}
    item = items.get(line.item_id)
    if case is None or item is None:
        return Stop(Reason.SETTLED, "It is settled")
    return stop_of(item, case.party)
