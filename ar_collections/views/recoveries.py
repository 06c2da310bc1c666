"""What comes after a write-off: money that came or went back, tax that is claimed back, and the rule for it."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Page as Rows
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ar_collections.actions.recoveries import claim_tax_relief, recover_debt, set_relief_rule, undo_recovery
from ar_collections.forms.write_offs import RecoverForm, ReliefRuleForm, UndoForm
from ar_collections.models import Recovery, ReliefRule, WriteOffItem
from ar_collections.queries.write_offs import WrittenLine, receipts_on_account, relief_lines, written_lines
from ar_collections.views.write_offs import get_write_off, show_write_off
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response

ROWS = 50
COLUMNS = (
    Column("Write-off", 16), Column("Customer", 12), Column("Name", 34), Column("Document", 18), Column("Due", 12),
    Column("Currency", 9), Column("Written off", 14, total=True), Column("Tax left in it", 14, total=True),
    Column("May be claimed from", 18), Column("Lapses after", 14), Column("Now", 8),
)  # fmt: skip


@staff_page("collections.view")
def relief_page(request: PageRequest) -> HttpResponseBase:
    """Tax in written-off documents that was not claimed back yet, the next to lapse first."""
    page = request.page
    rows = relief_lines(page.entity)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, written_lines(rows))
    pages = Paginator(rows.order_by("relief_until_on", "pk"), ROWS).get_page(request.GET.get("page"))
    form = ReliefRuleForm()
    return shown(request, "collections/tax_relief.html", _context(page, pages), form)


@require_POST
@staff_page("collections.set_relief_rule")
def set_rule(request: PageRequest) -> HttpResponse:
    """Say from when until when tax may be claimed back."""
    page, form = request.page, ReliefRuleForm(request.POST)
    if form.is_valid():
        rule: ReliefRule = form.instance
        rule.entity = page.entity
        if carry_out(form, set_relief_rule, by=page.by, rule=rule):
            messages.success(request, "The rule holds for what is written off from its day on.")
            return redirect("collections:tax_relief")
    pages = Paginator(relief_lines(page.entity).order_by("relief_until_on", "pk"), ROWS).get_page(1)
    return shown(request, "collections/tax_relief.html", _context(page, pages), form)


@require_POST
@staff_page("collections.claim_tax_relief")
def claim(request: PageRequest, pk: int) -> HttpResponse:
    """Claim the tax of a document back."""
    line = _line(request, pk)
    request.page.ask_first("collections.claim_tax_relief", line.write_off.entity)
    try:
        relief = claim_tax_relief(by=request.page.by, line=line, claimed_on=request.page.today)
        messages.success(request, f"{relief.amount} of tax on {line.item.number} is claimed back.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("collections:write_off", line.write_off_id)


@require_POST
@staff_page("collections.recover_debt")
def recover(request: PageRequest, pk: int) -> HttpResponse:
    """Use money on account for a document that was written off."""
    page, line = request.page, _line(request, pk)
    page.ask_first("collections.recover_debt", line.write_off.entity)
    form = RecoverForm(request.POST, receipts=receipts_on_account(line.write_off), auto_id=f"id_{pk}_%s")
    if form.is_valid():
        facts = {"line": line, "recovered_on": page.today, **form.cleaned_data}
        if (found := carry_out(form, recover_debt, by=page.by, **facts)) is not None:
            messages.success(request, f"{found} is recovered.")
            return redirect("collections:write_off", line.write_off_id)
    return show_write_off(request, get_write_off(request, line.write_off_id), recover=(line.pk, form))


@require_POST
@staff_page("collections.undo_recovery")
def undo(request: PageRequest, pk: int) -> HttpResponse:
    """Write what was recovered off again; its money is on account."""
    page = request.page
    rows = Recovery.objects.select_related("line__write_off__entity", "line__write_off__customer", "item")
    recovery = get_visible(rows, page.by, pk=pk)
    write_off = recovery.line.write_off
    page.ask_first("collections.undo_recovery", write_off.entity)
    form = UndoForm(request.POST, auto_id=f"id_undo_{pk}_%s")
    if form.is_valid():
        facts = {"recovery": recovery, "undone_on": page.today, **form.cleaned_data}
        if carry_out(form, undo_recovery, by=page.by, **facts) is not None:
            messages.success(request, f"{recovery} is written off again.")
            return redirect("collections:write_off", write_off.pk)
    return show_write_off(request, get_write_off(request, write_off.pk), undo=(recovery.pk, form))


def _line(request: PageRequest, pk: int) -> WriteOffItem:
    rows = WriteOffItem.objects.select_related("item", "write_off__customer", "write_off__entity")
    return get_visible(rows, request.page.by, pk=pk)


def _context(page: Page, pages: Rows[WriteOffItem]) -> dict[str, object]:
    keys = [row.pk for row in pages]
    lines = written_lines(WriteOffItem.objects.filter(pk__in=keys))
    lines.sort(key=lambda each: (each.line.relief_until_on is None, each.line.relief_until_on, each.line.pk))
    rules = ReliefRule.objects.visible_to(page.by).filter(entity=page.entity).select_related("set_by")
    return {"rows": pages, "lines": [(each, each.may_claim(page.today)) for each in lines], "rules": rules}


def _workbook(page: Page, lines: list[WrittenLine]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("As at", f"{page.today}")]
    sheet = Sheet("Tax relief", COLUMNS, _cells(page, lines), notes)
    return workbook_response([sheet], f"tax-relief-{page.entity.code}-{page.today}.xlsx")


def _cells(page: Page, lines: list[WrittenLine]) -> Iterator[list[Cell]]:
    for each in lines:
        line, row = each.line, each.line.write_off
        yield [
            str(row.item or ""),
            row.customer.code,
            row.customer.name,
            line.item.number,
            line.item.due_on,
            row.currency,
            line.amount,
            each.relief_left,
            line.relief_from_on,
            line.relief_until_on,
            each.may_claim(page.today),
        ]
