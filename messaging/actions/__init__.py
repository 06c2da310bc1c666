"""What people, rooms and the sender can do with messages."""

from messaging.actions.approvals import tell_approvers, tell_requesters
from messaging.actions.deciding import (
    AlreadyLeft,
    NotResendable,
    NotUnconfirmed,
    cancel_message,
    confirm_letters,
    confirm_message,
    release_message,
    resend_message,
)
from messaging.actions.printing import confirm_batch, join_letters, start_printing
from messaging.actions.queueing import Draft, queue_messages
from messaging.actions.reports import Report, record_report
from messaging.actions.sending import claim_messages, prepare_message, record_outcome, recover_messages, return_message
from messaging.actions.templates import change_template, take_up_wording

__all__ = [
    "AlreadyLeft",
    "Draft",
    "NotResendable",
    "NotUnconfirmed",
    "Report",
    "cancel_message",
    "change_template",
    "claim_messages",
    "confirm_batch",
    "confirm_letters",
    "confirm_message",
    "join_letters",
    "prepare_message",
    "queue_messages",
    "record_outcome",
    "record_report",
    "recover_messages",
    "release_message",
    "resend_message",
    "return_message",
    "start_printing",
    "take_up_wording",
    "tell_approvers",
    "tell_requesters",
]
