"""Suspensions: the list, one case, those of a customer, and opening one."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from ar_collections.actions.suspension import change_suspension_policy, open_suspension
from ar_collections.forms.suspension import (
    VIEWS,
    ApprovalForm,
    DoneForm,
    EndForm,
    ExemptionForm,
    ExtensionForm,
    NoteForm,
    OpenSuspensionForm,
    PolicyForm,
    ProofForm,
    SuspensionFilter,
)
from ar_collections.models import SuspensionCase, SuspensionStep
from ar_collections.papers.suspension_pack import pack_name, pdf_of_pack
from ar_collections.queries.candidates import candidates, counts_of_views
from ar_collections.queries.suspension import (
    CaseFile,
    SuspensionQuestion,
    files_of,
    overdue_items,
    policy_of,
    suspension_list,
    suspensions_of,
    with_parts,
)
from ar_collections.suspension import Function
from controls.models import ApprovalRequest
from core import clock
from core.forms import carry_out, shown
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer
from ledger.models import OpenItem

ROWS = 50
COLUMNS = (
    Column("Customer", 12), Column("Name", 34), Column("Stage", 18), Column("Opened", 12), Column("Day", 8),
    Column("Window ends", 12), Column("Currency", 9), Column("Owed", 14, total=True), Column("Position", 20),
    Column("Calls", 8), Column("Clock stopped by", 34), Column("Still missing", 50), Column("Owners", 50),
    Column("Ended", 12), Column("How", 24),
)  # fmt: skip
FORMS: dict[str, Any] = {
    "approval": ApprovalForm, "proof": ProofForm, "extension": ExtensionForm, "end": EndForm, "done": DoneForm,
    "note": NoteForm, "exemption": ExemptionForm,
}  # fmt: skip


@staff_page("collections.view")
def suspensions_page(request: PageRequest) -> HttpResponseBase:
    """Open cases with their clocks, or whoever may come next."""
    page, form = request.page, SuspensionFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    question = SuspensionQuestion(page.entity, asked.get("view") or "open", asked.get("q", "").strip())
    if request.GET.get("format") == "xlsx":
        cases = suspension_list(question, by=page.by)
        return _workbook(page, question, files_of(list(cases), on=page.today, at=clock.now()))
    rows: Any = _candidates(page, question) if question.view == "candidates" else suspension_list(question, by=page.by)
    rows = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    files = [] if question.view == "candidates" else files_of(list(rows), on=page.today, at=clock.now())
    counts = counts_of_views(page.entity)
    context = {
        "form": form,
        "question": question,
        "rows": rows,
        "files": files,
        "views": [(key, label, counts.get(key)) for key, label in VIEWS.items()],
        "policy": policy_of(page.entity),
    }
    return render(request, "collections/suspensions.html", context)


@staff_page("collections.view")
def suspension_page(request: PageRequest, pk: int) -> HttpResponse:
    """One case: its clock, what must exist before the next step, its people, all that happened."""
    return show_case(request, find_case(request, pk))


@staff_page("collections.view")
def pack(request: PageRequest, pk: int) -> HttpResponse:
    """One case on paper."""
    case = find_case(request, pk)
    files = files_of([case], on=request.page.today, at=clock.now())
    response = HttpResponse(pdf_of_pack(files, on=request.page.today), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{pack_name(case.entity, request.page.today, case)}"'
    return response


@staff_page("collections.view")
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """The cases of a customer: a box that the account's page fetches, or a page."""
    customer = _customer(request, pk)
    files = files_of(list(suspensions_of(customer)[:10]), on=request.page.today, at=clock.now())
    folder = "collections/parts" if request.htmx else "collections"
    return render(request, f"{folder}/customer_suspensions.html", {"customer": customer, "files": files})


