"""What Postgres refuses by itself, to the application's own role: nothing here goes through posting."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from customers.models import Customer
from ledger.models import AccountingPeriod, Allocation, OpenItem

Day = Callable[[int], date]
TABLES = ["ledger_journalentry", "ledger_journalline", "ledger_openitem", "ledger_allocation"]
FIRST_COLUMN = {
    "ledger_journalentry": "text",
    "ledger_journalline": "text",
    "ledger_openitem": "purchase_order",
    "ledger_allocation": "reason",
}


@pytest.fixture
def settled(
    acme: Customer, invoice: Callable[..., OpenItem], receipt: Callable[..., OpenItem], apply: Any, may: Day
) -> Allocation:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "150.00", may(15))
    allocation: Allocation = apply(cash, bill, "100.00", may(15))
    return allocation


def refused(statement: str, rule: str, *values: Any) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)
    diagnosis: Any = getattr(caught.value.__cause__, "diag", None)
    assert diagnosis.constraint_name == rule, str(caught.value)


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed_deleted_or_truncated(settled: Allocation, table: str) -> None:
    refused(f"UPDATE {table} SET {FIRST_COLUMN[table]} = 'x'", "append_only")
    refused(f"DELETE FROM {table}", "append_only")
    refused(f"TRUNCATE {table} CASCADE", "append_only")


@pytest.mark.parametrize(
    "column", ["open_amount = 5", "settled_on = '2026-05-31'", "amount = 1", "open_amount = amount"]
)
def test_nobody_but_the_database_keeps_the_open_amount(settled: Allocation, column: str) -> None:
    refused(f"UPDATE ledger_openitem SET {column}", "append_only")


ENTRY = """
    WITH entry AS (
        INSERT INTO ledger_journalentry (entity_id, kind, posted_on, currency, text, late_reason, recorded_by_id)
        SELECT entity_id, 'adjustment', %s, 'GBP', '', '', recorded_by_id FROM ledger_journalentry LIMIT 1 RETURNING *
    )
    INSERT INTO ledger_journalline (
        entry_id, account_id, posted_on, currency, debit, credit, base_debit, base_credit, tax_code, text
    )
    SELECT entry.id, a.id, %s::date, l.currency, l.debit, l.credit, l.base_debit, l.base_credit, '', ''
    FROM entry, (VALUES {}) AS l (code, currency, debit, credit, base_debit, base_credit)
    JOIN ledger_account a ON a.code = l.code
"""


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ("('1200', 'GBP', 10, 0, 10, 0), ('4000', 'GBP', 0, 9, 0, 9)", "debits_equal_credits"),
        ("('1200', 'GBP', 10, 0, 10, 0), ('4000', 'GBP', 0, 10, 0, 9)", "debits_equal_credits"),
        ("('1200', 'GBP', -10, 0, -10, 0), ('4000', 'GBP', 0, -10, 0, -10)", "amounts_are_not_negative"),
        ("('1200', 'GBP', 10, 10, 10, 10), ('4000', 'GBP', 0, 0, 0, 0)", "a_line_is_debit_or_credit"),
        ("('1200', 'GBP', 0, 0, 0, 0)", "a_line_has_an_amount"),
        ("('1200', 'EUR', 10, 0, 10, 0), ('4000', 'GBP', 0, 10, 0, 10)", "lines_fit_their_entry"),
        ("('1200', 'GBP', 10, 0, 10, 0), ('1100', 'GBP', 0, 10, 0, 10)", "receivables_are_items"),
    ],
)
def test_an_entry_that_is_wrong_is_refused(settled: Allocation, may: Day, lines: str, rule: str) -> None:
    refused(ENTRY.format(lines), rule, may(20), may(20))


def test_lines_have_the_date_of_their_entry(settled: Allocation, may: Day) -> None:
    lines = "('1200', 'GBP', 10, 0, 10, 0), ('4000', 'GBP', 0, 10, 0, 10)"
    refused(ENTRY.format(lines), "lines_fit_their_entry", may(20), may(21))


def test_an_entry_without_lines_is_refused(settled: Allocation, may: Day) -> None:
    refused(
        """INSERT INTO ledger_journalentry (entity_id, kind, posted_on, currency, text, late_reason, recorded_by_id)
        SELECT entity_id, 'adjustment', %s, 'GBP', '', '', recorded_by_id FROM ledger_journalentry LIMIT 1""",
        "entry_is_whole",
        may(20),
    )


def test_a_line_cannot_be_slipped_into_an_old_entry(settled: Allocation) -> None:
    refused(
        """INSERT INTO ledger_journalline (
            entry_id, account_id, posted_on, currency, debit, credit, base_debit, base_credit, tax_code, text)
        SELECT l.entry_id, l.account_id, l.posted_on, 'GBP', s.debit, s.credit, s.debit, s.credit, '', ''
        FROM (SELECT * FROM ledger_journalline l JOIN ledger_account a ON a.id = l.account_id AND a.code = '4000') l,
            (VALUES (5, 0), (0, 5)) AS s (debit, credit)""",
        "lines_fit_their_entry",
    )


ALLOCATE = """
    INSERT INTO ledger_allocation (
        debit_item_id, credit_item_id, amount, debit_base, credit_base, allocated_on, late_reason, reason,
        recorded_by_id
    ) VALUES (%s, %s, %s, %s, %s, %s, '', '', %s)
