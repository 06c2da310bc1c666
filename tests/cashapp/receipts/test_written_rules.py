"""Maya writes what she knows of a payer, tries it on last month's lines, and only then the matcher follows it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cashapp.actions.deductions import Difference
from cashapp.actions.desk import Verdict, match_line
from cashapp.actions.matching import match_lines
from cashapp.actions.written_rules import switch_rule_off, switch_rule_on, try_rule, write_rule
from cashapp.errors import NotTried
from cashapp.models import DeductionReason, MatchDecision, MatchTask, RuleVersion
from cashapp.queries.matching import lines_to_match, load_index
from cashapp.wordings import Wording
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, User
from core.money import money
from customers.models import Customer
from tests.cashapp.receipts.conftest import open_amounts, pays

Make = Callable[..., Any]
Day = Callable[[int], date]
SignIn = Callable[[User], Client]
Effect = RuleVersion.Effect
ELM = "GB33BUKB20201555555555"


def answer(by: User, entity: LegalEntity, on: date) -> list[str]:
    lines = list(lines_to_match(entity))
    said = match_lines(by=by, entity=entity, lines=lines, index=load_index(entity, on))
    return [f"{each.decision} {each.proposal.rule}" for each in said]


@pytest.fixture
def seen(clerk: User, bank_line: Make, may: Day) -> Make:
    """Nora decides on two lines of a customer, each of its own payer: seen(castle, "10.00", "POOL", "TREASURY")."""

    def decide(customer: Customer, amount: str, text: str, payer: str = "", *, on: tuple[int, int] = (3, 4)) -> None:
        for letter, day in zip("AB", on, strict=True):
            line = bank_line(amount, f"{text} {letter}", on=may(day), payer=f"{payer} {letter}" if payer else "")
            match_line(by=clerk, line=line, verdict=Verdict(customer, on=may(day)))

    return decide


def switched_on(
    by: User, entity: LegalEntity, wording: Wording, span: tuple[date, date], name: str = "Treasury"
) -> RuleVersion:
    version = write_rule(by=by, entity=entity, name=name, wording=wording)
    try_rule(by=by, version=version, from_on=span[0], until_on=span[1])
    return switch_rule_on(by=by, version=version)


def test_a_rule_that_agrees_with_people_says_who_paid(
    clerk: User, system: User, manager: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    for day in (5, 6):
        item = invoice(castle, f"INV-100{day}", "120.00", may(1))
        line = bank_line("120.00", f"POOL 7{day}", on=may(day), payer=f"CENTRAL TREASURY {day}")
        match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "120.00"})))
    wording = Wording(Effect.IDENTIFIES, payer="central treasury", text="pool *", customer=castle)

    version = write_rule(by=manager, entity=castle.entity, name="Treasury", wording=wording)
    with pytest.raises(NotTried, match="Try Treasury, version 1 on the lines of last month first"):
        switch_rule_on(by=manager, version=version)
    trial = try_rule(by=manager, version=version, from_on=may(1), until_on=may(31))
    assert (trial.looked_at, trial.agreed, trial.differed, trial.spared) == (2, 2, 0, 2)
    assert trial.lines[0]["decided"] == "Castle Fibre Ltd"
    switch_rule_on(by=manager, version=version)

    second = invoice(castle, "INV-1009", "250.00", may(6))
    bank_line("250.00", "POOL 78", on=may(12), payer="CENTRAL TREASURY")
    assert answer(system, castle.entity, may(12)) == ["posted payer_and_one_amount"]
    assert open_amounts([second]) == ["0.00"]
    decision = MatchDecision.objects.latest("pk")
    assert decision.written_rule == version
    assert decision.evidence[0]["words"] == "Rule “Treasury”, version 1: it is this customer's money"


def test_a_rule_that_people_contradict_is_not_switched_on(
    clerk: User, manager: User, castle: Customer, halden: Customer, bank_line: Make, may: Day
) -> None:
    match_line(by=clerk, line=bank_line("10.00", "POOL", on=may(5), payer="TREASURY"), verdict=Verdict(halden))
    wording = Wording(Effect.ON_ACCOUNT, payer="TREASURY", customer=castle)
    version = write_rule(by=manager, entity=castle.entity, name="Treasury", wording=wording)
    try_rule(by=manager, version=version, from_on=may(1), until_on=may(31))
    with pytest.raises(NotTried, match="People decided otherwise than Treasury, version 1 on 1 of 1 lines"):
        switch_rule_on(by=manager, version=version)


def test_a_rule_on_whose_lines_too_few_people_decided_is_not_switched_on(
    clerk: User, system: User, manager: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    """Nobody on the first; the matcher, which needs no rule for it, on the second; Nora once on the third."""
    item = invoice(castle, "INV-1001", "120.00", may(1))
    bank_line("10.00", "POOL 1", on=may(4), payer="TREASURY")
    bank_line("120.00", "POOL 2 INV-1001", on=may(5), payer="CASTLE FIBRE LTD")
    answer(system, castle.entity, may(5))
    assert open_amounts([item]) == ["0.00"]
    wording = Wording(Effect.IDENTIFIES, text="pool", customer=castle)
    version = write_rule(by=manager, entity=castle.entity, name="Treasury", wording=wording)

    def refused(words: str) -> None:
        try_rule(by=manager, version=version, from_on=may(1), until_on=may(31))
        with pytest.raises(NotTried, match=words):
            switch_rule_on(by=manager, version=version)

    refused("People decided as Treasury, version 1 says on 0 of 2 lines, and 2 are needed")
    match_line(by=clerk, line=bank_line("10.00", "POOL 3", on=may(6), payer="TREASURY"), verdict=Verdict(castle))
    refused("on 1 of 3 lines")
    match_line(by=clerk, line=bank_line("10.00", "POOL 4", on=may(7), payer="OTHER"), verdict=Verdict(castle))
    try_rule(by=manager, version=version, from_on=may(1), until_on=may(31))
    assert switch_rule_on(by=manager, version=version).is_on


def test_the_trail_tells_accounts_by_their_last_digits(
    clerk: User, manager: User, castle: Customer, halden: Customer, bank_line: Make, may: Day
) -> None:
    """Of a rule that is written for an account, and of the payer that two decisions made known by it."""
    version = write_rule(
        by=manager, entity=castle.entity, name="Pool", wording=Wording(Effect.IDENTIFIES, account=ELM, customer=castle)
    )
    for day in (5, 6):
        line = bank_line("10.00", f"POOL {day}", on=may(day), payer="TREASURY", account=ELM)
        match_line(by=clerk, line=line, verdict=Verdict(halden))

    events = AuditEvent.objects.filter(event__in=("rule.written", "payer.confirmed", "payer.learnt"))
    assert version.account == ELM, "the rule itself keeps all of it"
    told = [f"{event.object_label} {event.after}" for event in events]
    assert len(told) == 4
    assert [words for words in told if ELM in words or "…5555" not in words and "Pool" not in words] == []


def test_a_rule_never_outvotes_other_evidence(
    system: User,
    manager: User,
    castle: Customer,
    halden: Customer,
    invoice: Make,
    bank_line: Make,
    seen: Make,
    may: Day,
) -> None:
    item = invoice(halden, "INV-1001", "120.00", may(1))
    seen(castle, "10.00", "POOL", "TREASURY")
    wording = Wording(Effect.IDENTIFIES, text="pool", customer=castle)
    switched_on(manager, castle.entity, wording, (may(1), may(31)))
    bank_line("120.00", "POOL", on=may(12), payer="HALDEN LOGISTICS LTD")
    assert answer(system, castle.entity, may(12)) == ["proposed payer_and_one_amount"]
    assert open_amounts([item]) == ["120.00"]


def test_money_is_kept_on_account_where_a_rule_says_so(
    system: User, manager: User, castle: Customer, invoice: Make, bank_line: Make, seen: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    seen(castle, "150.00", "DEPOSIT", "CASTLE FIBRE")
    wording = Wording(
        Effect.ON_ACCOUNT, payer="CASTLE", amount_from=Decimal(100), amount_to=Decimal(200), customer=castle
    )
    version = switched_on(manager, castle.entity, wording, (may(1), may(31)), "Deposits")
    bank_line("120.00", "INV-1001", on=may(12), payer="CASTLE FIBRE LTD")
    bank_line("300.00", "DEPOSIT", on=may(13), payer="CASTLE FIBRE LTD")
    assert answer(system, castle.entity, may(13)) == ["on_account written_rule", "proposed payer_only"]
    assert open_amounts([item]) == ["120.00"]

    switch_rule_off(by=manager, version=version, reason="Deposits have ended")
    assert load_index(castle.entity, may(31)).written == []
    with pytest.raises(NotTried, match="was switched off"):
        switch_rule_on(by=manager, version=version)


def test_a_change_is_a_new_version_and_the_old_one_stays(
    manager: User, castle: Customer, halden: Customer, seen: Make, may: Day
) -> None:
    """Castle paid out of the pool until the tenth, Halden pays out of it since."""
    seen(castle, "10.00", "ONE", "POOL")
    seen(halden, "20.00", "TWO", "POOL", on=(13, 14))
    before, after = (may(1), may(10)), (may(11), may(31))
    first = switched_on(manager, castle.entity, Wording(Effect.IDENTIFIES, payer="POOL", customer=castle), before)
    same = Wording(Effect.IDENTIFIES, payer="POOL", customer=castle)
    assert write_rule(by=manager, entity=castle.entity, name="Treasury", wording=same) == first
    second = switched_on(manager, castle.entity, Wording(Effect.IDENTIFIES, payer="POOL", customer=halden), after)
    first.refresh_from_db()
    assert (second.number, second.is_on, first.is_on, first.off_reason) == (2, True, False, "Version 2 took its place")


@pytest.mark.parametrize(
    ("wording", "words"),
    [
        (Wording(Effect.IDENTIFIES, payer=" * "), "at least one condition"),
        (Wording(Effect.IDENTIFIES, payer="POOL"), "Choose the customer"),
        (Wording(Effect.EXPLAINS, payer="POOL"), "Choose the reason"),
        (Wording(Effect.EXPLAINS, payer="POOL", reason="weather"), "Choose the reason"),
    ],
)
def test_a_rule_says_something_about_something(
    wording: Wording, words: str, manager: User, castle: Customer, may: Day
) -> None:
    with pytest.raises(Refused, match=words):
        write_rule(by=manager, entity=castle.entity, name="Treasury", wording=wording)


def test_who_posts_cash_writes_no_rules(clerk: User, castle: Customer) -> None:
    wording = Wording(Effect.IDENTIFIES, payer="POOL", customer=castle)
    with pytest.raises(NotAllowed):
        write_rule(by=clerk, entity=castle.entity, name="Treasury", wording=wording)


def test_a_reason_is_offered_at_the_desk(
    clerk: User, manager: User, signed_in: SignIn, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    """Castle's bank kept 1.00 back twice, and Nora said so each time."""
    for number in (998, 999):
        paid = invoice(castle, f"INV-{number}", "120.00", may(1))
        short = Difference(paid, money("1.00 GBP"), DeductionReason.BANK_CHARGE)
        line = bank_line("119.00", f"INV-{number}", on=may(5), payer="CASTLE FIBRE LTD")
        match_line(by=clerk, line=line, verdict=Verdict(castle, pays({paid: "119.00"}), [short], on=may(5)))
    wording = Wording(Effect.EXPLAINS, payer="CASTLE", reason="bank_charge")
    switched_on(manager, castle.entity, wording, (may(1), may(31)), "Castle's bank")
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("113.00", "INV-1001", on=may(12), payer="CASTLE FIBRE LTD")
    MatchTask.objects.create(line=line, entity=castle.entity)
    filled = {"customer": "C-10001", f"tick_{item.pk}": "on", f"apply_{item.pk}": "113.00", "do": "work_out"}
    assert "Rule “Castle&#x27;s bank”, version 1" in signed_in(clerk).post(f"/cash/{line.pk}/", filled).content.decode()


