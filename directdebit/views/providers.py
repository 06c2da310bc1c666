"""What a provider was asked and answered."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from directdebit.actions.providers import ask_again
from directdebit.models import Creditor, ProviderExchange, ProviderRequest
from directdebit.providers.callbacks import token_of
from directdebit.queries.providers import exchanges_of, refused_requests

PAGE_SIZE = 50
COLUMNS = [
    Column("When", 20),
    Column("Request", 8),
    Column("Path", 40),
    Column("Asked", 60),
    Column("Status", 8),
    Column("Answered", 60),
    Column("Error", 20),
    Column("Milliseconds", 12),
]


@staff_page("directdebit.view")
def log(request: PageRequest, pk: int) -> HttpResponseBase:
    """Every request and its answer, the latest first; and what the provider refused."""
    page = request.page
    creditor = get_visible(Creditor.objects.select_related("entity"), page.by, pk=pk)
    rows = exchanges_of(creditor, page.by)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Requests", COLUMNS, _cells(rows), [("Creditor", creditor.name)])
        return workbook_response([sheet], f"provider-log-{creditor.code}-{page.today}.xlsx")
    context = {
        "creditor": creditor,
        "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "refused": refused_requests(creditor),
        "has_key": bool(settings.DIRECT_DEBIT_KEYS.get(creditor.code)),
        "hook_url": _hook_url(creditor) if page.may("directdebit.add_creditor") else "",
        "may_ask_again": page.may("directdebit.ask_again") and page.is_live,
    }
    return render(request, "directdebit/provider_log.html", context)


@staff_page("directdebit.view")
@require_POST
def again(request: PageRequest, pk: int) -> HttpResponse:
    """Ask again for a collection that was refused."""
    page = request.page
    rows = ProviderRequest.objects.select_related("creditor__entity", "collection")
    wanted = get_visible(rows, page.by, pk=pk)
    page.ask_first("directdebit.ask_again", wanted.creditor.entity)
    ask_again(by=page.by, request=wanted)
    messages.success(request, f"{wanted.collection} is asked for again within a minute.")
    return redirect("directdebit:provider_log", wanted.creditor_id)


def _hook_url(creditor: Creditor) -> str:
    """Where the provider is told to call us."""
    base: str = settings.PUBLIC_URL.rstrip("/")
    if creditor.provider == Creditor.Provider.GOCARDLESS:
        return base + reverse("directdebit:gocardless_hook", args=[creditor.code])
    token = token_of(creditor.code, settings.SECRET_KEY)
    return base + reverse("directdebit:paysuite_hook", args=[creditor.code, token])


def _cells(rows: QuerySet[ProviderExchange]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        yield [row.at, row.method, row.path, row.asked, row.status, row.answered, row.error, row.milliseconds]
