"""Letters: printed here, posted by a person, ticked off."""

from io import BytesIO

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from pypdf import PdfReader, PdfWriter

from core.errors import Refused
from core.models import StoredFile
from core.pages import PageRequest, staff_page
from messaging.actions import confirm_letters
from messaging.models import Message, MessageAttachment
from messaging.queries import letters

PDF = "application/pdf"
MOST_AT_ONCE = 500


@staff_page("messaging.view")
def letters_page(request: PageRequest) -> HttpResponse:
    """Every letter that waits, with its pages to print."""
    waiting = letters(request.page.entity).prefetch_related("attachments__file")[:MOST_AT_ONCE]
    return render(request, "messaging/letters.html", {"letters": waiting})


@staff_page("messaging.view")
def print_letters(request: PageRequest) -> HttpResponse:
    """The chosen letters as one PDF, so that printing them is one click."""
    chosen = _chosen(request, request.GET.getlist("letter"))
    rows = MessageAttachment.objects.filter(message__in=chosen, file__content_type=PDF).select_related("file")
    files = [row.file for row in rows.order_by("message_id", "pk")]
    if not files:
        raise Refused("Tick at least one letter to print.")
    response = HttpResponse(_joined(files), content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="letters-{request.page.today}.pdf"'
    return response


@staff_page("messaging.confirm_letters")
@require_POST
def confirm_printed(request: PageRequest) -> HttpResponse:
    """Tick off what was printed and posted."""
    page = request.page
    chosen = _chosen(request, request.POST.getlist("letter"))
    done = confirm_letters(by=page.by, entity=page.entity, messages=chosen)
    messages.success(request, f"{len(done)} letter{'' if len(done) == 1 else 's'} ticked off as posted.")
    return redirect("messaging:letters")


def _chosen(request: PageRequest, keys: list[str]) -> list[Message]:
    wanted = [int(key) for key in keys if key.isdecimal()]
    return list(letters(request.page.entity).filter(pk__in=wanted)[:MOST_AT_ONCE])


def _joined(files: list[StoredFile]) -> bytes:
    writer = PdfWriter()
    for file in files:
        writer.append(PdfReader(BytesIO(file.read())))
    target = BytesIO()
    writer.write(target)
    return target.getvalue()
