"""Elm Agents pays for Castle and Halden: one payment settles documents of both, because somebody declared so."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from cashapp.actions.desk import Verdict, match_line, undo_line
from cashapp.actions.matching import match_lines
from cashapp.actions.payer_groups import Declared, add_to_payer_group, declare_payer_group, end_in_payer_group
from cashapp.errors import NotInTheGroup
from cashapp.models import MatchTask, PayerGroup, PayerGroupMember, Receipt
from cashapp.queries.matching import lines_to_match, load_index
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, User
from customers.models import Customer
from tests.cashapp.receipts.conftest import open_amounts, pays

Make = Callable[..., Any]
Day = Callable[[int], date]
SignIn = Callable[[User], Client]
ELM = "GB33BUKB20201555555555"


@pytest.fixture
def elm(manager: User, castle: Customer, halden: Customer, may: Day) -> PayerGroup:
    declared = Declared(PayerGroup.Kind.AGENT, "Elm Agents Ltd", ELM, note="Contract of 1 May")
    group = declare_payer_group(by=manager, entity=castle.entity, declared=declared)
    for customer in (castle, halden):
        add_to_payer_group(by=manager, group=group, customer=customer, from_on=may(1))
    return group


def answer(by: User, entity: Any, on: date) -> list[str]:
    lines = list(lines_to_match(entity))
    said = match_lines(by=by, entity=entity, lines=lines, index=load_index(entity, on))
    return [f"{each.decision} {each.proposal.rule}" for each in said]


def test_the_trail_tells_an_account_by_its_last_digits(elm: PayerGroup) -> None:
    told = AuditEvent.objects.get(event="payer_group.declared")

    assert told.after == {"kind": "agent", "name": "Elm Agents Ltd", "account": "…5555"}


def test_one_payment_for_two_customers_is_proposed_and_shared_out(
    clerk: User,
    system: User,
    elm: PayerGroup,
    castle: Customer,
    halden: Customer,
    invoice: Make,
    bank_line: Make,
    may: Day,
) -> None:
    first, second = invoice(castle, "INV-1001", "120.00", may(2)), invoice(halden, "INV-1002", "60.00", may(2))
    line = bank_line("180.00", "INV-1001 INV-1002", on=may(12), payer="ELM AGENTS", account=ELM)

    assert answer(system, castle.entity, may(12)) == ["proposed numbers_of_a_group"]
    task = MatchTask.objects.get()
    assert (task.customer, len(task.applied)) == (castle, 2)
    assert "Agent that pays for 2 customers" in [each["words"] for each in task.evidence]

    match_line(by=clerk, line=line, verdict=Verdict(castle, pays({first: "120.00", second: "60.00"}), on=may(12)))

    assert open_amounts([first, second]) == ["0.00", "0.00"]
    receipts = Receipt.objects.filter(ended_on=None)
    assert {(row.item.customer.code, f"{row.amount:.2f}") for row in receipts} == {
        ("C-10001", "180.00"),
        ("C-10002", "60.00"),
    }
    assert [f"{row.item.open_amount:.2f}" for row in receipts] == ["0.00", "0.00"]
    assert MatchTask.objects.get().state == MatchTask.State.MATCHED
    assert castle.payer_aliases.count() == 0

    undo_line(by=clerk, line=line, undone_on=may(12), reason="Wrong agent")
    assert open_amounts([first, second]) == ["120.00", "60.00"]


def test_a_number_of_one_of_them_posts_and_one_of_somebody_else_does_not(
    system: User,
    elm: PayerGroup,
    castle: Customer,
    halden: Customer,
    invoice: Make,
    bank_line: Make,
    may: Day,
    manager: User,
) -> None:
    item = invoice(halden, "INV-1002", "60.00", may(2))
    bank_line("60.00", "INV-1002", on=may(12), payer="ELM AGENTS", account=ELM)
    assert answer(system, castle.entity, may(12)) == ["posted number_and_amount"]
    assert open_amounts([item]) == ["0.00"]

    member = PayerGroupMember.objects.get(customer=halden)
    end_in_payer_group(by=manager, member=member, ended_on=may(13), reason="Pays itself now")
    invoice(halden, "INV-1003", "70.00", may(2))
    bank_line("70.00", "INV-1003", on=may(14), payer="ELM AGENTS", account=ELM)
    (said,) = answer(system, castle.entity, may(14))
    assert said.startswith("proposed")


def test_an_amount_alone_never_chooses_among_the_customers_of_an_agent(
    system: User, elm: PayerGroup, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "123.45", may(2))
    bank_line("123.45", "PAYMENT", on=may(12), payer="ELM AGENTS", account=ELM)
    assert answer(system, castle.entity, may(12)) == ["proposed payer_and_one_amount"]
    assert open_amounts([item]) == ["123.45"]


def test_without_a_declaration_nobody_pays_for_others(
    clerk: User, castle: Customer, halden: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    first, second = invoice(castle, "INV-1001", "120.00", may(2)), invoice(halden, "INV-1002", "60.00", may(2))
    line = bank_line("180.00", "INV-1001 INV-1002", on=may(12))
    with pytest.raises(NotInTheGroup, match="Castle Fibre Ltd was not declared to pay for Halden Logistics Ltd on 12"):
        match_line(by=clerk, line=line, verdict=Verdict(castle, pays({first: "120.00", second: "60.00"})))
    assert not Receipt.objects.exists()


def test_a_payment_before_the_first_day_or_after_the_last_is_not_of_the_group(
    manager: User, elm: PayerGroup, castle: Customer, may: Day
) -> None:
    member = elm.members.get(customer=castle)
    assert add_to_payer_group(by=manager, group=elm, customer=castle, from_on=may(9)) == member
    with pytest.raises(Refused, match="Say why Elm Agents Ltd no longer pays for Castle"):
        end_in_payer_group(by=manager, member=member, ended_on=may(20), reason=" ")
    ended = end_in_payer_group(by=manager, member=member, ended_on=may(20), reason="Sold")
    assert ended.until_on == may(19)
    (payer,) = load_index(castle.entity, may(30)).declared_by_name["ELMAGENTSLTD"]
    assert castle.pk in payer.customers_on(may(19))
    assert castle.pk not in payer.customers_on(may(20))
    assert castle.pk not in payer.customers_on(date(2026, 4, 30))


def test_who_posts_cash_declares_no_payers(clerk: User, elm: PayerGroup, castle: Customer, may: Day) -> None:
    with pytest.raises(NotAllowed):
        add_to_payer_group(by=clerk, group=elm, customer=castle, from_on=may(1))
    with pytest.raises(NotAllowed):
        declare_payer_group(by=clerk, entity=castle.entity, declared=Declared(PayerGroup.Kind.FACTOR, "Oak"))


def test_a_manager_declares_them_on_screen(manager: User, signed_in: SignIn, castle: Customer) -> None:
    browser = signed_in(manager)
    filled = {"kind": "factor", "name": "Oak Factors", "account": "", "customer": "", "note": "Notice of 3 May"}
    browser.post("/match-rules/payer-groups/new/", filled)
    group = PayerGroup.objects.get()
    joined = {"customer": "C-10001", "from_on": "2026-05-01"}
    assert browser.post(f"/match-rules/payer-groups/{group.pk}/add/", joined).status_code == 302
    page = browser.get(f"/match-rules/payer-groups/{group.pk}/").content.decode()
    assert "Castle Fibre Ltd" in page
    assert "Oak Factors" in browser.get("/match-rules/payer-groups/?q=castle").content.decode()
    assert "No payer has that" in browser.get("/match-rules/payer-groups/?q=zzz").content.decode()
    assert "Oak Factors" in browser.get(f"/customers/{castle.pk}/").content.decode()
    assert browser.get("/match-rules/payer-groups/?format=xlsx")["Content-Type"].endswith("spreadsheetml.sheet")
    member = group.members.get()
    refused = browser.post(f"/match-rules/payer-groups/members/{member.pk}/end/", {"reason": ""})
    assert refused.status_code == 422
    browser.post(f"/match-rules/payer-groups/members/{member.pk}/end/", {"reason": "Sold"})
    assert group.members.get().until_on is not None
