"""Strategies: the list with its segments, one version, its steps changed while it is a draft, switched on and off."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.segments import change_segment
from ar_collections.actions.strategies import (
    change_strategy,
    draft_strategy,
    set_up_strategies,
    switch_strategy_off,
    switch_strategy_on,
)
from ar_collections.forms.strategies import LadderForm, OffForm, SegmentForm, Steps, steps_of, written_steps
from ar_collections.models import Segment, Strategy, StrategyVersion
from ar_collections.queries.preview import segments_of, strategy_rows
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.models import AuditEvent
from core.pages import PageRequest, staff_page
from core.scoping import get_visible


@staff_page("collections.view")
def strategies_page(request: PageRequest) -> HttpResponse:
    """Segments in the order in which they are asked, and the strategies that they follow."""
    page = request.page
    context = {
        "segments": segments_of(page.entity, by=page.by),
        "strategies": strategy_rows(page.entity, by=page.by),
    }
    return render(request, "collections/strategies.html", context)


@require_POST
@staff_page("collections.view")
def set_up(request: PageRequest) -> HttpResponse:
    """Take up the usual segments and ladders."""
    page = request.page
    page.ask_first("collections.set_up_strategies")
    found = set_up_strategies(by=page.by, entity=page.entity)
    messages.success(
        request, f"{len(found)} segments with their ladders are there as drafts. Nobody is written to yet."
    )
    return redirect("collections:strategies")


@require_POST
@staff_page("collections.view")
def draft(request: PageRequest, pk: int) -> HttpResponse:
    """Begin the next version of a strategy."""
    page = request.page
    strategy = get_visible(Strategy.objects.select_related("entity"), page.by, pk=pk)
    page.ask_first("collections.draft_strategy", strategy.entity)
    version = draft_strategy(by=page.by, strategy=strategy)
    return redirect("collections:change_strategy", version.pk)


@staff_page("collections.view")
def version_page(request: PageRequest, pk: int) -> HttpResponse:
    """One version: its steps, and whether customers are written to by it."""
    version = _version(request, pk)
    return _shown(request, version, OffForm())


@staff_page("collections.change_strategy")
def change_page(request: PageRequest, pk: int) -> HttpResponse:
    """Change the steps of a draft."""
    page, version = request.page, _version(request, pk)
    page.ask_first("collections.change_strategy", version.strategy.entity)
    if not version.is_draft:
        messages.error(request, f"{version} was switched on and stays as it is. Draft the next version.")
        return redirect("collections:strategy_version", pk)
    form = LadderForm(request.POST or None, initial={"gap_days": version.gap_days, "note": version.note})
    steps = Steps(request.POST or None, initial=steps_of(version), prefix="steps")
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        facts = {"version": version, "steps": written_steps(steps), **form.cleaned_data}
        if carry_out(form, change_strategy, by=page.by, **facts):
            messages.success(request, f"{version} is written. It counts once it is switched on.")
            return redirect("collections:strategy_version", pk)
    answer = shown(request, "collections/change_strategy.html", {"version": version, "steps": steps}, form)
    if steps.is_bound and not steps.is_valid():
        answer.status_code = 422
    return answer


@require_POST
@staff_page("collections.view")
def on(request: PageRequest, pk: int) -> HttpResponse:
    """Write to customers by a version."""
    page, version = request.page, _version(request, pk)
    page.ask_first("collections.switch_strategy_on", version.strategy.entity)
    try:
        switch_strategy_on(by=page.by, version=version)
        messages.success(request, f"{version} is on. The next review follows it.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("collections:strategy_version", pk)


@require_POST
@staff_page("collections.view")
def off(request: PageRequest, pk: int) -> HttpResponse:
    """Write to nobody by a version any more."""
    page, version = request.page, _version(request, pk)
    page.ask_first("collections.switch_strategy_off", version.strategy.entity)
    form = OffForm(request.POST)
    stopped = None
    if form.is_valid():
        stopped = carry_out(form, switch_strategy_off, by=page.by, version=version, **form.cleaned_data)
    if stopped is not None:
        messages.success(request, "Switched off. Nobody is written to by it any more.")
        return redirect("collections:strategy_version", pk)
    return _shown(request, version, form)


@staff_page("collections.change_segment")
def segment_page(request: PageRequest, pk: int) -> HttpResponse:
    """Which strategy a segment follows, and by what customers belong to it."""
    page = request.page
    segment = get_visible(Segment.objects.select_related("entity", "strategy"), page.by, pk=pk)
    page.ask_first("collections.change_segment", segment.entity)
    initial = {"strategy": segment.strategy_id, "keyword": segment.keyword, "threshold": segment.threshold}
    form = SegmentForm(request.POST or None, segment=segment, initial=initial)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, change_segment, by=page.by, segment=segment, **form.cleaned_data):
            messages.success(request, f"“{segment.name}” is changed. The next review follows it.")
            return redirect("collections:strategies")
    return shown(request, "collections/segment.html", {"segment": segment}, form)


def _version(request: PageRequest, pk: int) -> StrategyVersion:
    shown_too = ("strategy__entity", "written_by", "switched_on_by", "switched_off_by")
    return get_visible(StrategyVersion.objects.select_related(*shown_too), request.page.by, pk=pk)


def _shown(request: PageRequest, version: StrategyVersion, form: OffForm) -> HttpResponse:
    happened = AuditEvent.objects.filter(object_type="collections.strategyversion", object_id=str(version.pk))
    context = {
        "version": version,
        "steps": version.steps.order_by("day"),
        "versions": version.strategy.versions.order_by("-number"),
        "events": happened.select_related("by").order_by("-pk"),
    }
    return shown(request, "collections/strategy_version.html", context, form)
