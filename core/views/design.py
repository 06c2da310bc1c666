"""Every part of the design system on one page, for those who build screens and for the tests."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.forms import AmountInput, DayField

MONTHS = ("Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
SHARES = (
    (412, 183, 92, 44, 61),
    (398, 165, 99, 40, 70),
    (431, 203, 81, 38, 66),
    (440, 196, 83, 44, 57),
    (452, 181, 78, 41, 62),
    (469, 172, 80, 37, 58),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(help_text="As it stands on their letters.")
    purchase_order = forms.CharField(required=False)
    amount = forms.DecimalField(widget=AmountInput)
    due_on = DayField()
    delivery = forms.ChoiceField(choices=[("email", "By e-mail"), ("post", "By post")])
    tax = forms.ChoiceField(choices=[("standard", "Standard"), ("exempt", "Exempt")], widget=forms.RadioSelect)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    confirm = forms.BooleanField(required=False, label="E-mail a confirmation")


@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    """The parts, filled with sample words. Only while developing and testing."""
    if not settings.DESIGN_PAGE:
        raise Http404
    rows = [_row(index) for index in range(24)]
    context: dict[str, Any] = {
        "form": SampleForm(),
        "refused_form": SampleForm({"name": "", "amount": "12,0,0"}),
        "rows": Paginator(rows, 8).get_page(request.GET.get("page")),
        "by_age": [
            {"label": month, "values": [value * 1000 for value in shares], "href": f"#{month}", "tip": f"{month} 2026"}
            for month, shares in zip(MONTHS, SHARES, strict=True)
        ],
        "forecast": [
            {
                "label": f"{week} Dec",
                "values": [62_000 // (1 + index), 58_000, 12_000],
                "tip": f"Week of {week} December",
            }
            for index, week in enumerate((7, 14, 21, 28))
        ],
        "dso": [{"label": m, "value": v} for m, v in zip(MONTHS, (41.2, 40.1, 39.0, 37.6, 36.8, 37.4), strict=True)],
    }
    return render(request, "core/design.html", context)


def _row(index: int) -> dict[str, Any]:
    amount = Decimal(39_160 - 1_337 * index)
    tones = ("bad", "warn", "ok", "info", "")
    return {
        "number": f"INV-{24120 - index}",
        "customer": f"Sample customer {index + 1} Limited",
        "due_on": date(2026, 11, 20) - timedelta(days=index * 11 - 30),
        "amount": amount,
        "shares": [amount * share / 10 for share in (3, 4, 1, 1, 1)],
        "tone": tones[index % 5],
        "state": ("Overdue", "Due soon", "Paid", "Disputed", "Draft")[index % 5],
        "icon": ("circle-x", "clock", "circle-check", "scale", "pencil")[index % 5],
    }
