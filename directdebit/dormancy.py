"""How long a mandate was not used, and what that means to its scheme. Pure."""

from calendar import monthrange
from datetime import date
from enum import Enum

from directdebit.models import Mandate
from directdebit.schemes import RULES

MONTHS_BEFORE = 2


class Dormancy(Enum):
    """What disuse has come to."""

    USED = "used"
    WARNED = "warned"
    LAPSED = "lapsed"


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def lapses_on(mandate: Mandate) -> date | None:
    """The day on which its bank may forget it, counted from its last use, else from when it was lodged or signed."""
    months = mandate.creditor.rules.dormant_months
    start = mandate.last_collected_on or mandate.lodged_on or mandate.signed_on
    return months_after(start, months) if months else None


def unused_since(scheme: str, as_of: date) -> date | None:
    """Mandates of a scheme that were last used on this day or before lapse within two months."""
    months = RULES[scheme].dormant_months
    return months_after(as_of, MONTHS_BEFORE - months) if months else None


def dormancy_of(mandate: Mandate, as_of: date) -> Dormancy:
    """Whether to warn of a mandate's end, or whether it has come."""
    rules = mandate.creditor.rules
    start = mandate.last_collected_on or mandate.lodged_on or mandate.signed_on
    if not rules.dormant_months:
        return Dormancy.USED
    if as_of >= months_after(start, rules.dormant_months):
        return Dormancy.LAPSED
    return Dormancy.WARNED if as_of >= months_after(start, rules.warn_months) else Dormancy.USED
