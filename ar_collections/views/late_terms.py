"""Terms of late payment and reference rates: shown, taken up, added, ended."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ar_collections.actions.late_terms import (
    add_late_terms,
    add_reference_rate,
    end_late_terms,
    set_up_late_interest,
)
from ar_collections.forms.late_interest import EndTermsForm, RateForm, SetUpForm, TermsForm
from ar_collections.models import LateTerms, ReferenceRate
from core.errors import NotAllowed, Refused
from core.forms import Form, carry_out, day_in, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible


@staff_page("collections.view")
def terms_page(request: PageRequest) -> HttpResponse:
    """By which law and contracts customers owe interest, and the rates that these refer to."""
    return _shown(request, TermsForm(entity=request.page.entity), RateForm())


@require_POST
@staff_page("collections.add_late_terms")
def add(request: PageRequest) -> HttpResponse:
    """Add terms of a place or a customer."""
    page, form = request.page, TermsForm(request.POST, entity=request.page.entity)
    if form.is_valid():
        made = carry_out(form, add_late_terms, by=page.by, terms=form.filled(page.entity))
        if made is not None:
            messages.success(request, "The terms hold for debts that become late from their day on.")
            return redirect("collections:late_terms")
    return _shown(request, form, RateForm())


@require_POST
@staff_page("collections.end_late_terms")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """Say until when terms hold."""
    terms = get_visible(LateTerms.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    request.page.ask_first("collections.end_late_terms", terms.entity)
    try:
        day = day_in(EndTermsForm(request.POST), "valid_until")
        end_late_terms(by=request.page.by, terms=terms, valid_until=day)
        messages.success(request, f"“{terms}” hold until {day:%d %b %Y}.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("collections:late_terms")


@require_POST
@staff_page("collections.add_reference_rate")
def add_rate(request: PageRequest) -> HttpResponse:
    """Write down the rate of a half-year."""
    page, form = request.page, RateForm(request.POST)
    if form.is_valid():
        rate: ReferenceRate = form.instance
        rate.entity = page.entity
        if carry_out(form, add_reference_rate, by=page.by, rate=rate):
            messages.success(request, "The rate is known.")
            return redirect("collections:late_terms")
    return _shown(request, TermsForm(entity=page.entity), form)


@require_POST
@staff_page("collections.set_up_late_interest")
def set_up(request: PageRequest) -> HttpResponse:
    """Take up the known rates and the law of the UK, Ireland and the EU."""
    page = request.page
    try:
        day = day_in(SetUpForm(request.POST), "valid_from", page.today)
        made = set_up_late_interest(by=page.by, entity=page.entity, valid_from=day)
        messages.success(
            request, f"{len(made)} places have their terms, for debts that become late from {day:%d %b %Y}."
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("collections:late_terms")


def _shown(request: PageRequest, form: TermsForm, rate_form: RateForm) -> HttpResponse:
    page = request.page
    rows = LateTerms.objects.visible_to(page.by).filter(entity=page.entity).select_related("customer", "set_by")
    rates = ReferenceRate.objects.visible_to(page.by).filter(entity=page.entity).select_related("set_by")
    context = {"terms": rows, "rates": rates, "rate_form": rate_form, "set_up": SetUpForm()}
    failed: Form = rate_form if rate_form.is_bound else form
    answer = shown(request, "collections/late_terms.html", {**context, "terms_form": form}, failed)
    return answer
