"""How lines are matched, and the payers that were learnt."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.payers import forget_payer, remember_payer
from cashapp.matching import RULES_VERSION
from cashapp.matching.words import RULES
from cashapp.models import PayerAlias
from cashapp.queries.receipts import rules_followed
from core.errors import NotAllowed, Refused
from core.pages import PageRequest, staff_page
from core.scoping import get_visible

MOST_SHOWN = 200


@staff_page("cashapp.view")
def rules_page(request: PageRequest) -> HttpResponse:
    """The cascade in words, how often each rule was followed, and learnt payers."""
    page = request.page
    used = rules_followed(page.entity)
    aliases = PayerAlias.objects.visible_to(page.by).filter(customer__entity=page.entity)
    context = {
        "rules": [(words, *used.get(words.rule.value, (0, 0))) for words in RULES],
        "rules_version": RULES_VERSION,
        "tab": "cascade",
        "aliases": aliases.select_related("customer", "decided_by").order_by("-in_use", "-confirmations")[:MOST_SHOWN],
        "may_remember": page.may("cashapp.remember_payer") and page.is_live,
    }
    return render(request, "cashapp/rules.html", context)


@require_POST
@staff_page("cashapp.view")
def remember(request: PageRequest, pk: int) -> HttpResponse:
    """Put a learnt payer to use."""
    return _decide(request, pk, remember_payer, "The matcher knows this payer from now on.")


@require_POST
@staff_page("cashapp.view")
def forget(request: PageRequest, pk: int) -> HttpResponse:
    """Let the matcher no longer take a payer for a customer."""
    return _decide(request, pk, forget_payer, "The matcher no longer knows this payer.")


def _decide(request: PageRequest, pk: int, action: Callable[..., PayerAlias], words: str) -> HttpResponse:
    alias = get_visible(PayerAlias.objects.select_related("customer__entity"), request.page.by, pk=pk)
    try:
        action(by=request.page.by, alias=alias)
        messages.success(request, words)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("cashapp:rules")
