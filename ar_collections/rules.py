"""What a company has settled about promises, calls and the worklist. Pure.

The figures here count until somebody changes them on the page of rules.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The figures in force. Shares are parts of one."""

    grace_days: int = 1
    """Business days that a promised payment may be on its way."""
    kept_from: Decimal = Decimal("0.99")
    """Share of the amount from which a promise counts as kept."""
    most_in_a_row: int = 2
    """Promises about one document that a collector takes; the next one is a manager's."""
    latest_after_due: int = 60
    """Days after the due date to which people promise; later, a manager has to agree …"""
    soon_days: int = 14
    """… unless it is paid within so many days."""
    daily_target: int = 75
    """Different customers whom a collector calls on a day."""
    risk_to_30: Decimal = Decimal("0.15")
    """Share of what is overdue by up to 30 days that mostly isn't paid without being asked for."""
    risk_to_60: Decimal = Decimal("0.35")
    risk_to_90: Decimal = Decimal("0.55")
    risk_beyond: Decimal = Decimal("0.80")

    @property
    def risks(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """The shares by age, the youngest first."""
        return self.risk_to_30, self.risk_to_60, self.risk_to_90, self.risk_beyond

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Every figure."""
        return tuple(cls.__dataclass_fields__)

    @classmethod
    def of(cls, row: object) -> Self:
        """The figures as a row, or anything else that has them, holds them."""
        return cls(**{name: getattr(row, name) for name in cls.names()})
