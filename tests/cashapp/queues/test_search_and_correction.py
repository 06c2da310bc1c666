"""Money that waits: the trail of the search, reminders, owners; and money that was applied to the wrong thing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cashapp.actions.correcting import Target, correct_receipt, undo_correction
from cashapp.actions.searching import Step, assign_search, note_search, remind_payer, review_old_cash
from cashapp.actions.unidentified import post_unidentified
from cashapp.errors import CorrectionRefused, SearchRefused
from cashapp.models import CashSearch, SearchStep
from cashapp.money_in import Incoming
from cashapp.queries.searching import waiting_sums
from core.errors import NotAllowed
from core.models import User
from customers.models import Contact, Customer
from messaging.models import Message
from reporting.queries.timeline import timeline
from tests.cashapp.receipts.conftest import open_amounts, pays

Make = Callable[..., Any]
Day = Callable[[int], date]


def test_every_step_of_a_search_is_kept_with_who_goes_on_and_when(
    clerk: User, castle: Customer, bank_line: Make, may: Day
) -> None:
    incoming = Incoming.of_line(bank_line("915.00", "FT REF 0091827", on=may(4)))
    unknown = post_unidentified(by=clerk, entity=castle.entity, incoming=incoming)
    note_search(by=clerk, sum_found=unknown, step=Step("asked_bank", "Barclays answers within two days", may(8)))
    note_search(by=clerk, sum_found=unknown, step=Step("called", "J Harris isn't at Castle Fibre"))

    search = CashSearch.objects.get(unidentified=unknown)
    assert (search.owner, search.next_step_on) == (clerk, None)
    assert [step.text for step in search.steps.order_by("pk")] == [
        "Barclays answers within two days",
        "J Harris isn't at Castle Fibre",
    ]
    (row,) = waiting_sums(castle.entity, clerk, as_of=may(12))
    assert (row.days, row.owner, row.steps) == (8, clerk, 2)


def test_a_payer_is_asked_by_mail_once_a_day_and_not_once_it_is_applied(
    clerk: User, castle: Customer, payer: Contact, invoice: Make, received: Make, may: Day
) -> None:
    receipt = received(castle, "120.00", may(5))
    for _ in range(2):
        message = remind_payer(by=clerk, receipt=receipt, on=may(12), next_step_on=may(15))
    assert (Message.objects.filter(kind="purpose_asked").count(), message.to_addresses) == (1, ["priya@castle.example"])
    assert SearchStep.objects.get(kind="reminded").text == "To priya@castle.example"

    item = invoice(castle, "INV-1001", "120.00", may(1))
    correct_receipt(
        by=clerk, receipt=receipt, target=Target(castle, pays({item: "120.00"})), corrected_on=may(12), reason="Found"
    )
    with pytest.raises(SearchRefused, match="waits no longer"):
        remind_payer(by=clerk, receipt=receipt, on=may(13))


def test_sums_are_given_to_a_colleague_in_bulk(
    clerk: User, collector: User, person: Make, castle: Customer, received: Make, may: Day
) -> None:
    nick = person("Nick", castle.entity, "ar_specialist")
    sums = [received(castle, amount, may(5)) for amount in ("10.00", "20.00")]
    assert assign_search(by=clerk, entity=castle.entity, sums=sums, owner=nick) == 2
    assert assign_search(by=clerk, entity=castle.entity, sums=sums, owner=nick) == 0
    with pytest.raises(SearchRefused, match="Colin doesn't work with cash"):
        assign_search(by=clerk, entity=castle.entity, sums=sums, owner=collector)


def test_money_that_waits_for_90_days_asks_for_a_review(
    clerk: User, castle: Customer, received: Make, may: Day
) -> None:
    receipt = received(castle, "120.00", may(1))
    (row,) = waiting_sums(castle.entity, clerk, as_of=date(2026, 7, 30))
    assert row.needs_review
    review_old_cash(by=clerk, sum_found=receipt, reviewed_on=date(2026, 7, 30), text="Keep looking")
    (row,) = waiting_sums(castle.entity, clerk, as_of=date(2026, 7, 30))
    assert not row.needs_review
    (row,) = waiting_sums(castle.entity, clerk, as_of=date(2026, 10, 28))
    assert row.needs_review


def test_misapplied_money_goes_to_the_right_customer_and_both_pages_tell_it(
    clerk: User, castle: Customer, halden: Customer, invoice: Make, received: Make, may: Day
) -> None:
    wrong, right = invoice(castle, "INV-1001", "120.00", may(1)), invoice(halden, "INV-1002", "120.00", may(1))
    receipt = received(castle, "120.00", may(5), {wrong: "120.00"})
    target = Target(halden, pays({right: "120.00"}))
    with pytest.raises(CorrectionRefused, match="Say why"):
        correct_receipt(by=clerk, receipt=receipt, target=target, corrected_on=may(12), reason=" ")

    done = correct_receipt(by=clerk, receipt=receipt, target=target, corrected_on=may(12), reason="Halden's transfer")

    assert open_amounts([wrong, right]) == ["120.00", "0.00"]
    of_castle = [each for each in timeline(customer=castle, as_of=may(12)) if each.kind == "corrections"]
    of_halden = [each for each in timeline(customer=halden, as_of=may(12)) if each.kind == "corrections"]
    assert "to Halden Logistics Ltd" in of_castle[0].title
    assert "from Castle Fibre Ltd" in of_halden[0].title
    assert str(done.target.pk) in of_castle[0].url
    assert str(receipt.pk) in of_halden[0].url

    undo_correction(by=clerk, correction=done, undone_on=may(13), reason="It was Castle's after all")
    assert open_amounts([wrong, right]) == ["0.00", "120.00"]
    assert undo_correction(by=clerk, correction=done, undone_on=may(13), reason="Again").undone_on == may(13)


def test_money_moves_between_documents_of_one_customer(
    clerk: User, manager: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    one, two = invoice(castle, "INV-1001", "120.00", may(1)), invoice(castle, "INV-1002", "100.00", may(1))
    receipt = received(castle, "100.00", may(5), {one: "100.00"})
    target = Target(castle, pays({two: "100.00"}))
    with pytest.raises(NotAllowed):
        correct_receipt(by=manager, receipt=receipt, target=target, corrected_on=may(12), reason="Wrong invoice")
    done = correct_receipt(by=clerk, receipt=receipt, target=target, corrected_on=may(12), reason="Wrong invoice")
    assert open_amounts([one, two]) == ["120.00", "0.00"]
    with pytest.raises(CorrectionRefused, match="pays just that already"):
        correct_receipt(by=clerk, receipt=receipt, target=target, corrected_on=may(12), reason="Wrong invoice")
    undo_correction(by=clerk, correction=done, undone_on=may(13), reason="No")
    assert open_amounts([one, two]) == ["20.00", "100.00"]
