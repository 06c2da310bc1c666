"""The weekly meeting about suspensions: notes before it, notes in it, its print pack and workbook."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.suspension_meetings import end_meeting, start_meeting, write_owner_note
from ar_collections.forms.suspension import NoteForm
from ar_collections.models import SuspensionMeeting, SuspensionOwner
from ar_collections.papers.suspension_pack import pack_name, pdf_of_pack
from ar_collections.queries.meetings import fresh_since, meetings_held, next_meeting_on, open_meeting
from ar_collections.queries.suspension import files_of, open_suspensions, stale_owners
from ar_collections.views.suspension import COLUMNS, cells_of, find_case, show_case
from core import clock
from core.errors import NotAllowed, Refused
from core.forms import carry_out
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Sheet, workbook_response

ROWS = 100
HELD = 12


@staff_page("collections.view")
def meeting_page(request: PageRequest) -> HttpResponseBase:
    """Every open case with its owners' notes, to be gone through."""
    page, at = request.page, clock.now()
    files = files_of(list(open_suspensions(page.entity)), on=page.today, at=at)
    if request.GET.get("format") == "xlsx":
        notes = [("Company", page.entity.legal_name), ("Meeting", str(page.today))]
        sheet = Sheet("Suspensions", COLUMNS, cells_of(files), notes)
        return workbook_response([sheet], f"suspension-meeting-{page.entity.code}-{page.today}.xlsx")
    if request.GET.get("format") == "pdf":
        response = HttpResponse(pdf_of_pack(files, on=page.today), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{pack_name(page.entity, page.today)}"'
        return response
    since, meeting = fresh_since(page.entity, at), open_meeting(page.entity)
    rows = Paginator(files, ROWS).get_page(request.GET.get("page"))
    stale = {file.case.pk: stale_owners(file.case, file.notes, since) for file in files}
    context: dict[str, Any] = {
        "rows": rows,
        "cases": [
            (file, [(owner, note, owner.pk not in stale[file.case.pk]) for owner, note, _ in file.owners])
            for file in rows
        ],
        "lacking": sum(map(len, stale.values())),
        "meeting": meeting,
        "since": since,
        "held": meetings_held(page.entity)[:HELD],
        "next_on": next_meeting_on(page.entity, page.today),
    }
    return render(request, "collections/suspension_meeting.html", context)


@require_POST
@staff_page("collections.view")
def start(request: PageRequest) -> HttpResponse:
    """Start the meeting."""
    page = request.page
    page.ask_first("collections.start_meeting", page.entity)
    try:
        start_meeting(by=page.by, entity=page.entity, on=page.today, at=clock.now())
        messages.success(request, "The meeting goes on. What is written now stands in its minutes.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("collections:suspension_meeting")


@require_POST
@staff_page("collections.view")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """End the meeting."""
    meeting = get_visible(SuspensionMeeting.objects.select_related("entity"), request.page.by, pk=pk)
    request.page.ask_first("collections.end_meeting", meeting.entity)
    end_meeting(by=request.page.by, meeting=meeting, at=clock.now())
    messages.success(request, "The meeting is over.")
    return redirect("collections:suspension_meeting")


@require_POST
@staff_page("collections.view")
def note(request: PageRequest, pk: int) -> HttpResponse:
    """Write how a case stands: from the case's page, or in the meeting, where the row alone comes back."""
    rows = SuspensionOwner.objects.select_related("case__entity", "case__customer", "person")
    owner = get_visible(rows, request.page.by, pk=pk)
    request.page.ask_first("collections.write_owner_note", owner.case.entity)
    form = NoteForm(request.POST, prefix="note")
    written = None
    if form.is_valid():
        facts = {"owner": owner, "text": form.cleaned_data["text"], "at": clock.now()}
        written = carry_out(form, write_owner_note, by=request.page.by, **facts)
    if request.htmx:
        context = {"owner": owner, "note": written or owner.notes.first(), "is_fresh": written, "form": form}
        status = 200 if written else 422
        return render(request, "collections/parts/owner_note.html", context, status=status)
    if written is None:
        return show_case(request, find_case(request, owner.case_id), note=form)
    messages.success(request, "Written down.")
    back = "collections:suspension_meeting" if request.POST.get("back") == "meeting" else "collections:suspension"
    return redirect(back) if back.endswith("meeting") else redirect(back, owner.case_id)
