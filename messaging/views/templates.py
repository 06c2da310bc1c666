"""Templates: what messages say, in each language, and every version that there was."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from core.errors import Refused
from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from messaging.actions import change_template
from messaging.forms import WordingForm
from messaging.kinds import Kind, kinds
from messaging.models import TemplateVersion
from messaging.queries import template_rows
from messaging.rendering import Wording, values_for
from messaging.rendering import render as render_wording
from messaging.templates import InForce, wording_in
from messaging.views.message import OWN_POLICY

LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}


@staff_page("messaging.view")
def templates_page(request: PageRequest) -> HttpResponse:
    """Every wording of the chosen company."""
    context = {"rows": template_rows(request.page.entity), "languages": LANGUAGES}
    return render(request, "messaging/templates.html", context)


@staff_page("messaging.view")
def template_page(request: PageRequest, kind: str, language: str) -> HttpResponse:
    """One wording: to read, to try with an example, to change."""
    page = request.page
    page.ask_first("messaging.change_template")
    named, found = _found(request, kind, language)
    form = WordingForm(request.POST or None, wording=found.wording)
    sample = found.wording
    if form.is_valid():
        sample = form.wording
        if "save" in request.POST:
            facts = {"entity": page.entity, "kind": kind, "language": language, "wording": sample}
            if version := carry_out(form, change_template, by=page.by, **facts):
                messages.success(request, f"Version {version.number} is in force from now on.")
                return redirect("messaging:template", kind, language)
    context = {
        "kind": named,
        "language": LANGUAGES.get(language, language),
        "found": found,
        "versions": _versions(request, kind, language),
        "values": list(values_for(page.entity, language, named.sample).items()),
        **_example(request, sample, named, language),
    }
    return shown(request, "messaging/template.html", context, form)


@staff_page("messaging.view")
def template_as_mail(request: PageRequest, kind: str, language: str) -> HttpResponse:
    """The wording in force as the e-mail that it makes, with example values."""
    named, found = _found(request, kind, language)
    response = HttpResponse(render_wording(found.wording, request.page.entity, language, named.sample).html)
    response["Content-Security-Policy"] = OWN_POLICY
    return response


@staff_page("messaging.view")
def template_version(request: PageRequest, pk: int) -> HttpResponse:
    """A wording as it was."""
    versions = TemplateVersion.objects.visible_to(request.page.by).select_related("template", "changed_by")
    version = versions.filter(pk=pk).first()
    if version is None:
        raise Http404("There is no such version.")
    return render(request, "messaging/template_version.html", {"version": version})


def _found(request: PageRequest, kind: str, language: str) -> tuple[Kind, InForce]:
    named = kinds().get(kind)
    found = wording_in(request.page.entity, kind, language) if named else None
    if named is None or found is None:
        raise Http404("There is no such template.")
    return named, found


def _versions(request: PageRequest, kind: str, language: str) -> list[TemplateVersion]:
    of_template = {"template__entity": request.page.entity, "template__kind": kind, "template__language": language}
    return list(TemplateVersion.objects.filter(**of_template).select_related("changed_by").order_by("-number")[:50])


def _example(request: PageRequest, wording: Wording, kind: Kind, language: str) -> dict[str, object]:
    try:
        return {"example": render_wording(wording, request.page.entity, language, kind.sample), "trouble": ""}
    except Refused as refusal:
        return {"example": None, "trouble": refusal.message}
