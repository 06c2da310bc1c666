"""Charges and waivers of late interest: the list, one of them, approved, taken back."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.late_interest import approve_late_waiver, take_back_late_charge
from ar_collections.forms.late_interest import BackForm, LateChargeFilter
from ar_collections.models import LateCharge
from ar_collections.queries.late_charges import credited_of, shown_lines, why_unknown
from ar_collections.queries.late_interest import LateChargeQuestion, late_charge_list
from controls.models import ApprovalRequest, Authority
from controls.queries import open_request
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.models import AuditEvent
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response

ROWS = 50
COLUMNS = (
    Column("Number", 18), Column("Customer", 12), Column("Name", 34), Column("State", 14), Column("Currency", 9),
    Column("Interest", 12, total=True), Column("Compensation", 14, total=True), Column("Up to", 12),
    Column("Open", 12, total=True), Column("Asked by", 20), Column("Asked", 12), Column("Decided by", 20),
    Column("Decided", 12), Column("Why", 40),
)  # fmt: skip


@staff_page("collections.view")
def charges_page(request: PageRequest) -> HttpResponseBase:
    """Charges and waivers, the latest first."""
    page, form = request.page, LateChargeFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    question = LateChargeQuestion(page.entity, asked.get("state") or "charged", asked.get("q", "").strip())
    rows = late_charge_list(question)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, question, rows)
    context = {
        "form": form,
        "question": question,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "collections/late_charges.html", context)


@staff_page("collections.view")
def charge_page(request: PageRequest, pk: int) -> HttpResponse:
    """One charge or waiver with its working."""
    return _shown(request, _charge(request, pk), BackForm())


@require_POST
@staff_page("collections.take_back_late_charge")
def take_back(request: PageRequest, pk: int) -> HttpResponse:
    """Undo a charge or a waiver."""
    page, charge, form = request.page, _charge(request, pk), BackForm(request.POST)
    page.ask_first("collections.take_back_late_charge", charge.entity)
    if form.is_valid():
        facts = {"charge": charge, "reason": form.cleaned_data["reason"], "taken_back_on": page.today}
        if carry_out(form, take_back_late_charge, by=page.by, **facts):
            messages.success(request, "Taken back. Its days can be charged or waived again.")
            return redirect("collections:late_charge", pk)
    return _shown(request, charge, form)


@require_POST
@staff_page("collections.approve_late_waiver")
def approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve a waiver out of the queue of requests."""
    page = request.page
    asked = get_visible(ApprovalRequest, page.by, pk=pk, kind=Authority.LATE_INTEREST)
    waiver = get_visible(LateCharge.objects.select_related("entity", "customer"), page.by, pk=int(asked.subject_id))
    comment = request.POST.get("comment", "")
    try:
        approve_late_waiver(by=page.by, request=asked, waiver=waiver, decided_on=page.today, comment=comment)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("controls:approval", pk)
    messages.success(request, f"Approved: {waiver.money} of late interest is waived.")
    return redirect("collections:late_charge", waiver.pk)


def _charge(request: PageRequest, pk: int) -> LateCharge:
    related = ("entity", "customer", "item", "asked_by", "decided_by", "taken_back_by", "paper")
    return get_visible(LateCharge.objects.select_related(*related), request.page.by, pk=pk)


def _shown(request: PageRequest, charge: LateCharge, form: BackForm) -> HttpResponse:
    happened = AuditEvent.objects.filter(object_type="collections.latecharge", object_id=str(charge.pk))
    context = {
        "charge": charge,
        "lines": shown_lines(charge),
        "credited": credited_of(charge),
        "why_unknown": why_unknown(charge, as_of=request.page.today),
        "asked": open_request(
            kind=Authority.LATE_INTEREST, subject_type="collections.latecharge", subject_id=charge.pk
        ),
        "events": happened.select_related("by"),
    }
    return shown(request, "collections/late_charge.html", context, form)


def _workbook(page: Page, question: LateChargeQuestion, rows: QuerySet[LateCharge]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("State", question.state)]
    sheet = Sheet("Late interest charged", COLUMNS, _cells(rows), notes)
    return workbook_response([sheet], f"late-charges-{page.entity.code}-{page.as_at}.xlsx")


def _cells(rows: QuerySet[LateCharge]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        yield [
            str(row),
            row.customer.code,
            row.customer.name,
            row.state,
            row.currency,
            row.interest,
            row.compensation,
            row.until_on,
            row.item.open_amount if row.item else None,
            row.asked_by.name,
            row.asked_on,
            row.decided_by.name if row.decided_by else "",
            row.decided_on,
            row.back_reason or row.reason,
        ]
