"""Cheques: in the drawer, on slips, credited, given back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.cheques import (
    Bounce,
    ChequeDraft,
    bounce_cheque,
    credit_slip,
    deposit_cheques,
    fill_slip,
    record_cheque,
)
from cashapp.forms.payments import LineChoiceForm
from cashapp.forms.queues import BounceForm, ChequeForm, DepositForm, SlipForm, named
from cashapp.models import Cheque, DepositSlip
from cashapp.papers.slip import pdf_of_slip, slip_file_name
from cashapp.queries.cheques import VIEWS, cheques_of, found_cheques, slip_total, slips_of, sums_of_credit
from cashapp.queries.payments import lines_of_amount
from core.files import file_response
from core.forms import Form, carry_out, shown
from core.keys import keys_in
from core.money import ZERO, Money
from core.pages import PageRequest, staff_page
from core.scoping import get_visible

PAGE_SIZE = 50


@staff_page("cashapp.view")
def cheques_page(request: PageRequest) -> HttpResponse:
    """Cheques of one view; those in the drawer can be chosen for a slip."""
    return _listed(request)


@staff_page("cashapp.record_cheque")
def new_cheque(request: PageRequest) -> HttpResponse:
    """Record a cheque; afterwards the next one, as they come in a pile."""
    page = request.page
    page.ask_first("cashapp.record_cheque")
    first = {"received_on": page.today, "payable_from": page.today, "currency": page.entity.currency}
    form = ChequeForm(request.POST or None, by=page.by, entity=page.entity, initial=first)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        draft = ChequeDraft(
            number=facts["number"],
            drawer=facts["drawer"],
            drawn_on=facts["drawn_on"],
            money=Money(facts["amount"], facts["currency"]),
            received_on=facts["received_on"],
            payable_from=facts["payable_from"],
            customer=facts["customer"],
            documents=named(facts["documents"]),
        )
        made = carry_out(form, record_cheque, by=page.by, entity=page.entity, draft=draft)
        if made:
            messages.success(request, f"{made} is in the drawer.")
            return redirect("cashapp:record_cheque" if request.POST.get("do") == "next" else "cashapp:cheques")
    return shown(request, "cashapp/new_cheque.html", {}, form)


@require_POST
@staff_page("cashapp.fill_slip")
def new_slip(request: PageRequest) -> HttpResponse:
    """Put the chosen cheques on a slip."""
    page = request.page
    form = SlipForm(request.POST, entity=page.entity)
    keys = keys_in(request.POST.getlist("cheque"))
    chosen = list(Cheque.objects.visible_to(page.by).filter(entity=page.entity, pk__in=keys))
    if form.is_valid():
        account = form.cleaned_data["bank_account"]
        slip = carry_out(
            form, fill_slip, by=page.by, entity=page.entity, bank_account=account, cheques=chosen, on=page.today
        )
        if slip:
            messages.success(request, f"{slip} holds {len(chosen)} cheque{'' if len(chosen) == 1 else 's'}.")
            return redirect("cashapp:slip", slip.pk)
    return _listed(request, form)


@staff_page("cashapp.view")
def slips_page(request: PageRequest) -> HttpResponse:
    """Deposit slips, the latest first."""
    page = request.page
    rows = slips_of(page.entity, page.by).annotate(count=Count("cheques"))
    return render(request, "cashapp/slips.html", {"rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))})


@staff_page("cashapp.view")
def slip_page(request: PageRequest, pk: int) -> HttpResponse:
    """One slip with its cheques; sent back with a day, it goes to the bank."""
    slip = _slip(request, pk)
    request.page.ask_first("cashapp.deposit_cheques", slip.entity)
    form = DepositForm(request.POST or None, initial={"on": request.page.today})
    if request.method == "POST" and form.is_valid():
        done = carry_out(form, deposit_cheques, by=request.page.by, slip=slip, deposited_on=form.cleaned_data["on"])
        if done:
            messages.success(request, f"{slip} went to the bank. Its cheques are posted.")
            return redirect("cashapp:slip", slip.pk)
    return _slip_shown(request, slip, form)


@require_POST
@staff_page("cashapp.view")
def credit(request: PageRequest, pk: int) -> HttpResponse:
    """Tie a slip to its bank line."""
    slip = _slip(request, pk)
    request.page.ask_first("cashapp.credit_slip", slip.entity)
    form = LineChoiceForm(request.POST, lines=lines_of_amount(slip.entity, *sums_of_credit(slip)))
    if form.is_valid():
        line = form.cleaned_data["line"]
        if carry_out(form, credit_slip, by=request.page.by, slip=slip, line=line) is not None:
            messages.success(request, f"{slip} is credited.")
            return redirect("cashapp:slip", slip.pk)
    return _slip_shown(request, slip, DepositForm(), line_form=form)


@staff_page("cashapp.view")
def slip_pdf(request: PageRequest, pk: int) -> HttpResponse:
    """The slip on paper: as it went to the bank, or as it stands."""
    slip = _slip(request, pk)
    if slip.file is not None:
        return file_response(slip.file, download=False)
    answer = HttpResponse(pdf_of_slip(slip), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{slip_file_name(slip)}"'
    return answer


@staff_page("cashapp.view")
def cheque_page(request: PageRequest, pk: int) -> HttpResponse:
    """One cheque; sent back with a reason, the bank gave it back."""
    page = request.page
    rows = Cheque.objects.select_related(
        "entity", "customer", "slip", "receipt__item__customer", "unidentified", "bounce", "recorded_by"
    )
    cheque = get_visible(rows, page.by, pk=pk)
    page.ask_first("cashapp.bounce_cheque", cheque.entity)
    form = BounceForm(request.POST or None, initial={"on": page.today})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        told = Bounce(facts["on"], facts["reason"], facts["fee"] or ZERO)
        if carry_out(form, bounce_cheque, by=page.by, cheque=cheque, told=told):
            messages.success(request, f"{cheque} is given back. What it paid is open again.")
            return redirect("cashapp:cheque", cheque.pk)
    may_bounce = page.may("cashapp.bounce_cheque") and page.is_live
    is_out = cheque.slip is not None and cheque.slip.deposited_on is not None and not hasattr(cheque, "bounce")
    return shown(request, "cashapp/cheque.html", {"cheque": cheque, "may_bounce": may_bounce and is_out}, form)


def _listed(request: PageRequest, form: SlipForm | None = None) -> HttpResponse:
    page = request.page
    view = request.GET.get("view", "drawer")
    view = view if view in VIEWS else "drawer"
    query = request.GET.get("q", "").strip()
    everything = cheques_of(page.entity, page.by)
    pages = Paginator(found_cheques(everything.filter(VIEWS[view][1]), query), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "pages": pages,
        "rows": [(cheque, cheque.is_post_dated(page.today)) for cheque in pages],
        "view": view,
        "views": [(name, label, everything.filter(where).count()) for name, (label, where) in VIEWS.items()],
        "query": query,
        "form": form or SlipForm(entity=page.entity),
        "may_fill": page.may("cashapp.fill_slip") and page.is_live and view == "drawer",
    }
    return render(request, "cashapp/cheques.html", context, status=422 if form else 200)


def _slip(request: PageRequest, pk: int) -> DepositSlip:
    return get_visible(DepositSlip.objects.select_related("entity", "bank_account", "file"), request.page.by, pk=pk)


def _slip_shown(request: PageRequest, slip: DepositSlip, form: Form, line_form: Form | None = None) -> HttpResponse:
    page = request.page
    lines = lines_of_amount(slip.entity, *sums_of_credit(slip))
    context = {
        "slip": slip,
        "cheques": slip.cheques.select_related("customer", "receipt__item", "bounce").order_by("pk"),
        "total": slip_total(slip),
        "credit": slip.credits.filter(ended_on=None).select_related("line", "entry").first(),
        "lines": lines,
        "line_form": line_form or LineChoiceForm(lines=lines),
        "may_deposit": page.may("cashapp.deposit_cheques") and page.is_live,
    }
    return shown(request, "cashapp/slip.html", context, form)
