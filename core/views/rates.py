"""Exchange rates by day."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect

from core.actions.rates import add_rates
from core.currencies import currency_codes
from core.forms import DayField, carry_out, shown
from core.models import ExchangeRate
from core.pages import PageRequest, staff_page


class RateForm(forms.Form):
    """What one unit of a currency was worth in another on a day."""

    from_currency = forms.CharField(label="One unit of", max_length=3, min_length=3)
    to_currency = forms.CharField(label="was worth, in", max_length=3, min_length=3)
    rate = forms.DecimalField(max_digits=18, decimal_places=8, min_value=0)
    on = DayField(label="On")
    source = forms.CharField(max_length=60, help_text="Who says so, such as “ECB reference rate”.")

    def clean_from_currency(self) -> str:
        return self._known("from_currency")

    def clean_to_currency(self) -> str:
        return self._known("to_currency")

    def _known(self, field: str) -> str:
        code = str(self.cleaned_data[field]).upper()
        if code not in currency_codes():
            raise forms.ValidationError(f"{code} is no currency code of ISO 4217.")
        return code


@staff_page("core.view")
def rates(request: PageRequest) -> HttpResponse:
    """Rates in force on the page's date, all rates below, and the form for a new one."""
    page = request.page
    page.ask_first("core.change_rates")
    form = RateForm(request.POST or None, initial={"on": page.today, "to_currency": page.entity.currency})
    if form.is_valid():
        rate = ExchangeRate(**form.cleaned_data)
        if carry_out(form, add_rates, by=page.by, entity=page.entity, rates=[rate]):
            messages.success(request, f"{rate} is recorded.")
            return redirect("core:rates")
    known = ExchangeRate.objects.filter(on__lte=page.as_at)
    newest = known.filter(from_currency=OuterRef("from_currency"), to_currency=OuterRef("to_currency"))
    newest = newest.order_by("-on", "-recorded_at", "-pk")
    in_force = known.filter(pk=Subquery(newest.values("pk")[:1])).order_by("from_currency", "to_currency")
    rows = Paginator(known, 50).get_page(request.GET.get("page"))
    return shown(request, "core/rates.html", {"in_force": in_force, "rows": rows}, form)
