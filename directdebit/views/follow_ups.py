"""What returns and changed mandates leave to do, and what returns cost."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import carry_out, shown
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from directdebit.actions.follow_ups import finish_follow_up
from directdebit.actions.policies import change_return_policy
from directdebit.actions.representing import present_again
from directdebit.forms.returns import OutcomeForm, PolicyForm
from directdebit.models import CollectionRun, Creditor, FollowUp, ReturnPolicy
from directdebit.queries.returned import counted_owners, follow_ups_of, meaning_of

PAGE_SIZE = 50
COLUMNS = [
    Column("To do", 24),
    Column("Owner", 18),
    Column("Customer", 36),
    Column("Code", 10),
    Column("Because", 60),
    Column("Due", 12),
    Column("Present until", 12),
    Column("Currency", 9),
    Column("Amount", 14, total=True),
]


@staff_page("directdebit.view")
def follow_ups(request: PageRequest) -> HttpResponseBase:
    """The worklist, the most urgent first, whole or by who takes it up."""
    page, owner = request.page, request.GET.get("owner", "")
    rows = follow_ups_of(page.entity, page.by)
    rows = rows.filter(owner=owner) if owner in FollowUp.Owner.values else rows
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Follow-ups", COLUMNS, _cells(rows), [("Company", page.entity.legal_name)])
        return workbook_response([sheet], f"direct-debit-follow-ups-{page.entity.code}-{page.today}.xlsx")
    found = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for row in found:
        row.meaning = meaning_of(row.returned.codes, row.returned.code)  # type: ignore[attr-defined]
    may_finish = page.may("directdebit.finish_follow_up") and page.is_live
    context = {"rows": found, "views": _views(page, owner), "may_finish": may_finish}
    return render(request, "directdebit/follow_ups.html", context)


def _views(page: Page, chosen: str) -> list[dict[str, Any]]:
    counted = counted_owners(page.entity, page.by)
    choices = [("", "All", sum(counted.values()))]
    choices += [(owner.value, owner.label, counted.get(owner.value, 0)) for owner in FollowUp.Owner]
    return [
        {"label": label, "count": count, "url": page.url(owner=value or None, page=None), "is_chosen": value == chosen}
        for value, label, count in choices
    ]


def _cells(rows: QuerySet[FollowUp]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        returned = row.returned
        yield [
            row.get_kind_display(),
            row.get_owner_display(),
            row.customer.name,
            f"{returned.codes} {returned.code}",
            meaning_of(returned.codes, returned.code),
            row.due_on,
            row.until_on,
            returned.currency,
            returned.amount,
        ]


@staff_page("directdebit.view")
@require_POST
def finish(request: PageRequest, pk: int) -> HttpResponse:
    """Say what came of a follow-up."""
    page = request.page
    follow_up = get_visible(FollowUp.objects.select_related("entity", "customer", "returned"), page.by, pk=pk)
    page.ask_first("directdebit.finish_follow_up", follow_up.entity)
    form = OutcomeForm(request.POST)
    outcome = form.cleaned_data["outcome"] if form.is_valid() else ""
    try:
        finish_follow_up(by=page.by, follow_up=follow_up, done_on=page.today, outcome=outcome)
        messages.success(request, f"{follow_up.customer.name}: {follow_up.get_kind_display().lower()} is done.")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("directdebit:follow_ups")


@staff_page("directdebit.view")
@require_POST
def add_to_run(request: PageRequest, pk: int) -> HttpResponse:
    """Add what came back to a prepared run."""
    page = request.page
    run = get_visible(CollectionRun.objects.select_related("creditor", "entity"), page.by, pk=pk)
    page.ask_first("directdebit.present_again", run.entity)
    try:
        made = present_again(by=page.by, run=run, on=page.today)
        messages.success(request, f"{len(made)} presented again with this run.")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("directdebit:run", pk)


@staff_page("directdebit.change_return_policy")
def policy(request: PageRequest, pk: int) -> HttpResponse:
    """What a return costs with a creditor, and who bears it."""
    page = request.page
    creditor = get_visible(Creditor.objects.select_related("entity"), page.by, pk=pk)
    page.ask_first("directdebit.change_return_policy", creditor.entity)
    form = PolicyForm.of(ReturnPolicy.objects.filter(creditor=creditor).first(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, change_return_policy, by=page.by, creditor=creditor, **form.cleaned_data):
            messages.success(request, "The fees of returns are changed.")
            return redirect("directdebit:creditors")
    return shown(request, "directdebit/return_policy.html", {"creditor": creditor}, form)
