"""Ann Lee of Acme opens the link in her mail. She needs no login, and a stranger learns nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.errors import NotAllowed
from core.models import AuditEvent, User
from customers.models import Customer
from invoicing.actions import draft_credit_note, issue_credit_note, revoke_link, send_invoice
from invoicing.credits import Everything
from invoicing.drafts import DraftLine
from invoicing.messages import CreditNoteMessage
from invoicing.models import CreditNote, Invoice, InvoiceLink, LinkAccess
from invoicing.queries.delivered import deliveries_of
from messaging.actions import cancel_message
from messaging.models import Message
from messaging.sender import deliver
from portal.visitors import network_of

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
REQUEST = UUID("11111111-1111-4111-8111-111111111111")
OTHER_REQUEST = UUID("22222222-2222-4222-8222-222222222222")
PHONE = "Mozilla/5.0 (iPhone)"


@pytest.fixture
def link(issued: Issued, acme: Customer, line: Callable[..., DraftLine]) -> InvoiceLink:
    return InvoiceLink.objects.get(invoice=issued(acme, line("1200")))


@pytest.fixture
def ann() -> Client:
    """A browser that nobody has signed in to."""
    return Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT=PHONE)


def page(link: InvoiceLink, name: str = "invoice") -> str:
    return reverse(f"portal:{name}", args=[link.key])


def test_the_mail_carries_a_link_that_opens_the_invoice(
    link: InvoiceLink, ann: Client, system: User, settings: Any, tmp_path: Any
) -> None:
    settings.MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    Message.objects.update(not_before=clock.now())
    deliver(by=system)
    [mail] = [path.read_text() for path in (tmp_path / "mail").rglob("*.eml")]

    found = re.search(r"http://localhost:8000(/i/\S+/)", mail.replace("=\n", ""))
    assert found and found.group(1) == page(link)
    answer = ann.get(found.group(1)).content.decode()
    assert str(link.invoice.number) in answer and "£1,440.00" in answer and "GB29 NWBK" in answer


def test_the_copy_that_is_kept_of_the_mail_opens_nothing(link: InvoiceLink, system: User) -> None:
    Message.objects.update(not_before=clock.now())
    deliver(by=system)
    message = Message.objects.get(document=link.invoice.number)
    assert message.state == "sent"
    assert link.key not in message.text + message.html and "/i/…/" in message.text
    assert link.key not in str(InvoiceLink.objects.filter(pk=link.pk).values().get())


def test_what_ann_does_is_written_down_with_her_network_and_not_her_address(link: InvoiceLink, ann: Client) -> None:
    ann.get(page(link))
    assert ann.get(page(link, "invoice_pdf"))["Content-Type"] == "application/pdf"
    assert b"CrossIndustryInvoice" in ann.get(page(link, "invoice_xml")).content
    ann.head(page(link))

    told = list(LinkAccess.objects.values_list("kind", "network", "user_agent", "by"))
    assert told == [(kind, "203.0.113.0/24", PHONE, None) for kind in ("opened", "pdf", "xml")]


def test_a_colleague_who_looks_is_named_and_counts_for_nothing(
    link: InvoiceLink, signed_in: Callable[[User], Client], clerk: User
) -> None:
    assert signed_in(clerk).get(page(link)).status_code == 200
    assert LinkAccess.objects.get().by == clerk


def test_a_revoked_link_says_one_sentence_and_whom_it_refused(link: InvoiceLink, ann: Client, clerk: User) -> None:
    revoke_link(by=clerk, link=link)
    revoke_link(by=clerk, link=link)
    for name in ("invoice", "invoice_pdf", "invoice_xml", "payment_code", "logo", "brand"):
        answer = ann.get(page(link, name), HTTP_ACCEPT_LANGUAGE="de-DE")
        assert answer.status_code == 410
        assert "Dieser Link öffnet nichts mehr" in answer.content.decode()
        assert str(link.invoice.number) not in answer.content.decode() and "Brightwater" not in answer.content.decode()
    assert set(LinkAccess.objects.values_list("kind", flat=True)) == {"refused"}


def test_an_expired_link_is_shut_until_the_invoice_is_sent_again(link: InvoiceLink, ann: Client, clerk: User) -> None:
    InvoiceLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert ann.get(page(link)).status_code == 410

    cancel_message(by=clerk, message=Message.objects.get())
    send_invoice(by=clerk, invoice=link.invoice, to=["ap@acme.example"], request_id=REQUEST)
    assert ann.get(page(link)).status_code == 200


def test_who_gave_a_link_stands_in_the_audit_trail_once_for_each(link: InvoiceLink, clerk: User) -> None:
    def given() -> list[tuple[User, str]]:
        rows = AuditEvent.objects.filter(event="invoice.link_given", object_id=str(link.invoice_id))
        return [(row.by, row.object_label) for row in rows]

    assert given() == [(clerk, str(link.invoice))]
    cancel_message(by=clerk, message=Message.objects.get())
    send_invoice(by=clerk, invoice=link.invoice, to=["ap@acme.example"], request_id=REQUEST)
    assert len(given()) == 1, "the link that is there is good for longer"

    revoke_link(by=clerk, link=link)
    send_invoice(by=clerk, invoice=link.invoice, to=["ap@acme.example"], request_id=OTHER_REQUEST)
    assert len(given()) == 2


def test_after_a_revocation_the_next_mail_has_another_link(link: InvoiceLink, ann: Client, clerk: User) -> None:
    revoke_link(by=clerk, link=link)
    cancel_message(by=clerk, message=Message.objects.get())
    send_invoice(by=clerk, invoice=link.invoice, to=["ap@acme.example"], request_id=REQUEST)

    fresh = InvoiceLink.objects.get(revoked_at=None)
    assert fresh.key != link.key
    assert (ann.get(page(fresh)).status_code, ann.get(page(link)).status_code) == (200, 410)


def test_a_wrong_key_learns_nothing_and_soon_has_to_wait(link: InvoiceLink, ann: Client) -> None:
    wrong = reverse("portal:invoice", args=["x" * 43])
    answers = [ann.get(wrong).status_code for _ in range(25)]

    assert answers[:20] == [404] * 20 and answers[20:] == [429] * 5
    assert ann.get(reverse("portal:invoice", args=["short"])).status_code == 429
    assert ann.get(page(link)).status_code == 200, "a good key isn't shut out by the neighbour's bad ones"
    assert Client(REMOTE_ADDR="198.51.100.1").get(wrong).status_code == 404


def test_nothing_keeps_lists_or_passes_on_the_address(link: InvoiceLink, ann: Client) -> None:
    for answer in (ann.get(page(link)), ann.get(page(link, "invoice_pdf")), ann.get("/i/x/")):
        assert answer["X-Robots-Tag"].startswith("noindex")
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
        assert not answer.cookies
    assert ann.post(page(link)).status_code == 405


@pytest.mark.parametrize(("language", "said"), [("de", "Überfällig"), ("fr", "En retard"), ("es", "Vencida")])
def test_the_page_speaks_the_language_of_the_invoice(
    issued: Issued, customer: Callable[..., Customer], ann: Client, language: str, said: str
) -> None:
    invoice = issued(customer("Halle"), language=language)
    answer = ann.get(page(InvoiceLink.objects.get(invoice=invoice))).content.decode()
    assert said in answer and f'lang="{language}"' in answer


def test_who_may_not_bill_can_not_revoke(link: InvoiceLink, auditor: User) -> None:
    with pytest.raises(NotAllowed):
        revoke_link(by=auditor, link=link)


def test_customers_with_paper_or_an_own_portal_get_no_link(issued: Issued, customer: Callable[..., Customer]) -> None:
    issued(customer("Paper", delivery="print")), issued(customer("Gate", delivery="portal"))
    assert not InvoiceLink.objects.exists()


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::9", "2001:db8:1::/48"), ("", ""), ("nonsense", "")],
)
def test_an_address_is_kept_without_its_last_part(address: str, network: str) -> None:
    assert network_of(address) == network


def credited(invoice: Invoice, by: User) -> CreditNote:
    draft = draft_credit_note(
        by=by, invoice=invoice, credit=Everything(), reason_code=CreditNote.Reason.PRICE, reason="Wrong price"
    )
    return issue_credit_note(by=by, credit_note=draft, issued_on=invoice.issued_on or draft.drafted_at.date())


def credit_page(link: InvoiceLink, credit_note: CreditNote, name: str = "credit_note") -> str:
    return reverse(f"portal:{name}", args=[link.key, credit_note.pk])


def test_the_link_opens_the_credit_notes_of_its_invoice_as_well(
    link: InvoiceLink, ann: Client, finance_manager: User
) -> None:
    note = credited(link.invoice, finance_manager)

    mail = Message.objects.get(document=note.number)
    assert str(CreditNoteMessage().context(mail)["link"]).endswith(credit_page(link, note))
    assert CreditNoteMessage().secrets(mail) == [link.key]
    assert str(note.number) in ann.get(page(link)).content.decode()
    shown = ann.get(credit_page(link, note)).content.decode()
    assert f"Credit note {note.number}" in shown and str(link.invoice.number) in shown and "Set against" in shown
    assert deliveries_of([note])[note.pk].name == "opened"
    assert ann.get(credit_page(link, note, "credit_note_pdf"))["Content-Type"] == "application/pdf"
    assert b"CrossIndustryInvoice" in ann.get(credit_page(link, note, "credit_note_xml")).content
    assert deliveries_of([note])[note.pk].name == "downloaded"
    assert deliveries_of([link.invoice])[link.invoice.pk].name == "opened", "its invoice was only looked at"


def test_the_link_opens_no_credit_note_of_another_invoice(
    link: InvoiceLink, ann: Client, finance_manager: User, issued: Issued, acme: Customer
) -> None:
    note = credited(issued(acme), finance_manager)

    assert ann.get(credit_page(link, note)).status_code == 404
    assert not LinkAccess.objects.filter(credit_note=note).exists()
