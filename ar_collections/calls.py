"""What a call can end in, and what follows. No database, no clock."""

from dataclasses import dataclass

from django.db import models

MOST_ATTEMPTS = 3
"""Attempts a day to reach a customer; then an e-mail is written."""
ANSWER_WITHIN = 1
"""Business days until a voicemail or missed call is returned."""


class CallOutcome(models.TextChoices):
    """How a call ended. Nothing is known yet of calls that only the telephone system told of."""

    UNKNOWN = "", "Not written down yet"
    NO_ANSWER = "no_answer", "No answer"
    BUSY = "busy", "Busy"
    VOICEMAIL_LEFT = "voicemail_left", "Left a voicemail"
    WRONG_NUMBER = "wrong_number", "Wrong number"
    NUMBER_INVALID = "number_invalid", "Number is dead"
    GATEKEEPER = "gatekeeper", "Not put through"
    LEFT_MESSAGE = "left_message", "Left a message with somebody"
    PROMISE = "promise", "Promise to pay"
    DISPUTE = "dispute", "Dispute"
    ALREADY_PAID = "already_paid", "Says it is paid"
    NEEDS_DOCUMENT = "needs_document", "Needs a document"
    REFUSES = "refuses", "Refuses to pay"
    CANNOT_PAY = "cannot_pay", "Cannot pay"
    CALLBACK = "callback", "Call back"
    SPOKE = "spoke", "Spoke"
    MISSED = "missed", "Missed call"
    VOICEMAIL = "voicemail", "Voicemail"


@dataclass(frozen=True, slots=True)
class Follows:
    """Whether the right person was reached, and what is done next, in words."""

    reached: bool
    next_step: str = ""
    tells_manager: bool = False


O = CallOutcome  # noqa: E741 - a table of outcomes
FOLLOWS = {
    O.UNKNOWN: Follows(False, "Write down how it ended"),
    O.NO_ANSWER: Follows(False, "Try again"),
    O.BUSY: Follows(False, "Try again"),
    O.VOICEMAIL_LEFT: Follows(False, "Try again"),
    O.WRONG_NUMBER: Follows(False, "Correct the contact"),
    O.NUMBER_INVALID: Follows(False, "Correct the contact"),
    O.GATEKEEPER: Follows(False, "Try again"),
    O.LEFT_MESSAGE: Follows(False, "Try again"),
    O.PROMISE: Follows(True, "Wait for the promise"),
    O.DISPUTE: Follows(True, "Resolve the dispute"),
    O.ALREADY_PAID: Follows(True, "Ask for the remittance and look for the money"),
    O.NEEDS_DOCUMENT: Follows(True, "Send the document"),
    O.REFUSES: Follows(True, "The manager decides", tells_manager=True),
    O.CANNOT_PAY: Follows(True, "The manager decides about a plan", tells_manager=True),
    O.CALLBACK: Follows(True, "Call back as agreed"),
    O.SPOKE: Follows(True),
    O.MISSED: Follows(False, "Call back"),
    O.VOICEMAIL: Follows(False, "Call back"),
}
UNREACHED = [outcome.value for outcome, follows in FOLLOWS.items() if not follows.reached]
REACHED = [outcome.value for outcome, follows in FOLLOWS.items() if follows.reached]
TO_RETURN = (O.MISSED, O.VOICEMAIL)
OF_PEOPLE = sorted(
    (outcome for outcome in O if outcome not in (O.UNKNOWN, *TO_RETURN)),
    key=lambda outcome: not FOLLOWS[outcome].reached,
)
"""What a person can write down, those outcomes first in which somebody was reached."""


def follows(outcome: str) -> Follows:
    """What follows an outcome."""
    return FOLLOWS[CallOutcome(outcome)]


def may_try(attempts: int, was_reached: bool) -> str:
    """Why nobody should call once more today, in a sentence; nothing when they may."""
    if was_reached or attempts < MOST_ATTEMPTS:
        return ""
    return f"{MOST_ATTEMPTS} attempts were made today. The follow-up e-mail is in the outbox; call again tomorrow."
