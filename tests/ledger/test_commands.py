"""check_ledger and ageing as scripts use them."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.actions import change_series
from core.models import LegalEntity, NumberSeries, User
from core.series import take_numbers
from customers.models import Customer
from ledger.proofs import prove_ledger

Day = Callable[[int], date]


@pytest.fixture
def story(acme: Customer, invoice: Any, receipt: Any, apply: Any, may: Day) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1), may(10)), receipt(acme, "RC-1", "150.00", may(15))
    apply(cash, bill, "100.00", may(15))


def answer(*words: str) -> Any:
    out = StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_ageing_speaks_in_minor_units(story: None) -> None:
    figures = answer("ageing", "--entity", "uk", "--as-of", "2026-05-20")["currencies"]["GBP"]
    assert figures == {
        "current": 0, "1-30": 2000, "31-60": 0, "61-90": 0, "91+": 0,
        "total": 2000, "open_items": 1, "unapplied_receipts": 5000,
    }  # fmt: skip


def test_ageing_knows_what_was_known(story: None) -> None:
    words = ("ageing", "--entity", "UK", "--as-of", "2026-05-20", "--by", "invoice")
    assert answer(*words, "--known-at", "2026-01-01")["currencies"] == {}
    assert answer(*words, "--known-at", "2199-01-01T10:00")["currencies"]["GBP"]["1-30"] == 2000


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--entity", "XX", "--as-of", "2026-05-20"), "There is no company XX"),
        (("--entity", "UK", "--as-of", "20 May"), "is not a date"),
        (("--entity", "UK", "--as-of", "2026-05-20", "--known-at", "then"), "is not a time"),
    ],
)
def test_ageing_refuses_in_a_sentence(books: LegalEntity, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("ageing", *words)


def test_a_right_ledger_keeps_every_rule(story: None) -> None:
    said = answer("check_ledger")
    assert said["ok"] and said["problems"] == [] and len(said["rules"]) == 15


def test_a_number_that_no_document_has_is_named(story: None, books: LegalEntity) -> None:
    NumberSeries.objects.create(entity=books, kind="invoice", year=2026, pattern="INV-{number}", next_number=3)

    with pytest.raises(CommandError, match="1 documents break the rules"):
        call_command("check_ledger", stdout=StringIO())

    assert [(problem.rule, problem.document) for problem in prove_ledger().problems] == [
        ("numbers_without_gaps", "INV-2")
    ]


def test_a_series_that_began_at_500_and_changed_its_looks_has_no_gap(
    acme: Customer, invoice: Any, books: LegalEntity, administrator: User, may: Day
) -> None:
    def change(pattern: str, following: int) -> None:
        change_series(by=administrator, entity=books, kind="invoice", year=0, pattern=pattern, next_number=following)

    def bill() -> None:
        (number,) = take_numbers(books, "invoice", may(4))
        invoice(acme, number, "120.00", may(4))

    change("R{number}", 500)
    bill()
    change("R-{year}-{number}", 502)
    bill()
    bill()
    assert prove_ledger().problems == []

    take_numbers(books, "invoice", may(4))
    bill()
    assert [problem.document for problem in prove_ledger().problems] == ["R-2026-504"]


SABOTAGE = {
    "entries_balance": "UPDATE ledger_journalline SET debit = debit + 1 WHERE debit = 120",
    "lines_fit_their_entry": "UPDATE ledger_journalentry SET posted_on = posted_on + 1 WHERE kind = 'receipt'",
    "items_are_receivables": "UPDATE ledger_openitem SET amount = amount + 1, open_amount = open_amount + 1",
    "open_amounts_add_up": "UPDATE ledger_openitem SET open_amount = open_amount - 1",
    "allocations_fit_their_items": "UPDATE ledger_allocation SET allocated_on = '2026-05-02'",
    "settled_items_are_worth_nothing": "UPDATE ledger_allocation SET debit_base = 500, credit_base = 500",
    "items_never_overdrawn": "UPDATE ledger_allocation SET amount = 151",
    "differences_are_posted": "UPDATE ledger_journalentry SET kind = 'exchange' WHERE kind = 'receipt'",
    "items_equal_the_control_account": "UPDATE ledger_openitem SET side = 'credit'",
    "closed_months_stay_closed": "UPDATE ledger_accountingperiod SET starts_on = '2020-01-01'",
    "reversals_mirror": "UPDATE ledger_journalentry SET reverses_id = (SELECT min(id) FROM ledger_journalentry) "
    "WHERE kind = 'receipt'",
    "signed_days_stay_signed": "INSERT INTO ledger_daylock (account_id, first_on, last_on, locked_by_id, locked_at) "
    "SELECT l.account_id, l.posted_on, l.posted_on, e.recorded_by_id, '2020-01-01' FROM ledger_journalline l "
    "JOIN ledger_account a ON a.id = l.account_id AND a.role = 'bank' JOIN ledger_journalentry e ON e.id = l.entry_id "
    "LIMIT 1",
    "revaluations_are_taken_back": "INSERT INTO ledger_revaluation (entity_id, month_end, currency, rate, entry_id, "
    "reversal_id, recorded_by_id) SELECT min(entity_id), '2026-05-31', 'EUR', 1, min(id), max(id), min(recorded_by_id) "
    "FROM ledger_journalentry",
}


@pytest.mark.parametrize("rule", sorted(SABOTAGE))
def test_whoever_goes_round_the_guards_is_found_out(story: None, rule: str) -> None:
    tables = ("journalentry", "journalline", "openitem", "allocation", "accountingperiod")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER")
        cursor.execute(SABOTAGE[rule])

    rules = {problem.rule for problem in prove_ledger().problems}

    assert rule in rules and "guards_are_on" in rules
