"""The pages of invoicing, without JavaScript."""

import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from core.models import AuditEvent, LegalEntity, Run, SavedView, User
from core.money import money
from customers.models import Customer
from invoicing.actions import draft_credit_note, draft_invoices, issue_credit_note, issue_invoices_unsent
from invoicing.credits import Everything, PartOf
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import CreditNote, Invoice, TaxRate
from ledger.models import Allocation
from ledger.posting import Pair, allocate, reverse_allocations
from messaging.models import Message

pytestmark = pytest.mark.django_db
Drafted = Callable[..., Invoice]
Line = Callable[..., DraftLine]
SignIn = Callable[[User], Client]
LIST, NEW = "/invoices/", "/invoices/new/"
MOST_QUERIES = 15


def text_of(response: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("&nbsp;", " ").replace("\xa0", " "))


def posted_lines(*lines: dict[str, Any], total: int = 3) -> dict[str, Any]:
    facts: dict[str, Any] = {"lines-TOTAL_FORMS": total, "lines-INITIAL_FORMS": 0}
    for index, line in enumerate(lines):
        facts |= {f"lines-{index}-{name}": value for name, value in line.items()}
    return facts


def posted_draft(customer: Customer, standard: TaxRate, **facts: Any) -> dict[str, Any]:
    line = {
        "description": "Licence",
        "quantity": "1,200",
        "unit_price": "1.0045",
        "tax_rate": standard.pk,
        "unit": "C62",
    }
    return {"customer": f"{customer.code} · {customer.name}", "kind": "order", **posted_lines(line), **facts}


# Lists ---------------------------------------------------------------------------------------------------------------


def test_the_list_adds_up_finds_and_narrows(
    acme: Customer, customer: Any, clerk: User, signed_in: SignIn, issued: Drafted, drafted: Drafted, line: Line
) -> None:
    issued(acme, line("100"), purchase_order="PO 77")
    issued(customer("Birch"), line("250.50"))
    drafted(acme)
    client = signed_in(clerk)

    every = text_of(client.get(LIST))
    assert "2 in GBP £420.60 £420.60" in every
    assert "INV-2026-000001" in every
    assert "Drafts 1" in every
    for words, found in (("PO 77", "000001"), ("birch", "000002"), ("300.60", "000002"), ("INV-2026-000001", "000001")):
        narrowed = text_of(client.get(LIST, {"q": words}))
        assert re.findall(r"INV-2026-(\d+)", narrowed) == [found], words
    assert "No invoice fits these filters" in text_of(client.get(LIST, {"q": "nothing like that"}))


def test_a_long_list_answers_first_and_adds_up_afterwards(
    acme: Customer, clerk: User, signed_in: SignIn, books: LegalEntity, line: Line, may: Callable[[int], date]
) -> None:
    drafts = draft_invoices(by=clerk, entity=books, drafts=[InvoiceDraft(customer=acme, lines=[line("10")])] * 60)
    issue_invoices_unsent(by=clerk, entity=books, invoices=drafts, issued_on=may(4))
    client = signed_in(clerk)

    first, second = text_of(client.get(LIST)), text_of(client.get(LIST, {"page": "2"}))
    part = client.get(LIST, {"sums": "1"}, headers={"HX-Request": "true"})

    assert "Add up the whole list" in first
    assert ("1 to 50" in first, "51 to 60" in second) == (True, True)
    assert "60 in GBP £720.00 £720.00" in text_of(part)
    assert part.content.decode().strip().startswith("<tbody")
    assert "60 in GBP £720.00" in text_of(client.get(LIST, {"sums": "1"}))


def test_the_list_of_a_past_day_shows_what_was_open_then(
    acme: Customer, manager: User, signed_in: SignIn, issued: Drafted, may: Callable[[int], date]
) -> None:
    invoice = issued(acme)
    note = draft_credit_note(
        by=manager, invoice=invoice, credit=PartOf(money("20.00 GBP")), reason_code="other", reason="Part"
    )
    issue_credit_note(by=manager, credit_note=note, issued_on=may(10))
    client = signed_in(manager)

    before = text_of(client.get(LIST, {"as_at": "2026-05-09"}))
    after = text_of(client.get(LIST, {"as_at": "2026-05-10", "state": "open"}))

    assert "1 in GBP £120.00 £120.00" in before
    assert "1 in GBP £120.00 £100.00" in after
    assert "No invoice" in text_of(client.get(LIST, {"as_at": "2026-05-01"}))


