"""The bank line that took the money of a returned debit, chosen by a person where none is certain."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from directdebit.actions.returned_money import settle_returns
from directdebit.models import ReturnedDebit
from directdebit.queries.returned_money import choices_for


@staff_page("directdebit.view")
@require_POST
def settle(request: PageRequest, pk: int) -> HttpResponse:
    """Tie a return, alone or with the others of its day, to the bank line that took its money."""
    rows = ReturnedDebit.objects.select_related("entity", "collection__mandate__creditor")
    returned = get_visible(rows, request.page.by, pk=pk)
    request.page.ask_first("directdebit.settle_returns", returned.entity)
    wanted = request.POST.get("line", "")
    found = next((pair for pair in choices_for(returned) if str(pair[1].pk) == wanted), None)
    if found is None:
        messages.error(request, "That bank line can't be the money of this return any more.")
        return redirect("directdebit:return", pk)
    bundle, line = found
    try:
        settle_returns(by=request.page.by, returns=bundle.returns, line=line)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{bundle.money} left with {line}.")
    return redirect("directdebit:return", pk)
