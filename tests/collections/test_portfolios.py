"""Portfolios: by rule and by hand, covers, who had whom when, the load, and many handed over at once."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from ar_collections.actions.portfolios import (
    NotAssignable,
    add_portfolio_rule,
    apply_portfolio_rules,
    assign_new_customers,
    cover_absence,
    end_cover,
    end_portfolio_rule,
    reassign_customers,
)
from ar_collections.actions.worklist import assign_customers, refresh_worklist
from ar_collections.models import AbsenceCover, PortfolioRule, WorkAssignment
from ar_collections.portfolios import Features, Rule, rule_for, shared_out
from ar_collections.queries.portfolios import Move, assignments_on, loads, moves_by_rule
from ar_collections.queries.worklist import beside, entries, figures_of_list
from core import clock
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, RoleGrant, User
from customers.models import Address, Customer
from tests.collections.books import Books

NewCustomer = Callable[..., Customer]


@pytest.fixture
def today(uk: LegalEntity) -> date:
    return clock.today(uk)


@pytest.fixture
def cara(person: Callable[..., User], uk: LegalEntity) -> User:
    return person("Cara", uk, "collector")


@pytest.fixture
def four(uk: LegalEntity, system: User, new_customer: NewCustomer, today: date) -> list[Customer]:
    """Four customers who owe 400, 300, 200 and 100, each overdue; the last is in Ireland."""
    made = []
    for number, name in enumerate(("Acorn", "Birch", "Maple", "Zelkova")):
        customer = new_customer(f"C-{number}", name, segment="Strategic" if name == "Birch" else "")
        due = today - timedelta(days=40)
        Books(system, customer).invoice(f"INV-{number}", f"{400 - 100 * number}.00", due - timedelta(days=30), due)
        made.append(customer)
    Address.objects.filter(customer=made[3]).update(country="IE")
    refresh_worklist(by=system, entity=uk, today=today)
    return made


def rule(uk: LegalEntity, collector: User, position: int, **more: Any) -> PortfolioRule:
    return PortfolioRule(entity=uk, collector=collector, position=position, **more)


def whose(customers: list[Customer]) -> list[str]:
    held = dict(WorkAssignment.objects.filter(ended_at=None).values_list("customer_id", "collector__name"))
    return [held.get(customer.pk, "") for customer in customers]


def test_the_first_rule_that_fits_decides() -> None:
    rules = [
        Rule(1, 10, countries=["IE"]),
        Rule(2, 20, first_letter="A", last_letter="F"),
        Rule(3, 30, segment="strat", least=Decimal(1000)),
        Rule(4, 40),
    ]

    def chosen(name: str, country: str = "GB", segment: str = "", owed: int = 0) -> int:
        found = rule_for(Features(1, name, country, segment, Decimal(owed)), rules)
        return found.collector if found else 0

    assert chosen("Acorn", "IE") == 10
    assert (chosen("acorn"), chosen("Maple"), chosen("3M")) == (20, 40, 40)
    assert (chosen("Maple", segment="Strategic", owed=1000), chosen("Maple", segment="Strategic", owed=999)) == (30, 40)


@given(st.lists(st.integers(0, 10_000), max_size=30), st.integers(1, 4))
def test_what_is_shared_out_is_even_to_within_the_largest(owed: list[int], people: int) -> None:
    customers = [Features(key, "A", "", "", Decimal(amount)) for key, amount in enumerate(owed)]

    found = shared_out(customers, list(range(people)))

    sums = [sum(owed[key] for key, who in found.items() if who == each) for each in range(people)]
    assert set(found) == set(range(len(owed)))
    assert max(sums) - min(sums) <= max(owed, default=0)


def test_rules_hand_out_nobodys_customers_and_by_hand_stays_by_hand(
    uk: LegalEntity, system: User, manager: User, collector: User, cara: User, four: list[Customer]
) -> None:
    with pytest.raises(NotAllowed):
        add_portfolio_rule(by=collector, rule=rule(uk, collector, 1))
    with pytest.raises(Refused, match="The letters run from A to Z"):
        add_portfolio_rule(by=manager, rule=rule(uk, cara, 1, first_letter="Z", last_letter="A"))
    first = add_portfolio_rule(by=manager, rule=rule(uk, cara, 1, countries=["IE"]))
    add_portfolio_rule(by=manager, rule=rule(uk, collector, 2, first_letter="A", last_letter="Z"))
    assign_customers(by=manager, entity=uk, customers=[four[0]], collector=cara)
    assert len(moves_by_rule(uk)) == 3

    apply_portfolio_rules(by=manager, entity=uk)

    assert whose(four) == ["Cara", "Colin", "Colin", "Cara"]
    assert apply_portfolio_rules(by=manager, entity=uk) == []
    end_portfolio_rule(by=manager, rule=first)
    assert assign_new_customers(by=system, entity=uk) == [], "nobody loses a customer by it"
    apply_portfolio_rules(by=manager, entity=uk)
    assert whose(four) == ["Cara", "Colin", "Colin", "Colin"], "only the one by hand stays"
    events = AuditEvent.objects.filter(event="customers.assigned").order_by("pk")
    assert [each.after for each in events] == [
        {"Cara": ["C-0"]}, {"Colin": ["C-1", "C-2"], "Cara": ["C-3"]}, {"Colin": ["C-3"]},
    ], "one line names all"  # fmt: skip


def test_a_rule_of_somebody_who_collects_no_more_rests(
    uk: LegalEntity,
    system: User,
    manager: User,
    collector: User,
    cara: User,
    four: list[Customer],
    signed_in: Callable[[User], Client],
) -> None:
    add_portfolio_rule(by=manager, rule=rule(uk, cara, 1, countries=["IE"]))
    add_portfolio_rule(by=manager, rule=rule(uk, collector, 2, first_letter="A", last_letter="Z"))
    RoleGrant.objects.filter(user=cara).update(ended_at=clock.now())

    page = signed_in(manager).get("/portfolios/rules/").content.decode()

    assert "Cara collects no more in Brightwater" in page and "is passed over" in page and "hand over 4" in page
    assert len(assign_new_customers(by=system, entity=uk)) == 4, "one rule at rest stops no other"
    assert whose(four) == ["Colin"] * 4
    asked = {"source": "nobody", "to": [manager.pk], "reason": "x", "agreed": f"{four[0].pk}:987654", "move": "1"}
    refused = signed_in(manager).post("/portfolios/hand-over/", asked)
    assert refused.status_code == 422 and "names somebody whom nobody knows" in refused.content.decode()


def test_many_are_handed_over_all_or_none_and_who_had_whom_stays_known(
    uk: LegalEntity, manager: User, collector: User, cara: User, auditor: User, four: list[Customer], today: date
) -> None:
    back = timedelta(days=10)
    WorkAssignment.objects.bulk_create(
        WorkAssignment(customer=customer, collector=collector, assigned_by=manager, assigned_at=clock.now() - back)
        for customer in four
    )
    moves = [Move(four[0], cara), Move(four[1], auditor)]
    with pytest.raises(NotAssignable, match="Audrey holds no role"):
        reassign_customers(by=manager, entity=uk, moves=moves)
    assert whose(four) == ["Colin"] * 4

    reassign_customers(by=manager, entity=uk, moves=[Move(four[0], cara), Move(four[1], cara)], reason="Leaves us")

    def had(on: date) -> list[str]:
        return [row.collector.name for row in assignments_on(uk, on)]

    assert had(today) == ["Cara", "Cara", "Colin", "Colin"]
    assert had(today - timedelta(days=1)) == ["Colin"] * 4
    assert had(today - back - timedelta(days=1)) == []
    assert AuditEvent.objects.filter(event="customers.assigned").count() == 1, "one line names all"


def test_whoever_covers_finds_the_absent_ones_customers_on_their_list(
    uk: LegalEntity,
    manager: User,
    collector: User,
    cara: User,
    clerk: User,
    four: list[Customer],
    today: date,
    auditor: User,
) -> None:
    assign_customers(by=manager, entity=uk, customers=four[:3], collector=collector)
    assign_customers(by=manager, entity=uk, customers=four[3:], collector=cara)

    def mine(person: User, on: date) -> int:
        return figures_of_list(entries(uk), entity=uk, by=person, today=on).counts["mine"]

    def cover(by: User, absent: User, person: User) -> AbsenceCover:
        row = AbsenceCover(
            entity=uk, absent=absent, cover=person, from_on=today, until_on=today + timedelta(days=4), reason="Leave"
        )
        return cover_absence(by=by, cover=row)

    with pytest.raises(NotAllowed):
        cover(cara, collector, cara)
    with pytest.raises(NotAssignable):
        cover(manager, collector, auditor)
    row = cover(manager, collector, cara)

    assert cover(manager, collector, cara) == row
    assert (mine(cara, today), mine(collector, today)) == (4, 3)
    assert mine(cara, today + timedelta(days=5)) == 1
    assert beside(uk, [four[0].pk], today=today).collectors == {four[0].pk: "Colin, covered by Cara"}
    with pytest.raises(Refused, match="Colin is covered already"):
        cover(manager, collector, clerk)
    with pytest.raises(Refused, match="Colin is away then, too"):
        cover(manager, cara, collector)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        AbsenceCover.objects.create(
            entity=uk, absent=collector, cover=clerk, from_on=today, until_on=today, made_by=manager
        )
    end_cover(by=manager, cover=row, ended_on=today)
    assert (mine(cara, today), whose(four)[0]) == (1, "Colin")


def test_the_load_of_each_collector_adds_up(
    uk: LegalEntity,
    manager: User,
    collector: User,
    cara: User,
    four: list[Customer],
    today: date,
    django_assert_max_num_queries: Any,
) -> None:
    assign_customers(by=manager, entity=uk, customers=four[:2], collector=collector)
    assign_customers(by=manager, entity=uk, customers=four[2:3], collector=cara)

    with django_assert_max_num_queries(14):
        found = {row.person.name if row.person else "": row for row in loads(uk, by=manager, today=today)}

    assert [(found[name].customers, found[name].overdue, found[name].calls) for name in ("Colin", "Cara", "")] == [
        (2, Decimal(700), 2), (1, Decimal(200), 1), (1, Decimal(100), 1),
    ]  # fmt: skip


def test_the_pages_preview_and_hand_over(
    uk: LegalEntity,
    signed_in: Callable[[User], Client],
    manager: User,
    collector: User,
    cara: User,
    four: list[Customer],
    auditor: User,
) -> None:
    assign_customers(by=manager, entity=uk, customers=four, collector=collector)
    client = signed_in(manager)
    asked: dict[str, Any] = {"source": collector.pk, "to": [cara.pk, manager.pk], "reason": "Leaves us"}

    page = client.post("/portfolios/hand-over/", {**asked, "last_letter": "M", "first_letter": "A"})
    assert "Hand over 3" in page.content.decode() and whose(four) == ["Colin"] * 4, "a preview moves nobody"
    agreed = page.context["agreed"]
    client.post("/portfolios/hand-over/", {**asked, "agreed": agreed, "move": "1"})

    assert sorted(whose(four)) == ["Cara", "Colin", "Maya", "Maya"]
    for address in ("/portfolios/", "/portfolios/history/", "/portfolios/rules/", "/portfolios/covers/"):
        assert "Colin" in client.get(address).content.decode()
    for address in ("/portfolios/?format=xlsx", "/portfolios/history/?format=xlsx"):
        assert client.get(address).status_code == 200
    assert "Colin" in client.get(f"/customers/{four[0].pk}/collectors/").content.decode()
    sent = {"collector": cara.pk, "position": 1, "countries": "ie, gb", "first_letter": "a", "last_letter": "b"}
    client.post("/portfolios/rules/new/", sent)
    assert str(PortfolioRule.objects.get()) == "IE, GB; A–B"
    day = clock.today(uk)
    client.post("/portfolios/covers/new/", {"absent": collector.pk, "cover": cara.pk, "from_on": day, "until_on": day})
    assert AbsenceCover.objects.get().cover == cara
    assert "Hand over" not in signed_in(auditor).get("/portfolios/").content.decode()