def test_the_tabs_of_a_past_day_count_what_was_open_then(
    acme: Customer, manager: User, signed_in: SignIn, issued: Drafted, may: Callable[[int], date]
) -> None:
    invoice = issued(acme)
    note = draft_credit_note(by=manager, invoice=invoice, credit=Everything(), reason_code="other", reason="All of it")
    issue_credit_note(by=manager, credit_note=note, issued_on=may(10))
    client = signed_in(manager)

    def counted(on: str) -> dict[str, int | None]:
        return {tab.name: tab.count for tab in client.get(LIST, {"as_at": on}).context["tabs"]}

    assert counted("2026-05-09")["Open"] == 1
    assert counted("2026-05-10")["Open"] == 0
    assert counted("2026-05-09")["Drafts"] is None


def test_credit_that_was_open_on_a_past_day_is_listed_for_it(
    acme: Customer, manager: User, signed_in: SignIn, issued: Drafted, may: Callable[[int], date]
) -> None:
    invoice = issued(acme)
    note = draft_credit_note(by=manager, invoice=invoice, credit=Everything(), reason_code="other", reason="All of it")
    note = issue_credit_note(by=manager, credit_note=note, issued_on=may(10))
    used = Allocation.objects.get(credit_item=note.item_id)
    reverse_allocations(by=manager, allocations=[used], allocated_on=may(12), reason="For another invoice")
    allocate(by=manager, pairs=[Pair(used.debit_item, used.credit_item, used.amount, may(20))])
    client = signed_in(manager)

    for on, listed in (("2026-05-15", True), ("2026-05-20", False)):
        page = text_of(client.get("/credit-notes/", {"as_at": on, "state": "open"}))
        assert (str(note.number) in page) == listed, on


def test_the_list_as_a_workbook_has_real_figures(
    acme: Customer, clerk: User, signed_in: SignIn, issued: Drafted, line: Line
) -> None:
    issued(acme, line("100"), purchase_order="=1+1")

    answer = signed_in(clerk).get(LIST, {"format": "xlsx"})

    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()
    head = next(row for row in rows if row[0] == "Number")
    first = dict(zip(head, rows[rows.index(head) + 1], strict=True))
    assert (first["Number"], first["Total"], first["Open"]) == ("INV-2026-000001", 120.0, 120.0)
    assert (first["Purchase order"], first["Dated"]) == ("=1+1", date(2026, 5, 4))


def test_filters_are_kept_as_a_view(acme: Customer, clerk: User, signed_in: SignIn, issued: Drafted) -> None:
    issued(acme)
    client = signed_in(clerk)
    client.post("/invoicing/views/invoices/save/", {"name": "Big ones", "query": "state=open&sort=-gross"})

    view = SavedView.objects.get()
    page = client.get(LIST, {"state": "open", "sort": "-gross"})
    assert "Big ones" in text_of(page)
    assert f'action="/invoicing/views/{view.pk}/drop/"' in page.content.decode()
    client.post(f"/invoicing/views/{view.pk}/drop/")
    assert not SavedView.objects.exists()


def test_a_list_asks_few_questions_however_long_it_is(
    acme: Customer, customer: Any, clerk: User, signed_in: SignIn, issued: Drafted, line: Line
) -> None:
    client = signed_in(clerk)
    for person in (acme, customer("Birch"), customer("Cedar")):
        for price in ("10", "20", "30"):
            issued(person, line(price))
    client.get(LIST)

    for address in (LIST, f"{LIST}?state=overdue", f"{LIST}?q=birch", f"{LIST}?as_at=2026-05-20", "/credit-notes/"):
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) <= MOST_QUERIES, (address, [one["sql"][:90] for one in asked])


def test_nothing_yet_offers_the_one_thing_to_do(books: LegalEntity, clerk: User, signed_in: SignIn) -> None:
    client = signed_in(clerk)

    assert "Write the first one" in text_of(client.get(LIST))
    assert "No credit note yet" in text_of(client.get("/credit-notes/"))
    assert "No draft waits" in text_of(client.get("/invoices/issue/"))


# Drafts --------------------------------------------------------------------------------------------------------------


