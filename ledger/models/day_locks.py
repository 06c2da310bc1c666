"""Days of an account at a bank that take nothing more, because their reconciliation is signed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed
from ledger.models.accounts import Account


class DayLock(ScopedModel):
    """Some days on which nothing more is posted to an account at a bank. Lifted, it stays on record."""

    entity_path: ClassVar[str] = "account__entity"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="day_locks")
    first_on = models.DateField()
    last_on = models.DateField()
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(db_default=Now(), editable=False)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("account", "-last_on")
        triggers: ClassVar = [
            frozen_columns(("account_id", "first_on", "last_on", "locked_by_id"), "locked days"),
            *never_removed("locked days"),
        ]
        constraints = (
            models.CheckConstraint(condition=Q(first_on__lte=F("last_on")), name="locked_days_end_after_they_begin"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="a_day_lock_is_lifted_whole",
            ),
            models.UniqueConstraint(
                fields=("account", "last_on"), condition=Q(lifted_at=None), name="a_day_is_locked_once"
            ),
        )
        indexes = (
            models.Index(fields=("account", "first_on"), condition=Q(lifted_at=None), name="day_locks_in_force"),
        )

    def __str__(self) -> str:
        return f"{self.account} to {self.last_on:%d %b %Y}"
