"""What reached nobody, what waits for an upload, and the customer's link."""

from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.forms import carry_out
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.actions import confirm_upload, reopen_upload, revoke_link
from invoicing.forms.deliveries import DeliveryForm
from invoicing.forms.uploads import UploadForm, WhyForm
from invoicing.models import InvoiceLink, UploadTask
from invoicing.queries.delivered import Undelivered, undelivered
from invoicing.queries.uploads import upload_with_parts, uploads

MOST, ROWS = 500, 50
UNDELIVERED_COLUMNS = (
    Column("Document", 18),
    Column("Dated", 12),
    Column("Customer", 12),
    Column("Name", 36),
    Column("Sent to", 36),
    Column("State", 14),
    Column("Why", 60),
)
UPLOAD_COLUMNS = (
    Column("Document", 18),
    Column("Dated", 12),
    Column("Customer", 12),
    Column("Name", 36),
    Column("Portal", 40),
    Column("State", 12),
    Column("Since", 18),
    Column("Uploaded", 12),
    Column("Reference", 24),
)


@staff_page("invoicing.view")
def undelivered_page(request: PageRequest) -> HttpResponseBase:
    """Documents that came back or were never sent, with what to do about each."""
    page = request.page
    rows = undelivered(page.entity, page.as_at)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Undelivered", UNDELIVERED_COLUMNS, _undelivered_cells(rows), [("As at", f"{page.as_at}")])
        return workbook_response([sheet], f"undelivered-{page.entity.code}-{page.as_at}.xlsx")
    shown = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"rows": shown, "count": len(rows), "form": DeliveryForm.fresh(page.today)}
    return render(request, "invoicing/undelivered.html", context)


@staff_page("invoicing.view")
def uploads_page(request: PageRequest) -> HttpResponseBase:
    """Documents for customers' own portals: those to upload, or those that were."""
    page = request.page
    is_done = request.GET.get("view") == "done"
    rows = uploads(page.entity, UploadTask.State.DONE if is_done else UploadTask.State.OPEN)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Uploads", UPLOAD_COLUMNS, _upload_cells(rows), [("As at", f"{page.as_at}")])
        return workbook_response([sheet], f"uploads-{page.entity.code}-{page.as_at}.xlsx")
    waiting = uploads(page.entity, UploadTask.State.OPEN).count()
    context = {"rows": rows[:MOST], "is_done": is_done, "waiting": waiting}
    return render(request, "invoicing/uploads.html", context)


@staff_page("invoicing.view")
def upload(request: PageRequest, pk: int) -> HttpResponse:
    """One upload: the document, the customer's portal, and what was done."""
    return _shown(request, _upload(request, pk))


@staff_page("invoicing.view")
@require_POST
def confirm(request: PageRequest, pk: int) -> HttpResponse:
    """Record that the document stands in the portal, with proof."""
    page, task = request.page, _upload(request, pk)
    page.ask_first("invoicing.confirm_upload", task.entity)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        done = carry_out(form, confirm_upload, by=page.by, task=task, today=page.today, **form.facts)
        if done:
            messages.success(request, f"{task.document.number} counts as delivered.")
            return redirect("invoicing:uploads")
    return _shown(request, task, form=form)


@staff_page("invoicing.view")
@require_POST
def reopen(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for the upload again."""
    page, task = request.page, _upload(request, pk)
    page.ask_first("invoicing.reopen_upload", task.entity)
    form = WhyForm(request.POST)
    if form.is_valid():
        done = carry_out(form, reopen_upload, by=page.by, task=task, **form.cleaned_data)
        if done:
            messages.success(request, f"{task.document.number} waits for its upload again.")
            return redirect("invoicing:upload", pk)
    return _shown(request, task, why_form=form)


@staff_page("invoicing.view")
@require_POST
def shut_link(request: PageRequest, pk: int) -> HttpResponse:
    """Shut the customer's link to an invoice."""
    link = get_visible(InvoiceLink.objects.select_related("invoice__entity"), request.page.by, pk=pk)
    request.page.ask_first("invoicing.revoke_link", link.invoice.entity)
    revoke_link(by=request.page.by, link=link)
    messages.success(request, "The link opens nothing any more. The next mail about the invoice carries another one.")
    return redirect("invoicing:invoice", link.invoice_id)


def _upload(request: PageRequest, pk: int) -> UploadTask:
    return get_visible(upload_with_parts(), request.page.by, pk=pk)


def _shown(
    request: PageRequest, task: UploadTask, form: UploadForm | None = None, why_form: WhyForm | None = None
) -> HttpResponse:
    context = {
        "task": task,
        "document": task.document,
        "required": getattr(task.customer, "billing_requirements", None),
        "form": form or UploadForm.fresh(request.page.today),
        "why_form": why_form or WhyForm(),
    }
    return render(request, "invoicing/upload.html", context, status=422 if form or why_form else 200)


def _undelivered_cells(rows: list[Undelivered]) -> Iterator[list[Cell]]:
    for row in rows:
        document, message = row.document, row.message
        yield [
            document.number,
            document.issued_on,
            document.customer.code,
            document.customer.name,
            ", ".join(message.to_addresses) if message else "",
            message.get_state_display() if message else "Not sent",
            row.reason,
        ]


def _upload_cells(rows: Iterable[UploadTask]) -> Iterator[list[Cell]]:
    for task in rows:
        document, steps = task.document, list(task.steps.all())
        done = steps[0] if steps and steps[0].kind == "done" else None
        required = getattr(task.customer, "billing_requirements", None)
        yield [
            document.number,
            document.issued_on,
            task.customer.code,
            task.customer.name,
            required.portal_url if required else "",
            task.get_state_display(),
            task.opened_at.astimezone(task.entity.zone),
            done.uploaded_on if done else None,
            done.reference if done else "",
        ]