def test_a_draft_is_written_checked_and_issued(
    acme: Customer, clerk: User, signed_in: SignIn, standard: TaxRate
) -> None:
    client = signed_in(clerk)
    Customer.objects.filter(pk=acme.pk).update(purchase_order_required=True)

    saved = client.post(NEW, posted_draft(acme, standard), follow=True)
    draft = Invoice.objects.get()
    assert draft.net == Decimal("1205.40")
    assert "pays only with a purchase order number" in text_of(saved)
    client.post(f"/invoices/{draft.pk}/issue/", {"issued_on": "2026-05-04"})
    draft.refresh_from_db()
    assert draft.number is None

    form = {**posted_draft(acme, standard), "purchase_order": "PO 5", "version": draft.version}
    assert "Everything that an invoice needs" in text_of(
        client.post(f"/invoices/{draft.pk}/change/", form, follow=True)
    )
    done = client.post(f"/invoices/{draft.pk}/issue/", {"issued_on": "2026-05-04"}, follow=True)
    assert "Invoice INV-2026-000001 is issued and on its way" in text_of(done)


def test_a_form_that_cannot_be_saved_says_why_and_keeps_what_was_typed(
    acme: Customer, clerk: User, signed_in: SignIn, standard: TaxRate
) -> None:
    client = signed_in(clerk)
    wrong = posted_lines({"description": "", "unit_price": "5", "tax_rate": standard.pk})
    negative = posted_lines({"description": "Less", "unit_price": "-5", "tax_rate": standard.pk})

    for lines, says in ((wrong, "Say what is billed"), (negative, "the price -5 is negative")):
        answer = client.post(NEW, {"customer": acme.code, "kind": "order", **lines})
        assert answer.status_code == 422
        assert says in text_of(answer)
    assert "Type its code" in text_of(client.post(NEW, {**posted_draft(acme, standard), "customer": "NOBODY"}))
    assert not Invoice.objects.exists()


def test_rows_are_added_by_a_button_without_scripts_and_one_by_one_with_them(
    acme: Customer, clerk: User, signed_in: SignIn, standard: TaxRate
) -> None:
    client = signed_in(clerk)

    grown = client.post(NEW, {**posted_draft(acme, standard), "more": "1"}).content.decode()
    row = client.get("/invoices/new/line/", {"index": 7}, headers={"HX-Request": "true"}).content.decode()

    assert 'name="lines-7-description"' in grown
    assert 'value="Licence"' in grown
    assert 'name="lines-7-unit_price"' in row
    assert 'name="lines-TOTAL_FORMS" value="8"' in row
    assert not Invoice.objects.exists()


def test_the_total_follows_while_somebody_types(
    acme: Customer, clerk: User, signed_in: SignIn, standard: TaxRate
) -> None:
    client = signed_in(clerk)
    typed = client.post("/invoices/new/totals/", posted_draft(acme, standard), headers={"HX-Request": "true"})
    half = client.post("/invoices/new/totals/", posted_lines({"description": "x"}), headers={"HX-Request": "true"})

    assert "£1,446.48" in text_of(typed)
    assert half.status_code == 200


def test_of_two_who_change_a_draft_the_second_sees_a_sentence(
    acme: Customer, clerk: User, signed_in: SignIn, standard: TaxRate, drafted: Drafted
) -> None:
    draft, client = drafted(acme), signed_in(clerk)
    form = {**posted_draft(acme, standard), "version": 1}
    client.post(f"/invoices/{draft.pk}/change/", form)

    late = client.post(f"/invoices/{draft.pk}/change/", form)

    assert late.status_code == 422
    assert "Somebody else changed" in text_of(late)


