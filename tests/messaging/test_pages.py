"""The pages of the outbox, without JavaScript."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader, PdfWriter

from core.files import store_file
from core.models import LegalEntity, User
from customers.models import Customer
from messaging.models import Message, MessageAttachment, PrintBatch, TemplateVersion
from messaging.sender import Tally
from tests.messaging.conftest import new_customer

Queue = Callable[..., Message]
Send = Callable[[], Tally]
SignedIn = Callable[[User], Client]


def page_of(message: Message, name: str = "message") -> str:
    return reverse(f"messaging:{name}", args=[message.pk])


def test_the_outbox_shows_what_waits_what_needs_somebody_and_what_left(
    signed_in: SignedIn, clerk: User, queued: Queue, send: Send
) -> None:
    queued("INV-1"), queued("INV-2", paid=True)
    send()
    queued("INV-3")
    browser = signed_in(clerk)

    everything = browser.get(reverse("messaging:messages")).content.decode()
    waiting = browser.get(reverse("messaging:messages"), {"view": "waiting"}).content.decode()
    held = browser.get(reverse("messaging:messages"), {"view": "held"}).content.decode()

    assert all(f"Invoice INV-{n}" in everything for n in (1, 2, 3))
    assert "INV-3" in waiting and "INV-1" not in waiting
    assert "It was paid meanwhile." in held


def test_the_outbox_is_searched_by_customer_document_and_address(
    signed_in: SignedIn, clerk: User, uk: LegalEntity, queued: Queue
) -> None:
    queued("INV-1"), queued("INV-2", new_customer(uk, "C-2", "Brewery"))
    browser = signed_in(clerk)

    for words, found in {"brew": "INV-2", "inv-1": "INV-1", "c-2": "INV-2"}.items():
        page = browser.get(reverse("messaging:messages"), {"q": words}).content.decode()
        other = "INV-1" if found == "INV-2" else "INV-2"
        assert found in page and other not in page
    assert "No message fits" in browser.get(reverse("messaging:messages"), {"q": "nothing"}).content.decode()
    assert "INV-1" in browser.get(reverse("messaging:messages"), {"q": "accounts@acme"}).content.decode()


def test_a_full_outbox_takes_few_queries(
    signed_in: SignedIn,
    clerk: User,
    queued: Queue,
    django_assert_max_num_queries: Callable[..., AbstractContextManager[object]],
) -> None:
    for number in range(60):
        queued(f"INV-{number}")
    browser = signed_in(clerk)
    with django_assert_max_num_queries(15):
        browser.get(reverse("messaging:messages"))


def test_a_message_shows_what_it_will_say_and_then_what_it_said(
    signed_in: SignedIn, clerk: User, queued: Queue, send: Send
) -> None:
    message = queued("INV-7", pdf="x")
    browser = signed_in(clerk)
    before = browser.get(page_of(message)).content.decode()
    send()
    after = browser.get(page_of(message)).content.decode()

    assert "What it will say" in before and "Invoice INV-7 for Acme Ltd" in before
    assert "What it says" in after and "INV-7.pdf" in after and "Taken by the mail server" in after


def test_the_mail_is_shown_on_a_page_that_runs_nothing(
    signed_in: SignedIn, clerk: User, uk: LegalEntity, queued: Queue, send: Send
) -> None:
    message = queued("INV-1", new_customer(uk, "C-9", "<script>alert(1)</script>"))
    send()
    response = signed_in(clerk).get(page_of(message, "as_sent"))

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
    assert "<script>" not in response.content.decode()


def test_the_mail_can_be_saved_as_a_file(signed_in: SignedIn, clerk: User, queued: Queue, send: Send) -> None:
    message = queued("INV-7", pdf="x")
    send()
    response = signed_in(clerk).get(page_of(message, "mail_file"))

    assert response["Content-Type"] == "message/rfc822"
    assert b"Subject: Invoice INV-7" in response.content


def test_a_message_that_can_not_be_written_says_so_on_its_page(signed_in: SignedIn, clerk: User, queued: Queue) -> None:
    message = queued(broken=True)
    browser = signed_in(clerk)

    assert "the invoice can&#x27;t be read" in browser.get(page_of(message)).content.decode()
    assert browser.get(page_of(message, "as_sent")).status_code == 409


def test_holding_back_and_sending_again_by_form(signed_in: SignedIn, clerk: User, queued: Queue, send: Send) -> None:
    first, second = queued("INV-1"), queued("INV-2")
    browser = signed_in(clerk)
    browser.post(page_of(first, "cancel_message"))
    send()
    answer = browser.post(
        page_of(second, "resend_message"), {"to": "a@acme.example; b@acme.example", "request_id": str(uuid4())}
    )

    first.refresh_from_db()
    copy = second.resends.get()
    assert first.state == "cancelled"
    assert answer["Location"] == page_of(copy)
    assert copy.to_addresses == ["a@acme.example", "b@acme.example"]


def test_a_wrong_address_is_told_at_the_form(signed_in: SignedIn, clerk: User, queued: Queue, send: Send) -> None:
    message = queued()
    send()
    answer = signed_in(clerk).post(page_of(message, "resend_message"), {"to": "nobody", "request_id": str(uuid4())})

    assert answer.status_code == 422
    assert "“nobody” is not an e-mail address." in answer.content.decode()


def test_an_unconfirmed_message_asks_for_a_decision(
    signed_in: SignedIn, clerk: User, queued: Queue, send: Send
) -> None:
    message = queued()
    Message.objects.filter(pk=message.pk).update(state="claimed", claimed_by="x")
    Message.objects.filter(pk=message.pk).update(state="sending", claimed_at=message.queued_at)
    Message.objects.filter(pk=message.pk).update(state="unconfirmed", reason="The sender stopped.")
    browser = signed_in(clerk)

    assert "Did it leave?" in browser.get(page_of(message)).content.decode()
    assert browser.post(page_of(message, "confirm_message"), {"reason": ""}).status_code == 422
    browser.post(page_of(message, "confirm_message"), {"reason": "It is in the log."})
    message.refresh_from_db()
    assert message.state == "sent"


def test_letters_are_printed_as_one_pdf_and_ticked_off(
    signed_in: SignedIn, clerk: User, acme: Customer, queued: Queue, send: Send
) -> None:
    Customer.objects.filter(pk=acme.pk).update(delivery="print")
    acme.refresh_from_db()
    letters = [queued(f"INV-{n}", acme) for n in (1, 2)]
    for letter in letters:
        file = store_file(clerk, acme.entity, f"{letter.document}.pdf", one_page_pdf())
        MessageAttachment.objects.create(message=letter, file=file)
    send()
    browser = signed_in(clerk)
    keys = [letter.pk for letter in letters]

    assert "INV-2" in browser.get(reverse("messaging:letters")).content.decode()
    asked = {"letter": keys, "request_id": str(uuid4())}
    made = browser.post(reverse("messaging:start_printing"), asked)
    assert browser.post(reverse("messaging:start_printing"), asked)["Location"] == made["Location"]
    batch = PrintBatch.objects.get()
    assert batch.file and len(PdfReader(BytesIO(batch.file.read())).pages) == batch.page_count == 2
    assert "Open to print" in browser.get(made["Location"]).content.decode()
    assert Message.objects.filter(state="to_print").count() == 2, "a file is not a letter in the post"

    browser.post(reverse("messaging:confirm_batch", args=[batch.pk]))
    browser.post(reverse("messaging:confirm_batch", args=[batch.pk]))
    assert "No letters to print" in browser.get(reverse("messaging:letters")).content.decode()
    assert "INV-2" in browser.get(reverse("messaging:letters"), {"view": "posted"}).content.decode()
    assert [event.kind for event in letters[0].events.all()] == ["ready", "in_print", "printed"]


def test_a_posted_letter_is_printed_again_and_nothing_ticked_is_refused(
    signed_in: SignedIn, clerk: User, acme: Customer, queued: Queue, send: Send
) -> None:
    Customer.objects.filter(pk=acme.pk).update(delivery="print")
    acme.refresh_from_db()
    letter = queued("INV-1", acme)
    file = store_file(clerk, acme.entity, "INV-1.pdf", one_page_pdf())
    MessageAttachment.objects.create(message=letter, file=file)
    send()
    browser = signed_in(clerk)
    browser.post(reverse("messaging:confirm_letters"), {"letter": [letter.pk]})

    browser.post(reverse("messaging:start_printing"), {"letter": [letter.pk], "request_id": str(uuid4())})
    assert PrintBatch.objects.get().page_count == 1
    nothing = browser.post(reverse("messaging:start_printing"), {"request_id": str(uuid4())})
    assert nothing.status_code == 409


def test_a_template_is_tried_changed_and_kept(signed_in: SignedIn, administrator: User, uk: LegalEntity) -> None:
    browser = signed_in(administrator)
    address = reverse("messaging:template", args=["invoice", "en"])
    wording = {"subject": "Your invoice {{ document }}", "text": "Pay {{ amount }}.", "html": "<p>{{ amount }}</p>"}

    assert "as shipped" in browser.get(reverse("messaging:templates")).content.decode()
    assert "Invoice INV-2026-000001 for Acme Ltd" in browser.get(address).content.decode()
    tried = browser.post(address, {**wording, "try": ""}).content.decode()
    assert "Pay £1,200.00." in tried and not TemplateVersion.objects.exists()
    browser.post(address, {**wording, "save": ""})
    assert TemplateVersion.objects.get().text == "Pay {{ amount }}.\n"
    assert "Your own" in browser.get(reverse("messaging:templates")).content.decode()
    refused = browser.post(address, {**wording, "text": "{{ amonut }}", "save": ""})
    assert refused.status_code == 422 and "amonut" in refused.content.decode()
    assert browser.get(f"{address}mail/").status_code == 200
    assert browser.get(reverse("messaging:template", args=["invoice", "xx"])).status_code == 404


def test_nobody_of_another_company_sees_a_message(signed_in: SignedIn, stranger: User, queued: Queue) -> None:
    message = queued("INV-7")
    browser = signed_in(stranger)

    assert "INV-7" not in browser.get(reverse("messaging:messages")).content.decode()
    for name in ("message", "as_sent", "mail_file"):
        assert browser.get(page_of(message, name)).status_code == 404
    for name in ("cancel_message", "confirm_message", "release_message", "resend_message"):
        assert browser.post(page_of(message, name), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["cancel_message", "confirm_message", "release_message", "resend_message"])
def test_an_auditor_reads_and_decides_nothing(signed_in: SignedIn, auditor: User, queued: Queue, name: str) -> None:
    message = queued()
    browser = signed_in(auditor)

    assert browser.get(page_of(message)).status_code == 200
    assert browser.post(page_of(message, name), {"reason": "x"}).status_code == 403


def one_page_pdf() -> bytes:
    """The smallest PDF with a page."""
    writer, target = PdfWriter(), BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(target)
    return target.getvalue()
