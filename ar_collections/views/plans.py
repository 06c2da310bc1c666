"""Payment plans: the list, one of them, those of a customer; opened, proposed, approved and ended."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.plans import (
    Proposal,
    approve_plan,
    attach_signed_letter,
    cancel_plan,
    open_plan,
    propose_plan,
)
from ar_collections.forms.plans import PlanFilter, PlanForm, ReasonForm, SignedLetterForm
from ar_collections.models import PaymentPlan
from ar_collections.plans import OFFER_DAYS
from ar_collections.queries.plans import (
    PlanQuestion,
    opening_of,
    plan_judgements,
    plan_list,
    plans_of,
    with_parts,
)
from controls.models import ApprovalRequest, Authority
from controls.queries import open_request
from core.calendars import calendar_of
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.models import AuditEvent
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer
from ledger.balances import open_items
from ledger.models import OpenItem

ROWS = 50
OFFERED = 100
COLUMNS = (
    Column("Customer", 12), Column("Name", 34), Column("State", 14), Column("Currency", 9),
    Column("Amount", 14, total=True), Column("Received", 14, total=True), Column("Instalments", 12),
    Column("First", 12), Column("Last", 12), Column("Proposed by", 20), Column("Approved by", 20),
    Column("Approved", 12), Column("Ended", 12), Column("Why", 40),
)  # fmt: skip


@staff_page("collections.view")
def plans_page(request: PageRequest) -> HttpResponseBase:
    """Payment plans, the newest first."""
    page, form = request.page, PlanFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    question = PlanQuestion(page.entity, asked.get("state") or "live", asked.get("q", "").strip())
    rows = plan_list(question, by=page.by)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, question, rows)
    context = {
        "form": form,
        "question": question,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "collections/plans.html", context)


@staff_page("collections.view")
def plan_page(request: PageRequest, pk: int) -> HttpResponse:
    """One plan: what it is about, its instalments, and who decided."""
    return _shown(request, _plan(request, pk), ReasonForm())


@staff_page("collections.view")
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """The plans of a customer: a box that the account's page fetches, or a page."""
    page, customer = request.page, _customer(request, pk)
    context = {
        "customer": customer,
        "plans": plans_of(customer)[:20],
        "opening": opening_of(customer, on=page.today),
        "offer_days": OFFER_DAYS,
        "form": ReasonForm(),
    }
    template = "collections/parts/customer_plans.html" if request.htmx else "collections/customer_plans.html"
    return render(request, template, context)


@staff_page("collections.open_plan")
def open_page(request: PageRequest, pk: int) -> HttpResponse:
    """Let a plan be proposed to a customer."""
    page, customer = request.page, _customer(request, pk)
    page.ask_first("collections.open_plan", customer.entity)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {"customer": customer, "reason": form.cleaned_data["reason"], "opened_on": page.today}
        if (opening := carry_out(form, open_plan, by=page.by, **facts)) is not None:
            messages.success(request, f"A plan may be proposed until {opening.until_on:%d %b %Y}.")
            return redirect("collections:customer_plans", pk)
    return shown(request, "collections/open_plan.html", {"customer": customer, "offer_days": OFFER_DAYS}, form)


@staff_page("collections.propose_plan")
def propose_page(request: PageRequest, pk: int) -> HttpResponse:
    """Propose a plan with the customer's proof."""
    page, customer = request.page, _customer(request, pk)
    page.ask_first("collections.propose_plan", customer.entity)
    form = _form(request, customer)
    if request.method == "POST" and form.is_valid():
        proposal = carry_out(form, _proposal, filled=form, customer=customer)
        facts = {"customer": customer, "proposal": proposal, "proposed_on": page.today}
        if proposal and (plan := carry_out(form, propose_plan, by=page.by, **facts)) is not None:
            messages.success(request, "Proposed. The finance manager decides; until then everything goes on as before.")
            return redirect("collections:plan", plan.pk)
    context = {"customer": customer, "opening": opening_of(customer, on=page.today)}
    return shown(request, "collections/propose_plan.html", context, form)