"""


def test_an_allocation_that_does_not_fit_is_refused(
    settled: Allocation, bolt: Customer, receipt: Callable[..., OpenItem], may: Day
) -> None:
    debit, credit, by = settled.debit_item.pk, settled.credit_item.pk, settled.recorded_by_id
    foreign = receipt(bolt, "RC-2", "500.00", may(2)).pk
    for values, rule in (
        ((debit, credit, "20.01", "20.01", "20.01", may(15)), "never_allocated_beyond_its_amount"),
        ((debit, credit, "-5", "-5", "-5", may(15)), "only_reversals_are_negative"),
        ((debit, credit, "5", "5", "6", may(15)), "a_difference_in_value_is_posted"),
        ((debit, credit, "5", "5", "5", may(14)), "allocation_fits_its_items"),
        ((credit, debit, "5", "5", "5", may(15)), "allocation_fits_its_items"),
        ((debit, foreign, "5", "5", "5", may(15)), "allocation_fits_its_items"),
    ):
        refused(ALLOCATE, rule, *values, by)


def test_a_reversal_mirrors_its_allocation(settled: Allocation, may: Day) -> None:
    refused(
        """INSERT INTO ledger_allocation (
            debit_item_id, credit_item_id, amount, debit_base, credit_base, allocated_on, late_reason, reason,
            recorded_by_id, reverses_id)
        SELECT debit_item_id, credit_item_id, -99, -99, -99, allocated_on, '', '', recorded_by_id, id
        FROM ledger_allocation""",
        "reversal_mirrors_its_allocation",
    )


def test_nothing_is_dated_into_a_closed_month(settled: Allocation, may: Day) -> None:
    AccountingPeriod.objects.update(state="closed")
    lines = "('1200', 'GBP', 10, 0, 10, 0), ('4000', 'GBP', 0, 10, 0, 10)"

    refused(ENTRY.format(lines), "in_open_period", may(20), may(20))
    values = (settled.debit_item.pk, settled.credit_item.pk, "5", "5", "5", may(20), settled.recorded_by_id)
    refused(ALLOCATE, "in_open_period", *values)


def test_nobody_chooses_when_it_was_recorded(settled: Allocation, may: Day) -> None:
    with_time = ALLOCATE.replace("recorded_by_id\n", "recorded_by_id, recorded_at\n").replace(
        "%s)", "%s, '2020-01-01')"
    )
    values = (settled.debit_item.pk, settled.credit_item.pk, "5", "5", "5", may(20), settled.recorded_by_id)
    refused(with_time, "allocation_fits_its_items", *values)
