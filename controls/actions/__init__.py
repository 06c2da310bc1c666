"""Setting limits, using them, and asking for and giving approval."""

from controls.actions.limits import (
    AboveAuthority,
    end_limit,
    return_authority,
    set_limit,
    set_up_limits,
    use_authority,
    use_authority_for_many,
)
from controls.actions.requests import (
    AlreadyAsked,
    RequestClosed,
    approve_request,
    decline_request,
    request_approval,
    withdraw_request,
)

__all__ = [
    "AboveAuthority",
    "AlreadyAsked",
    "RequestClosed",
    "approve_request",
    "decline_request",
    "end_limit",
    "request_approval",
    "return_authority",
    "set_limit",
    "set_up_limits",
    "use_authority",
    "use_authority_for_many",
    "withdraw_request",
]
