"""What people do about a customer's account: send statements, open and close disputes."""

from ar_collections.actions.disputes import Claim, Closing, NotDisputable, close_dispute, open_dispute
from ar_collections.actions.statements import NothingToState, send_statement

__all__ = [
    "Claim",
    "Closing",
    "NotDisputable",
    "NothingToState",
    "close_dispute",
    "open_dispute",
    "send_statement",
]
