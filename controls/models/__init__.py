"""Authority limits, the use made of them and given back, and requests for approval."""

from controls.models.authority import Authority, AuthorityLimit, AuthorityReturn, AuthorityUse
from controls.models.requests import ApprovalRequest

__all__ = ["ApprovalRequest", "Authority", "AuthorityLimit", "AuthorityReturn", "AuthorityUse"]
