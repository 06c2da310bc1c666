"""The rules of promises, calls and the worklist: the figures in force, and who changed what."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from ar_collections.actions.rules import change_rules
from ar_collections.forms.rules import RulesForm
from ar_collections.queries.rules import rules_history, rules_of
from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page


@staff_page("collections.view")
def rules_page(request: PageRequest) -> HttpResponse:
    """Read the figures, and change them."""
    page = request.page
    page.ask_first("collections.change_rules")
    form = RulesForm(request.POST or None, rules=rules_of(page.entity))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if carry_out(form, change_rules, by=page.by, entity=page.entity, rules=form.rules(), reason=reason):
            messages.success(request, "The rules are changed.")
            return redirect("collections:rules")
    context = {"rules": rules_of(page.entity), "history": rules_history(page.entity)[:50]}
    return shown(request, "collections/rules.html", context, form)
