"""The cash desk: the lines of the bank on the left, one of them with its documents on the right."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ar_collections.forms.disputes import people_of
from cashapp import payerbook
from cashapp.actions.desk import Verdict, match_line, undo_line
from cashapp.actions.matching import ask_about_line, match_again
from cashapp.actions.unidentified import post_unidentified
from cashapp.forms.desk import CLAIMS, SHORT_CHOICES, LineForm, QuestionForm, Sheet
from cashapp.forms.desk_abroad import SheetAbroad
from cashapp.models import MatchTask, Receipt
from cashapp.money_in import Incoming
from cashapp.queries.desk import (
    Answer,
    LineOnDesk,
    answers_of,
    counts_of,
    document_rows,
    explain_shortages,
    line_on_desk,
    name_of,
    rows_of,
    tasks_of,
)
from cashapp.queries.desk_abroad import named_abroad, rows_abroad
from cashapp.queries.receipts import payments_of_receipt, trail_of
from cashapp.tasks import match_lines
from core.errors import NotAllowed, Refused
from core.forms import Form, carry_out
from core.money import Money
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.toasts import say
from customers.models import Customer

PAGE_SIZE = 100
VIEWS = MatchTask.State.choices


@staff_page("cashapp.view")
def desk_page(request: PageRequest) -> HttpResponse:
    """The desk with the first line of the list."""
    lists = _lists(request)
    first = lists["rows"][0].task if lists["rows"] and not _is_phone_list(request) else None
    detail = _detail(request, first) if first else {}
    return render(request, "cashapp/desk.html", {**lists, **detail, "chosen": first, "has_choice": False})


@staff_page("cashapp.view")
def desk_line(request: PageRequest, pk: int) -> HttpResponse:
    """One line; sent back filled in, it is matched and the next one comes."""
    task = _task(request, pk)
    request.page.ask_first("cashapp.match_line")
    if request.method == "POST":
        return _decide(request, task)
    detail = _detail(request, task)
    if request.htmx and request.htmx.target == "detail":
        return render(request, "cashapp/desk.html#detail", detail)
    return render(request, "cashapp/desk.html", {**_lists(request), **detail, "has_choice": True})


@require_POST
@staff_page("cashapp.ask_about_line")
def ask(request: PageRequest, pk: int) -> HttpResponse:
    """Set a line aside with a question."""
    task = _task(request, pk)
    form = QuestionForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data["question"]
        done = carry_out(form, ask_about_line, by=request.page.by, line=task.line, question=asked)
        if done:
            return _next(request, task, "Set aside under Check, with your question.")
    return _again(request, task, _errors_of(form))


@require_POST
@staff_page("cashapp.view")
def unidentified(request: PageRequest, pk: int) -> HttpResponse:
    """Book a line of an unknown sender."""
    task = _task(request, pk)
    try:
        post_unidentified(by=request.page.by, entity=task.entity, incoming=Incoming.of_line(task.line))
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, task, [refusal.message])
    return _next(request, task, "Booked as unidentified. It waits under Check.", undo=_undo_url(task))


@require_POST
@staff_page("cashapp.view")
def undo(request: PageRequest, pk: int) -> HttpResponse:
    """Take back what was done with a line, by reversal."""
    task = _task(request, pk)
    reason = request.POST.get("reason", "").strip() or "Undone at the cash desk"
    try:
        undo_line(by=request.page.by, line=task.line, undone_on=request.page.today, reason=reason)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, task, [refusal.message])
    return _show(request, task, "Taken back by reversal. The line is to be matched again.")


@require_POST
@staff_page("cashapp.view")
def again(request: PageRequest) -> HttpResponse:
    """Match what is left with what is known by now."""
    run = match_again(by=request.page.by, entity=request.page.entity)
    match_lines.delay(run.pk)
    return redirect("core:run", run.pk)


# Reading -------------------------------------------------------------------------------------------------------------


def _task(request: PageRequest, pk: int) -> MatchTask:
    rows = MatchTask.objects.select_related("line__bank_account__entity", "line__statement", "customer", "entity")
    task = get_visible(rows, request.page.by, pk=pk)
    if task.entity_id != request.page.entity.pk:
        raise Http404("The line belongs to another company. Choose it at the top.")
    return task


def _view_of(request: PageRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in dict(VIEWS) else MatchTask.State.TO_MATCH.value


def _is_phone_list(request: PageRequest) -> bool:
    """Somebody on a phone who went back to the list."""
    return "list" in request.GET


def _lists(request: PageRequest) -> dict[str, Any]:
    entity, view, query = request.page.entity, _view_of(request), request.GET.get("q", "").strip()
    page = Paginator(tasks_of(entity, view, query), PAGE_SIZE).get_page(request.GET.get("page"))
    counts = counts_of(entity)
    shown = {"to_match": counts.to_match, "check": counts.check, "matched": counts.matched}
    return {
        "counts": counts,
        "views": [(value, label, shown[value], value == view) for value, label in VIEWS],
        "view": view,
        "query": query,
        "pages": page,
        "rows": rows_of(page.object_list),
        "suffix": _suffix(request),
    }


def _suffix(request: PageRequest) -> str:
    """What every address of the desk carries, so that the list stays as it is."""
    kept = {name: request.GET[name] for name in ("view", "q", "page") if request.GET.get(name)}
    return "?" + urlencode(kept) if kept else ""


def _customer_of(request: PageRequest, desk: LineOnDesk, said: Sequence[Answer]) -> Customer | None:
    """The chosen customer: by the address, else who has the money, else whom every answer names."""
    code = request.GET.get("customer", "").split(" · ")[0].strip()
    customers = Customer.objects.visible_to(request.page.by).filter(entity=desk.task.entity)
    if code:
        return customers.filter(code=code).first()
    if desk.receipt is not None:
        return desk.receipt.item.customer
    named = {answer.customer for answer in said}
    if len(named) > 1:
        return None
    (only,) = named
    return customers.filter(pk=only or named_abroad(desk.line) or 0).first()


def _option(request: PageRequest, count: int) -> int | None:
    """The answer that is filled in: the only one, or the one that a person chose."""
    given = request.GET.get("option", "")
    if given.isdecimal():
        return min(int(given), count - 1)
    return 0 if count == 1 else None


def _detail(request: PageRequest, task: MatchTask, sheet: Sheet | None = None, **more: Any) -> dict[str, Any]:
    """What the right side shows."""
    desk = line_on_desk(task)
    answers = answers_of(task)
    option = _option(request, len(answers))
    answer = answers[option or 0]
    customer = more.pop("customer", None) or _customer_of(request, desk, answers if option is None else [answer])
    fitting = answer if option is not None and customer and customer.pk == answer.customer else None
    sheet = sheet or _sheet(desk, customer, desk.available, fitting)
    form = more.pop("form", None) or LineForm(
        None, request.page.by, task.entity, initial={"customer": customer, "version": task.version}
    )
    return {
        "chosen": task,
        "desk": desk,
        "line": desk.line,
        "name": name_of(task),
        "customer": customer,
        "answer": answer,
        "options": list(enumerate(answers)) if len(answers) > 1 else [],
        "option": option,
        "reasons": answer.about_the_line,
        "sheet": sheet,
        "form": form,
        "alias": payerbook.alias_of(desk.line, customer) if customer else None,
        "short_choices": SHORT_CHOICES,
        "claims": CLAIMS,
        "people": people_of(task.entity) if task.state != MatchTask.State.MATCHED else (),
        "paid": [(receipt, payments_of_receipt(receipt)) for receipt in desk.receipts],
        "trail": trail_of(desk.line),
        "suffix": _suffix(request),
        "may_match": request.page.may("cashapp.match_line") and request.page.is_live,
        **more,
    }


def _sheet(desk: LineOnDesk, customer: Customer | None, available: Money, answer: Answer | None = None) -> Sheet:
    """The documents that the line may pay. Those of other currencies are proposed where nothing else is."""
    rows = document_rows(desk, customer, answer)
    is_done = desk.task.state == MatchTask.State.MATCHED
    abroad = [] if is_done else rows_abroad(customer, desk.line, available)
    if any(row.is_ticked for row in rows):
        for row in abroad:
            row.apply, row.rate = None, row.offered
    return Sheet(rows, available, abroad=SheetAbroad(abroad))


# Deciding ------------------------------------------------------------------------------------------------------------


def _decide(request: PageRequest, task: MatchTask) -> HttpResponse:
    form = LineForm(request.POST, request.page.by, task.entity)
    if not form.is_valid():
        return _again(request, task, _errors_of(form), form=form)
    customer = form.cleaned_data["customer"]
    desk = line_on_desk(task)
    moved = desk.receipt is not None and desk.receipt.item.customer_id != customer.pk
    available = desk.receipt.money if desk.receipt is not None and moved else desk.available
    sheet = _sheet(desk, customer, available)
    sheet.people = people_of(task.entity)
    sheet.read(request.POST)
    explain_shortages(sheet.rows, desk.line)
    if request.POST.get("do") == "work_out" or sheet.errors:
        return _again(request, task, sheet.errors, form=form, sheet=sheet, customer=customer)
    verdict = Verdict(
        customer=customer,
        pays=sheet.pays,
        differences=sheet.differences,
        exchanges=sheet.abroad.exchanges,
        on=max(request.page.today, task.line.booked_on) if desk.receipt or desk.in_suspense else task.line.booked_on,
        seen=form.cleaned_data["version"],
    )
    receipt = carry_out(form, match_line, by=request.page.by, line=task.line, verdict=verdict)
    if receipt is None:
        return _again(request, task, _errors_of(form), form=form, sheet=sheet, customer=customer)
    return _next(request, task, _said(receipt), undo=_undo_url(task))


def _errors_of(form: Form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _said(receipt: Receipt) -> str:
    left = receipt.item.open_money
    return f"{receipt} of {receipt.item.customer.name} posted" + (f", {left} on account." if left else ".")


def _undo_url(task: MatchTask) -> str:
    return reverse("cashapp:undo_line", args=[task.pk])


def _again(request: PageRequest, task: MatchTask, errors: list[str], **more: Any) -> HttpResponse:
    """The same line with what was refused."""
    status = 422 if errors else 200
    detail = _detail(request, task, **{**more, "errors": errors})
    if request.htmx:
        answer = render(request, "cashapp/desk.html#detail", detail, status=status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#detail", "outerHTML"
        return answer
    return render(request, "cashapp/desk.html", {**_lists(request), **detail, "has_choice": True}, status=status)


def _next(request: PageRequest, task: MatchTask, words: str, undo: str = "") -> HttpResponse:
    """The line after the one that was just done."""
    return _show(request, _following(request, task), words, undo)


def _show(request: PageRequest, task: MatchTask | None, words: str, undo: str = "") -> HttpResponse:
    """Go to a line, or to the empty list, and say what happened."""
    url = reverse("cashapp:desk_line", args=[task.pk]) if task else reverse("cashapp:desk")
    url += _suffix(request)
    if not request.htmx:
        messages.success(request, words)
        return redirect(url)
    detail = _detail(request, _task(request, task.pk)) if task else {}
    answer = render(request, "cashapp/desk.html#desk", {**_lists(request), **detail, "has_choice": bool(task)})
    answer["HX-Push-Url"], answer["HX-Retarget"], answer["HX-Reswap"] = url, "#desk", "outerHTML"
    return say(answer, words, undo)


def _following(request: PageRequest, task: MatchTask) -> MatchTask | None:
    """The line that stood below it on the list, else the first one."""
    waiting = list(tasks_of(task.entity, _view_of(request), request.GET.get("q", "")).exclude(pk=task.pk)[:PAGE_SIZE])
    day = task.line.booked_on
    below = [each for each in waiting if (each.line.booked_on, -each.sureness) <= (day, -task.sureness)]
    return next(iter([*below, *waiting]), None)