def test_it_is_written_tried_and_switched_on_screen(
    manager: User, signed_in: SignIn, castle: Customer, seen: Make, may: Day
) -> None:
    seen(castle, "10.00", "POOL", "TREASURY")
    browser = signed_in(manager)
    filled = {"name": "Treasury", "payer": "treasury", "effect": "identifies", "customer": "C-10001"}
    page = browser.post("/match-rules/written/new/", filled, follow=True).content.decode()
    version = RuleVersion.objects.get()
    assert "Written: Treasury, version 1. Try it on last month" in page
    at = f"/match-rules/written/{version.pk}/"
    assert "Try Treasury, version 1" in browser.post(f"{at}on/", follow=True).content.decode()
    browser.post(f"{at}try/", {"from_on": "2026-05-01", "until_on": "2026-05-31"})
    assert "Castle Fibre Ltd" in browser.get(at).content.decode()
    assert "Switched on" in browser.post(f"{at}on/", follow=True).content.decode()
    assert "Treasury" in browser.get("/match-rules/written/").content.decode()
    assert browser.get(f"{at}?format=xlsx")["Content-Type"].endswith("spreadsheetml.sheet")
    assert browser.get(f"/match-rules/written/new/?version={version.pk}").status_code == 200
    assert browser.post(f"{at}off/", {"reason": ""}).status_code == 422
    browser.post(f"{at}off/", {"reason": "Ended"})
    assert not RuleVersion.objects.get().is_on
