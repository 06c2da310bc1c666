"""Card surcharges: what the law allows, what a payment carries, and waivers agreed beforehand."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from controls.actions import approve_request
from core import clock
from core.errors import NotAllowed, Refused
from core.models import LegalEntity, User
from core.money import Money, money
from customers.models import Address, Customer
from invoicing.actions import (
    add_surcharge_rule,
    approve_surcharge_waiver,
    charge_surcharge,
    end_surcharge_rule,
    request_surcharge_waiver,
)
from invoicing.actions.surcharges import CardPayment
from invoicing.drafts import DraftLine
from invoicing.models import CardSurcharge, Invoice, SurchargeRule, SurchargeWaiver, TaxRate
from invoicing.surcharge_law import Scope, why_forbidden
from invoicing.surcharges import Card, Payment, highest
from invoicing.taxing import Place
from invoicing.totals import TaxPart
from ledger.models import JournalLine
from ledger.posting import reverse_entry

Issued = Callable[..., Invoice]
Line = Callable[..., DraftLine]
Ruled = Callable[..., SurchargeRule]
COMPANY_VISA = Card("credit", "commercial", "visa")
NOON = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def rule_of(entity: LegalEntity, **facts: Any) -> SurchargeRule:
    values: dict[str, Any] = {
        "country": "GB",
        "product": "commercial",
        "currency": "GBP",
        "percent": Decimal("1.5"),
        "acceptance_percent": Decimal("1.8"),
        "basis": "Acquirer's statement of March 2026",
        "valid_from": date(2026, 1, 1),
        **facts,
    }
    return SurchargeRule(entity=entity, **values)


@pytest.fixture
def ruled(finance_manager: User, uk: LegalEntity) -> Ruled:
    """Finn adds a rule: 1.5 % on commercial cards in the UK unless told otherwise."""

    def add(**facts: Any) -> SurchargeRule:
        return add_surcharge_rule(by=finance_manager, rule=rule_of(uk, **facts))

    return add


def paid(amount: str, card: Card = COMPANY_VISA, *, reference: str = "pay_1", at: datetime = NOON) -> CardPayment:
    return CardPayment(reference, money(amount), card, at)


# Rules ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"product": ""}, "In the United Kingdom consumer cards may not be surcharged"),
        ({"product": "consumer"}, "In the United Kingdom consumer cards may not be surcharged"),
        ({"country": "DE", "product": "consumer"}, "EEA, consumer cards may not be surcharged"),
        ({"country": "US", "funding": "debit"}, "debit and prepaid cards may never be surcharged"),
        ({"country": "US", "funding": ""}, "debit and prepaid cards may never be surcharged"),
        ({"country": "US", "state": "CT", "funding": "credit"}, "Connecticut prohibits surcharges"),
        ({"country": "US", "state": "MA", "funding": "credit"}, "Massachusetts prohibits surcharges"),
        ({"country": "US", "state": "ME", "funding": "credit"}, "Maine prohibits surcharges"),
        (
            {"country": "US", "state": "CO", "funding": "credit", "percent": "2.5", "acceptance_percent": 3},
            "Colorado allows at most 2 %, not 2.5 %",
        ),
        (
            {"country": "US", "funding": "credit", "brand": "visa", "percent": "3.1", "acceptance_percent": 4},
            "Visa allows at most 3 % in the United States, not 3.1 %",
        ),
        (
            {"country": "US", "funding": "credit", "brand": "mastercard", "percent": "4.1", "acceptance_percent": 5},
            "Mastercard allows at most 4 %",
        ),
        (
            {"country": "US", "funding": "credit", "percent": "3.5", "acceptance_percent": 4},
            "The strictest brand allows at most 3 %",
        ),
        ({"percent": "2"}, "never above what accepting such cards costs us"),
        ({"state": "TX"}, "States are those of the United States"),
        ({"country": "uk1"}, "Use two capital letters"),
    ],
)
def test_what_law_or_brand_forbids_is_refused(ruled: Ruled, facts: dict[str, Any], words: str) -> None:
    facts = {name: Decimal(value) if "percent" in name else value for name, value in facts.items()}

    with pytest.raises(Refused, match=words):
        ruled(**facts)

    assert not SurchargeRule.objects.exists()


def test_a_rule_is_added_once_and_ended(ruled: Ruled, finance_manager: User) -> None:
    rule = ruled()
    with pytest.raises(Refused, match="holds from 01 Jan 2026 already. End it first"):
        ruled(percent=Decimal(1))
    with pytest.raises(Refused, match="can't end on 31 Dec 2025"):
        end_surcharge_rule(by=finance_manager, rule=rule, valid_until=date(2025, 12, 31))

    end_surcharge_rule(by=finance_manager, rule=rule, valid_until=date(2026, 4, 30))

    assert ruled(percent=Decimal(1), valid_from=date(2026, 5, 1)).pk


def test_a_rule_is_not_lengthened_into_the_days_of_the_next(ruled: Ruled, finance_manager: User) -> None:
    first = end_surcharge_rule(by=finance_manager, rule=ruled(), valid_until=date(2026, 4, 30))
    ruled(percent=Decimal(1), valid_from=date(2026, 5, 1))

    with pytest.raises(Refused, match="holds from 01 May 2026; both would hold at once"):
        end_surcharge_rule(by=finance_manager, rule=first, valid_until=date(2026, 5, 1))
    end_surcharge_rule(by=finance_manager, rule=first, valid_until=date(2026, 4, 29))

    first.refresh_from_db()
    assert first.valid_until == date(2026, 4, 29)


def test_a_rule_never_changes_and_a_clerk_adds_none(ruled: Ruled, clerk: User, uk: LegalEntity) -> None:
    ruled()

    with pytest.raises(DatabaseError, match="keep what they were made with"), transaction.atomic():
        SurchargeRule.objects.update(percent=1)
    with pytest.raises(NotAllowed):
        add_surcharge_rule(by=clerk, rule=rule_of(uk))


# What is put on top --------------------------------------------------------------------------------------------------


def on_top(amount: str, *rules: SurchargeRule, place: Place, card: Card, standard: TaxRate) -> tuple[Money, str]:
    payment = Payment(money(amount), place, [TaxPart(standard, Decimal(100), Decimal(20))])
    found = payment.surcharge(rules, card)
    return found.gross, found.working


UK = Place("GB")
US_RULE = {"country": "US", "product": "", "funding": "credit", "currency": "USD", "percent": Decimal(3)}


@pytest.mark.parametrize(
    ("amount", "facts", "place", "card", "gross", "words"),
    [
        ("1000.00 GBP", {}, UK, COMPANY_VISA, "15.00", "1,000.00 GBP × 1.5 % = 15.00 GBP, tax included"),
        ("1000.00 GBP", {"cap": Decimal(9)}, UK, COMPANY_VISA, "9.00", "capped at 9.00 GBP"),
        ("500.00 GBP", {"threshold": Decimal(500)}, UK, COMPANY_VISA, "0.00", "not above the threshold of 500.00 GBP"),
        ("500.01 GBP", {"threshold": Decimal(500)}, UK, COMPANY_VISA, "7.50", "1.5 %"),
        ("1000.00 EUR", {}, UK, COMPANY_VISA, "0.00", "No rule covers this card"),
        ("1000.00 GBP", {}, Place("FR"), COMPANY_VISA, "0.00", "No rule covers this card"),
        ("1000.00 GBP", {}, UK, Card("credit", "consumer", "visa"), "0.00", "No rule covers this card"),
        ("1000.00 GBP", {}, UK, Card("credit", "", "visa"), "0.00", "funding, product or brand is not known"),
        ("100.00 USD", US_RULE, Place("US", "TX"), Card("credit", "consumer", "visa"), "3.00", "3 %"),
        ("100.00 USD", US_RULE, Place("US", "TX"), Card("debit", "consumer", "visa"), "0.00", "No rule covers"),
        ("100.00 USD", US_RULE, Place("US", "CT"), Card("credit", "consumer", "visa"), "0.00", "Connecticut prohibits"),
        (
            "100.00 USD",
            US_RULE,
            Place("US", "CO"),
            Card("credit", "consumer", "visa"),
            "0.00",
            "Colorado allows at most",
        ),
        ("100.00 USD", US_RULE, Place("US", "OK"), Card("credit", "consumer", "visa"), "0.00", "Sources disagree"),
        ("100.00 USD", US_RULE, Place("US", "TEXAS"), Card("credit", "consumer", "visa"), "0.00", "state is not known"),
    ],
)
def test_what_a_payment_carries(
    uk: LegalEntity,
    standard: TaxRate,
    amount: str,
    facts: dict[str, Any],
    place: Place,
    card: Card,
    gross: str,
    words: str,
) -> None:
    rule = rule_of(uk, **{"acceptance_percent": Decimal(4), **facts})

    found, working = on_top(amount, rule, place=place, card=card, standard=standard)

    assert found.amount == Decimal(gross)
    assert words in working


def test_the_most_exact_rule_decides(uk: LegalEntity, standard: TaxRate) -> None:
    general = rule_of(uk)
    of_visa = rule_of(uk, brand="visa", percent=Decimal(1))

    found, _ = on_top("100.00 GBP", general, of_visa, place=UK, card=COMPANY_VISA, standard=standard)

    assert found == money("1.00 GBP")


def test_the_tax_inside_follows_the_rates_of_the_invoice(uk: LegalEntity, standard: TaxRate, zero: TaxRate) -> None:
    taxed = [TaxPart(standard, Decimal(100), Decimal(20)), TaxPart(zero, Decimal(120), Decimal(0))]

    found = Payment(money("240.00 GBP"), UK, taxed).surcharge([rule_of(uk)], COMPANY_VISA)

    assert found.gross == money("3.60 GBP")
    assert [(part.rate, part.net, part.tax) for part in found.parts] == [
        (standard, Decimal("1.50"), Decimal("0.30")),
        (zero, Decimal("1.80"), Decimal("0.00")),
    ]
    assert (found.net, found.tax) == (Decimal("3.30"), Decimal("0.30"))


def test_the_law_is_asked_again_for_every_card() -> None:
    assert why_forbidden(Scope("US", "TX", "prepaid", "commercial", "visa"), Decimal(1))
    assert not why_forbidden(Scope("GB", "", "debit", "commercial", "visa"), Decimal(1))
    assert not why_forbidden(Scope("JP"), Decimal(1))


def test_the_highest_surcharge_is_that_of_the_dearest_card(uk: LegalEntity, standard: TaxRate) -> None:
    rules = [rule_of(uk), rule_of(uk, brand="amex", percent=Decimal("1.8"))]

    payment = Payment(money("100.00 GBP"), UK, [TaxPart(standard, Decimal(100), Decimal(20))])

    assert highest(payment, rules) == money("1.80 GBP")


# Charging ------------------------------------------------------------------------------------------------------------


def test_a_surcharge_is_posted_beside_the_payment_and_leaves_the_invoice_alone(
    acme: Customer, issued: Issued, ruled: Ruled, clerk: User, line: Line
) -> None:
    ruled()
    invoice = issued(acme, line("1000"))

    charged = charge_surcharge(by=clerk, invoice=invoice, payment=paid("1200.00 GBP"))

    assert charged is not None
    assert (charged.gross, charged.net, charged.tax) == (Decimal("18.00"), Decimal("15.00"), Decimal("3.00"))
    lines = JournalLine.objects.filter(entry=charged.entry).order_by("account__code")
    assert list(lines.values_list("account__code", "debit", "credit")) == [
        ("1215", Decimal(18), Decimal(0)),
        ("2200", Decimal(0), Decimal(3)),
        ("4210", Decimal(0), Decimal(15)),
    ]
    invoice.refresh_from_db()
    assert invoice.item is not None and invoice.item.open_amount == Decimal(1200)


def test_the_same_payment_is_surcharged_once(acme: Customer, issued: Issued, ruled: Ruled, clerk: User) -> None:
    ruled()
    invoice, other = issued(acme), issued(acme)

    first = charge_surcharge(by=clerk, invoice=invoice, payment=paid("120.00 GBP"))

    assert charge_surcharge(by=clerk, invoice=invoice, payment=paid("120.00 GBP")) == first
    with pytest.raises(Refused, match="pay_1 was surcharged for Invoice"):
        charge_surcharge(by=clerk, invoice=other, payment=paid("120.00 GBP"))
    assert CardSurcharge.objects.count() == 1


def test_a_payment_that_went_back_and_came_again_is_surcharged_anew(
    acme: Customer, issued: Issued, ruled: Ruled, clerk: User
) -> None:
    ruled()
    invoice = issued(acme)
    first = charge_surcharge(by=clerk, invoice=invoice, payment=paid("120.00 GBP"))
    assert first is not None
    won_on = first.entry.posted_on + timedelta(days=9)
    reverse_entry(by=clerk, entry=first.entry, posted_on=won_on, reason="Disputed")

    again = charge_surcharge(by=clerk, invoice=invoice, payment=paid("120.00 GBP"))

    assert again is not None and again.payment_reference == f"{first.payment_reference}/2"
    assert (again.gross, again.entry.posted_on, again.entry.key) == (
        first.gross, won_on, f"surcharge:{first.payment_reference}/2",
    )  # fmt: skip
    assert charge_surcharge(by=clerk, invoice=invoice, payment=paid("120.00 GBP")) == again
    with pytest.raises(Refused, match="was surcharged for Invoice"):
        charge_surcharge(by=clerk, invoice=issued(acme), payment=paid("120.00 GBP"))


def test_nothing_is_charged_without_a_rule_or_of_an_unknown_card(
    acme: Customer, issued: Issued, ruled: Ruled, clerk: User, collector: User
) -> None:
    invoice = issued(acme)
    assert charge_surcharge(by=clerk, invoice=invoice, payment=paid("120.00 GBP")) is None
    ruled()

    assert charge_surcharge(by=clerk, invoice=invoice, payment=paid("120.00 GBP", Card(brand="visa"))) is None
    Address.objects.filter(customer=acme).update(is_active=False)
    assert charge_surcharge(by=clerk, invoice=invoice, payment=paid("120.00 GBP")) is None
    with pytest.raises(NotAllowed):
        charge_surcharge(by=collector, invoice=invoice, payment=paid("120.00 GBP"))


# Waivers -------------------------------------------------------------------------------------------------------------


def test_a_waiver_counts_for_payments_after_its_approval(
    acme: Customer, issued: Issued, ruled: Ruled, clerk: User, manager: User
) -> None:
    ruled()
    invoice, today = issued(acme), clock.today(acme.entity)
    asked = request_surcharge_waiver(by=clerk, invoice=invoice, reason="Old customer", requested_on=today)
    assert asked.money == money("1.80 GBP")
    before = clock.now()

    approve_surcharge_waiver(by=manager, request=asked, invoice=invoice, decided_on=today)

    late = paid("60.00 GBP", reference="pay_2", at=clock.now() + timedelta(seconds=1))
    assert charge_surcharge(by=clerk, invoice=invoice, payment=late) is None
    early = paid("60.00 GBP", reference="pay_1", at=before - timedelta(minutes=1))
    assert charge_surcharge(by=clerk, invoice=invoice, payment=early) is not None


def test_nobody_waives_on_their_own_request_nor_by_approving_alone(
    acme: Customer, issued: Issued, ruled: Ruled, clerk: User, manager: User, finance_manager: User
) -> None:
    ruled()
    invoice, today = issued(acme), clock.today(acme.entity)
    asked = request_surcharge_waiver(by=manager, invoice=invoice, reason="Old customer", requested_on=today)

    with pytest.raises(NotAllowed, match="somebody else decides"):
        approve_surcharge_waiver(by=manager, request=asked, invoice=invoice, decided_on=today)
    with pytest.raises(NotAllowed):
        approve_surcharge_waiver(by=clerk, request=asked, invoice=invoice, decided_on=today)
    with pytest.raises(Refused, match="The request is about Invoice"):
        approve_surcharge_waiver(by=finance_manager, request=asked, invoice=issued(acme), decided_on=today)
    approve_request(by=finance_manager, request=asked, amount=asked.money, decided_on=today)
    assert not SurchargeWaiver.objects.exists()


def test_a_waiver_is_asked_for_with_a_reason_once_and_where_something_would_be_charged(
    acme: Customer, issued: Issued, ruled: Ruled, clerk: User, manager: User
) -> None:
    invoice, today = issued(acme), clock.today(acme.entity)
    with pytest.raises(Refused, match="there is nothing to waive"):
        request_surcharge_waiver(by=clerk, invoice=invoice, reason="Old customer", requested_on=today)
    ruled()
    with pytest.raises(Refused, match="Write a reason"):
        request_surcharge_waiver(by=clerk, invoice=invoice, reason=" ", requested_on=today)
    asked = request_surcharge_waiver(by=clerk, invoice=invoice, reason="Old customer", requested_on=today)
    with pytest.raises(Refused, match="waits for approval"):
        request_surcharge_waiver(by=clerk, invoice=invoice, reason="Again", requested_on=today)
    approve_surcharge_waiver(by=manager, request=asked, invoice=invoice, decided_on=today)
    with pytest.raises(Refused, match="is waived already"):
        request_surcharge_waiver(by=clerk, invoice=invoice, reason="Again", requested_on=today)


# Pages ---------------------------------------------------------------------------------------------------------------


def test_rules_are_kept_on_their_page_and_worked_out_on_the_invoices(
    acme: Customer, issued: Issued, signed_in: Callable[[User], Client], finance_manager: User, manager: User
) -> None:
    desk = signed_in(finance_manager)
    assert "No card is surcharged" in desk.get("/surcharges/").content.decode()
    given = {
        "country": "gb", "product": "consumer", "currency": "GBP", "threshold": "0", "percent": "1.5",
        "acceptance_percent": "1.8", "basis": "Acquirer", "valid_from": "2026-01-01",
    }  # fmt: skip
    refused = desk.post("/surcharges/", given)
    assert refused.status_code == 422
    assert "consumer cards may not be surcharged" in refused.content.decode()
    desk.post("/surcharges/", {**given, "product": "commercial"})
    invoice = issued(acme)

    page = desk.get(f"/invoices/{invoice.pk}/surcharge/?funding=credit&product=commercial&brand=visa").content.decode()

    assert "£1.80" in page
    assert "120.00 GBP × 1.5 % = 1.80 GBP, tax included" in page
    other = signed_in(manager)
    other.post(f"/invoices/{invoice.pk}/surcharge/", {"reason": "Old customer"})
    assert "Old customer" in other.get(f"/invoices/{invoice.pk}/surcharge/").content.decode()
    asked = other.get("/approvals/?view=mine")
    assert asked.status_code == 200
    desk = signed_in(finance_manager)
    request = SurchargeRule.objects.get().entity.approval_requests.get()
    desk.post(f"/surcharges/waivers/{request.pk}/approve/", {"comment": "Yes"})
    assert "Waived by Finn" in desk.get(f"/invoices/{invoice.pk}/surcharge/").content.decode()
