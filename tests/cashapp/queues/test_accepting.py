"""Many proposals accepted after a look at the list; each line is posted or refused by itself."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from cashapp.actions.accepting import accept_proposals
from cashapp.actions.desk import Verdict, match_line
from cashapp.actions.matching import match_lines
from cashapp.errors import NothingChosen
from cashapp.models import AcceptedLine, MatchTask
from cashapp.queries.accepting import proposals_of, totals_of
from cashapp.queries.matching import lines_to_match, load_index
from cashapp.tasks import accept_lines
from core.errors import NotAllowed
from core.models import Run, User
from customers.models import Customer
from tests.cashapp.receipts.conftest import open_amounts, pays

Make = Callable[..., Any]
Day = Callable[[int], date]


@pytest.fixture
def waiting(system: User, castle: Customer, halden: Customer, invoice: Make, bank_line: Make, may: Day) -> list[Any]:
    """Two short payments with a proposal each, and money of nobody."""
    items = [invoice(castle, "INV-1001", "120.00", may(1)), invoice(halden, "INV-1002", "60.00", may(1))]
    bank_line("118.00", "PAYMENT", on=may(12), payer="Castle Fibre Ltd")
    bank_line("59.00", "PAYMENT", on=may(12), payer="Halden Logistics Ltd")
    bank_line("33.33", "J HARRIS", on=may(12))
    entity = castle.entity
    match_lines(by=system, entity=entity, lines=list(lines_to_match(entity)), index=load_index(entity, may(12)))
    return items


def seen(castle: Customer) -> dict[int, int]:
    return dict(MatchTask.objects.filter(entity=castle.entity).values_list("pk", "version"))


def test_the_preview_says_what_is_posted_and_why_a_line_is_left_out(castle: Customer, waiting: list[Any]) -> None:
    rows = proposals_of(castle.entity, seen(castle))
    ready = [row for row in rows if not row.refusal]
    assert [(row.name, str(row.money), row.reasons[0]) for row in ready] == [
        ("Castle Fibre Ltd", "118.00 GBP", "Name of the customer"),
        ("Halden Logistics Ltd", "59.00 GBP", "Name of the customer"),
    ]
    assert [str(total) for total in totals_of(ready)] == ["177.00 GBP"]
    assert [row.refusal for row in rows if row.refusal] == ["Nothing is proposed for it."]


def test_a_line_that_somebody_worked_on_meanwhile_is_refused_by_itself(
    clerk: User, person: Make, castle: Customer, waiting: list[Any], may: Day
) -> None:
    nick = person("Nick", castle.entity, "ar_specialist")
    chosen = seen(castle)
    first = MatchTask.objects.get(customer=castle)
    match_line(by=nick, line=first.line, verdict=Verdict(castle, pays({waiting[0]: "100.00"})))

    request_id = uuid4()
    run = accept_proposals(by=clerk, entity=castle.entity, seen=chosen, on=may(12), request_id=request_id)
    assert accept_proposals(by=clerk, entity=castle.entity, seen=chosen, on=may(12), request_id=request_id) == run
    accept_lines(run.pk)
    accept_lines(run.pk)

    run.refresh_from_db()
    assert (run.state, run.result) == (Run.State.DONE, {"matched": 1, "left_out": 2})
    assert open_amounts(waiting) == ["20.00", "1.00"]
    refusal = AcceptedLine.objects.get(task=first).refusal
    assert refusal.startswith("Somebody else worked on this line meanwhile: Nick, matched.")


def test_an_accepted_list_goes_on_where_its_worker_died(
    clerk: User, castle: Customer, waiting: list[Any], may: Day
) -> None:
    run = accept_proposals(by=clerk, entity=castle.entity, seen=seen(castle), on=may(12), request_id=uuid4())
    Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED)
    accept_lines(run.pk)
    Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED)
    accept_lines(run.pk)
    assert Run.objects.get(pk=run.pk).result == {"matched": 2, "left_out": 1}
    assert open_amounts(waiting) == ["2.00", "1.00"]


def test_who_chose_nothing_or_may_not_match_is_refused(
    clerk: User, manager: User, castle: Customer, waiting: list[Any], may: Day
) -> None:
    with pytest.raises(NothingChosen):
        accept_proposals(by=clerk, entity=castle.entity, seen={}, on=may(12), request_id=uuid4())
    with pytest.raises(NotAllowed):
        accept_proposals(by=manager, entity=castle.entity, seen=seen(castle), on=may(12), request_id=uuid4())


def test_two_lines_for_one_document_are_not_ticked_beforehand(
    system: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    invoice(castle, "INV-1001", "120.00", may(1))
    for text in ("PAYMENT", "PAYMENT AGAIN"):
        bank_line("118.00", text, on=may(12), payer="Castle Fibre Ltd")
    entity = castle.entity
    match_lines(by=system, entity=entity, lines=list(lines_to_match(entity)), index=load_index(entity, may(12)))

    rows = proposals_of(entity, seen(castle))

    assert [row.is_plain for row in rows] == [False, False]
    assert all("Another line here would pay INV-1001 as well" in row.reasons for row in rows)
    assert [row.shared for row in proposals_of(entity, list(seen(castle))[:1])] == [()]
