"""What people do about a customer's account: send statements, open, assign and close disputes."""

from ar_collections.actions.disputes import (
    Claim,
    Closing,
    NotDisputable,
    Task,
    assign_dispute,
    close_dispute,
    open_dispute,
)
from ar_collections.actions.statements import NothingToState, send_statement

__all__ = [
    "Claim",
    "Closing",
    "NotDisputable",
    "NothingToState",
    "Task",
    "assign_dispute",
    "close_dispute",
    "open_dispute",
    "send_statement",
]
