"""Rules by which customers are handed out, and covers for colleagues who are away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ar_collections.actions.portfolios import (
    add_portfolio_rule,
    apply_portfolio_rules,
    cover_absence,
    end_cover,
    end_portfolio_rule,
)
from ar_collections.forms.portfolios import CoverForm, PortfolioRuleForm
from ar_collections.models import AbsenceCover, PortfolioRule
from ar_collections.queries.portfolios import moves_by_rule, resting_rules, rules_of, sums_of_moves
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible

SHOWN = 40


@staff_page("collections.view")
def rules_page(request: PageRequest) -> HttpResponse:
    """The rules in their order, and whom applying them would hand over."""
    return _rules(request, PortfolioRuleForm(entity=request.page.entity))


@require_POST
@staff_page("collections.add_portfolio_rule")
def add_rule(request: PageRequest) -> HttpResponse:
    """Add a rule."""
    page, form = request.page, PortfolioRuleForm(request.POST, entity=request.page.entity)
    if form.is_valid():
        rule: PortfolioRule = form.instance
        rule.entity, rule.countries = page.entity, form.cleaned_data["countries"]
        if carry_out(form, add_portfolio_rule, by=page.by, rule=rule):
            messages.success(request, "The rule is there. It hands nobody out before it is applied.")
            return redirect("collections:portfolio_rules")
    return _rules(request, form)


@require_POST
@staff_page("collections.end_portfolio_rule")
def end_rule(request: PageRequest, pk: int) -> HttpResponse:
    """End a rule."""
    rule = get_visible(PortfolioRule.objects.select_related("entity"), request.page.by, pk=pk)
    request.page.ask_first("collections.end_portfolio_rule", rule.entity)
    end_portfolio_rule(by=request.page.by, rule=rule)
    messages.success(request, "The rule is ended. Whom it handed out stays where they are.")
    return redirect("collections:portfolio_rules")


@require_POST
@staff_page("collections.apply_portfolio_rules")
def apply(request: PageRequest) -> HttpResponse:
    """Hand out by rule."""
    page = request.page
    try:
        made = apply_portfolio_rules(by=page.by, entity=page.entity)
        messages.success(request, f"{len(made)} customers are handed out by rule.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("collections:portfolio_rules")


@staff_page("collections.view")
def covers_page(request: PageRequest) -> HttpResponse:
    """Who covers for whom, the latest first."""
    return _covers(request, CoverForm(entity=request.page.entity))


@require_POST
@staff_page("collections.cover_absence")
def cover(request: PageRequest) -> HttpResponse:
    """Let somebody cover for a colleague."""
    page, form = request.page, CoverForm(request.POST, entity=request.page.entity)
    if form.is_valid():
        row: AbsenceCover = form.instance
        row.entity = page.entity
        if carry_out(form, cover_absence, by=page.by, cover=row):
            messages.success(request, f"{row}. Their customers stand on “My list” of {row.cover.name} on these days.")
            return redirect("collections:covers")
    return _covers(request, form)


@require_POST
@staff_page("collections.end_cover")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """End a cover from today on."""
    row = get_visible(AbsenceCover.objects.select_related("entity"), request.page.by, pk=pk)
    request.page.ask_first("collections.end_cover", row.entity)
    end_cover(by=request.page.by, cover=row, ended_on=request.page.today)
    messages.success(request, "The cover is ended.")
    return redirect("collections:covers")


def _rules(request: PageRequest, form: PortfolioRuleForm) -> HttpResponse:
    entity = request.page.entity
    moves, rules = moves_by_rule(entity), list(rules_of(entity))
    context: dict[str, Any] = {
        "rules": rules,
        "resting": resting_rules(entity, rules),
        "moves": moves[:SHOWN],
        "count": len(moves),
        "sums": sums_of_moves(moves),
    }
    return shown(request, "collections/portfolio_rules.html", context, form)


def _covers(request: PageRequest, form: CoverForm) -> HttpResponse:
    rows = AbsenceCover.objects.visible_to(request.page.by).filter(entity=request.page.entity)
    context = {"covers": rows.select_related("absent", "cover", "made_by", "ended_by")[:100]}
    return shown(request, "collections/covers.html", context, form)
