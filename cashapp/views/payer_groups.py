"""Who pays for whom: the list, one payer, and who joins or leaves."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.payer_groups import add_to_payer_group, declare_payer_group, end_in_payer_group
from cashapp.forms.rules import EndForm, MemberForm, PayerGroupForm
from cashapp.models import PayerGroup, PayerGroupMember
from cashapp.queries.payer_groups import groups_of_company
from core.forms import Form, carry_out, shown
from core.models import AuditEvent
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response

ROWS = 50
COLUMNS = (
    Column("Payer", 34), Column("Kind", 16), Column("Account", 28), Column("Code", 12), Column("Pays for", 34),
    Column("Customer", 12), Column("From", 12), Column("Until", 12), Column("Why", 40),
)  # fmt: skip


@staff_page("cashapp.view")
def groups_page(request: PageRequest) -> HttpResponseBase:
    """Every payer who was declared to pay for others."""
    page = request.page
    query = request.GET.get("q", "").strip()
    rows = groups_of_company(page.entity, by=page.by, on=page.as_at, query=query)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Payer groups", COLUMNS, _cells(rows), [("Company", page.entity.legal_name)])
        return workbook_response([sheet], f"payer-groups-{page.entity.code}-{page.as_at}.xlsx")
    groups = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "cashapp/payer_groups.html", {"groups": groups, "query": query, "tab": "groups"})


@staff_page("cashapp.declare_payer_group")
def new_group(request: PageRequest) -> HttpResponse:
    """Declare a payer."""
    page = request.page
    page.ask_first("cashapp.declare_payer_group")
    form = PayerGroupForm(request.POST or None, by=page.by, entity=page.entity)
    if request.method == "POST" and form.is_valid():
        group = carry_out(form, declare_payer_group, by=page.by, entity=page.entity, declared=form.declared())
        if group is not None:
            messages.success(request, f"Declared. Say now for whom {group.name} pays.")
            return redirect("cashapp:payer_group", group.pk)
    return shown(request, "cashapp/new_payer_group.html", {"tab": "groups"}, form)


@staff_page("cashapp.view")
def group_page(request: PageRequest, pk: int) -> HttpResponse:
    """One payer with those it pays for, today and before."""
    return _shown(request, _group(request, pk))


@require_POST
@staff_page("cashapp.view")
def add_member(request: PageRequest, pk: int) -> HttpResponse:
    """Let the payer pay for one more customer."""
    page, group = request.page, _group(request, pk)
    page.ask_first("cashapp.add_to_payer_group", group.entity)
    form = MemberForm(request.POST, by=page.by, entity=group.entity)
    added = None
    if form.is_valid():
        added = carry_out(form, add_to_payer_group, by=page.by, group=group, **form.cleaned_data)
    if added is not None:
        messages.success(request, f"{group.name} pays for {form.cleaned_data['customer'].name} from then on.")
        return redirect("cashapp:payer_group", pk)
    return _shown(request, group, form)


@require_POST
@staff_page("cashapp.view")
def end_member(request: PageRequest, pk: int) -> HttpResponse:
    """From today on the payer no longer pays for a customer."""
    page = request.page
    member = get_visible(PayerGroupMember.objects.select_related("group__entity", "customer"), page.by, pk=pk)
    page.ask_first("cashapp.end_in_payer_group", member.group.entity)
    form = EndForm(request.POST)
    if form.is_valid():
        facts = {"member": member, "ended_on": page.today, **form.cleaned_data}
        if carry_out(form, end_in_payer_group, by=page.by, **facts):
            messages.success(request, f"{member.group.name} no longer pays for {member.customer.name}.")
            return redirect("cashapp:payer_group", member.group_id)
    return _shown(request, member.group, ending=form)


def _group(request: PageRequest, pk: int) -> PayerGroup:
    return get_visible(PayerGroup.objects.select_related("entity", "payer", "declared_by"), request.page.by, pk=pk)


def _shown(
    request: PageRequest, group: PayerGroup, form: Form | None = None, ending: Form | None = None
) -> HttpResponse:
    page = request.page
    members = group.members.select_related("customer", "added_by", "ended_by").order_by("-until_on", "customer__name")
    happened = AuditEvent.objects.filter(object_type="cashapp.payergroup", object_id=str(group.pk))
    context = {
        "group": group,
        "members": members,
        "ending": ending,
        "events": happened.select_related("by"),
        "tab": "groups",
    }
    form = form or MemberForm(by=page.by, entity=group.entity, initial={"from_on": page.today})
    response = shown(request, "cashapp/payer_group.html", context, form)
    response.status_code = 422 if ending is not None else response.status_code
    return response


def _cells(rows: QuerySet[PayerGroup]) -> Iterator[list[Cell]]:
    for group in rows:
        for member in group.members.select_related("customer").order_by("customer__name"):
            yield [
                group.name,
                group.get_kind_display(),
                group.account,
                group.payer.code if group.payer else "",
                member.customer.name,
                member.customer.code,
                member.from_on,
                member.until_on,
                group.note,
            ]
