"""On which day money counts that the bank booked on a day which is signed meanwhile."""

from datetime import date, timedelta
from functools import cached_property

from django.db.models import Max, Min

from core.models import BankAccount, LegalEntity
from ledger.models import DayLock


class OpenDays:
    """The signed days of an entity's accounts at banks, asked once for a batch.

    Days are signed without gaps, so the first and the last of them say it all.
    """

    def __init__(self, entity: LegalEntity) -> None:
        self.entity = entity

    @cached_property
    def _signed(self) -> dict[int | None, tuple[date, date]]:
        rows = DayLock.objects.filter(account__entity=self.entity, lifted_at=None).order_by("account__bank_account")
        spans = rows.values_list("account__bank_account").annotate(Min("first_on"), Max("last_on"))
        return {account: (first_on, last_on) for account, first_on, last_on in spans}

    def from_day(self, account: BankAccount | None, day: date) -> date:
        """The day itself, or the first after the signed ones."""
        first_on, last_on = self._signed.get(account.pk if account else None, (date.max, date.min))
        return last_on + timedelta(days=1) if first_on <= day <= last_on else day
