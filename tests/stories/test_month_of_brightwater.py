"""A month at Brightwater, told by its people: billed, mailed, paid, credited, bounced, closed and audited."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from email import message_from_bytes
from email.policy import default
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from cashapp.actions.applying import apply_receipt
from cashapp.models import BankStatementLine, MatchTask, Receipt
from cashapp.money_in import Payment
from controls.actions import set_up_limits
from controls.models import ApprovalRequest
from core import clock
from core.errors import NotAllowed
from core.models import AuditEvent, BankAccount, LegalEntity, StoredFile, User
from customers.models import Customer
from invoicing.actions import approve_credit_note, set_up_tax_rates
from invoicing.models import CreditNote, Invoice, TaxRate
from ledger.actions import set_up_ledger
from ledger.ageing import ageing
from ledger.balances import control_account
from ledger.models import AccountingPeriod, OpenItem
from messaging.models import Message
from messaging.sender import deliver

IBAN = "GB33BUKB20201555555555"
STATEMENT = f""":20:STMT15MAY
:25:{IBAN}
:28C:15/1
:60F:C260514GBP1000,00
:61:2605150515C1200,00NTRFNONREF//B1
:86:INV-2026-000001 CASTLE FIBRE LTD
:61:2605150515C597,00NTRFNONREF//B2
:86:PAYMENT
:61:2605150515C400,00NTRFNONREF//B3
:86:ON ACCOUNT OF YOUR BILLS
:62F:C260515GBP3197,00
-
"""


@dataclass
class People:
    """Everybody at their own browser."""

    seats: dict[str, Client]

    def __getitem__(self, name: str) -> Client:
        return self.seats[name]


@pytest.fixture
def people(clerk: User, manager: User, finance_manager: User, auditor: User) -> People:
    seats = {}
    for user in (clerk, manager, finance_manager, auditor):
        seats[user.name] = Client()
        seats[user.name].force_login(user)
    return People(seats)


@pytest.fixture
def brightwater(uk: LegalEntity, system: User, settings: Any, tmp_path: Path) -> LegalEntity:
    """Brightwater UK on the first of May: books, limits, tax rates and an account at a bank, but no customer."""
    settings.MAIL_DIR = tmp_path / "mail"
    BankAccount.objects.create(entity=uk, name="Current account", currency="GBP", iban=IBAN, is_default=True)
    set_up_ledger(by=system, entity=uk)
    set_up_limits(by=system, entity=uk)
    set_up_tax_rates(by=system, entity=uk)
    return uk


def done(answer: Any) -> str:
    """What a form led to: a redirect, never a refusal."""
    assert answer.status_code == 302, " ".join(answer.content.decode().split())
    return str(answer["Location"])


def said(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return " ".join(answer.content.decode().split())


# The month, part by part ---------------------------------------------------------------------------------------------


def maya_opens_a_customer(maya: Client) -> Customer:
    terms = {"code": "N7", "name": "7 days from invoice", "net_days": "7", "discount_percent": "0"}
    done(maya.post(reverse("customers:create_terms"), {**terms, "discount_days": "0", "is_active": "on"}))
    brightwater_terms = maya.get(reverse("customers:create_customer")).context["form"].fields["terms"].queryset.get()
    facts = {
        "name": "Castle Fibre Ltd",
        "tax_status": "standard",
        "terms": brightwater_terms.pk,
        "currency": "GBP",
        "delivery": "email",
        "language": "en",
        "contact_name": "Ann Lee",
        "email": "ap@castle.example",
        "lines": "12 Lansdown Crescent",
        "city": "Bath",
        "postcode": "BA1 5EX",
        "country": "GB",
        "request_id": str(uuid4()),
    }
    done(maya.post(reverse("customers:create_customer"), facts))
    return Customer.objects.get(name="Castle Fibre Ltd")


def nora_bills(nora: Client, customer: Customer, on: date, price: str, quantity: str = "1") -> Invoice:
    """Draft on one page, issue on the next."""
    rate = TaxRate.objects.get(entity=customer.entity, category="S", percent=20)
    lines = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "500"}
    line = {"description": "Managed Wi-Fi", "quantity": quantity, "unit_price": price, "tax_rate": str(rate.pk)}
    fields = {f"lines-{name}": value for name, value in lines.items()}
    fields |= {f"lines-0-{name}": value for name, value in line.items()}
    facts = {"customer": customer.code, "kind": "order", "request_id": uuid4().hex}
    done(nora.post(reverse("invoicing:draft_invoice"), {**facts, **fields}))
    draft = Invoice.objects.get(number=None)
    done(nora.post(reverse("invoicing:issue_invoice", args=[draft.pk]), {"issued_on": on.isoformat()}))
    draft.refresh_from_db()
    assert draft.number is not None, said(nora, reverse("invoicing:invoice", args=[draft.pk]))
    return draft


def the_mail_leaves(system: User, folder: Path, invoice: Invoice) -> None:
    """The outbox holds a message for ten seconds; then it is a file in the folder, with the stored PDF."""
    Message.objects.update(not_before=clock.now())
    assert deliver(by=system).sent == 1
    [path] = folder.glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert mail["To"] == "Ann Lee <ap@castle.example>"
    [pdf] = mail.iter_attachments()
    invoice.refresh_from_db()
    assert invoice.pdf is not None
    assert pdf.get_content() == invoice.pdf.read()
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(invoice.pdf.read())).pages)
    assert "1,200.00" in text and "Castle Fibre Ltd" in text


def nora_imports_the_statement(nora: Client) -> list[BankStatementLine]:
    upload = SimpleUploadedFile("may.sta", STATEMENT.encode())
    done(nora.post(reverse("cashapp:upload_statement"), {"file": upload}))
    file = StoredFile.objects.get(name="may.sta")
    preview = said(nora, reverse("cashapp:statement_file", args=[file.pk]))
    assert "3 new" in preview and not BankStatementLine.objects.exists()
    done(nora.post(reverse("cashapp:import_statement", args=[file.pk])))
    return list(BankStatementLine.objects.order_by("pk"))


def nora_decides(nora: Client, line: BankStatementLine, pays: str, amount: str, **more: str) -> None:
    """Tick a document at the cash desk, say how much, and go on."""
    item = OpenItem.objects.select_related("customer").get(number=pays)
    version = MatchTask.objects.get(pk=line.pk).version
    facts = {"customer": item.customer.code, "version": version}
    facts |= {f"tick_{item.pk}": "on", f"apply_{item.pk}": amount}
    facts |= {f"{name}_{item.pk}": value for name, value in more.items()}
    done(nora.post(reverse("cashapp:desk_line", args=[line.pk]), facts))


def nora_asks_for_a_credit(nora: Client, invoice: Invoice) -> ApprovalRequest:
    """She may write a credit note, but somebody else has to issue it."""
    lines = {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
    asked = {"reason_code": "service", "reason": "Two days without network", "what": "amount", "amount": "60.00"}
    done(nora.post(reverse("invoicing:draft_credit_note", args=[invoice.pk]), {**asked, **lines}))
    draft = CreditNote.objects.get(number=None)
    assert nora.post(reverse("invoicing:issue_credit_note", args=[draft.pk])).status_code == 403
    done(nora.post(reverse("invoicing:request_credit_note", args=[draft.pk])))
    return ApprovalRequest.objects.get()


def open_of(*invoices: Invoice) -> list[str]:
    found = dict(OpenItem.objects.filter(invoice__in=invoices).values_list("invoice", "open_amount"))
    return [f"{found[invoice.pk]:.2f}" for invoice in invoices]


def aged(entity: LegalEntity, as_of: date, known_at: datetime | None = None) -> tuple[list[int], Decimal]:
    """The buckets, and what is on account; the net is that of the control account."""
    (row,) = ageing(entities=[entity], as_of=as_of, known_at=known_at, group_by="currency")
    (books,) = control_account(entity=entity, as_of=as_of, known_at=known_at)
    assert row.net == books.account == books.items
    return [int(amount) for amount in row.amounts], row.unapplied_cash


def moment() -> datetime:
    """The database's own time, within the test's transaction too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def test_a_month_at_brightwater(
    brightwater: LegalEntity,
    people: People,
    clerk: User,
    manager: User,
    auditor: User,
    system: User,
    settings: Any,
    may: Callable[[int], date],
) -> None:
    nora, maya, finn = people["Nora"], people["Maya"], people["Finn"]
    castle = maya_opens_a_customer(maya)

    first = nora_bills(nora, castle, may(4), "100", quantity="10")
    the_mail_leaves(system, Path(settings.MAIL_DIR), first)
    second, third = nora_bills(nora, castle, may(5), "500"), nora_bills(nora, castle, may(6), "200")
    assert open_of(first, second, third) == ["1200.00", "600.00", "240.00"]
    assert aged(brightwater, may(12)) == ([240 + 600, 1200, 0, 0, 0], 0)

    sure, short, over = nora_imports_the_statement(nora)
    assert Receipt.objects.get().line == sure, "only the line that says what it pays posts by itself"
    nora_decides(nora, short, "INV-2026-000002", "597.00", short="bank_charge")
    nora_decides(nora, over, "INV-2026-000003", "240.00")
    assert open_of(first, second, third) == ["0.00", "0.00", "0.00"]
    assert aged(brightwater, may(15)) == ([0, 0, 0, 0, 0], 160)

    fourth = nora_bills(nora, castle, may(18), "300")
    request = nora_asks_for_a_credit(nora, fourth)
    assert "Two days without network" in said(maya, reverse("controls:approval", args=[request.pk]))
    draft = CreditNote.objects.get(number=None)
    with pytest.raises(NotAllowed):
        approve_credit_note(by=clerk, request=request, credit_note=draft, issued_on=may(19))
    approve_credit_note(by=manager, request=request, credit_note=draft, issued_on=may(19))
    assert open_of(fourth) == ["300.00"]

    paid_too_much = Receipt.objects.get(line=over)
    rest = Payment(OpenItem.objects.get(invoice=fourth), Decimal(160))
    apply_receipt(by=clerk, receipt=paid_too_much, pays=[rest], applied_on=may(20))
    assert open_of(fourth) == ["140.00"]

    before = moment()
    bounced = Receipt.objects.get(line=short)
    reason = {"return_form-reason": "The cheque bounced", "return_form-on": "2026-05-22"}
    done(nora.post(reverse("cashapp:return_receipt", args=[bounced.pk]), reason))
    assert open_of(second) == ["600.00"], "the bank charge is taken back as well"
    assert aged(brightwater, may(15)) == ([0, 0, 0, 0, 0], 160), "mid month stays what it was"
    assert aged(brightwater, may(31), before) == ([0, 140, 0, 0, 0], 0), "as it was known before the cheque bounced"
    assert aged(brightwater, may(31)) == ([0, 740, 0, 0, 0], 0)

    finn_closes_may(finn)
    nothing_goes_into_may_any_more(nora, castle, may(29))
    the_trail_is_complete(people["Audrey"], system)
    audrey_reads_everything_and_writes_nothing(people["Audrey"], castle, fourth, bounced)
    call_command("check_ledger", stdout=StringIO())


