"""One month, two months: the unit agrees with the quantity in every language."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from babel import Locale
from django.test import Client

from core.models import User
from customers.models import Customer
from invoicing.drafts import DraftLine
from invoicing.models import Invoice
from invoicing.papers.words import unit_in, words_in


@pytest.mark.parametrize(
    ("language", "quantity", "written"),
    [
        ("en_GB", "1.0000", "month"),
        ("en_GB", "-1", "month"),
        ("en_GB", "2", "months"),
        ("en_GB", "0.5", "months"),
        ("en_US", "1", "month"),
        ("de", "1.0000", "Monat"),
        ("de", "3", "Monate"),
        ("fr", "1", "mois"),
        ("es", "1.0", "mes"),
        ("es", "12", "meses"),
    ],
)
def test_months_on_paper(language: str, quantity: str, written: str) -> None:
    locale = Locale.parse(language)

    assert unit_in(locale, words_in(locale), "MON", Decimal(quantity)) == written


@pytest.mark.parametrize(("unit", "written"), [("ANN", "an"), ("DAY", "jour"), ("HUR", "h"), ("C62", "")])
def test_one_of_each_in_french(unit: str, written: str) -> None:
    assert unit_in(Locale("fr"), words_in(Locale("fr")), unit, Decimal(1)) == written


@pytest.mark.django_db
def test_months_on_the_page(
    acme: Customer,
    clerk: User,
    drafted: Callable[..., Invoice],
    line: Callable[..., DraftLine],
    signed_in: Callable[[User], Client],
) -> None:
    one = drafted(acme, line("10", unit="MON"), line("10", unit="HUR", quantity=3))

    page = signed_in(clerk).get(f"/invoices/{one.pk}/").content.decode()

    assert ">month</small>" in page
    assert ">hours</small>" in page
