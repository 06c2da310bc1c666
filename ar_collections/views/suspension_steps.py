"""The steps of a suspension: notices, approvals, support, proofs, more time, the end."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ar_collections.actions.suspension import (
    confirm_restoration,
    confirm_suspension,
    end_exemption,
    end_suspension,
    request_suspension,
    send_suspension_notice,
)
from ar_collections.actions.suspension_approvals import (
    approve_extension,
    approve_suspension,
    ask_extension,
    ask_suspension_approval,
)
from ar_collections.actions.suspension_reviews import record_proof
from ar_collections.forms.suspension import ApprovalForm, DoneForm, EndForm, ExemptionForm, ExtensionForm, ProofForm
from ar_collections.models import SuspensionCase, SuspensionExtension
from ar_collections.suspension import Ending
from ar_collections.views.suspension import find_case, show_case
from controls.models import ApprovalRequest, Authority
from core import clock
from core.errors import NotAllowed, Refused
from core.forms import carry_out
from core.pages import PageRequest, staff_page
from core.scoping import get_visible

OF_CASES = (Authority.SUSPENSION_FINANCE, Authority.SUSPENSION_SERVICE)


@require_POST
@staff_page("collections.view")
def notice(request: PageRequest, pk: int) -> HttpResponse:
    """Send the next notice."""
    case = _asked(request, pk, "collections.send_suspension_notice")
    facts = {"case": case, "on": request.page.today, "at": clock.now()}
    said = "The notice leaves in the customer’s working hours, its owners on copy."
    return _taken(request, pk, said, send_suspension_notice, **facts)


@require_POST
@staff_page("collections.view")
def ask(request: PageRequest, pk: int) -> HttpResponse:
    """Lay the case before finance and the service owner."""
    case = _asked(request, pk, "collections.ask_suspension_approval")
    form = ApprovalForm(request.POST, prefix="approval")
    if form.is_valid():
        facts = {"case": case, "on": request.page.today, "at": clock.now(), **form.cleaned_data}
        if carry_out(form, ask_suspension_approval, by=request.page.by, **facts) is not None:
            messages.success(request, "Asked. Finance and the service owner both decide.")
            return redirect("collections:suspension", pk)
    return show_case(request, case, approval=form)


@require_POST
@staff_page("collections.view")
def approve(request: PageRequest, pk: int) -> HttpResponse:
    """Agree for one's function, out of the queue of requests."""
    page = request.page
    asked = get_visible(ApprovalRequest, page.by, pk=pk, kind__in=OF_CASES)
    rows = SuspensionCase.objects.select_related("entity", "customer")
    case = get_visible(rows, page.by, pk=int(asked.subject_id))
    page.ask_first("collections.approve_suspension", case.entity)
    facts = {"request": asked, "case": case, "approved_on": page.today, "comment": request.POST.get("comment", "")}
    return _decided(request, pk, case.pk, "Approved.", approve_suspension, **facts)