def finn_closes_may(finn: Client) -> None:
    period = AccountingPeriod.objects.get(starts_on=date(2026, 5, 1))
    done(finn.post(reverse("ledger:close_period", args=[period.pk]), {"reason": "May is reported"}))


def nothing_goes_into_may_any_more(nora: Client, customer: Customer, day: date) -> None:
    """Neither a receipt nor an invoice; both say why."""
    account = BankAccount.objects.get()
    facts = {"customer": customer.code, "bank_account": account.pk, "amount": "10.00", "received_on": day.isoformat()}
    refused = nora.post(reverse("cashapp:post_receipt"), {**facts, "request_id": str(uuid4())})
    assert refused.status_code == 422
    assert "May 2026 is closed in Brightwater" in refused.content.decode()
    with pytest.raises(AssertionError, match="May 2026 is closed in Brightwater"):
        nora_bills(nora, customer, day, "50")
    assert Invoice.objects.exclude(number=None).count() == 4


def the_trail_is_complete(audrey: Client, system: User) -> None:
    """Every decision with its person, in the order in which it was made."""
    told = [(event.by.name, event.event) for event in AuditEvent.objects.select_related("by").order_by("pk")]
    wanted = [
        ("Maya", "terms.created"),
        ("Maya", "customer.created"),
        ("Nora", "invoice.issued"),
        ("Nora", "statement.uploaded"),
        ("Nora", "statement.imported"),
        (system.name, "receipt.posted"),
        ("Nora", "receipt.posted"),
        ("Nora", "difference.settled"),
        ("Nora", "credit_note.drafted"),
        ("Maya", "credit_note.issued"),
        ("Nora", "receipt.applied"),
        ("Nora", "receipt.returned"),
        ("Finn", "period.closed"),
    ]
    assert [event for event in wanted if event not in told] == []
    places = [told.index(event) for event in wanted]
    assert places == sorted(places)
    assert "The cheque bounced" in said(audrey, reverse("core:audit"))


