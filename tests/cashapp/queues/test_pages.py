"""The pages of the queues: what Nora sees and does, without JavaScript."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cashapp.actions.matching import match_lines
from cashapp.actions.unidentified import post_unidentified
from cashapp.models import AcceptedLine, Cheque, Correction, ElectronicPayment, SearchStep
from cashapp.money_in import Incoming
from cashapp.queries.matching import lines_to_match, load_index
from core.clock import today
from core.models import LegalEntity, User
from customers.models import Customer
from tests.cashapp.receipts.conftest import open_amounts

Make = Callable[..., Any]
Day = Callable[[int], date]
FILE = b"""id,method,provider,customer,amount,currency,created,invoices
pi_11,card,stripe,C-10001,120.00,GBP,2026-05-12 09:30,INV-1001
pi_12,card,stripe,C-99999,50.00,GBP,2026-05-12 09:31,
pi_13,card,stripe,,abc,GBP,2026-05-12 09:31,
"""


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_chosen_payments_are_posted_and_the_refused_one_says_why(
    signed_in: Callable[[User], Client], clerk: User, castle: Customer, invoice: Make, paid: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    known, unknown = paid("120.00", "INV-1001"), paid("30.00", customer=None, reference="pi_nobody")
    desk = signed_in(clerk)
    assert "2 left to post" in text_of(desk.get("/payments/"))

    answer = desk.post("/payments/collect/", {"payment": [known.pk, unknown.pk]}, follow=True)

    assert open_amounts([item]) == ["0.00"]
    page = text_of(answer)
    assert "1 payment posted" in page
    assert "Say whose 30.00 GBP payment pi_nobody is" in page
    assert "1 left to post" in page


def test_a_file_of_payments_comes_in_row_by_row_and_once(
    signed_in: Callable[[User], Client], clerk: User, castle: Customer, stripe: object
) -> None:
    desk = signed_in(clerk)
    for told in ("1 taken in, 0 known before, 2 left out", "0 taken in, 1 known before, 2 left out"):
        file = SimpleUploadedFile("stripe.csv", FILE, "text/csv")
        page = text_of(desk.post("/payments/import/", {"file": file}))
        assert told in page
    assert "Row 3: There is no customer C-99999." in page
    assert "Row 4: “abc” is no amount" in page
    payment = ElectronicPayment.objects.get()
    assert (payment.customer, payment.documents) == (castle, [{"number": "INV-1001", "amount": None}])


def test_a_cheque_goes_from_the_form_onto_a_slip(
    signed_in: Callable[[User], Client], clerk: User, books: LegalEntity, castle: Customer, bank_account: object
) -> None:
    desk, on = signed_in(clerk), today(books)
    form = {
        "number": "100231", "drawer": "Castle Fibre Ltd", "drawn_on": "Lloyds", "amount": "120.00", "currency": "GBP",
        "received_on": on, "payable_from": on, "customer": "C-10001", "documents": "", "do": "next",
    }  # fmt: skip
    assert desk.post("/cheques/new/", form).status_code == 302
    cheque = Cheque.objects.get()
    answer = desk.post("/cheques/slips/new/", {"cheque": [cheque.pk], "bank_account": bank_account.pk}, follow=True)  # type: ignore[attr-defined]
    assert "holds 1 cheque." in text_of(answer)
    cheque.refresh_from_db()
    assert desk.post(f"/cheques/slips/{cheque.slip_id}/", {"on": on}).status_code == 302
    assert desk.get(f"/cheques/slips/{cheque.slip_id}.pdf").content.startswith(b"%PDF-")


def test_the_search_for_a_payer_is_written_down_and_the_list_is_a_workbook(
    signed_in: Callable[[User], Client], clerk: User, books: LegalEntity, bank_line: Make, may: Day
) -> None:
    unknown = post_unidentified(by=clerk, entity=books, incoming=Incoming.of_line(bank_line("915.00", "FT", on=may(4))))
    desk = signed_in(clerk)
    address = f"/receipts/unapplied/u{unknown.pk}/"
    form = {"step-kind": "asked_bank", "step-text": "Answer by Friday", "step-next_step_on": "2026-05-08"}
    assert desk.post(f"{address}note/", form).status_code == 302
    assert "Answer by Friday" in text_of(desk.get(address))
    assert SearchStep.objects.get().kind == "asked_bank"
    workbook: Any = desk.get("/receipts/unapplied/?format=xlsx")
    assert b"".join(workbook.streaming_content).startswith(b"PK")


def test_misapplied_money_is_corrected_on_the_page_of_its_receipt(
    signed_in: Callable[[User], Client], clerk: User, castle: Customer, halden: Customer, invoice: Make, received: Make,
    may: Day,
) -> None:  # fmt: skip
    wrong, right = invoice(castle, "INV-1001", "120.00", may(1)), invoice(halden, "INV-1002", "120.00", may(1))
    receipt = received(castle, "120.00", may(5), {wrong: "120.00"})
    desk, address = signed_in(clerk), f"/receipts/{receipt.pk}/correct/"
    form = {"customer": "C-10002", "documents": "INV-9", "reason": "Names alike", "on": may(12)}
    refused = desk.post(address, form)
    assert (refused.status_code, "has nothing open under INV-9" in text_of(refused)) == (422, True)
    assert desk.post(address, {**form, "documents": "INV-1002"}).status_code == 302
    assert open_amounts([wrong, right]) == ["120.00", "0.00"]

    undo = {f"undo-{Correction.objects.get().pk}-reason": "No", f"undo-{Correction.objects.get().pk}-on": may(13)}
    desk.post(f"/receipts/corrections/{Correction.objects.get().pk}/undo/", undo)
    assert open_amounts([wrong, right]) == ["0.00", "120.00"]


def test_proposals_are_looked_at_and_then_matched_together(
    signed_in: Callable[[User], Client], clerk: User, system: User, castle: Customer, invoice: Make, bank_line: Make,
    may: Day,
) -> None:  # fmt: skip
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("118.00", "PAYMENT", on=may(12), payer="Castle Fibre Ltd")
    waiting, index = list(lines_to_match(castle.entity)), load_index(castle.entity, may(12))
    match_lines(by=system, entity=castle.entity, lines=waiting, index=index)
    desk = signed_in(clerk)
    page = text_of(desk.get("/cash/accept/"))
    assert "Name of the customer" in page
    assert "Short by 2.00" in page

    form = {"line": [line.pk], f"version_{line.pk}": line.task.version, "request_id": uuid4()}
    assert desk.post("/cash/accept/", form).status_code == 302
    assert AcceptedLine.objects.get().done_at is not None
    assert open_amounts([item]) == ["2.00"]


def test_who_keeps_no_cash_sees_the_queues_and_no_buttons(
    signed_in: Callable[[User], Client], auditor: User, castle: Customer, paid: Make, received: Make, may: Day
) -> None:
    payment, receipt = paid("120.00"), received(castle, "20.00", may(5))
    reader = signed_in(auditor)
    for address in ("/payments/", f"/payments/{payment.pk}/", "/cheques/", f"/receipts/unapplied/r{receipt.pk}/"):
        page = text_of(reader.get(address))
        assert 'data-key="p"' not in page
        assert "Write down" not in page
    assert reader.post("/payments/collect/", {"payment": [payment.pk]}).status_code == 403
    assert reader.get("/cash/accept/").status_code == 403


@pytest.mark.parametrize("address", ["/payments/", "/receipts/unapplied/", "/cheques/"])
def test_a_long_queue_asks_no_more_questions_than_a_short_one(
    signed_in: Callable[[User], Client],
    clerk: User,
    castle: Customer,
    paid: Make,
    received: Make,
    may: Day,
    address: str,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(6):
        paid("10.00")
        received(castle, f"{20 + number}.00", may(5))
    desk = signed_in(clerk)
    desk.get(address)
    with django_assert_max_num_queries(30):
        desk.get(address)
