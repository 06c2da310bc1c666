"""The home page: key figures of the chosen company, each opening onto what it is made of."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format

from core.pages import PageRequest, page_of, staff_page
from core.words import before, day, rounded
from reporting.models import MeasureLimit
from reporting.queries.dashboard import KeyFigures, MonthEnd, history, key_figures, limits_at
from reporting.tiles import Link, tiles_of

LABELS = ("Not due", "1–30", "31–60", "61–90", "91+")


@login_required
def home(request: PageRequest) -> HttpResponseBase:
    """The key figures for those who may see them; the first room of their own for others."""
    return dashboard(request) if page_of(request).may("reporting.view") else redirect("core:start")


@staff_page("reporting.view")
def dashboard(request: PageRequest) -> HttpResponse:
    """Receivables, overdue, DSO, unapplied cash, and who owes most."""
    figures = key_figures(entity=request.page.entity, as_of=request.page.as_at)
    context = {
        "figures": figures,
        "tiles": tiles_of(figures, _linker(request)),
        "largest": figures.largest(10),
        "rates": _rates_in_words(figures),
    }
    return render(request, "reporting/dashboard.html", context)


@staff_page("reporting.view")
def months(request: PageRequest) -> HttpResponse:
    """The charts of the home page: receivables by age and DSO at the last month ends."""
    ends = history(entity=request.page.entity, as_of=request.page.as_at)
    limits = limits_at(entity=request.page.entity, on=request.page.as_at)
    context = {
        "ends": ends,
        "columns": [_column(end) for end in ends],
        "points": _points(ends),
        "labels": LABELS,
        "sign": before(request.page.entity.currency).strip(),
        "target": limits[MeasureLimit.Measure.DAYS_SALES_OUTSTANDING],
    }
    template = "reporting/dashboard.html#months" if request.htmx else "reporting/months.html"
    return render(request, template, context)


@staff_page("reporting.view")
def dso_working(request: PageRequest) -> HttpResponse:
    """How the days sales outstanding were counted back."""
    figures = key_figures(entity=request.page.entity, as_of=request.page.as_at)
    return render(request, "reporting/dso.html", {"figures": figures, "rates": _rates_in_words(figures)})


def _linker(request: PageRequest) -> Link:
    """Addresses that keep the date which was asked for."""
    kept = {} if request.page.is_live else {"as_at": request.page.as_at.isoformat()}

    def link(url_name: str, **query: str) -> str:
        parameters = urlencode({**query, **kept})
        return reverse(url_name) + (f"?{parameters}" if parameters else "")

    return link


def _rates_in_words(figures: KeyFigures) -> str:
    """The rates that were used, as a sentence; empty when all is in one currency."""
    foreign = sorted(
        (currency, rate) for currency, rate in figures.rates.items() if currency != figures.entity.currency
    )
    words = [f"1 {currency} = {rate.normalize():f} {figures.entity.currency}" for currency, rate in foreign]
    return f"At the rates of {day(figures.as_of)}: {', '.join(words)}." if words else ""


def _column(end: MonthEnd) -> dict[str, object]:
    words = ", ".join(f"{label} {rounded(amount, 0):,}" for label, amount in zip(LABELS, end.amounts, strict=True))
    return {
        "label": date_format(end.on, "M"),
        "values": end.amounts,
        "href": f"{reverse('reporting:ageing')}?as_at={end.on.isoformat()}",
        "tip": f"{day(end.on)}: {words}",
    }


def _points(ends: list[MonthEnd]) -> list[dict[str, object]]:
    """DSO for the line; month ends without a figure are left out."""
    found = [(end.on, end.dso) for end in ends if end.dso is not None]
    return [{"label": date_format(on, "M"), "value": rounded(dso, 1)} for on, dso in found]
