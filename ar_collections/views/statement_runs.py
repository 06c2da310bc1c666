"""Statements for everybody: the rule with its next days, what a run would send, and the runs."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections import statement_runs
from ar_collections.actions.statements import change_statement_rule, send_group_statement
from ar_collections.forms.statement_rules import RunForm, StatementRuleForm
from ar_collections.models import StatementRule
from ar_collections.queries.statement_runs import (
    addressees,
    customers_to_state,
    next_days,
    period_start,
    rule_of,
    rules_before,
)
from ar_collections.queries.statement_runs import statement_runs as runs_of
from ar_collections.tasks import send_statements
from core.forms import carry_out, day_in, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from customers.models import Customer

ROWS = 50


@staff_page("collections.view")
def runs_page(request: PageRequest) -> HttpResponse:
    """When statements go out next, and which went out."""
    page = request.page
    rule = rule_of(page.entity)
    context = {
        "rule": rule,
        "days": next_days(rule, page.today) if rule else [],
        "runs": runs_of(page.entity)[:30],
        "form": RunForm(initial={"as_of": page.today}),
        "history": rules_before(page.entity)[1:10],
    }
    return render(request, "collections/statement_runs.html", context)


@staff_page("collections.change_statement_rule")
def rule_page(request: PageRequest) -> HttpResponse:
    """Change the rule; the next twelve days are shown for what stands in the form."""
    page = request.page
    rule = rule_of(page.entity)
    form = StatementRuleForm(request.POST or None, initial=_initial(rule))
    context: dict[str, Any] = {"rule": rule}
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST:
            facts = form.facts()
            tried = StatementRule(entity=page.entity, day=facts.days.day, saturday=facts.days.saturday,
                                  sunday=facts.days.sunday, holiday=facts.days.holiday)  # fmt: skip
            context["days"] = next_days(tried, page.today)
        elif carry_out(
            form, change_statement_rule, by=page.by, entity=page.entity, facts=form.facts(), changed_on=page.today
        ):
            messages.success(request, "The rule is changed.")
            return redirect("collections:statement_runs")
    return shown(request, "collections/statement_rule.html", context, form)


@staff_page("collections.view")
def preview_page(request: PageRequest) -> HttpResponse:
    """What a run as at a day would send: to whom, and to whom not and why, some at a time."""
    page = request.page
    rule = rule_of(page.entity)
    as_of = day_in(RunForm(request.GET), "as_of", page.today)
    by_group = bool(rule and rule.by_group)
    keys = customers_to_state(page.entity, as_of, by_group=by_group)
    shown_keys = Paginator(keys, ROWS).get_page(request.GET.get("page"))
    context = {
        "as_of": as_of,
        "starts_on": period_start(rule, as_of),
        "total": len(keys),
        "rows": shown_keys,
        "found": addressees(page.entity, list(shown_keys.object_list), as_of, today=page.today, by_group=by_group),
        "may_start": as_of <= page.today,
    }
    return render(request, "collections/statement_preview.html", context)


@require_POST
@staff_page("collections.start_statement_run")
def start(request: PageRequest) -> HttpResponse:
    """Send everybody their statement as at a day."""
    page = request.page
    as_of = day_in(RunForm(request.POST), "as_of")
    run, is_new = statement_runs.start(page.by, page.entity, as_of, page.today)
    if is_new:
        send_statements.delay(run.pk)
    else:
        messages.info(request, f"The statements as at {as_of:%d %b %Y} were sent before.")
    return redirect("core:run", run.pk)


@require_POST
@staff_page("collections.send_statement")
def send_to_group(request: PageRequest, pk: int) -> HttpResponse:
    """Send the parent of a group one statement for all members."""
    page = request.page
    customer = get_visible(Customer.objects.select_related("entity"), page.by, pk=pk)
    page.ask_first("collections.send_statement", customer.entity)
    message = send_group_statement(by=page.by, customer=customer, as_of=page.as_at)
    messages.success(request, f"The statement of the group of {customer.name} is in the outbox.")
    return redirect("messaging:message", message.pk)


def _initial(rule: StatementRule | None) -> dict[str, Any]:
    names = ("is_on", "day", "saturday", "sunday", "holiday", "style", "by_group")
    return {name: getattr(rule or StatementRule(), name) for name in names}
