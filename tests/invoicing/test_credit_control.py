"""Credit holds and limits: who is stopped, in which words, and what everybody is good for."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.errors import NotAllowed, Refused
from core.models import AuditEvent, ExchangeRate, LegalEntity, User
from core.money import money
from customers.actions import change_credit_policy, place_credit_hold, release_credit_hold
from customers.models import CreditHold, CreditRelease, Customer
from customers.queries.credit import holds_in_force
from invoicing.actions import (
    activate_contract,
    amend_contract,
    draft_charges,
    draft_contract,
    draft_invoice,
    issue_invoice,
    issue_invoices,
    renew_contract,
)
from invoicing.amending import AmendmentDraft
from invoicing.contract_drafts import ContractDraft, ContractLineDraft
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import Contract, Invoice, TaxRate
from invoicing.queries.credit_stops import OnCreditHold, credit_findings
from invoicing.queries.exposure import credit_exposure, ledger_exposure
from tests.invoicing.billing import contract_of, product_of

Made = Callable[..., Customer]
Drafted = Callable[..., Invoice]
Line = Callable[..., DraftLine]
MAY_1, MAY_4, MAY_10, MAY_31 = date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 10), date(2026, 5, 31)
FAR = date(2099, 12, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture
def held(manager: User, acme: Customer) -> CreditHold:
    """Maya stops Acme on 1 May."""
    return place_credit_hold(by=manager, customer=acme, reason="Two cheques bounced", placed_on=MAY_1)


def stop_nothing(manager: User, entity: LegalEntity, **stops: bool) -> None:
    nothing = dict.fromkeys(("stops_drafting", "stops_issuing", "stops_activating", "stops_renewing"), False)
    change_credit_policy(by=manager, entity=entity, **{**nothing, **stops})


# Holds ---------------------------------------------------------------------------------------------------------------


def test_a_hold_stops_an_invoice_and_says_who_placed_it_and_why(
    acme: Customer, held: CreditHold, clerk: User, books: LegalEntity, drafted: Drafted
) -> None:
    invoice = drafted(acme)

    with pytest.raises(OnCreditHold, match=r"Acme Hotels.*since 01 May 2026, placed by Maya: Two cheques bounced\. It"):
        issue_invoice(by=clerk, entity=books, invoice=invoice, issued_on=MAY_4)


def test_a_hold_stops_what_is_dated_before_it_as_well(
    acme: Customer, held: CreditHold, clerk: User, books: LegalEntity, drafted: Drafted
) -> None:
    with pytest.raises(OnCreditHold):
        issue_invoice(by=clerk, entity=books, invoice=drafted(acme), issued_on=date(2026, 4, 30))


def test_a_released_customer_is_billed_again(
    acme: Customer, held: CreditHold, manager: User, clerk: User, books: LegalEntity, drafted: Drafted
) -> None:
    release_credit_hold(by=manager, customer=acme, reason="Paid by wire", released_on=MAY_4)

    assert issue_invoice(by=clerk, entity=books, invoice=drafted(acme), issued_on=MAY_4).number

    assert not holds_in_force(as_of=MAY_4).exists()
    assert holds_in_force(as_of=date(2026, 5, 3)).exists()
    events = AuditEvent.objects.filter(object_type="customers.customer", object_id=str(acme.pk))
    assert [(e.event, e.reason) for e in events.order_by("pk") if "hold" in e.event] == [
        ("credit_hold.placed", "Two cheques bounced"),
        ("credit_hold.released", "Paid by wire"),
    ]


def test_a_release_until_a_day_ends_by_itself(
    acme: Customer, held: CreditHold, manager: User, clerk: User, books: LegalEntity, drafted: Drafted
) -> None:
    release_credit_hold(by=manager, customer=acme, reason="This order only", released_on=MAY_4, until=MAY_10)

    assert issue_invoice(by=clerk, entity=books, invoice=drafted(acme), issued_on=MAY_10).number
    with pytest.raises(OnCreditHold):
        issue_invoice(by=clerk, entity=books, invoice=drafted(acme), issued_on=date(2026, 5, 11))


def test_a_hold_until_a_day_ends_by_itself(
    acme: Customer, manager: User, clerk: User, books: LegalEntity, drafted: Drafted
) -> None:
    place_credit_hold(by=manager, customer=acme, reason="Waiting for accounts", placed_on=MAY_1, until=MAY_10)

    assert issue_invoice(by=clerk, entity=books, invoice=drafted(acme), issued_on=date(2026, 5, 11)).number


def test_a_customer_is_held_once_and_released_only_from_a_hold(acme: Customer, held: CreditHold, manager: User) -> None:
    with pytest.raises(Refused, match="on hold since 01 May 2026 already: Two cheques"):
        place_credit_hold(by=manager, customer=acme, reason="Again", placed_on=MAY_4)
    release_credit_hold(by=manager, customer=acme, reason="Paid", released_on=MAY_4)

    with pytest.raises(Refused, match="is not on hold on 10 May 2026"):
        release_credit_hold(by=manager, customer=acme, reason="Paid", released_on=MAY_10)
    assert place_credit_hold(by=manager, customer=acme, reason="Again", placed_on=MAY_10).pk != held.pk


def test_holds_and_releases_need_reasons_and_days_in_order(acme: Customer, manager: User) -> None:
    with pytest.raises(Refused, match="Write why"):
        place_credit_hold(by=manager, customer=acme, reason="  ", placed_on=MAY_4)
    with pytest.raises(Refused, match="can't end before it begins"):
        place_credit_hold(by=manager, customer=acme, reason="Late", placed_on=MAY_4, until=MAY_1)
    place_credit_hold(by=manager, customer=acme, reason="Late", placed_on=MAY_4)
    with pytest.raises(Refused, match="Write why"):
        release_credit_hold(by=manager, customer=acme, reason="", released_on=MAY_4)
    with pytest.raises(Refused, match="can't end before it begins"):
        release_credit_hold(by=manager, customer=acme, reason="Paid", released_on=MAY_4, until=MAY_1)


def test_a_collector_places_holds_and_releases_none(acme: Customer, collector: User, stranger: User) -> None:
    place_credit_hold(by=collector, customer=acme, reason="Late", placed_on=MAY_4)

    with pytest.raises(NotAllowed, match="release credit holds"):
        release_credit_hold(by=collector, customer=acme, reason="Paid", released_on=MAY_4)
    with pytest.raises(NotAllowed):
        place_credit_hold(by=stranger, customer=acme, reason="Late", placed_on=MAY_4)
    with pytest.raises(NotAllowed):
        change_credit_policy(by=collector, entity=acme.entity, stops_issuing=False)


def test_holds_and_releases_are_never_changed(acme: Customer, held: CreditHold, manager: User) -> None:
    release_credit_hold(by=manager, customer=acme, reason="Paid", released_on=MAY_4)

    for model in (CreditHold, CreditRelease):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            model._default_manager.update(reason="Never happened")


# What a hold stops ---------------------------------------------------------------------------------------------------


def test_a_company_may_let_holds_only_warn(
    acme: Customer, held: CreditHold, manager: User, clerk: User, books: LegalEntity, drafted: Drafted
) -> None:
    stop_nothing(manager, books)

    assert issue_invoice(by=clerk, entity=books, invoice=drafted(acme), issued_on=MAY_4).number
    [finding] = credit_findings(entity=books, billed={acme.pk: [money("10.00 GBP")]}, as_of=MAY_4)[acme.pk]
    assert finding.code == "hold_warning"


def test_a_hold_that_stops_drafts_stops_them_by_hand_and_from_contracts(
    acme: Customer, held: CreditHold, manager: User, clerk: User, books: LegalEntity, line: Line
) -> None:
    contract_of(clerk, acme)
    stop_nothing(manager, books, stops_drafting=True)

    with pytest.raises(OnCreditHold, match="stops drafting invoices"):
        draft_invoice(by=clerk, entity=books, draft=InvoiceDraft(customer=acme, lines=(line("1"),)))
    with pytest.raises(OnCreditHold, match="stops drafting invoices"):
        draft_charges(by=clerk, entity=books, customers=[acme], through=MAY_31, invoice_on=MAY_31)


def test_a_hold_stops_a_contract_from_beginning(acme: Customer, held: CreditHold, clerk: User) -> None:
    contract = contract_drafted(clerk, acme)

    with pytest.raises(OnCreditHold, match="stops activating contracts and orders"):
        activate_contract(by=clerk, contract=contract)


def test_a_hold_stops_renewals_where_the_company_says_so(
    acme: Customer, held: CreditHold, manager: User, clerk: User, books: LegalEntity
) -> None:
    contract = contract_of(clerk, acme, ends_on=date(2027, 4, 30), renews=True)
    stop_nothing(manager, books, stops_renewing=True)

    with pytest.raises(OnCreditHold, match="stops renewing contracts"):
        renew_contract(by=clerk, contract=contract)
    stop_nothing(manager, books)
    assert renew_contract(by=clerk, contract=contract).pk


def contract_drafted(by: User, customer: Customer) -> Contract:
    line = ContractLineDraft(product=product_of(customer), unit_price=Decimal(12))
    return draft_contract(
        by=by, entity=customer.entity, draft=ContractDraft(customer=customer, starts_on=MAY_1, lines=(line,))
    )


# Exposure ------------------------------------------------------------------------------------------------------------


def exposed(customer: Customer, as_of: date = MAY_4, through: date = MAY_31) -> Any:
    return credit_exposure(customers=[customer], as_of=as_of, through=through)[customer.pk]


def test_exposure_is_what_is_open_drafted_and_billed_soon(
    acme: Customer, clerk: User, issued: Drafted, drafted: Drafted, line: Line
) -> None:
    Customer.objects.filter(pk=acme.pk).update(credit_limit=Decimal(1000))
    acme.refresh_from_db()
    issued(acme, line("500"))
    drafted(acme, line("100"))
    contract_of(clerk, acme)

    found = exposed(acme)

    [part] = found.parts
    assert (part.open_items, part.drafts, part.unbilled) == (Decimal(600), Decimal(120), Decimal(144))
    assert (found.total, found.limit, found.over, found.left) == (Decimal(864), Decimal(1000), 0, Decimal(136))
    assert found.share == Decimal("86.4")
    assert exposed(acme, through=date(2026, 6, 1)).parts[0].unbilled == Decimal(288)


def test_what_is_unbilled_counts_without_tax_while_nobody_knows_which(
    acme: Customer, clerk: User, books: LegalEntity
) -> None:
    contract_of(clerk, acme)

    assert exposed(acme).parts[0].unbilled == Decimal(120)


def test_days_that_a_change_bills_anew_count_once(
    acme: Customer, clerk: User, books: LegalEntity, standard: TaxRate, client: Client
) -> None:
    contract = contract_of(clerk, acme, {"cycle": "annual", "unit_price": Decimal(1200)}, ends_on=date(2027, 4, 30))
    drafts = draft_charges(by=clerk, entity=books, customers=[acme], through=MAY_1, invoice_on=MAY_1)
    issue_invoices(by=clerk, entity=books, invoices=drafts, issued_on=MAY_1)
    fewer = AmendmentDraft(kind="remove", position=1, quantity=Decimal(4), effective_on=date(2026, 6, 1), source_id="1")
    amend_contract(by=clerk, contract=contract, draft=fewer)

    [part] = exposed(acme, through=date(2026, 6, 1)).parts

    back, again = Decimal("13176.98"), Decimal("7906.19")  # 334 of 365 days: of 12,000.00, and of 7,200.00, with tax
    assert (part.open_items, part.drafts, part.unbilled) == (Decimal(14_400), -back, again)
    client.force_login(clerk)
    page = client.get(f"/credit-control/{acme.pk}/").content.decode()
    assert contract.number in page
    assert "6 × 1,200" in page or "6 × 1200" in page


def test_the_ledgers_part_is_known_for_any_day(acme: Customer, issued: Drafted, drafted: Drafted) -> None:
    issued(acme)
    drafted(acme)

    assert ledger_exposure(customers=[acme], as_of=date(2026, 5, 3))[acme.pk].total == 0
    assert ledger_exposure(customers=[acme], as_of=MAY_4)[acme.pk].total == Decimal(120)


def test_a_group_counts_against_its_parents_limit_in_the_currency_of_the_books(
    customer: Made, books: LegalEntity, issued: Drafted
) -> None:
    ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=MAY_1, rate=Decimal("0.85"))
    parent = customer("Larch Holding", credit_limit=Decimal(300))
    child = customer("Child Inns", parent=parent, currency="EUR")
    grandchild = customer("Grandchild Bar", parent=child)
    for member in (parent, child, grandchild):
        issued(member)

    found = exposed(parent)

    assert [(part.customer, part.base) for part in found.parts] == [
        (parent, Decimal("120.00")),
        (child, Decimal("102.00")),
        (grandchild, Decimal("120.00")),
    ]
    assert (found.total, found.over, found.is_group) == (Decimal("342.00"), Decimal("42.00"), True)


def test_what_has_no_rate_is_named_and_not_guessed(customer: Made, acme: Customer, clerk: User) -> None:
    yen = customer("Yen House", currency="JPY", credit_limit=Decimal(100_000))
    contract_of(clerk, yen)

    found = exposed(yen)

    assert (found.without_rate, found.total, found.limit, found.share) == (["JPY"], 0, None, None)


def test_a_run_is_told_of_holds_and_of_limits_that_it_would_pass(
    customer: Made, books: LegalEntity, manager: User, issued: Drafted
) -> None:
    parent = customer("Larch Holding", credit_limit=Decimal(200))
    child = customer("Child Inns", parent=parent)
    free = customer("Free Inns")
    issued(parent)
    place_credit_hold(by=manager, customer=child, reason="Late", placed_on=MAY_1)
    billed = {one.pk: [money("50.00 GBP")] for one in (parent, child, free)}

    found = credit_findings(entity=books, billed=billed, as_of=MAY_4)

    assert {key: [finding.code for finding in findings] for key, findings in found.items()} == {
        parent.pk: ["over_limit"],
        child.pk: ["on_hold", "over_limit"],
    }
    assert "Larch Holding" in found[child.pk][1].message
    assert "220.00 GBP, over the credit limit of 200.00 GBP" in found[child.pk][1].message


def test_the_findings_of_many_customers_take_as_many_questions_as_those_of_one(
    customer: Made, books: LegalEntity, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many = [customer(f"C{number} Hotel", credit_limit=Decimal(10)) for number in range(30)]
    billed = {one.pk: [money("50.00 GBP")] for one in many}

    with django_assert_max_num_queries(8):
        assert len(credit_findings(entity=books, billed=billed, as_of=MAY_4)) == 30


def test_customers_without_limit_and_hold_cost_two_questions(
    acme: Customer, books: LegalEntity, django_assert_max_num_queries: DjangoAssertNumQueries, standard: TaxRate
) -> None:
    with django_assert_max_num_queries(2):
        assert credit_findings(entity=books, billed={acme.pk: [money("9.00 GBP")]}, as_of=MAY_4) == {}
