"""What a customer's page shows of reminders: the next step, holds, segment; sent now, held, put into a segment."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.holds import lift_hold, place_hold
from ar_collections.actions.notices import send_notice
from ar_collections.actions.segments import assign_segment, end_assignment
from ar_collections.forms.dunning import AssignForm, HoldForm, ReasonForm
from ar_collections.models import DunningHold, DunningNotice, SegmentAssignment
from ar_collections.queries.cases import house_of, load_cases
from ar_collections.queries.preview import row_of
from core import clock
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from customers.models import Customer

LATEST = 10


@staff_page("collections.view")
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """What the next review asks of a customer, or why not; holds, and what was asked before."""
    page, customer = request.page, _customer(request, pk)
    case = next(load_cases(house_of(customer.entity), [customer.pk], on=page.today), None)
    notices = DunningNotice.objects.filter(customer=customer).select_related("step", "message", "decided_by")
    assignment = SegmentAssignment.objects.filter(customer=customer, ended_at=None).select_related("segment").first()
    context = {
        "customer": customer,
        "row": row_of(case) if case else None,
        "holds": DunningHold.objects.filter(customer=customer, lifted_on=None).select_related("item", "placed_by"),
        "notices": notices.order_by("-decided_on", "-pk")[:LATEST],
        "assignment": assignment,
    }
    template = "collections/parts/dunning_of_customer.html" if request.htmx else "collections/customer_dunning.html"
    return render(request, template, context)


@require_POST
@staff_page("collections.view")
def send(request: PageRequest, pk: int) -> HttpResponse:
    """Ask a customer now."""
    page, customer = request.page, _customer(request, pk)
    page.ask_first("collections.send_notice", customer.entity)
    try:
        notice = send_notice(by=page.by, customer=customer, on=clock.today(customer.entity), at=clock.now())
        messages.success(
            request, f"{notice.step.name}: it leaves in the customer’s working hours, if it is still true."
        )
        return redirect("collections:notice", notice.pk)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("collections:customer_dunning", pk)


@staff_page("collections.place_hold")
def hold_page(request: PageRequest, pk: int) -> HttpResponse:
    """Hold reminders back, for a customer or one document."""
    page, customer = request.page, _customer(request, pk)
    page.ask_first("collections.place_hold", customer.entity)
    form = HoldForm(request.POST or None, customer=customer, initial={"kind": DunningHold.Kind.HOLD})
    if request.method == "POST" and form.is_valid():
        hold = carry_out(form, place_hold, by=page.by, customer=customer, facts=form.facts(), placed_on=page.today)
        if hold is not None:
            messages.success(request, f"Held back. {hold}. What waits in the outbox is held back, too.")
            return redirect("collections:customer_dunning", pk)
    return shown(request, "collections/place_hold.html", {"customer": customer}, form)


@require_POST
@staff_page("collections.view")
def lift(request: PageRequest, pk: int) -> HttpResponse:
    """Let the ladder go on."""
    page = request.page
    hold = get_visible(DunningHold.objects.select_related("entity", "customer"), page.by, pk=pk)
    page.ask_first("collections.lift_hold", hold.entity)
    form = ReasonForm(request.POST)
    lifted = None
    if form.is_valid():
        lifted = carry_out(form, lift_hold, by=page.by, hold=hold, lifted_on=page.today, **form.cleaned_data)
    if lifted is not None:
        messages.success(request, "Lifted. The next review goes on where the ladder stood.")
    else:
        messages.error(request, "Say why the hold is lifted.")
    return redirect("collections:customer_dunning", hold.customer_id)


@staff_page("collections.assign_segment")
def assign_page(request: PageRequest, pk: int) -> HttpResponse:
    """Put a customer into a segment by hand."""
    page, customer = request.page, _customer(request, pk)
    page.ask_first("collections.assign_segment", customer.entity)
    form = AssignForm(request.POST or None, customer=customer)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, assign_segment, by=page.by, customer=customer, **form.cleaned_data):
            messages.success(request, f"{customer.name} is in “{form.cleaned_data['segment']}”.")
            return redirect("collections:customer_dunning", pk)
    return shown(request, "collections/assign_segment.html", {"customer": customer}, form)


@require_POST
@staff_page("collections.view")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """Let the rules decide again."""
    page = request.page
    rows = SegmentAssignment.objects.select_related("customer__entity", "segment")
    assignment = get_visible(rows, page.by, pk=pk)
    page.ask_first("collections.end_assignment", assignment.customer.entity)
    end_assignment(by=page.by, assignment=assignment)
    messages.success(request, "The rules decide again to which segment they belong.")
    return redirect("collections:customer_dunning", assignment.customer_id)


def _customer(request: PageRequest, pk: int) -> Customer:
    return get_visible(Customer.objects.select_related("entity"), request.page.by, pk=pk)
