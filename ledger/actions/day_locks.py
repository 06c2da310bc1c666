"""Locking days of an account at a bank, and unlocking them. Whoever signs or reopens a reconciliation does both."""

from datetime import date

from django.db import transaction

from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import User
from core.permissions import require
from ledger.models import Account, DayLock


class DaysNotLocked(Refused):
    """The account is none at a bank, or some of the days are locked already."""

    code = "days_not_locked"


@transaction.atomic
def lock_days(*, by: User, account: Account, first_on: date, last_on: date) -> DayLock:
    """Let nothing more be posted to an account at a bank on these days. Waits for what is being posted to it."""
    require(by, "ledger.lock_days", account.entity)
    account = Account.objects.select_for_update().select_related("entity").get(pk=account.pk)
    if account.role != Account.Role.BANK:
        raise DaysNotLocked(f"{account} is no account at a bank; only those are locked by the day.")
    locked = DayLock.objects.filter(account=account, lifted_at=None, first_on__lte=last_on, last_on__gte=first_on)
    if first := locked.order_by("last_on").first():
        raise DaysNotLocked(f"{account} is locked to {first.last_on:%d %b %Y} already.")

    lock = DayLock.objects.create(account=account, first_on=first_on, last_on=last_on, locked_by=by)
    audit(by, "days.locked", account, entity=account.entity, after={"first_on": first_on, "last_on": last_on})
    return lock


@transaction.atomic
def unlock_days(*, by: User, lock: DayLock, reason: str) -> DayLock:
    """Let days take postings again, which takes a reason."""
    require(by, "ledger.unlock_days", lock.account.entity)
    lock = DayLock.objects.select_for_update(of=("self",)).select_related("account__entity").get(pk=lock.pk)
    if lock.lifted_at is not None:
        return lock
    if not reason.strip():
        raise DaysNotLocked(f"Say why {lock} is opened again: auditors will ask.")

    lock.lifted_by, lock.lifted_at = by, clock.now()
    lock.save(update_fields=["lifted_by", "lifted_at"])
    before = {"first_on": lock.first_on, "last_on": lock.last_on}
    audit(by, "days.unlocked", lock.account, entity=lock.account.entity, before=before, reason=reason)
    return lock