def audrey_reads_everything_and_writes_nothing(
    audrey: Client, customer: Customer, invoice: Invoice, receipt: Receipt
) -> None:
    rooms = "reporting:dashboard reporting:ageing ledger:accounts ledger:journal ledger:periods invoicing:invoices"
    rooms += " invoicing:credit_notes cashapp:desk cashapp:receipts cashapp:statements controls:approvals core:audit"
    pages = [reverse(name) for name in rooms.split()]
    pages += [reverse("reporting:account", args=[customer.pk]), reverse("invoicing:invoice", args=[invoice.pk])]
    pages += [reverse("cashapp:receipt", args=[receipt.pk]), reverse("collections:statement", args=[customer.pk])]
    for url in pages:
        assert "Brightwater" in said(audrey, url), url
    written = AuditEvent.objects.count()

    refused = [
        reverse("customers:add_note", args=[customer.pk]),
        reverse("customers:create_customer"),
        reverse("invoicing:draft_invoice"),
        reverse("invoicing:issue_invoice", args=[Invoice.objects.get(number=None).pk]),
        reverse("cashapp:upload_statement"),
        reverse("collections:send_statement", args=[customer.pk]),
    ]
    for url in refused:
        assert audrey.post(url).status_code == 403, url
    undo = {"reverse_form-reason": "None of my business", "reverse_form-on": "2026-06-02"}
    other = Receipt.objects.exclude(pk=receipt.pk).earliest("pk")
    assert audrey.post(reverse("cashapp:reverse_receipt", args=[other.pk]), undo).status_code == 403
    period = AccountingPeriod.objects.get(starts_on=date(2026, 5, 1))
    answer = audrey.post(reverse("ledger:reopen_period", args=[period.pk]), {"reason": "I am curious"})
    assert answer.status_code == 403
    assert AuditEvent.objects.count() == written
