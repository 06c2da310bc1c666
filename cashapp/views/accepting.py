"""Accepting many proposals: choose lines, look at the list, start."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect

from cashapp.actions.accepting import MOST_LINES, accept_proposals
from cashapp.forms.queues import AcceptForm
from cashapp.models import MatchTask
from cashapp.queries.accepting import proposals_of, totals_of
from cashapp.tasks import accept_lines
from core.forms import carry_out, shown
from core.keys import key_in, keys_in
from core.pages import PageRequest, staff_page

State = MatchTask.State


@staff_page("cashapp.accept_proposals")
def accept(request: PageRequest) -> HttpResponse:
    """What would be posted of the chosen lines, or of all that have one proposal; a POST starts it."""
    page = request.page
    page.ask_first("cashapp.accept_proposals")
    form = AcceptForm(request.POST or None, initial={"request_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        run = carry_out(
            form,
            accept_proposals,
            by=page.by,
            entity=page.entity,
            seen=_seen(request),
            on=page.today,
            request_id=form.cleaned_data["request_id"],
        )
        if run is not None:
            accept_lines.delay(run.pk)
            return redirect("core:run", run.pk)
    rows = proposals_of(page.entity, _chosen(request))
    ready = [row for row in rows if not row.refusal]
    context = {
        "ready": ready,
        "left_out": [row for row in rows if row.refusal],
        "totals": totals_of(ready),
        "plain": sum(row.is_plain for row in ready),
        "on_account": [row for row in ready if row.left],
    }
    return shown(request, "cashapp/accept.html", context, form)


def _chosen(request: PageRequest) -> list[int]:
    """The lines that were ticked; without any, those that wait with exactly one proposal."""
    ticked = keys_in((request.POST or request.GET).getlist("line"))
    if ticked:
        return ticked[:MOST_LINES]
    rows = MatchTask.objects.filter(entity=request.page.entity, state=State.TO_MATCH, alternatives=[])
    found = rows.exclude(applied=[]).filter(customer__isnull=False).order_by("-line__booked_on", "-sureness", "pk")
    return list(found.values_list("pk", flat=True)[:MOST_LINES])


def _seen(request: PageRequest) -> dict[int, int]:
    """The ticked lines with the version that the page showed."""
    found = {}
    for pk in keys_in(request.POST.getlist("line")):
        version = key_in(request.POST.get(f"version_{pk}", ""))
        if version is not None:
            found[pk] = version
    return found
