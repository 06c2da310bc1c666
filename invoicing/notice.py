"""By when notice has to be given, and which term comes next. Pure."""

from datetime import date, timedelta

from invoicing.cycles import ONE_DAY, Days, months_after
from invoicing.models import Contract


def latest_notice_on(contract: Contract) -> date | None:
    """The last day on which notice ends the contract with its term; None where it has no end."""
    return contract.ends_on - timedelta(days=contract.notice_days) if contract.ends_on else None


def next_term(contract: Contract) -> Days | None:
    """The days that a renewal adds."""
    if contract.ends_on is None:
        return None
    starts_on = contract.ends_on + ONE_DAY
    return Days(starts_on, months_after(starts_on, contract.renewal_months or 12) - ONE_DAY)
