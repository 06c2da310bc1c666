"""What a sender does with a message: claim, prepare, record. Each step is its own transaction.

A sender may act on a message only while the row says that the claim is its own. So a sender that was believed dead and
comes back finds that the message isn't its any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core.audit import audit
from core.errors import NotAllowed, Refused
from core.models import StoredFile, User
from customers.queries.data_quality import bounced_addresses
from messaging.actions.templates import take_up_wording
from messaging.kinds import context_of, kind_named
from messaging.mime import compose
from messaging.models import DeliveryEvent, Message, MessageAttachment
from messaging.outcomes import Outcome, Verdict
from messaging.rendering import render
from messaging.templates import wording_of

State = Message.State
Happened = DeliveryEvent.Kind
LEASE = timedelta(minutes=10)
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480)]
DEADLY = "Every sender that prepared this message stopped at it."
BOUNCED = "Mail to {address} comes back since {on}: correct the address of the contact, or free it with a reason."
LOST = "The sender stopped while it handed the message over, so nobody knows whether it left."


@dataclass(frozen=True)
class Prepared:
    """A message that stands at “sending”, and the bytes to hand over."""

    message: Message
    content: bytes


@transaction.atomic
def claim_messages(*, by: User, sender: str, at: datetime, limit: int) -> list[Message]:
    """Take messages whose time has come; those that another sender is taking are passed over."""
    _require_system(by)
    due = Message.objects.filter(state=State.QUEUED, not_before__lte=at).order_by("not_before", "pk")
    claimed = list(due.select_for_update(skip_locked=True, no_key=True)[:limit])
    for message in claimed:
        message.state, message.claimed_by, message.claimed_at = State.CLAIMED, sender, at
    Message.objects.bulk_update(claimed, ["state", "claimed_by", "claimed_at"])
    return claimed


@transaction.atomic
def prepare_message(*, by: User, message: Message, sender: str, at: datetime) -> Prepared | None:
    """Ask once more whether the message is still true, write it, and commit that it is about to leave."""
    _require_system(by)
    held = _held(message, sender, State.CLAIMED)
    if held is None:
        return None
    kind = kind_named(held.kind)
    if reason := kind.still_true(held):
        _move(by, held, State.CANCELLED, Happened.CANCELLED, reason)
        return None

    if not _leave_out_bounced(by, held):
        return None
    _write(by, held)
    files = _attach(held, kind.attachments(held))
    if held.channel == Message.Channel.PRINT:
        _move(by, held, State.TO_PRINT, Happened.READY)
        return None
    held.attempts += 1
    held.claimed_at = at
    content = compose(held, files)
    _blank_out(held, kind.secrets(held))
    _move(by, held, State.SENDING, Happened.HANDED_OVER, ", ".join((*held.to_addresses, *held.cc_addresses)))
    return Prepared(held, content)


@transaction.atomic
def record_outcome(*, by: User, message: Message, sender: str, outcome: Outcome, at: datetime) -> Message | None:
    """Write down what the mail server said. An answer that comes after all lifts “unconfirmed”, too."""
    _require_system(by)
    held = _held(message, sender, State.SENDING, State.UNCONFIRMED)
    if held is None:
        return None
    for address, answer in outcome.refused.items():
        _log(by, held, Happened.REFUSED, answer, address=address)

    if outcome.verdict is Verdict.TAKEN:
        held.sent_at = at
        _move(by, held, State.SENT, Happened.SENT, outcome.detail)
    elif outcome.verdict is Verdict.POSTPONED and held.attempts <= len(RETRY_AFTER):
        _postpone(by, held, outcome.detail, at)
    elif outcome.verdict is Verdict.UNKNOWN:
        _move(by, held, State.UNCONFIRMED, Happened.LOST, outcome.detail)
    elif outcome.verdict is Verdict.REFUSED:
        _move(by, held, State.BOUNCED, Happened.BOUNCED, outcome.detail)
    else:
        _move(by, held, State.FAILED, Happened.FAILED, outcome.detail)

    _audit_trouble(by, held, outcome)
    return held


@transaction.atomic
def return_message(*, by: User, message: Message, sender: str, error: Exception, at: datetime) -> Message | None:
    """Put back a message that could not be written. What is refused stays refused; anything else is tried again."""
    _require_system(by)
    held = _held(message, sender, State.CLAIMED)
    if held is None:
        return None
    held.attempts += 1
    detail = error.message if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
    if isinstance(error, Refused) or held.attempts > len(RETRY_AFTER):
        _move(by, held, State.FAILED, Happened.FAILED, detail)
        audit(by, "message.failed", held, entity=held.entity, reason=detail)
    else:
        _postpone(by, held, detail, at)
    return held


@transaction.atomic
def recover_messages(*, by: User, at: datetime) -> list[Message]:
    """After a sender's death: what it only held is free again; what it was handing over waits for a person."""
    _require_system(by)
    lost = Message.objects.filter(state__in=(State.CLAIMED, State.SENDING), claimed_at__lt=at - LEASE)
    found = list(lost.select_for_update(skip_locked=True, no_key=True).order_by("pk")[:1000])
    for message in found:
        if message.state == State.CLAIMED:
            _free(by, message, at)
        else:
            _move(by, message, State.UNCONFIRMED, Happened.LOST, LOST)
            audit(by, "message.lost", message, entity=message.entity, reason=LOST)
    return found


