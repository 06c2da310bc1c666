"""Writing contracts: a table of lines that grows by htmx, or by a button where there is no JavaScript."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from customers.models import Customer
from invoicing.actions import change_contract, draft_contract
from invoicing.forms.contracts import ContractForm, contract_draft_of, contract_line_formset
from invoicing.models import Contract
from invoicing.views.contracts import opened

MORE = 5


@staff_page("invoicing.draft_contract")
def draft(request: PageRequest) -> HttpResponse:
    """A new contract."""
    page = request.page
    form = ContractForm(page.entity, request.POST or None, initial={**ContractForm.fresh(), **_chosen(request)})
    lines = contract_line_formset(page.entity, request.POST or None)
    if request.method == "POST" and not _asks_for_rows(request) and _are_valid(form, lines):
        made = carry_out(form, draft_contract, by=page.by, entity=page.entity, draft=contract_draft_of(form, lines))
        if made:
            messages.success(request, f"{made} is saved as a draft. Activate it to let it bill.")
            return redirect("invoicing:contract", made.pk)
    return _page(request, form, lines)


@staff_page("invoicing.change_contract")
def change(request: PageRequest, pk: int) -> HttpResponse:
    """An existing draft."""
    page, found = request.page, opened(request, pk)
    page.ask_first("invoicing.change_contract", found.entity)
    if found.is_active:
        messages.error(request, f"{found} is active. Amend it instead.")
        return redirect("invoicing:contract", pk)
    facts = ContractForm.facts_of(found)
    form = ContractForm(found.entity, request.POST or None, initial=facts, is_new=False)
    lines = contract_line_formset(found.entity, request.POST or None, found)
    if request.method == "POST" and not _asks_for_rows(request) and _are_valid(form, lines):
        written, version = contract_draft_of(form, lines), form.cleaned_data["version"] or 0
        if carry_out(form, change_contract, by=page.by, contract=found, draft=written, version=version):
            messages.success(request, f"{found} is saved.")
            return redirect("invoicing:contract", pk)
    return _page(request, form, lines, found)


@staff_page("invoicing.draft_contract")
def line_row(request: PageRequest) -> HttpResponse:
    """One more empty row for the table of lines."""
    lines = contract_line_formset(request.page.entity)
    row, index = lines.empty_form, request.GET.get("index", "")
    number = int(index) if index.isdecimal() else 0
    row.prefix = f"{lines.prefix}-{number}"
    return render(request, "invoicing/contract_form.html#row", {"line": row, "next": number + 1})


def _are_valid(form: ContractForm, lines: Any) -> bool:
    return bool(form.is_valid() & lines.is_valid())


def _asks_for_rows(request: PageRequest) -> bool:
    """Without JavaScript a button sends the form to get more rows."""
    return "more" in request.POST


def _chosen(request: PageRequest) -> dict[str, Any]:
    code = request.GET.get("customer", "")
    found = Customer.objects.filter(entity=request.page.entity, code=code).first() if code else None
    return {"customer": found} if found else {}


def _page(request: PageRequest, form: ContractForm, lines: Any, contract: Contract | None = None) -> HttpResponse:
    if _asks_for_rows(request):
        form, lines = _with_more_rows(request, contract)
    elif request.method == "POST" and lines.total_error_count():
        form.add_error(None, "Some lines need a look; they are marked below.")
    return shown(request, "invoicing/contract_form.html", {"lines": lines, "contract": contract}, form)


def _with_more_rows(request: PageRequest, contract: Contract | None) -> tuple[ContractForm, Any]:
    entity = contract.entity if contract is not None else request.page.entity
    data = request.POST.copy()
    data["lines-TOTAL_FORMS"] = str(int(data.get("lines-TOTAL_FORMS") or 0) + MORE)
    lines = contract_line_formset(entity, data, contract)
    for line in lines:
        line.empty_permitted = True
    return ContractForm(entity, initial=request.POST.dict(), is_new=contract is None), lines
