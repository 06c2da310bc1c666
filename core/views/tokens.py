"""Tokens by which a person's programs use the API."""

from __future__ import annotations

from datetime import datetime, time

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from core.actions.people import issue_token, revoke_token
from core.forms import DayField, carry_out, shown
from core.models import ApiToken
from core.pages import PageRequest, staff_page
from core.tokens import SCOPES


class TokenForm(forms.Form):
    """What a program may do, and until when."""

    name = forms.CharField(max_length=80, help_text="What uses it, such as “Nightly export”.")
    scopes = forms.MultipleChoiceField(
        label="It may", choices=[(scope, scope) for scope in SCOPES], widget=forms.CheckboxSelectMultiple
    )
    expires_on = DayField(label="Until", required=False)


@staff_page("core.view")
def tokens(request: PageRequest) -> HttpResponse:
    """One's own tokens; a new one shows its secret once."""
    page = request.page
    form = TokenForm(request.POST or None)
    mine = ApiToken.objects.filter(user=page.by)
    if form.is_valid():
        last = form.cleaned_data["expires_on"]
        expires_at = datetime.combine(last, time.max, page.entity.zone) if last else None
        facts = {"name": form.cleaned_data["name"], "scopes": form.cleaned_data["scopes"], "expires_at": expires_at}
        made = carry_out(form, issue_token, by=page.by, **facts)
        if made:
            token, secret = made
            return render(
                request, "core/tokens.html", {"tokens": mine, "form": TokenForm(), "new": token, "secret": secret}
            )
    return shown(request, "core/tokens.html", {"tokens": mine}, form)


@staff_page("core.view")
@require_POST
def end_token(request: PageRequest, pk: int) -> HttpResponse:
    """End a token at once."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.page.by)
    revoke_token(by=request.page.by, token=token)
    messages.success(request, f"{token.name} no longer opens anything.")
    return redirect("core:tokens")