@require_POST
@staff_page("collections.approve_plan")
def approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve a plan out of the queue of requests."""
    page = request.page
    asked = get_visible(ApprovalRequest, page.by, pk=pk, kind=Authority.PAYMENT_PLAN)
    plan = get_visible(PaymentPlan.objects.select_related("entity", "customer"), page.by, pk=int(asked.subject_id))
    try:
        approve_plan(
            by=page.by, request=asked, plan=plan, approved_on=page.today, comment=request.POST.get("comment", "")
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("controls:approval", pk)
    messages.success(request, f"Approved. The letter to {plan.customer.name} is in the outbox.")
    return redirect("collections:plan", plan.pk)


@require_POST
@staff_page("collections.view")
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """End a plan that isn't wanted any more."""
    page, plan = request.page, _plan(request, pk)
    page.ask_first("collections.cancel_plan", plan.entity)
    form = ReasonForm(request.POST)
    if form.is_valid():
        facts = {"plan": plan, "reason": form.cleaned_data["reason"], "cancelled_on": page.today}
        if carry_out(form, cancel_plan, by=page.by, **facts):
            messages.success(request, "The plan is ended. Its documents are due by their own days.")
            return redirect("collections:plan", pk)
    return _shown(request, plan, form)


@require_POST
@staff_page("collections.view")
def attach(request: PageRequest, pk: int) -> HttpResponse:
    """Keep the letter as it was signed."""
    page, plan = request.page, _plan(request, pk)
    page.ask_first("collections.attach_signed_letter", plan.entity)
    form = SignedLetterForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        if carry_out(form, attach_signed_letter, by=page.by, plan=plan, name=file.name, content=file.read()):
            messages.success(request, "The signed letter is kept with the plan.")
            return redirect("collections:plan", pk)
    for sentence in [*form.errors.get("file", []), *form.non_field_errors()]:
        messages.error(request, sentence)
    return redirect("collections:plan", pk)


def _proposal(filled: PlanForm, customer: Customer) -> Proposal:
    return filled.proposal(calendar_of(customer.entity))


def _form(request: PageRequest, customer: Customer) -> PlanForm:
    owed = open_items(entity=customer.entity, as_of=request.page.today, customer=customer)
    owed = owed.filter(side=OpenItem.Side.DEBIT, currency=customer.currency).order_by("due_on", "document_on", "pk")
    items = list(owed[:OFFERED])
    ticks = {f"take_{item.pk}": item.due_on < request.page.today for item in items}
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    return PlanForm(*posted, currency=customer.currency, items=items, initial=ticks)


def _plan(request: PageRequest, pk: int) -> PaymentPlan:
    return get_visible(with_parts(PaymentPlan.objects.all()), request.page.by, pk=pk)


def _customer(request: PageRequest, pk: int) -> Customer:
    return get_visible(Customer.objects.select_related("entity"), request.page.by, pk=pk)


def _shown(request: PageRequest, plan: PaymentPlan, form: ReasonForm) -> HttpResponse:
    happened = AuditEvent.objects.filter(object_type="collections.paymentplan", object_id=str(plan.pk))
    judged = plan_judgements([plan], as_of=request.page.as_at)[plan.pk]
    context: dict[str, Any] = {
        "plan": plan,
        "judged": judged,
        "instalments": list(zip(plan.instalments.all(), judged.steps, strict=True)),
        "asked": open_request(kind=Authority.PAYMENT_PLAN, subject_type="collections.paymentplan", subject_id=plan.pk),
        "events": happened.select_related("by"),
        "signed_form": SignedLetterForm(),
    }
    return shown(request, "collections/plan.html", context, form)


def _workbook(page: Page, question: PlanQuestion, rows: QuerySet[PaymentPlan]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("State", question.state)]
    sheet = Sheet("Payment plans", COLUMNS, _cells(rows), notes)
    return workbook_response([sheet], f"plans-{page.entity.code}-{page.as_at}.xlsx")


def _cells(rows: QuerySet[PaymentPlan]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        days = [each.due_on for each in row.instalments.all()]
        yield [
            row.customer.code,
            row.customer.name,
            row.get_state_display(),
            row.currency,
            row.amount,
            row.received,
            len(days),
            days[0],
            days[-1],
            row.proposed_by.name,
            row.approved_by.name if row.approved_by else "",
            row.approved_on,
            row.ended_on,
            row.end_reason or row.reason,
        ]
