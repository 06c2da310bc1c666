"""What exists on the ground floor."""

from core.models.audit import AuditEvent
from core.models.calendar import NonWorkingDay
from core.models.entities import BankAccount, LegalEntity
from core.models.files import StoredFile
from core.models.modulus import ModulusIssue
from core.models.people import ApiToken, IdempotencyRecord, RoleGrant, SavedView, User
from core.models.rates import ExchangeRate
from core.models.runs import Run, RunError
from core.models.series import NumberSeries

__all__ = [
    "ApiToken",
    "AuditEvent",
    "BankAccount",
    "ExchangeRate",
    "IdempotencyRecord",
    "LegalEntity",
    "ModulusIssue",
    "NonWorkingDay",
    "NumberSeries",
    "RoleGrant",
    "Run",
    "RunError",
    "SavedView",
    "StoredFile",
    "User",
]
