"""A year of changes: each pro rata to the day, with its working, and each once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.errors import NotAllowed, SameKeyOtherContent
from core.models import AuditEvent, User
from invoicing.actions import amend_contract, renew_contract
from invoicing.amending import AmendmentDraft, AmendmentRefused
from invoicing.amendment_effects import Effect
from invoicing.contract_drafts import ContractLineDraft
from invoicing.cycles import Days
from invoicing.models import Amendment, BilledPeriod, Contract, ContractLine, CreditNote, Invoice, PriceTier, Product
from invoicing.queries.amending import effects_on, lines_of, outcome_of
from invoicing.queries.charging import charges_of
from invoicing.queries.contracts import page_of_contract
from tests.invoicing.contracts.conftest import ENDS, STARTS, Agreed, Billed, shape_of

Kind, Cycle, Timing, Tiering = Amendment.Kind, ContractLine.Cycle, ContractLine.Timing, ContractLine.Tiering
JULY = date(2026, 7, 1)
Amended = Callable[..., Amendment]


@pytest.fixture
def amended(clerk: User) -> Amended:
    """Nora amends a contract: amended(contract, "add", JULY, position=1, quantity=5)."""

    def amend(contract: Contract, kind: str, effective_on: date, **facts: Any) -> Amendment:
        for name in {"quantity", "unit_price", "percent"} & facts.keys():
            facts[name] = Decimal(facts[name])
        draft = AmendmentDraft(kind=kind, effective_on=effective_on, **facts)
        return amend_contract(by=clerk, contract=contract, draft=draft)

    return amend


def previewed(contract: Contract, **facts: Any) -> list[Effect]:
    return list(effects_on(contract, outcome_of(contract, AmendmentDraft(**facts))))


def test_added_users_cost_their_days_of_the_term(agreed: Agreed, billed: Billed, amended: Amended) -> None:
    """DOMAIN test vector T11."""
    contract = agreed()
    billed(contract, STARTS)

    [effect] = previewed(contract, kind=Kind.ADD, effective_on=JULY, position=1, quantity=Decimal(20))
    amended(contract, Kind.ADD, JULY, position=1, quantity=20)

    [charge] = charges_of(lines_of(contract), JULY)
    assert effect.amount == charge.net("GBP") == Decimal("1301.92")
    assert "20 × 120 × 198/365 days" in effect.working
    assert shape_of(contract)[1] == (2, Decimal(20), Decimal(120), JULY, ENDS)


def test_removed_users_are_given_back_and_the_rest_goes_on(agreed: Agreed, billed: Billed, amended: Amended) -> None:
    contract = agreed()
    billed(contract, STARTS)

    back, on = previewed(contract, kind=Kind.REMOVE, effective_on=JULY, position=1, quantity=Decimal(5))
    amended(contract, Kind.REMOVE, JULY, position=1, quantity=5)

    assert (back.amount, on.amount) == (Decimal("-1301.92"), Decimal("976.44"))
    assert "198/365 days of what was billed" in back.working
    assert shape_of(contract) == [
        (1, Decimal(20), Decimal(120), STARTS, date(2026, 6, 30)),
        (2, Decimal(15), Decimal(120), JULY, ENDS),
    ]
    credit = CreditNote.objects.get()
    assert (credit.net, credit.is_issued, credit.reason_code) == (Decimal("1301.92"), False, "quantity")
    followed = contract.lines.get(position=2)
    assert followed.follows == contract.lines.get(position=1)
    assert followed.made_by == followed.follows.ended_by


def test_the_working_stays_as_it_was_shown_whatever_is_billed_and_credited_later(
    agreed: Agreed, billed: Billed, amended: Amended
) -> None:
    contract = agreed()
    billed(contract, STARTS)
    shown = previewed(contract, kind=Kind.REMOVE, effective_on=JULY, position=1, quantity=Decimal(5))

    made = amended(contract, Kind.REMOVE, JULY, position=1, quantity=5)
    billed(contract, JULY)
    amended(contract, Kind.EARLY_END, date(2026, 5, 1))

    kept = [(row.amount, row.working, row.document) for row in made.effects.all()]
    assert kept == [(one.amount, one.working, one.document) for one in shown]
    assert page_of_contract(contract, as_of=JULY).changes[-1].effects.all()[0].amount == Decimal("-1301.92")
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        made.effects.update(amount=0)


def test_a_second_change_drafts_the_credit_anew(agreed: Agreed, billed: Billed, amended: Amended) -> None:
    contract = agreed()
    billed(contract, STARTS)
    amended(contract, Kind.EARLY_END, JULY)

    amended(contract, Kind.EARLY_END, date(2026, 4, 15))

    assert CreditNote.objects.get().net == Decimal("1808.22")


def test_all_users_removed_end_the_line(agreed: Agreed, amended: Amended) -> None:
    contract = agreed()

    amended(contract, Kind.REMOVE, JULY, position=1, quantity=20)

    assert shape_of(contract) == [(1, Decimal(20), Decimal(120), STARTS, date(2026, 6, 30))]


def test_a_price_rises_for_one_line_or_by_a_percentage_for_all(
    agreed: Agreed, amended: Amended, seats: Product, calls: Product
) -> None:
    tiers = ((Decimal(0), Decimal("0.05")), (Decimal(1000), Decimal("0.04")))
    usage = ContractLineDraft(
        calls, cycle=Cycle.USAGE, timing=Timing.ARREARS, tiering=Tiering.GRADUATED.value, tiers=tiers
    )
    contract = agreed(ContractLineDraft(seats, unit_price=Decimal("99.90")), usage)

    amended(contract, Kind.PRICE, JULY, percent=3)
    amended(contract, Kind.PRICE, date(2026, 8, 1), position=3, unit_price=110)

    prices = [(row[0], row[2], row[3]) for row in shape_of(contract)]
    assert prices[2:] == [(3, Decimal("102.90"), JULY), (4, None, JULY), (5, Decimal(110), date(2026, 8, 1))]
    raised = PriceTier.objects.filter(line__position=4).values_list("unit_price", flat=True)
    assert list(raised) == [Decimal("0.0515"), Decimal("0.0412")]


def test_an_upgrade_goes_over_to_another_product(agreed: Agreed, amended: Amended, premium: Product) -> None:
    contract = agreed()

    amended(contract, Kind.UPGRADE, JULY, position=1, product=premium)

    line = contract.lines.get(position=2)
    assert (line.product, line.description, line.unit_price, line.quantity) == (
        premium, "Premium seats", Decimal(200), Decimal(20),
    )  # fmt: skip


def test_an_early_end_ends_the_contract_and_what_was_to_come(agreed: Agreed, amended: Amended, clerk: User) -> None:
    contract = agreed(renews=True)
    renew_contract(by=clerk, contract=contract)

    amended(contract, Kind.EARLY_END, JULY)

    contract.refresh_from_db()
    assert (contract.ends_on, contract.renews) == (date(2026, 6, 30), False)
    assert [line.never_ran for line in lines_of(contract)] == [False, True]


def test_a_lease_is_bought_out_at_its_residual(agreed: Agreed, amended: Amended, seats: Product) -> None:
    rent = ContractLineDraft(seats, unit_price=Decimal(480), cycle=Cycle.MONTHLY.value)
    lease = agreed(rent, kind=Contract.Kind.LEASE)

    amended(lease, Kind.BUY_OUT, JULY, unit_price=2500)

    lease.refresh_from_db()
    due = charges_of(lines_of(lease), date(2027, 12, 31))
    assert lease.ends_on == JULY
    assert due[-1].net("GBP") == Decimal("2500.00")
    assert due[-2].days == Days(date(2026, 6, 15), date(2026, 6, 30))
    assert due[-1].line.description == "Buy-out: Seats"
    with pytest.raises(AmendmentRefused, match="is no lease"):
        amended(agreed(), Kind.BUY_OUT, JULY, unit_price=1)


def test_a_renewal_raises_prices_by_the_index(agreed: Agreed, clerk: User) -> None:
    contract = agreed(renews=True, indexation_percent=Decimal("4.5"))

    renewal = renew_contract(by=clerk, contract=contract, source_id="2027")

    contract.refresh_from_db()
    assert contract.ends_on == date(2028, 1, 14)
    assert shape_of(contract)[1] == (2, Decimal(20), Decimal("125.40"), date(2027, 1, 15), date(2028, 1, 14))
    assert renew_contract(by=clerk, contract=contract, source_id="2027") == renewal
    assert contract.amendments.count() == 1


def test_a_fixed_price_that_ends_early_costs_its_days(agreed: Agreed, amended: Amended, seats: Product) -> None:
    project = ContractLineDraft(
        seats, unit_price=Decimal(3650), cycle=Cycle.FIXED.value, starts_on=STARTS, ends_on=ENDS
    )
    contract = agreed(project)

    amended(contract, Kind.EARLY_END, date(2026, 1, 25))

    [charge] = charges_of(lines_of(contract), ENDS)
    assert charge.net("GBP") == Decimal("100.00")


def test_drafts_that_bill_too_much_are_discarded(agreed: Agreed, billed: Billed, amended: Amended) -> None:
    contract = agreed()
    billed(contract, STARTS, issue=False)

    amended(contract, Kind.REMOVE, JULY, position=1, quantity=5)

    assert not Invoice.objects.exists()
    assert not BilledPeriod.objects.exists()
    assert [charge.net("GBP") for charge in charges_of(lines_of(contract), JULY)] == [
        Decimal("1098.08"),
        Decimal("976.44"),
    ]


def test_the_same_amendment_comes_in_once(agreed: Agreed, amended: Amended) -> None:
    contract = agreed()
    first = amended(contract, Kind.ADD, JULY, position=1, quantity=5, source="api", source_id="A-1")

    again = amended(contract, Kind.ADD, JULY, position=1, quantity=5, source="api", source_id="A-1")

    assert again == first
    assert contract.lines.count() == 2
    assert AuditEvent.objects.filter(event="contract.amended").count() == 1
    with pytest.raises(SameKeyOtherContent, match="A-1 amended Contract"):
        amended(contract, Kind.ADD, JULY, position=1, quantity=6, source="api", source_id="A-1")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"kind": Kind.ADD, "effective_on": date(2027, 1, 15), "position": 1}, "nothing can change from 15 Jan 2027"),
        ({"kind": Kind.ADD, "effective_on": JULY, "position": 1}, "how many are added"),
        ({"kind": Kind.ADD, "effective_on": JULY, "quantity": Decimal(1)}, "which product is added"),
        ({"kind": Kind.REMOVE, "effective_on": JULY, "position": 1, "quantity": Decimal(21)}, "21 can't be removed"),
        ({"kind": Kind.REMOVE, "effective_on": JULY, "position": 9, "quantity": Decimal(1)}, "has no line 9"),
        ({"kind": Kind.PRICE, "effective_on": JULY, "position": 1}, "the new price, or the percentage"),
        ({"kind": Kind.PRICE, "effective_on": JULY, "percent": Decimal(-100)}, "can't fall by 100 %"),
        ({"kind": Kind.UPGRADE, "effective_on": JULY, "position": 1}, "which product the customer goes over to"),
        ({"kind": Kind.RENEWAL, "effective_on": JULY}, "is renewed from 15 Jan 2027 on"),
    ],
)
def test_what_no_amendment_can_do(agreed: Agreed, clerk: User, facts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AmendmentRefused, match=sentence):
        amend_contract(by=clerk, contract=agreed(), draft=AmendmentDraft(**facts))


def test_who_may_not_amend(collector: User, agreed: Agreed) -> None:
    contract = agreed()
    draft = AmendmentDraft(kind=Kind.EARLY_END.value, effective_on=JULY)
    with pytest.raises(NotAllowed):
        amend_contract(by=collector, contract=contract, draft=draft)
    with pytest.raises(NotAllowed):
        renew_contract(by=collector, contract=contract)