@require_POST
@staff_page("collections.view")
def extend(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for more time."""
    case = _asked(request, pk, "collections.ask_extension")
    form = ExtensionForm(request.POST, request.FILES, prefix="extension")
    if form.is_valid():
        facts = {"case": case, "asked": form.asked(), "on": request.page.today}
        if carry_out(form, ask_extension, by=request.page.by, **facts) is not None:
            messages.success(request, "Asked. The clock runs until somebody else agrees.")
            return redirect("collections:suspension", pk)
    return show_case(request, case, extension=form)


@require_POST
@staff_page("collections.view")
def approve_more_time(request: PageRequest, pk: int) -> HttpResponse:
    """Give more time, out of the queue of requests."""
    page = request.page
    asked = get_visible(ApprovalRequest, page.by, pk=pk, kind=Authority.EXTENSION)
    rows = SuspensionExtension.objects.select_related("case__entity", "case__customer")
    extension = get_visible(rows, page.by, pk=int(asked.subject_id))
    page.ask_first("collections.approve_extension", extension.case.entity)
    comment = request.POST.get("comment", "")
    facts = {"request": asked, "extension": extension, "approved_on": page.today, "comment": comment}
    said = f"The clock stands still until {extension.until_on:%d %b %Y}."
    return _decided(request, pk, extension.case_id, said, approve_extension, **facts)


@require_POST
@staff_page("collections.view")
def stop(request: PageRequest, pk: int) -> HttpResponse:
    """Ask support to suspend."""
    case = _asked(request, pk, "collections.request_suspension")
    facts = {"case": case, "on": request.page.today, "at": clock.now()}
    return _taken(request, pk, "The request to support is in the outbox.", request_suspension, **facts)


@require_POST
@staff_page("collections.view")
def confirm(request: PageRequest, pk: int) -> HttpResponse:
    """Write down that the service is stopped."""
    case = _asked(request, pk, "collections.confirm_suspension")
    form = DoneForm(request.POST, prefix="done")
    if not form.is_valid():
        return show_case(request, case, done=form)
    facts = {"case": case, "on": request.page.today, **form.cleaned_data}
    return _taken(request, pk, "The service is suspended.", confirm_suspension, **facts)


@require_POST
@staff_page("collections.view")
def restored(request: PageRequest, pk: int) -> HttpResponse:
    """Write down that the service is back."""
    case = _asked(request, pk, "collections.confirm_restoration")
    form = DoneForm(request.POST, prefix="done")
    if not form.is_valid():
        return show_case(request, case, done=form)
    facts = {"case": case, "on": request.page.today, **form.cleaned_data}
    return _taken(request, pk, "The service is back. The case is over.", confirm_restoration, **facts)


@require_POST
@staff_page("collections.view")
def proof(request: PageRequest, pk: int) -> HttpResponse:
    """Keep a customer's proof of payment."""
    case = _asked(request, pk, "collections.record_proof")
    form = ProofForm(request.POST, request.FILES, prefix="proof")
    if form.is_valid():
        facts = {"case": case, "on": request.page.today, **form.facts()}
        if carry_out(form, record_proof, by=request.page.by, **facts) is not None:
            messages.success(request, "Kept. The managers are told.")
            return redirect("collections:suspension", pk)
    return show_case(request, case, proof=form)


@require_POST
@staff_page("collections.view")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """End a case that the ledger doesn't end."""
    case = _asked(request, pk, "collections.end_suspension")
    form = EndForm(request.POST, prefix="end")
    if form.is_valid():
        facts = {"ending": Ending(form.cleaned_data["ending"]), "reason": form.cleaned_data["reason"]}
        if carry_out(form, end_suspension, by=request.page.by, case=case, on=request.page.today, **facts) is not None:
            messages.success(request, "Written down. What is stopped is restored first.")
            return redirect("collections:suspension", pk)
    return show_case(request, case, end=form)


@require_POST
@staff_page("collections.view")
def again(request: PageRequest, pk: int) -> HttpResponse:
    """Let a customer be suspended again who was not to be."""
    case = _asked(request, pk, "collections.end_exemption")
    form = ExemptionForm(request.POST, prefix="exemption")
    if form.is_valid():
        facts = {"case": case, "on": request.page.today, **form.cleaned_data}
        if carry_out(form, end_exemption, by=request.page.by, **facts) is not None:
            messages.success(request, f"{case.customer.name} may be suspended again.")
            return redirect("collections:suspension", pk)
    return show_case(request, case, exemption=form)


def _asked(request: PageRequest, pk: int, permission: str) -> SuspensionCase:
    case = find_case(request, pk)
    request.page.ask_first(permission, case.entity)
    return case


def _taken(request: PageRequest, pk: int, said: str, action: Callable[..., Any], /, **facts: Any) -> HttpResponse:
    """A step that is a button alone: its refusal is said on the case's page."""
    try:
        action(by=request.page.by, **facts)
        messages.success(request, said)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("collections:suspension", pk)


def _decided(
    request: PageRequest, asked: int, back_to: int, said: str, action: Callable[..., Any], /, **facts: Any
) -> HttpResponse:
    try:
        action(by=request.page.by, **facts)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("controls:approval", asked)
    messages.success(request, said)
    return redirect("collections:suspension", back_to)
