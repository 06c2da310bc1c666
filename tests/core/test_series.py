"""Numbers have no gaps, whatever fails and however many take them at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from core import clock
from core.actions import change_series
from core.actions.series import SeriesInUse
from core.errors import NotAllowed, Refused
from core.models import LegalEntity, User
from core.series import NoSuchSeries, take_numbers
from core.views.series import next_of

MAY = date(2026, 5, 4)


def test_numbers_follow_each_other_and_start_anew_each_year(uk: LegalEntity) -> None:
    assert take_numbers(uk, "invoice", MAY, 2) == ["INV-2026-000001", "INV-2026-000002"]
    assert take_numbers(uk, "invoice", MAY) == ["INV-2026-000003"]
    assert take_numbers(uk, "invoice", date(2027, 1, 1)) == ["INV-2027-000001"]


def test_each_company_counts_for_itself(uk: LegalEntity, de: LegalEntity) -> None:
    take_numbers(uk, "invoice", MAY)

    assert take_numbers(de, "invoice", MAY) == ["INV-2026-000001"]


def test_a_failed_transaction_gives_its_numbers_back(uk: LegalEntity) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take_numbers(uk, "invoice", MAY, 5)
        raise ZeroDivisionError

    assert take_numbers(uk, "invoice", MAY) == ["INV-2026-000001"]


@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_get_different_numbers_without_a_gap(uk: LegalEntity) -> None:
    def take(_: int) -> list[str]:
        try:
            with transaction.atomic():
                return take_numbers(uk, "invoice", MAY, 3)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = [number for numbers in pool.map(take, range(16)) for number in numbers]

    assert sorted(taken) == [f"INV-2026-{n:06d}" for n in range(1, 49)]


def test_a_series_can_look_otherwise_but_never_go_back(uk: LegalEntity, administrator: User) -> None:
    change_series(
        by=administrator, entity=uk, kind="invoice", year=2026, pattern="UK{year}/{number:04d}", next_number=500
    )
    assert take_numbers(uk, "invoice", MAY) == ["UK2026/0500"]
    assert take_numbers(uk, "invoice", date(2027, 2, 1)) == ["UK2027/0001"], "the pattern goes on next year"

    with pytest.raises(SeriesInUse, match="stands at 501"):
        change_series(
            by=administrator, entity=uk, kind="invoice", year=2026, pattern="UK{year}{number}", next_number=500
        )


@pytest.mark.parametrize(
    "pattern",
    ["INV", "INV-{year}", "INV-{nomber}", "{number:>60}", "{number:099999999}", "{number.real.__class__}", "{number}}"],
)
def test_a_pattern_that_makes_no_numbers_is_refused(uk: LegalEntity, administrator: User, pattern: str) -> None:
    with pytest.raises(Refused, match="makes no numbers"):
        change_series(by=administrator, entity=uk, kind="invoice", year=2026, pattern=pattern, next_number=1)


def test_a_series_of_a_year_names_the_year(uk: LegalEntity, administrator: User) -> None:
    with pytest.raises(Refused, match="the same numbers again next year"):
        change_series(by=administrator, entity=uk, kind="invoice", year=2026, pattern="UK{number}", next_number=1)

    change_series(by=administrator, entity=uk, kind="invoice", year=0, pattern="UK{number}", next_number=1)
    assert take_numbers(uk, "invoice", MAY) == ["UK1"]


def test_the_next_number_of_a_series_through_all_years_is_that_of_this_year(
    uk: LegalEntity, administrator: User
) -> None:
    row = change_series(
        by=administrator, entity=uk, kind="invoice", year=0, pattern="UK-{year}-{number}", next_number=7
    )

    assert next_of(row) == f"UK-{clock.today(uk).year}-7"


def test_an_unknown_kind_has_no_series(uk: LegalEntity) -> None:
    with pytest.raises(NoSuchSeries):
        take_numbers(uk, "poem", MAY)


def test_a_clerk_may_not_change_a_series(uk: LegalEntity, clerk: User) -> None:
    with pytest.raises(NotAllowed):
        change_series(by=clerk, entity=uk, kind="invoice", year=2026, pattern="X{number}", next_number=1)
