"""What a mail server can have said about one message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Verdict(Enum):
    """How handing over a message ended."""

    TAKEN = "taken"
    """The server has it now. Some of the addresses may have been refused."""

    POSTPONED = "postponed"
    """Nothing left, and the server may take it later."""

    REFUSED = "refused"
    """Nothing left: the server knows none of the addresses."""

    FAILED = "failed"
    """Nothing left, and trying again would end the same."""

    UNKNOWN = "unknown"
    """The connection broke while the server was taking the message: it may or may not have left."""


@dataclass(frozen=True)
class Outcome:
    """The server's answer, in its own words."""

    verdict: Verdict
    detail: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