def test_many_are_previewed_and_started_as_a_run(
    acme: Customer, customer: Any, clerk: User, signed_in: SignIn, drafted: Drafted, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = customer("Strict", purchase_order_required=True)
    drafts = [drafted(acme), drafted(acme), drafted(strict)]
    client = signed_in(clerk)
    started: list[int] = []
    monkeypatch.setattr("invoicing.views.issuing.issue_drafts.delay", started.append)

    preview = client.get("/invoices/issue/")
    written_later = drafted(acme)
    form = preview.context["form"].initial
    answer = client.post("/invoices/issue/", {**form, "issued_on": "2026-05-04"})

    said = text_of(preview)
    assert "Will be issued 2" in said
    assert "in GBP £240.00" in said
    assert "Left as drafts 1" in said
    assert answer["Location"] == f"/runs/{started[0]}/"
    asked = Run.objects.get(pk=started[0]).parameters["invoices"]
    assert asked == [draft.pk for draft in drafts], "what was previewed, and nothing that was written later"
    assert written_later.pk not in asked


def test_nothing_is_issued_that_no_preview_showed(
    acme: Customer, clerk: User, signed_in: SignIn, drafted: Drafted
) -> None:
    drafted(acme)
    client = signed_in(clerk)
    form = {**client.get("/invoices/issue/").context["form"].initial, "drafts": ""}

    answer = client.post("/invoices/issue/", form)

    assert answer.status_code == 422
    assert "There is no draft to issue" in text_of(answer)
    assert not Run.objects.exists()


# One document --------------------------------------------------------------------------------------------------------


def test_the_page_of_an_invoice_tells_its_story(
    acme: Customer, manager: User, signed_in: SignIn, issued: Drafted, may: Callable[[int], date]
) -> None:
    invoice = issued(acme)
    note = draft_credit_note(
        by=manager, invoice=invoice, credit=PartOf(money("20.00 GBP")), reason_code="price", reason="Agreed"
    )
    issue_credit_note(by=manager, credit_note=note, issued_on=may(10))
    client = signed_in(manager)

    with CaptureQueriesContext(connection) as asked:
        page = text_of(client.get(f"/invoices/{invoice.pk}/"))
    for said in (
        "£100.00",
        "Credit note CN-2026-00001",
        "2200 Output tax",
        "ap@acme.example",
        "Invoice issued by Nora",
    ):
        assert said in page
    assert len(asked) <= 25, [one["sql"][:90] for one in asked]

    credit = text_of(client.get(f"/credit-notes/{note.pk}/"))
    for said in ("Used up", "INV-2026-000001", "Agreed", "CN-2026-00001"):
        assert said in credit


def test_the_pdf_opens_in_the_browsers_own_viewer(
    acme: Customer, clerk: User, signed_in: SignIn, issued: Drafted, drafted: Drafted
) -> None:
    client = signed_in(clerk)

    for invoice in (issued(acme), drafted(acme)):
        answer = client.get(f"/invoices/{invoice.pk}/pdf/")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("inline")
        assert "sandbox" not in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]


def test_an_invoice_is_sent_again_once_a_form(acme: Customer, clerk: User, signed_in: SignIn, issued: Drafted) -> None:
    invoice, client = issued(acme), signed_in(clerk)
    Message.objects.update(state="cancelled")
    form = {"to": "new@acme.example, boss@acme.example", "request_id": str(uuid4())}

    for _ in range(2):
        assert "on its way to new@acme.example" in text_of(
            client.post(f"/invoices/{invoice.pk}/send/", form, follow=True)
        )

    copies = Message.objects.filter(resend_of__isnull=False)
    assert [copy.to_addresses for copy in copies] == [["new@acme.example", "boss@acme.example"]]
    assert AuditEvent.objects.filter(event="invoice.sent").count() == 1
    assert "is not an e-mail address" in text_of(
        client.post(f"/invoices/{invoice.pk}/send/", {**form, "to": "nobody", "request_id": uuid4()}, follow=True)
    )


def test_a_clerk_credits_a_line_and_asks_and_the_manager_approves(
    acme: Customer, clerk: User, manager: User, signed_in: SignIn, issued: Drafted, line: Line
) -> None:
    invoice, client = issued(acme, line("100"), line("50")), signed_in(clerk)
    first, second = invoice.lines.order_by("position")
    form = {
        "reason_code": "quantity",
        "reason": "Half of it came",
        "what": "lines",
        "lines-TOTAL_FORMS": 2,
        "lines-INITIAL_FORMS": 2,
        "lines-0-line": first.pk,
        "lines-0-net": "50.00",
        "lines-1-line": second.pk,
    }
    nothing = client.post(f"/invoices/{invoice.pk}/credit/", {**form, "lines-0-net": ""})
    assert "Choose a line" in text_of(nothing)

    page = client.post(f"/invoices/{invoice.pk}/credit/", form, follow=True)
    note = CreditNote.objects.get()
    assert note.money == money("60.00 GBP")
    assert "Your role drafts credit notes" in text_of(page)
    asked = client.post(f"/credit-notes/{note.pk}/ask/", follow=True)
    assert "Waits for approval" in text_of(asked)

    request_pk = re.search(r"/approvals/(\d+)/", asked.content.decode())
    assert request_pk is not None
    done = signed_in(manager).post(f"/credit-notes/requests/{request_pk[1]}/approve/", {"comment": "Fine"}, follow=True)
    assert "CN-2026-00001 is approved and issued" in text_of(done)


