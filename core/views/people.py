"""People of a company and the roles that they hold in it."""

from __future__ import annotations

from copy import copy

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from core.actions.links import send_password_link
from core.actions.people import change_person, create_person, grant_role, revoke_role
from core.forms import RowForm, carry_out, shown
from core.models import AuditEvent, LegalEntity, RoleGrant, User
from core.pages import PageRequest, staff_page
from core.roles import GRANTABLE
from core.scoping import get_visible


class NewPersonForm(forms.Form):
    """A person and their first role."""

    name = forms.CharField(max_length=120)
    email = forms.EmailField(label="E-mail", help_text="They sign in with it; a link to choose a password goes there.")
    job_title = forms.CharField(max_length=120, required=False)
    role = forms.ChoiceField(choices=GRANTABLE)


class PersonForm(RowForm):
    """What an administrator may change about a person."""

    class Meta:
        model = User
        fields = ("name", "job_title", "is_active")
        labels = {"is_active": "May sign in"}


class GrantForm(forms.Form):
    """A role to give."""

    role = forms.ChoiceField(choices=GRANTABLE)


def people_of(entity: LegalEntity) -> QuerySet[User]:
    """Everyone who holds or held a role in the company, with their present roles at hand."""
    grants = RoleGrant.objects.filter(entity=entity, ended_at=None)
    people = User.objects.filter(role_grants__entity=entity, is_system=False).distinct()
    return people.prefetch_related(Prefetch("role_grants", queryset=grants, to_attr="roles_here"))


@staff_page("core.view")
def people(request: PageRequest) -> HttpResponse:
    """Who works in the chosen company."""
    rows = people_of(request.page.entity)
    if words := request.GET.get("q", "").replace("\x00", "").strip():
        rows = rows.filter(Q(name__icontains=words) | Q(email__icontains=words))
    return render(request, "core/people.html", {"people": rows, "words": words})


@staff_page("core.change_person")
def new_person(request: PageRequest) -> HttpResponse:
    """Let somebody in."""
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        person = carry_out(form, create_person, by=request.page.by, entity=request.page.entity, **form.cleaned_data)
        if person:
            _tell(request, person)
            return redirect("core:person", person.pk)
    return shown(request, "core/new_person.html", {}, form)


def _tell(request: PageRequest, person: User) -> None:
    """Who is new is sent a link for their password; who works in another company has one."""
    if person.has_usable_password():
        messages.success(request, f"{person.name} was known already and now works in {request.page.entity.name}, too.")
        return
    send_password_link(by=request.page.by, entity=request.page.entity, person=person, request=request)
    messages.success(
        request,
        f"{person.name} can sign in once they have chosen a password: the link is on its way to {person.email}.",
    )


@staff_page("core.view")
def person(request: PageRequest, pk: int) -> HttpResponse:
    """One person: details, roles here, what they did lately."""
    page = request.page
    page.ask_first("core.change_person")
    subject = get_object_or_404(people_of(page.entity), pk=pk)
    form = PersonForm(request.POST or None, instance=copy(subject))
    if request.method == "POST" and form.is_valid():
        changed = carry_out(form, change_person, by=page.by, entity=page.entity, person=subject, **form.cleaned_data)
        if changed:
            messages.success(request, f"{changed.name} is saved.")
            return redirect("core:person", pk)
    context = {
        "subject": subject,
        "grants": RoleGrant.objects.filter(entity=page.entity, user=subject).select_related("granted_by", "ended_by"),
        "grant_form": GrantForm(),
        "events": AuditEvent.objects.filter(by=subject, entity__in=page.by.entity_ids("core.view_audit"))[:10],
    }
    return shown(request, "core/person.html", context, form)


@staff_page("core.grant_role")
@require_POST
def give_role(request: PageRequest, pk: int) -> HttpResponse:
    """Give a role here."""
    page = request.page
    subject = get_object_or_404(people_of(page.entity), pk=pk)
    form = GrantForm(request.POST)
    if form.is_valid():
        given = carry_out(form, grant_role, by=page.by, person=subject, entity=page.entity, **form.cleaned_data)
        if given:
            messages.success(request, f"{subject.name} is {given.get_role_display()} in {page.entity.name} now.")
    for sentence in form.non_field_errors():
        messages.error(request, str(sentence))
    return redirect("core:person", pk)


@staff_page("core.revoke_role")
@require_POST
def end_role(request: PageRequest, pk: int) -> HttpResponse:
    """End a role."""
    grant = get_visible(RoleGrant, request.page.by, pk=pk)
    revoke_role(by=request.page.by, grant=grant, reason=request.POST.get("reason", ""))
    messages.success(request, f"{grant.user.name} is no longer {grant.get_role_display()} in {grant.entity.name}.")
    return redirect("core:person", grant.user_id)


@staff_page("core.change_person")
@require_POST
def send_link(request: PageRequest, pk: int) -> HttpResponse:
    """Send a person the link by which they choose a new password."""
    subject = get_object_or_404(people_of(request.page.entity), pk=pk)
    send_password_link(by=request.page.by, entity=request.page.entity, person=subject, request=request)
    messages.success(request, f"A link to choose a password is on its way to {subject.email}.")
    return redirect("core:person", pk)
