"""Authority limits of the company."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from controls.actions import end_limit, set_limit, set_up_limits
from controls.forms import EndForm, LimitForm
from controls.models import Authority, AuthorityLimit
from controls.queries import COUNTED_DAYS, limits_in_force
from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible


@staff_page("controls.view")
def limits(request: PageRequest) -> HttpResponse:
    """Who decides alone on what, up to which amount."""
    rows = limits_in_force(request.page.entity)
    groups = [(kind.label, [row for row in rows if row.kind == kind]) for kind in Authority]
    return render(request, "controls/limits.html", {"groups": groups, "rows": rows, "counted_days": COUNTED_DAYS})


@staff_page("controls.change_limits")
def new_limit(request: PageRequest) -> HttpResponse:
    """Set a limit; the one before it ends."""
    entity = request.page.entity
    form = LimitForm(request.POST or None, entity=entity, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        facts = {**given, "kind": Authority(given["kind"])}
        if limit := carry_out(form, set_limit, by=request.page.by, entity=entity, **facts):
            messages.success(request, f"{limit} is set.")
            return redirect("controls:limits")
    return shown(request, "controls/limit_form.html", {"title": "Set a limit", "button": "Set the limit"}, form)


@staff_page("controls.change_limits")
def drop_limit(request: PageRequest, pk: int) -> HttpResponse:
    """End a limit."""
    limit = get_visible(AuthorityLimit.objects.select_related("entity", "person"), request.page.by, pk=pk)
    request.page.entity = limit.entity
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, end_limit, by=request.page.by, limit=limit, **form.cleaned_data):
            messages.success(request, f"{limit} has ended.")
            return redirect("controls:limits")
    note = f"{limit.holder} decides on nothing of the kind alone any more; it has to be asked for."
    context = {"title": f"End: {limit}", "button": "End the limit", "note": note}
    return shown(request, "controls/limit_form.html", context, form)


@staff_page("controls.change_limits")
def set_up(request: PageRequest) -> HttpResponse:
    """Give a company that has none the standard limits."""
    if request.method == "POST":
        made = set_up_limits(by=request.page.by, entity=request.page.entity)
        messages.success(request, f"{len(made)} standard limits are set. Change what doesn't fit.")
    return redirect("controls:limits")
