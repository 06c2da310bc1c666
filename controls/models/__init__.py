"""Authority limits, the use made of them, and requests for approval."""

from controls.models.authority import Authority, AuthorityLimit, AuthorityUse
from controls.models.requests import ApprovalRequest

__all__ = ["ApprovalRequest", "Authority", "AuthorityLimit", "AuthorityUse"]
