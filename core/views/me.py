"""A person's own settings."""

from __future__ import annotations

from typing import Any

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


class PreferencesForm(forms.Form):
    """How a person likes their screen."""

    theme = forms.ChoiceField(label="Light or dark", choices=User.Theme, widget=forms.RadioSelect)
    density = forms.ChoiceField(label="Rows of lists", choices=User.Density, widget=forms.RadioSelect)
    single_keys = forms.BooleanField(
        label="Work with single keys",
        required=False,
        help_text="J and K for rows, G then C for Cash, and so on. Switch them off if you speak to your computer "
        "or press keys by accident. Ctrl K always works.",
    )


@login_required
def my_settings(request: HttpRequest) -> HttpResponse:
    """Theme, density of lists, single keys."""
    by = page_of(request).by
    form = PreferencesForm(request.POST or None, initial=_current(by))
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
    form = PreferencesForm({**_current(by), **request.POST.dict()})
    if form.is_valid():
        change_preferences(by=by, **form.cleaned_data)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(_back(request))


def _current(by: User) -> dict[str, Any]:
    return {"theme": by.theme, "density": by.density, "single_keys": by.single_keys}


def _back(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else "/"
