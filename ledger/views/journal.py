"""The journal, one entry of it, and one open item with all that happened to it."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from core.models import LegalEntity
from core.pages import PageRequest, staff_page
from core.permissions import require
from core.scoping import get_visible
from ledger.forms import JournalFilter
from ledger.models import JournalEntry, OpenItem
from ledger.queries import count_of_later_moves, entries_of, lines_of, moves_of

PAGE_SIZE = 100


@staff_page("ledger.view")
def journal_page(request: PageRequest) -> HttpResponse:
    """What was posted, latest first."""
    page = request.page
    form = JournalFilter(request.GET)
    rows = form.narrow(entries_of(page.entity, as_of=page.as_at))
    context = {"filter": form, "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))}
    return render(request, "ledger/journal.html", context)


@staff_page("ledger.view")
def entry_page(request: PageRequest, pk: int) -> HttpResponse:
    """One entry: its lines, who posted it, and what reverses it."""
    entries = JournalEntry.objects.select_related("entity", "recorded_by", "reverses", "reversed_by")
    entry = get_visible(entries, request.page.by, pk=pk)
    _turn_to(request, entry.entity)
    lines = list(lines_of(entry))
    context = {
        "entry": entry,
        "lines": lines,
        "is_foreign": entry.currency != entry.entity.currency,
        "base_debit": sum(line.base_debit for line in lines),
        "base_credit": sum(line.base_credit for line in lines),
        "allocation": entry.allocations.select_related("debit_item", "credit_item").first(),
    }
    return render(request, "ledger/entry.html", context)


@staff_page("ledger.view")
def item_page(request: PageRequest, pk: int) -> HttpResponse:
    """One open item: what was allocated of it up to the page's date, by whom, and what is left."""
    items = OpenItem.objects.select_related("customer", "entity", "line__entry")
    item = get_visible(items, request.page.by, pk=pk)
    _turn_to(request, item.entity)
    as_of = request.page.as_at
    moves = moves_of(item, as_of=as_of)
    context = {
        "item": item,
        "moves": moves,
        "open_then": moves[-1].open_after if moves else item.amount,
        "later": count_of_later_moves(item, as_of=as_of),
    }
    return render(request, "ledger/item.html", context)


def _turn_to(request: PageRequest, entity: LegalEntity) -> None:
    """Let the page speak for the company of what it shows, whatever company was chosen before."""
    request.page.entity = entity
    require(request.page.by, "ledger.view", entity)
