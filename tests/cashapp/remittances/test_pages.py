"""The pages of remittances do what their buttons say, also without JavaScript."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from cashapp.models import Receipt, Remittance, RemittanceTie
from core.models import StoredFile, User
from customers.models import Customer

Make = Callable[..., Any]
SignedIn = Callable[[User], Client]
TEXT = (
    "Payer: Castle Fibre Ltd\nCheck number: 4711042\nAmount paid: 120.00\nDate paid: 2026-05-12\nInvoices: INV-1001\n"
)


def page_of(name: str, *args: int) -> str:
    return reverse(f"cashapp:{name}", args=args)


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode())


def test_pasted_text_is_shown_before_it_is_taken_in(
    signed_in: SignedIn, clerk: User, castle: Customer, invoice: Make, may: Any
) -> None:
    invoice(castle, "INV-1001", "120.00", may(1))
    browser = signed_in(clerk)
    shown = browser.post(page_of("upload_remittance"), {"text": TEXT}, follow=True)
    assert shown.status_code == 200
    assert "Castle Fibre Ltd" in text_of(shown) and "INV-1001" in text_of(shown) and "120.00 open" in text_of(shown)
    assert not Remittance.objects.exists()

    done = browser.post(page_of("take_in_remittance", StoredFile.objects.get().pk), follow=True)
    remittance = Remittance.objects.get()
    assert done.redirect_chain[-1][0] == page_of("remittance", remittance.pk)
    assert "1 remittance taken in" in text_of(done) and "No bank line is tied to it yet" in text_of(done)
    assert (remittance.source, remittance.taken_in_by) == ("pasted", clerk)


def test_the_same_file_again_says_so_and_adds_nothing(signed_in: SignedIn, clerk: User, castle: Customer) -> None:
    browser = signed_in(clerk)
    for _ in range(2):
        file = SimpleUploadedFile("advice.txt", TEXT.encode())
        shown = browser.post(page_of("upload_remittance"), {"file": file}, follow=True)
        done = browser.post(page_of("take_in_remittance", StoredFile.objects.order_by("pk").last().pk), follow=True)  # type: ignore[union-attr]

    assert "Taken in before" in text_of(shown)
    assert "It was taken in before. Nothing was added." in text_of(done)
    assert Remittance.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose a file, or paste the text"),
        ({"text": "Good morning."}, "names no document and no amount"),
    ],
)
def test_what_cannot_be_read_is_refused_at_the_form(
    data: dict[str, str], words: str, signed_in: SignedIn, clerk: User, castle: Customer
) -> None:
    answer = signed_in(clerk).post(page_of("upload_remittance"), data)

    assert (answer.status_code, StoredFile.objects.count()) == (422, 0)
    assert words in text_of(answer)


def test_the_lists_count_and_find(
    signed_in: SignedIn, clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Any, told: Make,
    matched: Make,
) -> None:  # fmt: skip
    invoice(castle, "INV-1001", "120.00", may(1))
    told("Invoices: INV-1001", payer=castle.name, trace="4711042", total="120.00", on="2026-05-12")
    told("Invoices: INV-1002", payer="Stranger Ltd", trace="4711099", total="33.00", on="2026-05-12")
    matched(bank_line("120.00", on=may(12), payer="CASTLE FIBRE LTD"))
    browser = signed_in(clerk)

    assert "Castle Fibre Ltd" in text_of(browser.get(page_of("remittances") + "?view=booked"))
    waiting = text_of(browser.get(page_of("remittances") + "?view=waiting"))
    assert "Stranger Ltd" in waiting and "Castle Fibre" not in waiting
    assert "Differences" in text_of(browser.get(page_of("remittances") + "?q=4711099"))
    assert "Stranger Ltd" in text_of(browser.get(page_of("remittances") + "?q=INV-1002"))
    assert "No remittance here" in text_of(browser.get(page_of("remittances") + "?q=nothing"))
    book = browser.get(page_of("remittances") + "?format=xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(book.streaming_content))).get_sheet_by_index(0).to_python()  # type: ignore[attr-defined]
    assert {row[-1] for row in rows if "4711042" in row or "4711099" in row} == {
        "Booked", "Waiting for its money, with differences",
    }  # fmt: skip


def test_the_palette_finds_it_by_its_trace_and_the_desk_and_the_receipt_lead_to_it(
    signed_in: SignedIn, clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Any, told: Make,
    matched: Make,
) -> None:  # fmt: skip
    invoice(castle, "INV-1001", "120.00", may(1))
    remittance = told("Invoices: INV-1001", payer=castle.name, trace="4711042", total="120.00", on="2026-05-12")
    line = bank_line("120.00", "CHQ 4711042", on=may(12))
    matched(line)
    browser, address = signed_in(clerk), page_of("remittance", remittance.pk)

    assert address in text_of(browser.get(reverse("reporting:search") + "?q=47110"))
    assert address in text_of(browser.get(page_of("desk_line", line.pk) + "?view=matched"))
    assert address in text_of(browser.get(page_of("receipt", Receipt.objects.get().pk)))


def test_a_line_is_tied_and_taken_apart_on_the_page(
    signed_in: SignedIn, clerk: User, castle: Customer, bank_line: Make, may: Any, told: Make
) -> None:
    remittance = told("Invoices: INV-1001", payer=castle.name, total="120.00", on="2026-05-01")
    line = bank_line("120.00", on=may(20), payer="X")
    browser = signed_in(clerk)
    tied = browser.post(page_of("tie_remittance", remittance.pk), {"line": line.pk}, follow=True)
    assert "Tied to" in text_of(tied) and RemittanceTie.objects.get().ended_at is None

    refused = browser.post(page_of("untie_remittance", remittance.pk), {"untie-reason": ""})
    assert refused.status_code == 422
    browser.post(page_of("untie_remittance", remittance.pk), {"untie-reason": "Another payment"})
    assert RemittanceTie.objects.get().end_reason == "Another payment"
    given_up = browser.post(page_of("give_up_remittance", remittance.pk), {"give_up-reason": "Never came"}, follow=True)
    assert "Given up by Nora" in text_of(given_up)


def test_who_only_reads_sees_no_buttons(signed_in: SignedIn, auditor: User, castle: Customer, told: Make) -> None:
    remittance = told("Invoices: INV-1001", payer=castle.name, total="120.00", on="2026-05-01")
    browser = signed_in(auditor)
    shown = text_of(browser.get(page_of("remittance", remittance.pk)))

    assert page_of("give_up_remittance", remittance.pk) not in shown
    assert page_of("upload_remittance") not in text_of(browser.get(page_of("remittances")))
    assert browser.post(page_of("give_up_remittance", remittance.pk)).status_code == 403


def test_a_long_list_and_a_long_remittance_take_few_questions(
    signed_in: SignedIn, clerk: User, castle: Customer, told: Make, django_assert_max_num_queries: Any
) -> None:
    long = told(
        "Invoices: " + ", ".join(f"INV-{number}" for number in range(1000, 1090)), payer=castle.name, total="1.00"
    )
    for number in range(8):
        told(f"Invoices: INV-{number}00", payer=castle.name, trace=f"47110{number}", total="9.00")
    browser = signed_in(clerk)
    with django_assert_max_num_queries(28):
        browser.get(page_of("remittances"))
    with django_assert_max_num_queries(28):
        browser.get(page_of("remittance", long.pk))
