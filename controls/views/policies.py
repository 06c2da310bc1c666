"""Policies: read, written, and who has read which version."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from controls.actions.policies import change_policy, confirm_reading, end_policy, write_policy
from controls.forms.policies import EndPolicyForm, PolicyForm
from controls.models import Policy, PolicyVersion
from controls.queries.policies import counts_of_readers, policies_for, readers, readers_of
from core.forms import carry_out, shown
from core.keys import key_in
from core.pages import PageRequest, staff_page
from core.scoping import get_visible


@staff_page("controls.view")
def policies_page(request: PageRequest) -> HttpResponse:
    """What is in force, and what of it the person hasn't read."""
    page = request.page
    counts = counts_of_readers(page.entity)
    rows = [(policy, counts.get(policy.pk, 0)) for policy in policies_for(page.entity, page.by)]
    context = {"rows": rows, "people": len(readers(page.entity)) if rows else 0}
    return render(request, "controls/policies.html", context)


@staff_page("controls.view")
def policy_page(request: PageRequest, pk: int) -> HttpResponse:
    """The text of a version, its history, and who has read which."""
    policy = _policy(request, pk)
    versions = list(policy.versions.select_related("published_by").order_by("-number"))
    asked = request.GET.get("version", "")
    chosen = next((each for each in versions if str(each.number) == asked), None) if asked else versions[0]
    if chosen is None:
        raise Http404("There is no such version.")
    read = chosen.readings.filter(person=request.page.by).first()
    context = {
        "policy": policy,
        "version": chosen,
        "versions": versions,
        "newest": versions[0],
        "read": read,
        "readers": readers_of(policy),
        "end": EndPolicyForm(),
    }
    return render(request, "controls/policy.html", context)


@staff_page("controls.write_policy")
def write(request: PageRequest) -> HttpResponse:
    """Write a new one."""
    page = request.page
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if policy := carry_out(form, write_policy, by=page.by, entity=page.entity, written=form.written()):
            messages.success(request, f"“{policy}” is published.")
            return redirect("controls:policy", policy.pk)
    return shown(request, "controls/policy_form.html", {"policy": None}, form)


@staff_page("controls.write_policy")
def change(request: PageRequest, pk: int) -> HttpResponse:
    """Publish what is new in one."""
    policy = _policy(request, pk)
    request.page.ask_first("controls.write_policy", policy.entity)
    latest = policy.versions.order_by("-number")[0]
    form = PolicyForm(
        request.POST or None, initial={"title": policy.title, "text": latest.text, "screens": policy.screens}
    )
    if request.method == "POST" and form.is_valid():
        if carry_out(form, change_policy, by=request.page.by, policy=policy, written=form.written()):
            messages.success(request, f"“{policy}” is published.")
            return redirect("controls:policy", policy.pk)
    return shown(request, "controls/policy_form.html", {"policy": policy, "latest": latest}, form)


@require_POST
@staff_page("controls.view")
def confirm(request: PageRequest, pk: int) -> HttpResponse:
    """Confirm that one has read the version that was shown."""
    policy = _policy(request, pk)
    request.page.ask_first("controls.confirm_reading", policy.entity)
    key = key_in(request.POST.get("version", ""))
    version = get_object_or_404(PolicyVersion.objects.select_related("policy__entity"), policy=policy, pk=key)
    confirm_reading(by=request.page.by, version=version)
    messages.success(request, f"Noted: you have read version {version.number} of “{policy}”.")
    return redirect("controls:policy", pk)


@require_POST
@staff_page("controls.view")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """Take one out of force."""
    policy = _policy(request, pk)
    request.page.ask_first("controls.write_policy", policy.entity)
    end_policy(by=request.page.by, policy=policy, reason=request.POST.get("reason", ""))
    messages.success(request, f"“{policy}” has ended.")
    return redirect("controls:policies")


def _policy(request: PageRequest, pk: int) -> Policy:
    return get_visible(Policy.objects.select_related("entity", "written_by"), request.page.by, pk=pk)
