"""Rates of exchange are everybody's: whoever records one keeps the books of all companies that convert by it."""

from datetime import date
from decimal import Decimal

import pytest

from core.actions import add_rates
from core.errors import NotAllowed
from core.models import AuditEvent, ExchangeRate, LegalEntity, RoleGrant, User
from core.rates import rate_on

DAY = date(2026, 5, 4)


def euro_in(currency: str, rate: str) -> ExchangeRate:
    return ExchangeRate(from_currency="EUR", to_currency=currency, rate=Decimal(rate), on=DAY, source="ECB")


def test_a_rate_that_only_one_company_uses_is_recorded_there(uk: LegalEntity, finance_manager: User) -> None:
    add_rates(by=finance_manager, entity=uk, rates=[euro_in("GBP", "0.85")])

    assert rate_on("EUR", "GBP", DAY) == Decimal("0.85")
    assert AuditEvent.objects.get(event="rates.added").entity == uk


def test_a_rate_of_another_companys_currency_is_not_recorded_without_a_say_there(
    uk: LegalEntity, de: LegalEntity, finance_manager: User, system: User
) -> None:
    with pytest.raises(NotAllowed, match="in Halden"):
        add_rates(by=finance_manager, entity=uk, rates=[euro_in("GBP", "85")])
    assert not ExchangeRate.objects.exists()

    RoleGrant.objects.create(user=finance_manager, entity=de, role="finance_manager", granted_by=system)
    both = User.objects.get(pk=finance_manager.pk)
    add_rates(by=both, entity=uk, rates=[euro_in("GBP", "0.85")])
    assert rate_on("EUR", "GBP", DAY) == Decimal("0.85")
