"""A person's own settings."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.actions.people import change_preferences
from core.models import User
from core.pages import page_of


class PreferencesForm(forms.ModelForm[User]):
    """How a person likes their screen."""

    class Meta:
        model = User
        fields = ("theme", "density", "single_keys")
        labels = {
            "theme": "Light or dark",
            "density": "Rows of lists",
            "single_keys": "Work with single keys",
        }
        help_texts = {
            "single_keys": "J and K for rows, G then C for Cash, and so on. Switch them off if you speak to your "
            "computer or use other keys by accident. Ctrl K always works.",
        }
        widgets = {"theme": forms.RadioSelect, "density": forms.RadioSelect}


@login_required
def my_settings(request: HttpRequest) -> HttpResponse:
    """Theme, density of lists, single keys."""
    by = page_of(request).by
    form = PreferencesForm(request.POST or None, instance=by)
    if request.method == "POST" and form.is_valid():
        change_preferences(by=by, **form.cleaned_data)
        messages.success(request, "Your settings are saved.")
        return redirect("core:my_settings")
    return render(request, "core/my_settings.html", {"form": form})


@login_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep one preference from the switch in the top bar."""
    by = page_of(request).by
    form = PreferencesForm({**_current(by), **request.POST.dict()}, instance=by)
    if form.is_valid():
        change_preferences(by=by, **form.cleaned_data)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(_back(request))


def _current(by: User) -> dict[str, str]:
    kept = {"theme": by.theme, "density": by.density}
    return {**kept, "single_keys": "on"} if by.single_keys else kept


def _back(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else "/"