def test_the_drafts_of_credit_notes_are_discarded_and_issued_from_their_page(
    acme: Customer, manager: User, signed_in: SignIn, issued: Drafted
) -> None:
    client = signed_in(manager)
    facts: dict[str, Any] = {"credit": Everything(), "reason_code": "other", "reason": "Wrong"}
    dropped, kept = (draft_credit_note(by=manager, invoice=issued(acme), **facts) for _ in range(2))

    client.post(f"/credit-notes/{dropped.pk}/discard/")
    client.post(f"/credit-notes/{kept.pk}/issue/", {"issued_on": "2026-05-05"})

    assert [note.number for note in CreditNote.objects.all()] == ["CN-2026-00001"]


# Who may, and what stays text ----------------------------------------------------------------------------------------


def test_html_in_every_text_field_stays_text(acme: Customer, clerk: User, signed_in: SignIn, standard: TaxRate) -> None:
    hostile, client = "<script>alert(1)</script>", signed_in(clerk)
    line = {"description": hostile, "detail": hostile, "unit_price": "5", "tax_rate": standard.pk}
    form = {"customer": acme.code, "kind": "order", "purchase_order": hostile, "text": hostile, **posted_lines(line)}

    draft = client.post(NEW, form, follow=True)
    pk = Invoice.objects.get().pk
    pages = [draft, client.get(f"/invoices/{pk}/change/"), client.get(LIST, {"state": "draft"})]
    pages.append(client.post(f"/invoices/{pk}/issue/", {"issued_on": "2026-05-04"}, follow=True))
    pages.append(client.get(LIST, {"q": hostile}))

    assert all(b"<script>alert" not in page.content for page in pages)


def test_a_person_of_another_company_finds_none_of_these_pages(
    acme: Customer, manager: User, stranger: User, signed_in: SignIn, issued: Drafted, drafted: Drafted
) -> None:
    invoice, draft = issued(acme), drafted(acme)
    note = draft_credit_note(by=manager, invoice=invoice, credit=Everything(), reason_code="other", reason="Wrong")
    client = signed_in(stranger)

    for name, pk in (
        ("invoice", invoice.pk),
        ("invoice_pdf", invoice.pk),
        ("change_draft", draft.pk),
        ("draft_credit_note", invoice.pk),
        ("credit_note", note.pk),
        ("credit_note_pdf", note.pk),
    ):
        assert client.get(reverse(f"invoicing:{name}", args=[pk])).status_code in {403, 404}, name
    for name, pk in (("issue_invoice", draft.pk), ("discard_draft", draft.pk), ("send_invoice", invoice.pk)):
        assert client.post(reverse(f"invoicing:{name}", args=[pk])).status_code in {403, 404}, name
    assert "INV-2026" not in text_of(client.get(LIST, {"q": "INV-2026-000001"}))


def test_who_only_reads_gets_no_forms(acme: Customer, auditor: User, signed_in: SignIn, drafted: Drafted) -> None:
    draft, client = drafted(acme), signed_in(auditor)

    assert client.get(f"/invoices/{draft.pk}/").status_code == 200
    assert b"/issue/" not in client.get(f"/invoices/{draft.pk}/").content
    assert client.get(NEW).status_code == 403
    assert client.post(f"/invoices/{draft.pk}/issue/").status_code == 403


def test_tax_rates_are_taken_over_added_and_ended(
    books: LegalEntity, finance_manager: User, clerk: User, signed_in: SignIn
) -> None:
    client = signed_in(finance_manager)
    client.post("/tax-rates/set-up/")
    assert TaxRate.objects.filter(code="S20").count() == 1
    rate = TaxRate.objects.get(code="S20")
    new = {"code": "S21", "name": "Standard 21 %", "category": "S", "percent": "20", "valid_from": "2027-01-01"}

    assert "holds from 04 Jan 2011 already" in text_of(client.post("/tax-rates/", new))
    client.post(f"/tax-rates/{rate.pk}/end/", {"valid_until": "2026-12-31"})
    client.post("/tax-rates/", {**new, "percent": "21"})

    assert TaxRate.objects.filter(code__in=("S20", "S21")).count() == 2
    assert signed_in(clerk).post("/tax-rates/set-up/").status_code == 403
