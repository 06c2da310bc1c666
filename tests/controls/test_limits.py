"""Up to which amount somebody decides alone."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from controls.actions import AboveAuthority, end_limit, set_limit, set_up_limits, use_authority
from controls.actions.limits import STANDARD_LIMITS
from controls.models import Authority, AuthorityLimit, AuthorityUse
from controls.queries import limit_of, reach_of
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, ExchangeRate, LegalEntity, User
from core.money import Money, money

CREDIT_NOTE = Authority.CREDIT_NOTE


def use(by: User, uk: LegalEntity, amount: str, on: date, customer: str = "customer:1") -> AuthorityUse:
    return use_authority(
        by=by,
        entity=uk,
        kind=CREDIT_NOTE,
        amount=money(amount),
        counts_with=customer,
        subject_label="CN-2026-00001",
        on=on,
    )


def limit(by: User, uk: LegalEntity, currency: str = "GBP", kind: Authority = CREDIT_NOTE) -> Money | None:
    return limit_of(by=by, entity=uk, kind=kind, currency=currency)


def test_a_new_company_starts_with_the_standard_limits(
    uk: LegalEntity, limits: None, clerk: User, collector: User, manager: User, finance_manager: User
) -> None:
    assert limit(clerk, uk) == money("0.00 GBP")
    assert limit(clerk, uk, kind=Authority.SMALL_DIFFERENCE) == money("5.00 GBP")
    assert limit(collector, uk, kind=Authority.SMALL_DIFFERENCE) == money("0.00 GBP")
    assert limit(manager, uk) == money("10000.00 GBP")
    assert limit(finance_manager, uk) is None


def test_setting_up_twice_changes_nothing(uk: LegalEntity, limits: None, system: User) -> None:
    assert set_up_limits(by=system, entity=uk) == []
    assert AuthorityLimit.objects.count() == len(STANDARD_LIMITS)


def test_a_limit_of_ones_own_goes_before_the_roles(
    uk: LegalEntity, limits: None, manager: User, finance_manager: User
) -> None:
    set_limit(by=finance_manager, entity=uk, kind=CREDIT_NOTE, currency="GBP", amount=Decimal(250), person=manager)

    assert limit(manager, uk) == money("250.00 GBP")


def test_a_limit_in_the_documents_currency_goes_before_the_entitys(
    uk: LegalEntity, limits: None, manager: User, finance_manager: User
) -> None:
    set_limit(
        by=finance_manager, entity=uk, kind=CREDIT_NOTE, currency="JPY", amount=Decimal(1_500_000), role="ar_manager"
    )

    assert limit(manager, uk, "JPY") == money("1500000 JPY")
    assert limit(manager, uk, "USD") == money("10000.00 GBP")


def test_an_amount_in_another_currency_is_held_against_the_limit_at_the_days_rate(
    uk: LegalEntity, limits: None, manager: User, may: Callable[[int], date]
) -> None:
    ExchangeRate.objects.create(from_currency="USD", to_currency="GBP", on=may(1), rate=Decimal("0.8"), source="Test")

    use(manager, uk, "12500.00 USD", may(4))
    with pytest.raises(AboveAuthority, match=r"12,500\.01 USD is above your limit of 10,000\.00 GBP"):
        use(manager, uk, "12500.01 USD", may(4), "customer:2")


def test_splitting_an_amount_doesnt_help(
    uk: LegalEntity, limits: None, manager: User, may: Callable[[int], date]
) -> None:
    use(manager, uk, "6000.00 GBP", may(4))

    with pytest.raises(AboveAuthority, match=r"of which 6,000\.00 GBP were used in the last 90 days"):
        use(manager, uk, "4000.01 GBP", may(5))
    use(manager, uk, "4000.00 GBP", may(5))
    use(manager, uk, "10000.00 GBP", may(5), "customer:2")


def test_what_was_used_counts_for_ninety_days(uk: LegalEntity, limits: None, manager: User) -> None:
    use(manager, uk, "6000.00 GBP", date(2026, 1, 1))

    for day, used in ((date(2026, 3, 31), "6000.00 GBP"), (date(2026, 4, 1), "0.00 GBP")):
        reach = reach_of(by=manager, entity=uk, kind=CREDIT_NOTE, currency="GBP", counts_with="customer:1", as_of=day)
        assert reach.used == money(used)


def test_an_ended_limit_leaves_nothing_to_decide(
    uk: LegalEntity, limits: None, manager: User, finance_manager: User, may: Callable[[int], date]
) -> None:
    held = AuthorityLimit.objects.get(kind=CREDIT_NOTE, role="ar_manager")

    end_limit(by=finance_manager, limit=held, reason="Reorganised.")
    end_limit(by=finance_manager, limit=held, reason="Reorganised.")

    assert limit(manager, uk) == money("0.00 GBP")
    assert AuditEvent.objects.filter(event="limit.ended").count() == 1


def test_a_changed_limit_leaves_the_old_one_on_record(uk: LegalEntity, limits: None, finance_manager: User) -> None:
    set_limit(
        by=finance_manager,
        entity=uk,
        kind=CREDIT_NOTE,
        currency="GBP",
        amount=Decimal(20_000),
        role="ar_manager",
        reason="Bigger contracts.",
    )

    held = AuthorityLimit.objects.filter(kind=CREDIT_NOTE, role="ar_manager").order_by("pk")
    assert [(row.amount, row.ended_at is None) for row in held] == [(Decimal(10_000), False), (Decimal(20_000), True)]
    event = AuditEvent.objects.filter(event="limit.set").latest("pk")
    assert event.before == {"amount": "10000.000", "currency": "GBP"}
    assert event.reason == "Bigger contracts."


def test_nobody_sets_their_own_limit(uk: LegalEntity, finance_manager: User) -> None:
    with pytest.raises(Refused, match="your own limit"):
        set_limit(
            by=finance_manager,
            entity=uk,
            kind=CREDIT_NOTE,
            currency="GBP",
            amount=None,
            person=finance_manager,
        )


def test_nobody_raises_the_limit_of_their_own_role(
    uk: LegalEntity, limits: None, system: User, finance_manager: User
) -> None:
    def limited_to(amount: int | None) -> AuthorityLimit:
        kind, asked = CREDIT_NOTE, None if amount is None else Decimal(amount)
        return set_limit(by=finance_manager, entity=uk, kind=kind, currency="GBP", amount=asked, role="finance_manager")

    lowered = limited_to(20_000)
    for amount in (20_001, None):
        with pytest.raises(Refused, match="nor raise or end that of a role of yours"):
            limited_to(amount)
    with pytest.raises(Refused, match="nor raise or end"):
        end_limit(by=finance_manager, limit=lowered, reason="Too low.")

    assert limit(finance_manager, uk) == money("20000.00 GBP")


def test_nobody_ends_the_limit_that_holds_them_below_their_role(
    uk: LegalEntity, limits: None, system: User, finance_manager: User
) -> None:
    held = set_limit(by=system, entity=uk, kind=CREDIT_NOTE, currency="GBP", amount=Decimal(10), person=finance_manager)

    with pytest.raises(Refused, match="your own limit"):
        end_limit(by=finance_manager, limit=held, reason="Too low.")


def test_a_manager_may_not_set_limits(uk: LegalEntity, manager: User) -> None:
    with pytest.raises(NotAllowed, match="may not change authority limits"):
        set_limit(by=manager, entity=uk, kind=CREDIT_NOTE, currency="GBP", amount=None, role="ar_manager")


def test_a_limit_for_somebody_of_another_company_is_refused(
    uk: LegalEntity, finance_manager: User, stranger: User
) -> None:
    with pytest.raises(Refused, match="holds no role in Brightwater"):
        set_limit(by=finance_manager, entity=uk, kind=CREDIT_NOTE, currency="GBP", amount=Decimal(1), person=stranger)


def test_the_database_keeps_limits_and_uses_as_they_were(
    uk: LegalEntity, limits: None, manager: User, may: Callable[[int], date]
) -> None:
    used = use(manager, uk, "6000.00 GBP", may(4))

    with pytest.raises(DatabaseError, match="keep what they were made with"), transaction.atomic():
        AuthorityLimit.objects.filter(kind=CREDIT_NOTE).update(amount=1)
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        AuthorityUse.objects.filter(pk=used.pk).update(amount=1)


def test_a_limit_is_for_a_role_or_a_person_never_both(uk: LegalEntity, manager: User, system: User) -> None:
    with pytest.raises(IntegrityError, match="a_limit_is_for_a_role_or_a_person"):
        AuthorityLimit.objects.create(
            entity=uk, kind=CREDIT_NOTE, currency="GBP", role="ar_manager", person=manager, set_by=system
        )
