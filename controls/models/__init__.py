"""Authority limits, the use made of them and given back, requests for approval, and policies."""

from controls.models.authority import Authority, AuthorityLimit, AuthorityReturn, AuthorityUse
from controls.models.policies import Policy, PolicyReading, PolicyVersion
from controls.models.requests import ApprovalRequest

__all__ = [
    "ApprovalRequest",
    "Authority",
    "AuthorityLimit",
    "AuthorityReturn",
    "AuthorityUse",
    "Policy",
    "PolicyReading",
    "PolicyVersion",
]
