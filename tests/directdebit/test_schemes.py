"""The days of the schemes, with the examples of their rules."""

from datetime import date

import pytest

from directdebit.references import malformed
from directdebit.schemes import days_for, earliest_by_input, earliest_by_notice, usable_from


def test_a_bank_holiday_moves_a_bacs_collection_and_counts_back() -> None:
    days = days_for("bacs", date(2026, 5, 4))

    assert (days.entry_on, days.processed_on, days.input_on) == (
        date(2026, 5, 5), date(2026, 5, 1), date(2026, 4, 30),
    )  # fmt: skip
    assert days.confirmed_from == date(2026, 5, 8), "unconfirmed until the end of Thursday the 7th"


def test_sepa_keeps_the_days_of_target_not_of_a_country() -> None:
    """1 May is a day off for TARGET; Whit Monday, a holiday in Germany, is not."""
    assert days_for("sepa_core", date(2026, 5, 1)).entry_on == date(2026, 5, 4)
    assert days_for("sepa_core", date(2026, 5, 25)).entry_on == date(2026, 5, 25)
    assert days_for("sepa_b2b", date(2026, 4, 3)).entry_on == date(2026, 4, 7), "Good Friday to Easter Tuesday"
    assert days_for("sepa_core", date(2026, 5, 20)).input_on == date(2026, 5, 19)


def test_notice_counts_working_days_at_bacs_and_calendar_days_in_the_sepa() -> None:
    assert earliest_by_notice("bacs", date(2026, 4, 20), 10) == date(2026, 5, 5), "4 May is no working day"
    assert earliest_by_notice("sepa_core", date(2026, 4, 20), 14) == date(2026, 5, 4)


def test_a_file_needs_its_days_and_an_instruction_its_lodging() -> None:
    assert earliest_by_input("bacs", date(2026, 4, 30)) == date(2026, 5, 5)
    assert usable_from("bacs", date(2026, 4, 30)) == date(2026, 5, 6)
    assert usable_from("sepa_core", date(2026, 4, 30)) == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("scheme", "reference", "is_right"),
    [
        ("bacs", "BRIGHT-00001", True),
        ("bacs", "bright-00001", False),
        ("bacs", "AB-12", False),
        ("bacs", "AAAAAAA", False),
        ("bacs", "DDIC123456", False),
        ("bacs", "BRIGHT-000000000001", False),
        ("sepa_core", "Mandat/2026:17", True),
        ("sepa_core", "Mandat 17", False),
        ("sepa_core", "M" * 36, False),
        ("ach", "M" * 16, False),
    ],
)
def test_references_as_the_schemes_take_them(scheme: str, reference: str, is_right: bool) -> None:
    assert (malformed(scheme, reference) == "") is is_right