@staff_page("collections.open_suspension")
def open_page(request: PageRequest, pk: int) -> HttpResponse:
    """Begin a suspension."""
    page, customer = request.page, _customer(request, pk)
    page.ask_first("collections.open_suspension", customer.entity)
    policy = policy_of(customer.entity)
    items = OpenItem.objects.filter(pk__in=overdue_items(customer, page.today)).order_by("due_on", "pk")
    start = {"clause": policy.clause if policy else "", f"owner_{Function.COLLECTIONS.value}": page.by.pk}
    form = OpenSuspensionForm(request.POST or None, entity=customer.entity, items=items, initial=start)
    if request.method == "POST" and form.is_valid():
        facts = {"customer": customer, "facts": form.facts(), "opened_on": page.today}
        if (case := carry_out(form, open_suspension, by=page.by, **facts)) is not None:
            messages.success(request, "Begun. The first notice leaves in the customer’s working hours.")
            return redirect("collections:suspension", case.pk)
    context = {"customer": customer, "items": items, "policy": policy}
    return shown(request, "collections/open_suspension.html", context, form)


@staff_page("collections.change_suspension_policy")
def policy_page(request: PageRequest) -> HttpResponse:
    """Say to whom requests to support go."""
    page = request.page
    page.ask_first("collections.change_suspension_policy", page.entity)
    form = PolicyForm(request.POST or None, instance=policy_of(page.entity))
    if request.method == "POST" and form.is_valid():
        if carry_out(form, change_suspension_policy, by=page.by, entity=page.entity, **form.cleaned_data):
            messages.success(request, "Kept.")
            return redirect("collections:suspensions")
    return shown(request, "collections/suspension_policy.html", {}, form)


def find_case(request: PageRequest, pk: int) -> SuspensionCase:
    """The case behind an address, with its parts."""
    return get_visible(with_parts(SuspensionCase.objects.all()), request.page.by, pk=pk)


def show_case(request: PageRequest, case: SuspensionCase, **refused: Any) -> HttpResponse:
    """The page of a case; with a form that was refused, if there is one."""
    [file] = files_of([case], on=request.page.today, at=clock.now())
    forms = {name: refused.get(name) or form(prefix=name) for name, form in FORMS.items()}
    asked = ApprovalRequest.objects.filter(subject_type=case._meta.label_lower, subject_id=str(case.pk), decision="")
    extended = [str(each.pk) for each in case.extensions.all() if each.approved_on is None]
    waiting = ApprovalRequest.objects.filter(
        subject_type="collections.suspensionextension", subject_id__in=extended, decision=""
    )
    lifted = next((step for step in case.steps.all() if step.kind == SuspensionStep.Kind.EXEMPT_ENDED), None)
    context = {"case": case, "file": file, "forms": forms, "asked": [*asked, *waiting], "lifted": lifted}
    return shown(request, "collections/suspension.html", context, next(iter(refused.values()), forms["note"]))


def _customer(request: PageRequest, pk: int) -> Customer:
    return get_visible(Customer.objects.select_related("entity"), request.page.by, pk=pk)


def _candidates(page: Page, question: SuspensionQuestion) -> Any:
    return candidates(page.entity, query=question.query)


def _workbook(page: Page, question: SuspensionQuestion, files: Iterable[CaseFile]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("Shows", VIEWS[question.view]), ("As at", str(page.today))]
    sheet = Sheet("Suspensions", COLUMNS, cells_of(files), notes)
    return workbook_response([sheet], f"suspensions-{page.entity.code}-{page.today}.xlsx")


def cells_of(files: Iterable[CaseFile]) -> Iterator[list[Cell]]:
    """A row for each case and currency."""
    for file in files:
        case = file.case
        for left in file.left:
            yield [
                case.customer.code,
                case.customer.name,
                case.get_stage_display(),
                case.opened_on,
                file.evidence.day,
                file.window_ends_on,
                left.currency,
                left.amount,
                file.standing.position.label,
                file.evidence.calls,
                file.evidence.paused,
                "; ".join(need.words for need in file.missing),
                "; ".join(f"{owner}: {note.text if note else '–'}" for owner, note, _ in file.owners),
                case.ended_on,
                case.get_ending_display() if case.ending else "",
            ]
