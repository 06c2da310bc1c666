"""Rules that people write: the list, one version with its trials, and switching it on and off."""

from dataclasses import fields
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.written_rules import switch_rule_off, switch_rule_on, try_rule, write_rule
from cashapp.forms.rules import EndForm, RuleForm, SpanForm
from cashapp.models import RuleTrial, RuleVersion
from cashapp.queries.written_rules import rules_of
from cashapp.wordings import wording_of
from core.errors import NotAllowed, Refused
from core.forms import Form, carry_out, shown
from core.keys import key_in
from core.models import AuditEvent
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Column, Sheet, workbook_response

COLUMNS = (
    Column("Date", 12), Column("Payer", 34), Column("Amount", 16), Column("The rule would say", 34),
    Column("Was decided", 34), Column("Agrees", 10), Column("A person had to decide", 12),
)  # fmt: skip


@staff_page("cashapp.view")
def rules_page(request: PageRequest) -> HttpResponse:
    """Every rule with the version that counts, or the one that was written last."""
    page = request.page
    rules = rules_of(page.entity, by=page.by)
    return render(request, "cashapp/written_rules.html", {"rules": rules, "tab": "written"})


@staff_page("cashapp.write_rule")
def new_rule(request: PageRequest) -> HttpResponse:
    """Write a rule, or the next version of one."""
    page = request.page
    page.ask_first("cashapp.write_rule")
    form = RuleForm(request.POST or None, by=page.by, entity=page.entity, initial=_start(request))
    if request.method == "POST" and form.is_valid():
        facts = {"entity": page.entity, "name": form.cleaned_data["name"], "wording": form.wording()}
        version = carry_out(form, write_rule, by=page.by, **facts)
        if version is not None:
            messages.success(request, f"Written: {version}. Try it on last month before you switch it on.")
            return redirect("cashapp:written_rule", version.pk)
    return shown(request, "cashapp/new_rule.html", {"tab": "written"}, form)


@staff_page("cashapp.view")
def rule_page(request: PageRequest, pk: int) -> HttpResponseBase:
    """One version: what it says, how it fared when it was tried, and whether it counts."""
    version = _version(request, pk)
    trial = version.trials.first()
    if request.GET.get("format") == "xlsx" and trial is not None:
        return _workbook(trial)
    return _shown(request, version)


@require_POST
@staff_page("cashapp.view")
def try_(request: PageRequest, pk: int) -> HttpResponse:
    """Try a version on the lines of some days."""
    page, version = request.page, _version(request, pk)
    page.ask_first("cashapp.try_rule", version.rule.entity)
    form = SpanForm(request.POST)
    tried = None
    if form.is_valid():
        tried = carry_out(form, try_rule, by=page.by, version=version, **form.cleaned_data)
    if tried is not None:
        return redirect("cashapp:written_rule", pk)
    return _shown(request, version, form)


@require_POST
@staff_page("cashapp.view")
def on(request: PageRequest, pk: int) -> HttpResponse:
    """Let the matcher follow a version."""
    version = _version(request, pk)
    try:
        switch_rule_on(by=request.page.by, version=version)
        messages.success(request, "Switched on. The matcher follows it from now on.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("cashapp:written_rule", pk)


@require_POST
@staff_page("cashapp.view")
def off(request: PageRequest, pk: int) -> HttpResponse:
    """Let the matcher no longer follow a version."""
    page, version = request.page, _version(request, pk)
    page.ask_first("cashapp.switch_rule_off", version.rule.entity)
    form = EndForm(request.POST)
    stopped = None
    if form.is_valid():
        stopped = carry_out(form, switch_rule_off, by=page.by, version=version, **form.cleaned_data)
    if stopped is not None:
        messages.success(request, "Switched off. What it decided stays explained by it.")
        return redirect("cashapp:written_rule", pk)
    return _shown(request, version, ending=form)


def last_month(today: date) -> dict[str, date]:
    """The month before, on whose lines a rule is tried."""
    last = today.replace(day=1) - timedelta(days=1)
    return {"from_on": last.replace(day=1), "until_on": last}


def _version(request: PageRequest, pk: int) -> RuleVersion:
    shown_too = ("rule__entity", "customer", "bank_account", "written_by", "switched_on_by", "switched_off_by")
    return get_visible(RuleVersion.objects.select_related(*shown_too), request.page.by, pk=pk)


def _start(request: PageRequest) -> dict[str, object]:
    """The version that shall be changed, as far as the address names one."""
    given = key_in(request.GET.get("version", ""))
    if given is None:
        return {"payer": request.GET.get("payer", ""), "effect": RuleVersion.Effect.IDENTIFIES}
    version = _version(request, given)
    words = wording_of(version)
    return {
        **{each.name: getattr(words, each.name) for each in fields(words)},
        "bank_account": version.bank_account_id,
        "customer": version.customer,
        "name": version.rule.name,
    }


def _shown(
    request: PageRequest, version: RuleVersion, form: Form | None = None, ending: Form | None = None
) -> HttpResponse:
    happened = AuditEvent.objects.filter(object_type="cashapp.ruleversion", object_id=str(version.pk))
    context = {
        "version": version,
        "versions": version.rule.versions.order_by("-number"),
        "trial": version.trials.select_related("tried_by").first(),
        "events": happened.select_related("by"),
        "ending": ending,
        "form": form or SpanForm(initial=last_month(request.page.today)),
        "tab": "written",
    }
    return render(request, "cashapp/written_rule.html", context, status=422 if form or ending else 200)


def _workbook(trial: RuleTrial) -> HttpResponseBase:
    rows = (
        [each["on"], each["payer"], each["amount"], each["would"], each["decided"], _agrees(each["agrees"]),
         "yes" if each["by_a_person"] else "no"]
        for each in trial.lines
    )  # fmt: skip
    notes = [("Rule", str(trial.version)), ("Tried on", f"{trial.from_on} to {trial.until_on}")]
    return workbook_response([Sheet("Trial", COLUMNS, rows, notes)], f"trial-{trial.pk}.xlsx")


def _agrees(agrees: bool | None) -> str:
    return "not decided" if agrees is None else "yes" if agrees else "no"
