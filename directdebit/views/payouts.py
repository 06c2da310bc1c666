"""What a provider paid out, held against our collections, and the bank line on which it arrived."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.forms.payments import LineChoiceForm
from core.forms import Form, carry_out
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from directdebit.actions.payouts import settle_payout
from directdebit.models import Creditor, ProviderPayout
from directdebit.queries.payouts import PayoutProof, payout_lines, payouts_of, proof_of

PAGE_SIZE = 50
COLUMNS = [
    Column("Payout", 24),
    Column("Arrives on", 12),
    Column("Currency", 10),
    Column("Collections", 14, total=True),
    Column("Taken back", 14, total=True),
    Column("Fees", 12, total=True),
    Column("Net", 14, total=True),
    Column("Bank line", 48),
    Column("Differences", 60),
]


@staff_page("directdebit.view")
def payouts(request: PageRequest, pk: int) -> HttpResponseBase:
    """A creditor's payouts, the latest first."""
    page = request.page
    creditor = get_visible(Creditor.objects.select_related("entity"), page.by, pk=pk)
    rows = payouts_of(creditor, page.by)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Payouts", COLUMNS, _cells(proof_of(row) for row in rows), [("Creditor", creditor.name)])
        return workbook_response([sheet], f"payouts-{creditor.code}-{page.today}.xlsx")
    pages = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"creditor": creditor, "pages": pages, "rows": [proof_of(row) for row in pages]}
    return render(request, "directdebit/payouts.html", context)


@staff_page("directdebit.view")
def payout(request: PageRequest, pk: int) -> HttpResponse:
    """One payout with its parts."""
    return _shown(request, _payout(request, pk))


@require_POST
@staff_page("directdebit.view")
def settle(request: PageRequest, pk: int) -> HttpResponse:
    """Tie the payout to the bank line on which it arrived."""
    found = _payout(request, pk)
    request.page.ask_first("directdebit.settle_payout", found.creditor.entity)
    form = LineChoiceForm(request.POST, lines=payout_lines(found))
    if form.is_valid():
        line = form.cleaned_data["line"]
        if carry_out(form, settle_payout, by=request.page.by, payout=found, line=line):
            messages.success(request, f"Payout {found} arrived with {line}.")
            return redirect("directdebit:payout", found.pk)
    return _shown(request, found, form)


def _shown(request: PageRequest, found: ProviderPayout, form: Form | None = None) -> HttpResponse:
    proof = proof_of(found)
    lines = [] if proof.arrival else payout_lines(found)
    context = {
        "payout": found,
        "proof": proof,
        "lines": lines,
        "form": form or LineChoiceForm(lines=lines),
        "may_settle": request.page.may("directdebit.settle_payout") and request.page.is_live,
    }
    return render(request, "directdebit/payout.html", context, status=422 if form else 200)


def _payout(request: PageRequest, pk: int) -> ProviderPayout:
    rows = ProviderPayout.objects.select_related(
        "creditor__entity", "arrival__line__bank_account", "arrival__entry", "arrival__recorded_by"
    ).prefetch_related("items__collection__customer")
    return get_visible(rows, request.page.by, pk=pk)


def _cells(rows: Iterator[PayoutProof]) -> Iterator[list[Cell]]:
    for row in rows:
        kept = row.payout
        yield [
            str(kept),
            kept.arrives_on,
            kept.currency,
            row.sums.collected,
            -row.sums.taken_back,
            -row.sums.fees,
            kept.net,
            str(row.arrival.line) if row.arrival else "Not yet in the bank",
            " ".join(row.differences),
        ]
