"""What people decide about messages: not to send one, to send it again, or what became of one that was lost."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from core import clock
from core.audit import audit, audit_many
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from messaging.addresses import checked, new_message_id
from messaging.kinds import kind_named
from messaging.models import DeliveryEvent, Message, MessageAttachment
from messaging.models.messages import key_of

State = Message.State
Happened = DeliveryEvent.Kind


class AlreadyLeft(Refused):
    """The message is past the point at which it could be held back."""

    code = "already_left"


class NotUnconfirmed(Refused):
    """Nobody has to decide anything about the message."""

    code = "not_unconfirmed"


class NotResendable(Refused):
    """It isn't known yet what became of the message, or it has no address."""

    code = "not_resendable"


@transaction.atomic
def cancel_message(*, by: User, message: Message, reason: str = "") -> Message:
    """Hold back a message that has not left yet."""
    require(by, "messaging.cancel_message", message.entity)
    message = _locked(message)
    if message.state == State.CANCELLED:
        return message
    if not message.may_be_cancelled:
        raise AlreadyLeft(f"{_name(message)} is {message.get_state_display().lower()} and can't be held back any more.")

    _decide(by, message, State.CANCELLED, Happened.CANCELLED, reason or f"Held back by {by.name}.")

    audit(by, "message.cancelled", message, entity=message.entity, reason=reason)
    return message


@transaction.atomic
def confirm_message(*, by: User, message: Message, reason: str) -> Message:
    """Record that an unconfirmed message did leave, as the mail server's log or the customer says."""
    require(by, "messaging.confirm_message", message.entity)
    message = _locked(message)
    if message.state == State.SENT:
        return message
    _refuse_unless_unconfirmed(message, reason)

    message.sent_at = message.claimed_at
    _decide(by, message, State.SENT, Happened.CONFIRMED, reason)

    audit(by, "message.confirmed", message, entity=message.entity, reason=reason)
    return message


@transaction.atomic
def release_message(*, by: User, message: Message, reason: str) -> Message:
    """Send an unconfirmed message after all, because it is known not to have left. It keeps its Message-ID."""
    require(by, "messaging.release_message", message.entity)
    message = _locked(message)
    if message.state == State.QUEUED:
        return message
    _refuse_unless_unconfirmed(message, reason)

    message.claimed_by, message.not_before = "", clock.now()
    _decide(by, message, State.QUEUED, Happened.RELEASED, reason)

    audit(by, "message.released", message, entity=message.entity, reason=reason)
    return message


@transaction.atomic
def resend_message(*, by: User, message: Message, to: Sequence[str], request_id: UUID) -> Message:
    """Send another copy, to these addresses; the same request gives the same copy."""
    require(by, "messaging.resend_message", message.entity)
    message = _locked(message)
    key = key_of(message.customer, message.kind, f"resend:{request_id}")
    if done := Message.objects.filter(entity=message.entity, key=key).first():
        return done
    addresses = checked(to)
    if not message.may_be_resent:
        raise NotResendable(f"{_name(message)} is {message.get_state_display().lower()}; wait until that is settled.")
    if not addresses:
        raise NotResendable(f"Write at least one address to send {_name(message)} to.")

    copy = _copy(by, message, key, addresses)

    _log(by, message, Happened.RESENT, ", ".join(addresses))
    audit(by, "message.resent", message, entity=message.entity, after={"to": addresses, "copy": copy.pk})
    return copy


@transaction.atomic
def confirm_letters(*, by: User, entity: LegalEntity, messages: Sequence[Message]) -> list[Message]:
    """Tick off letters that were printed and posted."""
    require(by, "messaging.confirm_letters", entity)
    chosen = Message.objects.filter(entity=entity, pk__in=[message.pk for message in messages], state=State.TO_PRINT)
    letters = list(chosen.select_for_update(no_key=True).order_by("pk"))

    for letter in letters:
        letter.state, letter.sent_at = State.SENT, clock.now()
    Message.objects.bulk_update(letters, ["state", "sent_at"])
    DeliveryEvent.objects.bulk_create(
        [DeliveryEvent(message=letter, kind=Happened.PRINTED, by=by) for letter in letters]
    )

    audit_many(by, "letter.confirmed", letters, entity=entity)
    return letters


def _locked(message: Message) -> Message:
    rows = Message.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("entity", "customer").get(pk=message.pk)


def _refuse_unless_unconfirmed(message: Message, reason: str) -> None:
    if message.state != State.UNCONFIRMED:
        state = message.get_state_display().lower()
        raise NotUnconfirmed(f"{_name(message)} is {state}; there is nothing to decide about it.")
    if not reason.strip():
        raise Refused("Say how you know, so that the next person does, too.")


def _decide(by: User, message: Message, state: str, happened: str, reason: str) -> None:
    message.state = state
    message.reason = reason if state == State.CANCELLED else ""
    message.save()
    _log(by, message, happened, reason)


def _copy(by: User, message: Message, key: str, addresses: list[str]) -> Message:
    copy = Message.objects.create(
        entity=message.entity,
        kind=message.kind,
        key=key,
        customer=message.customer,
        channel=Message.Channel.EMAIL,
        language=message.language,
        to_addresses=addresses,
        to_name=message.to_name if addresses == message.to_addresses else "",
        reply_to=message.reply_to,
        document=message.document,
        document_url=message.document_url,
        context=message.context,
        queued_by=by,
        not_before=kind_named(message.kind).may_leave_from(message, clock.now()),
        message_id=new_message_id(),
        resend_of=message,
    )
    queued_with = message.attachments.filter(is_made=False)
    MessageAttachment.objects.bulk_create([MessageAttachment(message=copy, file=row.file) for row in queued_with])
    return copy


def _log(by: User, message: Message, happened: str, detail: str) -> None:
    DeliveryEvent.objects.create(message=message, kind=happened, detail=detail, by=by)


def _name(message: Message) -> str:
    name = str(message)
    return name[:1].upper() + name[1:]
