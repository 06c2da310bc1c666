"""The id of the request or task under way, so that log lines and audit events can be laid side by side."""

from contextvars import ContextVar
from uuid import uuid4

current: ContextVar[str] = ContextVar("o2c_request_id", default="")


def begin(given: str = "") -> str:
    """Take over an id that came with the request when it is well-formed, else make one."""
    usable = given if 8 <= len(given) <= 36 and given.replace("-", "").isalnum() else str(uuid4())
    current.set(usable)
    return usable
