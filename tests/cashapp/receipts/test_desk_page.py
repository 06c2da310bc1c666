"""The cash desk without scripts: links, forms, and what they do."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cashapp.actions.desk import Verdict, match_line
from cashapp.actions.matching import match_lines
from cashapp.models import Deduction, MatchTask, Receipt, UnidentifiedReceipt
from cashapp.queries.matching import lines_to_match, load_index
from core.models import User
from customers.models import Customer
from tests.cashapp.receipts.conftest import open_amounts, pays

Make = Callable[..., Any]
Day = Callable[[int], date]
SignIn = Callable[[User], Client]


@pytest.fixture
def desk(clerk: User, signed_in: SignIn) -> Client:
    return signed_in(clerk)


def answer_all(by: User, customer: Customer, on: date) -> None:
    entity = customer.entity
    match_lines(by=by, entity=entity, lines=list(lines_to_match(entity)), index=load_index(entity, on))


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_desk_shows_what_is_left_and_proposes_with_reasons(
    desk: Client, system: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    bank_line("118.00", "PAYMENT 5/26", on=may(12), payer="CASTLE FIBRE LTD")
    answer_all(system, castle, may(12))

    page = text_of(desk.get("/cash/"))

    assert "1 line left, £118.00" in page
    assert "Short by 2.00" in page
    assert "A little short of this item" in page
    assert f'name="tick_{item.pk}" id="tick_{item.pk}" aria-label="Pay INV-1001" checked' in page


def test_match_and_next_posts_and_shows_the_next_line(
    desk: Client, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    first, second = invoice(castle, "INV-1001", "120.00", may(1)), invoice(castle, "INV-1002", "60.00", may(2))
    line, other = bank_line("150.00", on=may(12)), bank_line("10.00", on=may(11))
    for each in (line, other):
        MatchTask.objects.create(line=each, entity=castle.entity)

    answer = desk.post(
        f"/cash/{line.pk}/",
        {
            "customer": "C-10001 · Castle Fibre Ltd",
            "version": "0",
            f"tick_{first.pk}": "on",
            f"apply_{first.pk}": "120.00",
            f"tick_{second.pk}": "on",
            f"apply_{second.pk}": "",
        },
    )

    assert answer.status_code == 302
    assert answer["Location"] == f"/cash/{other.pk}/"
    assert open_amounts([first, second]) == ["0.00", "30.00"]
    assert "RC-2026-000001 of Castle Fibre Ltd posted." in text_of(desk.get(answer["Location"]))


def test_a_short_payment_with_its_reason_goes_in_one_step(
    desk: Client, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("117.00", on=may(12))
    MatchTask.objects.create(line=line, entity=castle.entity)
    facts = {"customer": "C-10001", f"tick_{item.pk}": "on", f"apply_{item.pk}": "117.00"}

    desk.post(f"/cash/{line.pk}/", {**facts, f"short_{item.pk}": "small_difference"})

    assert open_amounts([item]) == ["0.00"]
    assert Deduction.objects.get().reason == "small_difference"


def test_a_refusal_comes_back_with_what_was_typed(
    desk: Client, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("100.00", on=may(12))
    MatchTask.objects.create(line=line, entity=castle.entity)
    facts = {"customer": "C-10001", f"tick_{item.pk}": "on", f"apply_{item.pk}": "110.00"}

    answer = desk.post(f"/cash/{line.pk}/", facts)

    assert answer.status_code == 422
    assert "only 100.00 GBP left, but 110.00 GBP were to be applied" in text_of(answer)
    assert 'value="110.00"' in text_of(answer)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"customer": "C-99999"}, "There is no “C-99999” here"),
        ({"customer": ""}, "This field is required"),
        ({"customer": "C-10001", "apply": "12,5"}, "Write an amount such as 1,234.50"),
        ({"customer": "C-10001", "version": "7"}, "Somebody else worked on this line meanwhile"),
    ],
)
def test_what_cannot_be_read_is_said(
    facts: dict[str, str], words: str, desk: Client, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("100.00", on=may(12))
    MatchTask.objects.create(line=line, entity=castle.entity)
    amount = facts.pop("apply", "")
    answer = desk.post(f"/cash/{line.pk}/", {**facts, f"tick_{item.pk}": "on", f"apply_{item.pk}": amount})
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_working_it_out_posts_nothing(desk: Client, castle: Customer, invoice: Make, bank_line: Make, may: Day) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("100.00", on=may(12))
    MatchTask.objects.create(line=line, entity=castle.entity)
    answer = desk.post(f"/cash/{line.pk}/", {"customer": "C-10001", f"tick_{item.pk}": "on", "do": "work_out"})
    assert (answer.status_code, Receipt.objects.count()) == (200, 0)
    assert "data-desk-row-left>20.00<" in text_of(answer)


def test_unidentified_asked_and_undone(desk: Client, castle: Customer, bank_line: Make, may: Day) -> None:
    line = bank_line("100.00", on=may(12))
    task = MatchTask.objects.create(line=line, entity=castle.entity)
    desk.post(f"/cash/{line.pk}/unidentified/")
    assert UnidentifiedReceipt.objects.get().is_live
    assert "Unidentified" in text_of(desk.get("/cash/?view=check"))
    desk.post(f"/cash/{line.pk}/undo/", {"reason": "Sender called"})
    task.refresh_from_db()
    assert task.state == MatchTask.State.TO_MATCH
    desk.post(f"/cash/{line.pk}/ask/", {"question": "Whose is it?"})
    assert "Asked: Whose is it?" in text_of(desk.get(f"/cash/{line.pk}/?view=check"))


def test_a_matched_line_says_why_and_can_be_undone(
    desk: Client, system: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("120.00", "INV-1001", on=may(12), payer="CASTLE FIBRE LTD")
    answer_all(system, castle, may(12))
    page = text_of(desk.get(f"/cash/{line.pk}/?view=matched"))
    assert "Number in reference: INV1001" in page
    desk.post(f"/cash/{line.pk}/undo/", {"reason": "Wrong"})
    assert open_amounts([item]) == ["120.00"]


def test_the_list_is_searched_by_payer_text_and_amount(
    desk: Client, castle: Customer, bank_line: Make, may: Day
) -> None:
    for amount, text in (("100.00", "ALPHA"), ("250.00", "BETA")):
        MatchTask.objects.create(line=bank_line(amount, text, on=may(12)), entity=castle.entity)
    for query, count in (("alpha", 1), ("250", 1), ("gamma", 0)):
        assert len(desk.get(f"/cash/?q={query}").context["rows"]) == count


def test_pages_of_receipts(
    desk: Client, castle: Customer, halden: Customer, invoice: Make, received: Make, may: Day
) -> None:
    receipt = received(castle, "200.00", may(12), {invoice(castle, "INV-1001", "120.00", may(1)): "120.00"})
    assert "£80.00 on account" in text_of(desk.get("/receipts/"))
    assert "RC-2026-000001" in text_of(desk.get("/receipts/?q=castle"))
    assert desk.get("/receipts/?format=xlsx")["Content-Type"].startswith("application/vnd.openxml")
    assert "Castle Fibre Ltd" in text_of(desk.get("/receipts/unapplied/"))
    page = text_of(desk.get(f"/receipts/{receipt.pk}/"))
    assert "INV-1001" in page and "Reverse" in page

    facts = {"move-customer": "C-10002", "move-amount": "80.00", "move-reason": "Halden's", "move-on": "2026-05-20"}
    moved = desk.post(f"/receipts/{receipt.pk}/move/", facts)
    assert "Moved to Halden Logistics Ltd" in text_of(desk.get(moved["Location"]))
    refused = desk.post(
        f"/receipts/{receipt.pk}/reverse/", {"reverse_form-reason": "x", "reverse_form-on": "2026-05-21"}
    )
    assert refused.status_code == 422
    assert "went to Halden Logistics Ltd" in text_of(refused)


def test_a_cheque_is_recorded_once(desk: Client, castle: Customer, bank_account: Any) -> None:
    form = desk.get("/receipts/new/").context["form"]
    facts = {
        "customer": "C-10001",
        "bank_account": bank_account.pk,
        "amount": "75.00",
        "received_on": "2026-05-12",
        "text": "Cheque 4711",
        "request_id": form.initial["request_id"],
    }
    first, second = desk.post("/receipts/new/", facts), desk.post("/receipts/new/", facts)
    assert first["Location"] == second["Location"]
    assert Receipt.objects.count() == 1


def test_the_rules_are_told(desk: Client, castle: Customer) -> None:
    page = text_of(desk.get("/match-rules/"))
    assert "A valid structured reference" in page
    assert "No payer learnt yet" in page


def test_who_may_not_sees_no_other_company(
    castle: Customer, stranger: User, collector: User, signed_in: SignIn, received: Make, may: Day
) -> None:
    receipt = received(castle, "120.00", may(12))
    outside = signed_in(stranger)
    for address in (f"/cash/{receipt.line_id}/", f"/receipts/{receipt.pk}/"):
        assert outside.get(address).status_code == 404
    assert outside.get("/cash/").context["rows"] == []
    inside = signed_in(collector)
    assert inside.get(f"/cash/{receipt.line_id}/?view=check").status_code == 200
    assert inside.post(f"/cash/{receipt.line_id}/undo/", {"reason": "x"}).status_code == 403


def test_the_desk_asks_few_questions(
    desk: Client,
    castle: Customer,
    invoice: Make,
    bank_line: Make,
    may: Day,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(12):
        invoice(castle, f"INV-{number}", "10.00", may(1))
        MatchTask.objects.create(
            line=bank_line("10.00", f"{number}", on=may(12)), entity=castle.entity, customer=castle
        )
    desk.get("/cash/")
    with django_assert_max_num_queries(20):
        desk.get("/cash/")


def test_two_possible_answers_are_never_one(
    desk: Client, system: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    """Nothing is ticked until a person chose between the options; nor is a customer, where they name different ones."""
    items = [invoice(castle, f"INV-{number}", "120.00", may(1)) for number in (1001, 1002)]
    line = bank_line("120.00", "PAYMENT", on=may(12), payer="CASTLE FIBRE LTD")
    answer_all(system, castle, may(12))
    page = text_of(desk.get(f"/cash/{line.pk}/"))
    assert "2 options fit" in page
    assert not any(f'aria-label="Pay {item.number}" checked' in page for item in items)
    chosen = text_of(desk.get(f"/cash/{line.pk}/?option=1"))
    assert 'aria-label="Pay INV-1002" checked' in chosen
    assert 'aria-label="Pay INV-1001" checked' not in chosen


def test_a_statements_lines_lead_to_the_desk_and_to_their_receipts(
    signed_in: SignIn, clerk: User, auditor: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line, other = bank_line("120.00", on=may(12)), bank_line("7.00", on=may(12))
    MatchTask.objects.create(line=other, entity=castle.entity)
    receipt = match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "120.00"})))
    browser = signed_in(auditor)

    page = browser.get(reverse("cashapp:statement", args=[line.statement_id])).content.decode()
    waiting = browser.get(reverse("cashapp:statement", args=[other.statement_id])).content.decode()

    assert f'href="{reverse("cashapp:receipt", args=[receipt.pk])}">{receipt}<' in page
    assert f'href="{reverse("cashapp:desk_line", args=[line.pk])}?view=matched"' in page
    assert f'href="{reverse("cashapp:desk_line", args=[other.pk])}?view=to_match"' in waiting
