"""The bank takes the money of returned debits off the account: the line is booked against clearing, once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cashapp.actions.statements import import_statement
from cashapp.models import BankStatementLine
from core.errors import NotAllowed
from core.models import LegalEntity, User
from customers.models import Customer
from directdebit.actions.returned_money import settle_returns
from directdebit.errors import MoneyOfReturnRefused
from directdebit.models import Collection, Mandate, ReturnedDebit, ReturnSettlement
from directdebit.settling import settle_certain_returns
from ledger.models import OpenItem
from tests.cashapp.conftest import statement_text as statement_text
from tests.directdebit.conftest import balance_of
from tests.directdebit.returns.conftest import Draw, only
from tests.directdebit.returns.reports import arudd

Make = Callable[..., Any]
Day = Callable[[int], date]


@pytest.fixture
def debited(books: LegalEntity, system: User, statement_text: Make) -> Callable[..., BankStatementLine]:
    """The bank takes money off: debited(15, "120,00", "BACS UNPAID 123456")."""

    def take(day: int, amount: str, text: str) -> BankStatementLine:
        content = statement_text(day, "1000.00", [(f"D{amount}", text)])
        (told,) = import_statement(by=system, entity=books, name=f"{day}.sta", content=content)
        return told.statement.lines.get()

    return take


def test_a_line_that_names_who_collects_takes_the_money_off_by_itself(
    paid: Collection, take_in: Make, debited: Make, books: LegalEntity, system: User, may: Day
) -> None:
    returned = only(take_in(arudd((paid.mandate.reference, "120.00", "0")), may(15)))
    assert balance_of(books, "direct_debit_clearing") == 0, "the file's credit never came, and neither did its debit"
    line = debited(15, "120,00", "BACS UNPAID 123456")

    assert [settle_certain_returns(system, books) for _ in range(2)] == [1, 0]

    assert ReturnSettlement.objects.get().returned == returned
    assert balance_of(books, "direct_debit_clearing") == 120
    assert balance_of(books, "bank") == -120
    assert line.postings.get().entry.lines.count() == 2


def test_all_of_a_day_go_in_one_sum(
    mandate: Mandate, castle: Customer, invoice: Callable[..., OpenItem], draw: Draw, take_in: Make, debited: Make,
    books: LegalEntity, system: User, may: Day,
) -> None:  # fmt: skip
    for number, amount in (("INV-1", "120.00"), ("INV-2", "80.00")):
        draw(mandate, [invoice(castle, number, amount, may(1))], may(12))
    told = ((mandate.reference, "120.00", "0"), (mandate.reference, "80.00", "0"))
    take_in(arudd(*told), may(15))
    debited(15, "200,00", "BACS UNPAID 123456")
    assert settle_certain_returns(system, books) == 2
    assert ReturnSettlement.objects.values("entry").distinct().count() == 1


def test_a_line_that_names_nobody_waits_for_a_person(
    paid: Collection, take_in: Make, debited: Make, books: LegalEntity, system: User, clerk: User,
    signed_in: Callable[[User], Client], may: Day,
) -> None:  # fmt: skip
    returned = only(take_in(arudd((paid.mandate.reference, "120.00", "0")), may(15)))
    line, address = debited(16, "120,00", "DEBIT ADVICE"), f"/returned-debits/{returned.pk}/"
    assert settle_certain_returns(system, books) == 0
    desk = signed_in(clerk)
    assert "It is this one" in desk.get(address).content.decode()
    for _ in range(2):
        page = desk.post(f"{address}settle/", {"line": line.pk}, follow=True).content.decode()
    assert "The bank took it with" in page and "Chosen by hand." in page
    assert balance_of(books, "bank") == -120


def test_another_amount_or_another_person_settles_nothing(
    paid: Collection, take_in: Make, debited: Make, clerk: User, collector: User, may: Day
) -> None:
    returned: ReturnedDebit = only(take_in(arudd((paid.mandate.reference, "120.00", "0")), may(15)))
    line = debited(15, "119,00", "BACS UNPAID 123456")
    with pytest.raises(NotAllowed):
        settle_returns(by=collector, returns=[returned], line=line)
    with pytest.raises(MoneyOfReturnRefused, match="120.00 GBP came back around 15 May 2026, but 119.00 GBP left"):
        settle_returns(by=clerk, returns=[returned], line=line)
    with pytest.raises(MoneyOfReturnRefused, match="Choose returned debits"):
        settle_returns(by=clerk, returns=[], line=line)
    assert Decimal(0) == balance_of(line.bank_account.entity, "bank")
