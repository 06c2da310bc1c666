"""From what contracts owe to drafts: grouped as the customer requires, each day once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import NotAllowed
from core.models import LegalEntity, User
from customers.actions import change_requirements
from customers.models import Customer
from invoicing.actions import change_draft, discard_draft, draft_charges, issue_invoice
from invoicing.actions.errors import NotReady
from invoicing.drafts import InvoiceDraft
from invoicing.models import BilledPeriod, ContractLine, Invoice, InvoiceLine, TaxRate, UsageReading
from tests.invoicing.billing import contract_of, product_of

Made = Callable[..., Customer]
Draft = Callable[..., list[Invoice]]
MAY = date(2026, 5, 31)


@pytest.fixture
def draft(clerk: User, books: LegalEntity, standard: TaxRate) -> Draft:
    """Nora drafts what these customers owe by the end of May."""

    def make(*customers: Customer, through: date = MAY, **facts: Any) -> list[Invoice]:
        return draft_charges(
            by=clerk, entity=books, customers=customers, through=through, invoice_on=date(2026, 5, 31), **facts
        )

    return make


@pytest.mark.django_db
def test_a_contract_becomes_a_draft_that_says_what_is_billed_for_which_days(
    acme: Customer, clerk: User, draft: Draft
) -> None:
    contract = contract_of(clerk, acme, {"quantity": Decimal(14), "unit_price": Decimal("9.50")}, purchase_order="PO 7")

    [invoice] = draft(acme)

    [line] = invoice.lines.all()
    assert (invoice.net, invoice.tax, invoice.gross) == (Decimal("133.00"), Decimal("26.60"), Decimal("159.60"))
    assert (invoice.kind, invoice.purchase_order, invoice.language) == ("order", "PO 7", "en")
    assert (line.service_from, line.service_until) == (date(2026, 5, 1), MAY)
    assert (str(line.product), line.description, line.net) == ("Seats (SEAT)", "Managed Wi-Fi", Decimal("133.00"))
    [period] = BilledPeriod.objects.all()
    assert (period.line, period.invoice_line) == (contract.lines.get(), line)
    assert "14 × 9.5" in period.working


@pytest.mark.django_db
def test_what_is_drafted_is_billed_and_what_is_discarded_is_free_again(
    acme: Customer, clerk: User, draft: Draft
) -> None:
    contract_of(clerk, acme)
    [invoice] = draft(acme)

    assert draft(acme) == []
    discard_draft(by=clerk, invoice=invoice)

    assert not BilledPeriod.objects.exists()
    assert len(draft(acme)) == 1


@pytest.mark.django_db
def test_users_added_in_mid_year_are_billed_to_the_day(acme: Customer, clerk: User, draft: Draft) -> None:
    """DOMAIN test vector T11, as far as the document."""
    year = {"cycle": "annual", "anchor_on": date(2026, 1, 15), "unit_price": Decimal(120), "ends_on": date(2027, 1, 14)}
    contract_of(
        clerk, acme, {**year, "quantity": Decimal(20), "starts_on": date(2026, 7, 1)}, starts_on=date(2026, 1, 15)
    )

    [invoice] = draft(acme, through=date(2026, 7, 1))

    [line] = invoice.lines.all()
    assert line.net == Decimal("1301.92")
    assert line.detail == "198 of 365 days"


@pytest.mark.django_db
def test_lines_speak_the_language_of_the_customer(customer: Made, clerk: User, draft: Draft) -> None:
    halle = customer("Halle Hotels", language="de")
    change_requirements_to_one_for_all(halle, clerk)
    contract_of(clerk, halle, {"starts_on": date(2026, 5, 17)})
    contract_of(clerk, halle)

    [invoice] = draft(halle)

    assert invoice.language == "de"
    assert [line.detail for line in invoice.lines.all()] == ["Vertrag K-0001\n15 von 31 Tagen", "Vertrag K-0002"]


def change_requirements_to_one_for_all(customer: Customer, by: User, grouping: str = "customer") -> None:
    system = User.objects.get(is_system=True)
    change_requirements(by=system, customer=customer, grouping=grouping, reference_text="Supplier 4711")


@pytest.mark.django_db
def test_each_contract_has_its_invoice_unless_the_customer_wants_one_for_all(
    acme: Customer, customer: Made, clerk: User, draft: Draft
) -> None:
    birch = customer("Birch")
    change_requirements_to_one_for_all(birch, clerk)
    for buyer in (acme, birch):
        contract_of(clerk, buyer)
        contract_of(clerk, buyer)

    drafted = draft(acme, birch)

    by_customer = {one: [row for row in drafted if row.customer == one] for one in (acme, birch)}

    assert [row.is_consolidated for row in by_customer[acme]] == [False, False]
    [together] = by_customer[birch]
    assert (together.is_consolidated, together.net, together.text) == (True, Decimal("240.00"), "Supplier 4711")


@pytest.mark.django_db
def test_contracts_with_different_orders_never_share_an_invoice(acme: Customer, clerk: User, draft: Draft) -> None:
    change_requirements_to_one_for_all(acme, clerk)
    contract_of(clerk, acme, purchase_order="PO 1")
    contract_of(clerk, acme, purchase_order="PO 2")

    assert sorted(row.purchase_order for row in draft(acme)) == ["PO 1", "PO 2"]


@pytest.mark.django_db
def test_one_invoice_for_each_cost_centre(acme: Customer, clerk: User, draft: Draft) -> None:
    change_requirements_to_one_for_all(acme, clerk, grouping="cost_centre")
    contract_of(clerk, acme, {"cost_centre": "Bath"}, {"cost_centre": "Leeds"})
    contract_of(clerk, acme, {"cost_centre": "Bath"})

    found = {row.cost_centre: (row.net, row.is_consolidated) for row in draft(acme)}

    assert found == {"Bath": (Decimal("240.00"), True), "Leeds": (Decimal("120.00"), False)}


@pytest.mark.django_db
def test_usage_is_billed_as_it_was_read(acme: Customer, clerk: User, draft: Draft) -> None:
    contract = contract_of(
        clerk, acme, {"cycle": "usage", "timing": "arrears", "unit_price": Decimal("0.05"), "quantity": Decimal(0)}
    )
    for day, quantity in ((3, 100), (31, 60)):
        UsageReading.objects.create(
            line=contract.lines.get(),
            used_on=date(2026, 5, day),
            quantity=Decimal(quantity),
            source_id=str(day),
            recorded_by=clerk,
        )

    [invoice] = draft(acme)

    assert (invoice.kind, invoice.net) == ("usage", Decimal("8.00"))


@pytest.mark.django_db
def test_only_the_chosen_kinds_are_drafted(acme: Customer, clerk: User, draft: Draft) -> None:
    contract_of(clerk, acme)

    assert draft(acme, kinds={"usage", "renewal"}) == []
    assert [row.kind for row in draft(acme, kinds={"order"})] == ["order"]
    assert [row.kind for row in draft(acme, through=date(2026, 6, 1), kinds={"recurring"})] == ["recurring"]


@pytest.mark.django_db
def test_the_last_bill_of_a_customer_who_leaves_is_a_final(
    acme: Customer, customer: Made, clerk: User, draft: Draft
) -> None:
    staying = customer("Birch")
    contract_of(clerk, acme, ends_on=date(2026, 5, 20))
    contract_of(clerk, staying, ends_on=date(2026, 5, 20))
    contract_of(clerk, staying)

    drafted = draft(acme, staying)

    assert [(row.customer, row.is_final) for row in drafted] == [(acme, True), (staying, False), (staying, False)]
    assert drafted[0].net == Decimal("77.42")


@pytest.mark.django_db
def test_nothing_is_billed_beyond_the_contract_or_before_it_is_agreed(
    acme: Customer, clerk: User, draft: Draft
) -> None:
    contract = contract_of(clerk, acme, {"ends_on": None}, ends_on=date(2026, 5, 10))
    ContractLine.objects.create(
        contract=type(contract).objects.create(
            entity=acme.entity, customer=acme, number="K-draft", currency="GBP", drafted_by=clerk,
            starts_on=date(2026, 5, 1),
        ),
        position=1, product=product_of(acme), description="Seats", unit_price=Decimal(12), cycle="monthly",
        anchor_on=date(2026, 5, 1), starts_on=date(2026, 5, 1),
    )  # fmt: skip

    [invoice] = draft(acme, through=date(2026, 7, 31))

    assert invoice.service_until == date(2026, 5, 10)


@pytest.mark.django_db
def test_a_missing_price_is_said_and_nothing_is_drafted(acme: Customer, clerk: User, draft: Draft) -> None:
    contract_of(clerk, acme, {"unit_price": None})

    with pytest.raises(NotReady, match="no price is agreed for 01 May 2026 to 31 May 2026"):
        draft(acme)


@pytest.mark.django_db
def test_a_draft_of_a_contract_keeps_its_lines_while_its_order_number_may_change(
    acme: Customer, clerk: User, draft: Draft
) -> None:
    contract_of(clerk, acme)
    [invoice] = draft(acme)
    [line] = invoice.lines.all()
    same = InvoiceDraft.of(invoice)

    with pytest.raises(NotReady, match="amend the contract"):
        change_draft(by=clerk, invoice=invoice, draft=replace(same, lines=[*same.lines, *same.lines]), version=1)
    changed = change_draft(by=clerk, invoice=invoice, draft=InvoiceDraft.of(invoice, purchase_order="PO 88"), version=1)

    assert changed.purchase_order == "PO 88"
    assert InvoiceLine.objects.get(invoice=invoice).pk == line.pk
    assert BilledPeriod.objects.get().invoice_line == line
    assert issue_invoice(by=clerk, entity=acme.entity, invoice=changed, issued_on=MAY).net == Decimal("120.00")


@pytest.mark.django_db
def test_who_does_not_bill_drafts_nothing(acme: Customer, collector: User, books: LegalEntity) -> None:
    with pytest.raises(NotAllowed):
        draft_charges(by=collector, entity=books, customers=[acme], through=MAY, invoice_on=MAY)


@pytest.mark.django_db
def test_a_hundred_contracts_are_no_more_questions_than_one(
    acme: Customer, clerk: User, draft: Draft, standard: TaxRate
) -> None:
    def questions(count: int) -> int:
        for _ in range(count):
            contract_of(clerk, acme)
        with CaptureQueriesContext(connection) as asked:
            assert len(draft(acme)) == count
        return len(asked)

    one = questions(1)

    assert questions(100) <= one
    assert one <= 40


@pytest.mark.django_db(transaction=True)
def test_two_who_draft_at_once_bill_a_day_once(
    acme: Customer, customer: Made, clerk: User, books: LegalEntity, standard: TaxRate
) -> None:
    buyers = [acme, customer("Birch"), customer("Cedar")]
    for buyer in buyers:
        for _ in range(4):
            contract_of(clerk, buyer)

    def draft_all(turn: int) -> int:
        try:
            order = buyers[turn % 3 :] + buyers[: turn % 3]
            return len(draft_charges(by=clerk, entity=books, customers=order, through=MAY, invoice_on=MAY))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        drafted = list(pool.map(draft_all, range(6)))

    assert sum(drafted) == 12
    assert BilledPeriod.objects.count() == 12
