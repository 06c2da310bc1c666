"""Unapplied and unidentified cash: the worklist, and one sum with the trail of its search."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.searching import Step, Sum, assign_search, note_search, remind_payer, review_old_cash
from cashapp.forms.queues import OwnerForm, ReminderForm, ReviewForm, StepForm
from cashapp.models import Receipt, UnidentifiedReceipt
from cashapp.queries.searching import WaitingSum, steps_of, suggestions_for, waiting_sum, waiting_sums
from core.forms import Form, carry_out
from core.keys import key_in
from core.money import Money
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response

PAGE_SIZE = 50
COLUMNS = [
    Column("Kind", 14),
    Column("Received", 12),
    Column("Days", 8, number_format="0"),
    Column("Customer or payer", 36),
    Column("Text", 50),
    Column("Owner", 20),
    Column("Next step", 12),
    Column("Steps", 8, number_format="0"),
    Column("Review due", 12),
    Column("Currency", 10),
    Column("Waits", 16, total=True),
]
VIEWS = {
    "all": "All",
    "unidentified": "Unidentified",
    "on_account": "On account",
    "mine": "Mine",
    "due": "Next step due",
    "review": "90 days and more",
}


@staff_page("cashapp.view")
def waiting_page(request: PageRequest) -> HttpResponseBase:
    """All that waits, the oldest first."""
    return _listed(request)


@require_POST
@staff_page("cashapp.assign_search")
def assign(request: PageRequest) -> HttpResponseBase:
    """Give the chosen sums to somebody."""
    page = request.page
    form = OwnerForm(request.POST, entity=page.entity)
    sums = [_found(request, key) for key in request.POST.getlist("sum")]
    if form.is_valid():
        owner = form.cleaned_data["owner"]
        changed = carry_out(form, assign_search, by=page.by, entity=page.entity, sums=sums, owner=owner)
        if changed is not None:
            messages.success(request, f"{owner.name} looks after {len(sums)} of them; {changed} changed hands.")
            return redirect("cashapp:unapplied")
    return _listed(request, form)


@staff_page("cashapp.view")
def waiting_sum_page(request: PageRequest, key: str) -> HttpResponse:
    """One sum: what is known, what was tried, what might fit."""
    return _shown(request, _found(request, key))


@require_POST
@staff_page("cashapp.view")
def note(request: PageRequest, key: str) -> HttpResponse:
    """Write down what was tried."""
    found = _found(request, key)
    request.page.ask_first("cashapp.note_search", found.entity)
    form = StepForm(request.POST, prefix="step")
    if form.is_valid():
        step = Step(**form.cleaned_data)
        if carry_out(form, note_search, by=request.page.by, sum_found=found, step=step):
            messages.success(request, "Written down.")
            return redirect("cashapp:waiting_sum", key)
    return _shown(request, found, step_form=form)


@require_POST
@staff_page("cashapp.view")
def remind(request: PageRequest, key: str) -> HttpResponse:
    """Ask the payer by mail what the money is for."""
    found = _found(request, key)
    request.page.ask_first("cashapp.remind_payer", found.entity)
    if not isinstance(found, Receipt):
        raise Http404("Nobody knows yet who paid this.")
    form = ReminderForm(request.POST, prefix="reminder")
    if form.is_valid():
        day = form.cleaned_data["next_step_on"]
        message = carry_out(
            form, remind_payer, by=request.page.by, receipt=found, on=request.page.today, next_step_on=day
        )
        if message:
            to = ", ".join(message.to_addresses) or "nobody: there is no address"
            messages.success(request, f"The question goes to {to}.")
            return redirect("cashapp:waiting_sum", key)
    return _shown(request, found, reminder_form=form)


@require_POST
@staff_page("cashapp.view")
def review(request: PageRequest, key: str) -> HttpResponse:
    """Say what becomes of money that waits for long."""
    found = _found(request, key)
    request.page.ask_first("cashapp.review_old_cash", found.entity)
    form = ReviewForm(request.POST, prefix="review")
    if form.is_valid():
        facts = {"reviewed_on": request.page.today, "text": form.cleaned_data["text"]}
        if carry_out(form, review_old_cash, by=request.page.by, sum_found=found, **facts):
            messages.success(request, "Reviewed. It is asked about again after 90 days.")
            return redirect("cashapp:waiting_sum", key)
    return _shown(request, found, review_form=form)


def _found(request: PageRequest, key: str) -> Sum:
    """The sum by its name in addresses: u12 is unidentified, r34 a receipt."""
    kind, number = key[:1], key_in(key[1:])
    if kind not in ("u", "r") or number is None:
        raise Http404("There is no such sum.")
    if kind == "u":
        rows = UnidentifiedReceipt.objects.select_related("entity", "bank_account", "line__task__customer", "entry")
        return get_visible(rows, request.page.by, pk=number)
    receipts = Receipt.objects.select_related("entity", "bank_account", "line__task", "item__customer")
    return get_visible(receipts, request.page.by, pk=number)


def _listed(request: PageRequest, form: Form | None = None) -> HttpResponseBase:
    page = request.page
    view = request.GET.get("view", "all")
    view = view if view in VIEWS else "all"
    everything = waiting_sums(page.entity, page.by, as_of=page.as_at)
    rows = _of_view(everything, view, page.by.pk)
    if request.GET.get("format") == "xlsx":
        notes = [("Company", page.entity.name), ("View", VIEWS[view])]
        sheet = Sheet("Unapplied and unidentified", COLUMNS, _cells(rows), notes)
        return workbook_response([sheet], f"unapplied-{page.entity.code}-{page.as_at}.xlsx")
    context = {
        "pages": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "view": view,
        "views": [(name, label, len(_of_view(everything, name, page.by.pk))) for name, label in VIEWS.items()],
        "unidentified_sums": _sums(row for row in everything if row.is_unidentified),
        "on_account_sums": _sums(row for row in everything if not row.is_unidentified),
        "oldest": everything[0] if everything else None,
        "reviews": sum(row.needs_review for row in everything),
        "form": form or OwnerForm(entity=page.entity),
        "may_assign": page.may("cashapp.assign_search") and page.is_live,
    }
    return render(request, "cashapp/unapplied.html", context, status=422 if form else 200)


def _of_view(rows: list[WaitingSum], view: str, person: int) -> list[WaitingSum]:
    tests: dict[str, Callable[[WaitingSum], bool]] = {
        "unidentified": lambda row: row.is_unidentified,
        "on_account": lambda row: not row.is_unidentified,
        "mine": lambda row: row.owner is not None and row.owner.pk == person,
        "due": lambda row: row.is_due,
        "review": lambda row: row.needs_review,
    }
    return [row for row in rows if tests[view](row)] if view in tests else rows


def _sums(rows: Iterable[WaitingSum]) -> list[Money]:
    sums: dict[str, Money] = {}
    for row in rows:
        known = sums.get(row.waits.currency)
        sums[row.waits.currency] = known + row.waits if known else row.waits
    return [sums[currency] for currency in sorted(sums)]


def _cells(rows: list[WaitingSum]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            "Unidentified" if row.is_unidentified else "On account",
            row.found.received_on,
            row.days,
            row.name,
            row.found.text,
            row.owner.name if row.owner else "",
            row.next_step_on,
            row.steps,
            "yes" if row.needs_review else "",
            row.waits.currency,
            row.waits.amount,
        ]


def _shown(request: PageRequest, found: Sum, **forms: Form) -> HttpResponse:
    page = request.page
    row = waiting_sum(found, as_of=page.as_at)
    context: dict[str, Any] = {
        "row": row,
        "found": found,
        "steps": steps_of(row.search),
        "suggestions": suggestions_for(row) if found.is_live else [],
        "may_search": page.may("cashapp.note_search") and page.is_live and found.is_live and bool(row.waits),
        "step_form": StepForm(prefix="step"),
        "reminder_form": ReminderForm(prefix="reminder"),
        "review_form": ReviewForm(prefix="review"),
    }
    status = 422 if forms else 200
    return render(request, "cashapp/waiting_sum.html", {**context, **forms, "refused": forms}, status=status)
