"""Contracts are drafted, changed, activated once and left with notice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.errors import NotAllowed, SameKeyOtherContent
from core.models import AuditEvent, LegalEntity, User
from customers.models import Customer
from invoicing.actions import (
    activate_contract,
    attach_contract_file,
    change_contract,
    deactivate_product,
    discard_contract,
    draft_contract,
    give_notice,
    withdraw_notice,
)
from invoicing.actions.errors import ChangedMeanwhile, ContractNotReady, NotAContractDraft, NoticeRefused
from invoicing.contract_drafts import ContractDraft, ContractLineDraft, ContractRefused
from invoicing.models import Contract, ContractLine, PriceTier, Product
from tests.invoicing.contracts.conftest import ENDS, STARTS, Agreed, shape_of

Cycle, Timing, Tiering = ContractLine.Cycle, ContractLine.Timing, ContractLine.Tiering


@pytest.fixture
def order(acme: Customer, seats: Product) -> ContractDraft:
    line = ContractLineDraft(seats, quantity=Decimal(20), unit_price=Decimal(120))
    return ContractDraft(customer=acme, starts_on=STARTS, ends_on=ENDS, lines=(line,))


def test_a_draft_has_a_number_and_its_lines_run_with_the_contract(
    clerk: User, books: LegalEntity, order: ContractDraft
) -> None:
    contract = draft_contract(by=clerk, entity=books, draft=order)

    assert contract.number.startswith("K-")
    assert (contract.currency, contract.is_active) == ("GBP", False)
    assert shape_of(contract) == [(1, Decimal(20), Decimal(120), STARTS, ENDS)]
    assert AuditEvent.objects.get(event="contract.drafted").object_label == str(contract)


def test_the_same_order_comes_in_once(clerk: User, books: LegalEntity, order: ContractDraft) -> None:
    sent = replace(order, source="salesforce", source_id="006-1")
    first = draft_contract(by=clerk, entity=books, draft=sent)

    assert draft_contract(by=clerk, entity=books, draft=sent) == first
    assert Contract.objects.count() == 1
    with pytest.raises(SameKeyOtherContent, match="006-1 made Contract K-"):
        draft_contract(by=clerk, entity=books, draft=replace(sent, purchase_order="PO 7"))


def test_a_draft_is_written_anew(clerk: User, books: LegalEntity, order: ContractDraft, premium: Product) -> None:
    contract = draft_contract(by=clerk, entity=books, draft=order)
    line = ContractLineDraft(premium, quantity=Decimal(3), unit_price=Decimal(200))
    other = replace(order, starts_on=date(2026, 2, 1), lines=(line,))

    changed = change_contract(by=clerk, contract=contract, draft=other, version=1)

    assert shape_of(changed) == [(1, Decimal(3), Decimal(200), date(2026, 2, 1), ENDS)]
    with pytest.raises(ChangedMeanwhile):
        change_contract(by=clerk, contract=contract, draft=order, version=1)


def test_a_draft_is_discarded_and_an_active_contract_is_not(
    clerk: User, books: LegalEntity, order: ContractDraft, agreed: Agreed
) -> None:
    discard_contract(by=clerk, contract=draft_contract(by=clerk, entity=books, draft=order))
    active = agreed()

    assert list(Contract.objects.all()) == [active]
    for refused in (
        lambda: discard_contract(by=clerk, contract=active),
        lambda: change_contract(by=clerk, contract=active, draft=order, version=active.version),
    ):
        with pytest.raises(NotAContractDraft, match="Amend it instead"):
            refused()


def test_activating_twice_is_activating_once(agreed: Agreed, clerk: User) -> None:
    contract = agreed()

    again = activate_contract(by=clerk, contract=contract)

    assert again.activated_at == contract.activated_at
    assert AuditEvent.objects.filter(event="contract.activated").count() == 1


def test_what_is_not_ready_is_not_activated(
    clerk: User, books: LegalEntity, order: ContractDraft, seats: Product, acme: Customer
) -> None:
    empty = draft_contract(by=clerk, entity=books, draft=replace(order, lines=()))
    priceless = draft_contract(by=clerk, entity=books, draft=replace(order, lines=(ContractLineDraft(seats),)))
    with pytest.raises(ContractNotReady, match="has no lines"):
        activate_contract(by=clerk, contract=empty)
    with pytest.raises(ContractNotReady, match="Line 1. Seats of Contract .* has no price"):
        activate_contract(by=clerk, contract=priceless)

    ready = draft_contract(by=clerk, entity=books, draft=order)
    Customer.objects.filter(pk=acme.pk).update(status=Customer.Status.INACTIVE)
    with pytest.raises(ContractNotReady, match="Acme Hotels .* is inactive"):
        activate_contract(by=clerk, contract=ready)


def test_the_database_keeps_the_lines_of_an_active_contract(agreed: Agreed) -> None:
    contract = agreed()

    for change in ({"quantity": 5}, {"unit_price": 1}, {"starts_on": date(2026, 2, 1)}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            contract.lines.update(**change)
    with pytest.raises(IntegrityError, match="keep what they were made with"), transaction.atomic():
        Contract.objects.update(starts_on=date(2026, 2, 1))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"starts_on": date(2026, 1, 1)}, "begins on 01 Jan 2026, before the contract"),
        ({"ends_on": date(2027, 2, 1)}, "runs beyond the contract's last day"),
        ({"quantity": Decimal(-1)}, "not negative"),
        ({"discount_percent": Decimal(101)}, "between 0 and 100"),
        ({"cycle": Cycle.USAGE.value}, "bill it in arrears"),
        ({"tiering": Tiering.VOLUME.value, "tiers": ((Decimal(5), Decimal(1)),)}, "first tier begins at 0"),
        ({"tiers": ((Decimal(0), Decimal(1)),)}, "says nothing of how its tiers"),
    ],
)
def test_what_no_line_can_be(
    clerk: User, books: LegalEntity, order: ContractDraft, change: dict[str, object], sentence: str
) -> None:
    wrong = replace(order, lines=(replace(order.lines[0], **change),))  # type: ignore[arg-type]

    with pytest.raises(ContractRefused, match=sentence):
        draft_contract(by=clerk, entity=books, draft=wrong)


def test_a_contract_that_renews_has_a_term_and_a_product_that_is_sold(
    clerk: User, manager: User, books: LegalEntity, order: ContractDraft, seats: Product
) -> None:
    with pytest.raises(ContractRefused, match="needs the last day of its term"):
        draft_contract(by=clerk, entity=books, draft=replace(order, ends_on=None, renews=True))

    ended = deactivate_product(by=manager, product=seats)
    gone = replace(order, lines=(ContractLineDraft(ended, unit_price=Decimal(1)),))
    with pytest.raises(ContractRefused, match="not sold any more"):
        draft_contract(by=clerk, entity=books, draft=gone)


def test_tiers_are_kept_with_their_line(clerk: User, books: LegalEntity, order: ContractDraft, calls: Product) -> None:
    tiers = ((Decimal(0), Decimal("0.05")), (Decimal(1000), Decimal("0.04")))
    line = ContractLineDraft(
        calls, cycle=Cycle.USAGE, timing=Timing.ARREARS, tiering=Tiering.GRADUATED.value, tiers=tiers
    )

    contract = draft_contract(by=clerk, entity=books, draft=replace(order, lines=(line,)))

    assert list(PriceTier.objects.values_list("from_quantity", "unit_price")) == list(tiers)
    assert activate_contract(by=clerk, contract=contract).is_active


def test_notice_is_given_in_time_and_taken_back(clerk: User, agreed: Agreed) -> None:
    contract = agreed(renews=True, notice_days=30)

    given = give_notice(by=clerk, contract=contract, given_on=date(2026, 12, 15), reason="Going in-house")

    assert given.notice_given_on == date(2026, 12, 15)
    assert give_notice(by=clerk, contract=contract, given_on=date(2026, 12, 31)).notice_given_on == date(2026, 12, 15)
    assert withdraw_notice(by=clerk, contract=contract).notice_given_on is None
    with pytest.raises(NoticeRefused, match="had to be given by 15 Dec 2026"):
        give_notice(by=clerk, contract=contract, given_on=date(2026, 12, 16))


def test_a_signed_contract_is_kept_as_it_came(clerk: User, agreed: Agreed) -> None:
    contract, content = agreed(), b"%PDF-1.7 x"

    attached = attach_contract_file(by=clerk, contract=contract, name="signed.pdf", content=content, kind="signed")

    assert attached.file.read() == content
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        attached.delete()


def test_who_may_not(collector: User, books: LegalEntity, order: ContractDraft, agreed: Agreed) -> None:
    contract = agreed()
    tries: list[Callable[[], object]] = [
        lambda: draft_contract(by=collector, entity=books, draft=order),
        lambda: change_contract(by=collector, contract=contract, draft=order, version=1),
        lambda: discard_contract(by=collector, contract=contract),
        lambda: activate_contract(by=collector, contract=contract),
        lambda: give_notice(by=collector, contract=contract, given_on=STARTS),
        lambda: withdraw_notice(by=collector, contract=contract),
        lambda: attach_contract_file(by=collector, contract=contract, name="a.txt", content=b"a"),
    ]
    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()