def _require_system(by: User) -> None:
    if not by.is_system:
        raise NotAllowed("Only the sender itself takes messages out of the outbox.")


def _held(message: Message, sender: str, *states: str) -> Message | None:
    mine = Message.objects.filter(pk=message.pk, claimed_by=sender, state__in=states)
    return mine.select_for_update(of=("self",), no_key=True).select_related("entity", "customer").first()


def _write(by: User, message: Message) -> None:
    worded_at = kind_named(message.kind).worded_at(message)
    version = take_up_wording(by=by, entity=message.entity, kind=message.kind, language=message.language, at=worded_at)
    written = render(wording_of(version), message.entity, version.template.language, context_of(message))
    message.subject, message.text, message.html = written.subject, written.text, written.html
    message.template_version = version


def _leave_out_bounced(by: User, message: Message) -> bool:
    """Write to nobody whose address returned mail and wasn't put right yet; False when nobody is left."""
    if message.channel == Message.Channel.PRINT or message.customer is None:
        return True
    bounced = bounced_addresses(message.customer, (*message.to_addresses, *message.cc_addresses))
    if not bounced:
        return True
    told = [BOUNCED.format(address=address, on=f"{task.opened_at:%d %B %Y}") for address, task in bounced.items()]
    left = [address for address in message.to_addresses if address not in bounced]
    if not left:
        _move(by, message, State.FAILED, Happened.FAILED, " ".join(told))
        audit(by, "message.failed", message, entity=message.entity, reason=" ".join(told))
        return False
    message.to_addresses = left
    message.cc_addresses = [address for address in message.cc_addresses if address not in bounced]
    for (address, _), sentence in zip(bounced.items(), told, strict=True):
        _log(by, message, Happened.REFUSED, sentence, address=address)
    return True


def _blank_out(message: Message, secrets: Sequence[str]) -> None:
    for secret in secrets:
        message.text, message.html = message.text.replace(secret, "…"), message.html.replace(secret, "…")


def _attach(message: Message, made: Sequence[StoredFile]) -> list[StoredFile]:
    """The files that it was queued with, then those that its kind makes. A new try makes them anew."""
    message.attachments.filter(is_made=True).delete()
    MessageAttachment.objects.bulk_create(
        [MessageAttachment(message=message, file=file, is_made=True) for file in made]
    )
    return [attachment.file for attachment in message.attachments.select_related("file")]


def _postpone(by: User, message: Message, detail: str, at: datetime) -> None:
    message.not_before = at + RETRY_AFTER[min(message.attempts, len(RETRY_AFTER)) - 1]
    message.claimed_by = ""
    _move(by, message, State.QUEUED, Happened.POSTPONED, detail)


def _free(by: User, message: Message, at: datetime) -> None:
    """Queue it again; but a message at which sender after sender dies is given up."""
    message.attempts += 1
    if message.attempts > len(RETRY_AFTER):
        _move(by, message, State.FAILED, Happened.FAILED, DEADLY)
        audit(by, "message.failed", message, entity=message.entity, reason=DEADLY)
    else:
        _postpone(by, message, "The sender stopped before anything had left.", at)


def _move(by: User, message: Message, state: str, happened: str, detail: str = "") -> None:
    message.state = state
    message.reason = detail if state not in {State.SENT, State.SENDING} else ""
    message.save()
    _log(by, message, happened, detail)


def _log(by: User, message: Message, happened: str, detail: str, *, address: str = "") -> None:
    DeliveryEvent.objects.create(message=message, kind=happened, detail=detail, address=address, by=by)


def _audit_trouble(by: User, message: Message, outcome: Outcome) -> None:
    events = {
        State.FAILED: "message.failed",
        State.BOUNCED: "message.bounced",
        State.UNCONFIRMED: "message.lost",
    }
    event = events.get(State(message.state)) or ("message.address_refused" if outcome.refused else "")
    if event:
        after = {"refused": dict(outcome.refused)} if outcome.refused else None
        audit(by, event, message, entity=message.entity, after=after, reason=outcome.detail)
