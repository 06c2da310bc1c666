"""Webhooks: who is told, what they were told, and what they answered."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from integrations.actions.webhooks import (
    add_endpoint,
    change_endpoint,
    renew_secret,
    replay_delivery,
    switch_endpoint_off,
    switch_endpoint_on,
)
from integrations.forms import ChangeForm, EndpointForm
from integrations.models import WebhookDelivery, WebhookEndpoint

PAGE_SIZE = 50


@staff_page("integrations.view")
def endpoints(request: PageRequest) -> HttpResponse:
    """Every endpoint of the chosen company."""
    waiting = Count("deliveries", filter=Q(deliveries__state__in=("waiting", "sending")))
    given_up = Count("deliveries", filter=Q(deliveries__state="given_up"))
    rows = WebhookEndpoint.objects.filter(entity=request.page.entity).annotate(waiting=waiting, given_up=given_up)
    rows = rows.prefetch_related("interests")
    return render(request, "integrations/endpoints.html", {"rows": rows.order_by("pk")})


@staff_page("integrations.add_endpoint")
def add(request: PageRequest) -> HttpResponse:
    """Tell another system; its secret is shown on the page that follows, and never again."""
    page = request.page
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = carry_out(form, add_endpoint, by=page.by, entity=page.entity, **form.cleaned_data)
        if made:
            return _shown(request, made, secret=made.secret)
    return shown(request, "integrations/new_endpoint.html", {}, form)


@staff_page("integrations.view")
def endpoint(request: PageRequest, pk: int) -> HttpResponse:
    """One endpoint with what it was told."""
    return _shown(request, _endpoint(request, pk))


@staff_page("integrations.view")
@require_POST
def change(request: PageRequest, pk: int) -> HttpResponse:
    """Change what it hears of."""
    found = _endpoint(request, pk)
    request.page.ask_first("integrations.change_endpoint", found.entity)
    form = ChangeForm(request.POST)
    if form.is_valid() and _done(form, request, found):
        messages.success(request, "Changed.")
        return redirect("integrations:endpoint", pk)
    return _shown(request, found, form=form)


@staff_page("integrations.view")
@require_POST
def switch_off(request: PageRequest, pk: int) -> HttpResponse:
    """Tell it nothing more."""
    found = _endpoint(request, pk)
    request.page.ask_first("integrations.switch_endpoint_off", found.entity)
    switch_endpoint_off(by=request.page.by, endpoint=found)
    messages.success(request, f"{found} is told nothing until it is switched on again.")
    return redirect("integrations:endpoint", pk)


@staff_page("integrations.view")
@require_POST
def switch_on(request: PageRequest, pk: int) -> HttpResponse:
    """Tell it again what happens."""
    found = _endpoint(request, pk)
    request.page.ask_first("integrations.switch_endpoint_on", found.entity)
    switch_endpoint_on(by=request.page.by, endpoint=found)
    messages.success(request, f"{found} is told what happens from now on.")
    return redirect("integrations:endpoint", pk)


@staff_page("integrations.view")
@require_POST
def secret(request: PageRequest, pk: int) -> HttpResponse:
    """Make another secret and show it once."""
    found = _endpoint(request, pk)
    request.page.ask_first("integrations.renew_secret", found.entity)
    renewed = renew_secret(by=request.page.by, endpoint=found)
    return _shown(request, renewed, secret=renewed.secret)


@staff_page("integrations.view")
@require_POST
def replay(request: PageRequest, pk: int) -> HttpResponse:
    """Send an event again."""
    rows = WebhookDelivery.objects.select_related("event__entity", "endpoint")
    found = get_visible(rows, request.page.by, pk=pk)
    request.page.ask_first("integrations.replay_delivery", found.event.entity)
    replay_delivery(by=request.page.by, delivery=found)
    messages.success(request, f"{found.event} is sent again within a minute.")
    return redirect("integrations:endpoint", found.endpoint_id)


def _done(form: ChangeForm, request: PageRequest, found: WebhookEndpoint) -> bool:
    changed: WebhookEndpoint | None = carry_out(
        form, change_endpoint, by=request.page.by, endpoint=found, **form.cleaned_data
    )
    return changed is not None


def _endpoint(request: PageRequest, pk: int) -> WebhookEndpoint:
    return get_visible(WebhookEndpoint.objects.select_related("entity", "made_by"), request.page.by, pk=pk)


def _shown(
    request: PageRequest, found: WebhookEndpoint, *, secret: str = "", form: ChangeForm | None = None
) -> HttpResponse:
    rows = WebhookDelivery.objects.filter(endpoint=found).select_related("event").prefetch_related("attempts")
    context = {
        "endpoint": found,
        "secret": secret,
        "form": form or ChangeForm(initial={"events": found.events}),
        "rows": Paginator(rows.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "integrations/endpoint.html", context, status=422 if form else 200)
