"""Letters: put into one file, printed, posted by a person, ticked off, and printed again where that is needed."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.keys import keys_in
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from messaging.actions import confirm_batch, confirm_letters, start_printing
from messaging.actions.printing import PRINTABLE
from messaging.models import Message, PrintBatch
from messaging.queries import letters, outbox, posted_letters, print_batches
from messaging.tasks import print_letters

MOST_AT_ONCE = 500
MOST_BATCHES = 20


@staff_page("messaging.view")
def letters_page(request: PageRequest) -> HttpResponse:
    """Every letter that waits, or those that were posted, and the files that were made of them."""
    entity, is_posted = request.page.entity, request.GET.get("view") == "posted"
    rows = posted_letters(entity) if is_posted else letters(entity)
    context = {
        "letters": rows.prefetch_related("attachments__file")[:MOST_AT_ONCE],
        "is_posted": is_posted,
        "waiting": letters(entity).count(),
        "batches": print_batches(entity)[:MOST_BATCHES],
        "request_id": uuid4(),
    }
    return render(request, "messaging/letters.html", context)


@staff_page("messaging.print_letters")
@require_POST
def join(request: PageRequest) -> HttpResponse:
    """Put the chosen letters into one file, in the background."""
    page = request.page
    try:
        request_id = UUID(request.POST.get("request_id", ""))
    except ValueError:
        raise Refused("The form is out of date. Load the page again.") from None
    batch = start_printing(
        by=page.by, entity=page.entity, letters=_chosen(request), business_date=page.today, request_id=request_id
    )
    print_letters.delay(batch.run_id)
    return redirect("messaging:print_batch", batch.pk)


@staff_page("messaging.view")
def batch_page(request: PageRequest, pk: int) -> HttpResponse:
    """A file of letters: open it, print it, tick it off, or print it again."""
    batch = _batch(request, pk)
    rows = batch.letters.select_related("customer").order_by("pk")[:MOST_AT_ONCE]
    return render(request, "messaging/print_batch.html", {"batch": batch, "letters": rows})


@staff_page("messaging.view")
@require_POST
def confirm_printed_batch(request: PageRequest, pk: int) -> HttpResponse:
    """Tick off what was printed and posted of a file."""
    batch = _batch(request, pk)
    request.page.ask_first("messaging.confirm_letters", batch.entity)
    _say(request, confirm_batch(by=request.page.by, batch=batch))
    return redirect("messaging:print_batch", pk)


@staff_page("messaging.confirm_letters")
@require_POST
def confirm_printed(request: PageRequest) -> HttpResponse:
    """Tick off the chosen letters, however they were printed."""
    page = request.page
    _say(request, confirm_letters(by=page.by, entity=page.entity, messages=_chosen(request)))
    return redirect("messaging:letters")


def _say(request: PageRequest, done: list[Message]) -> None:
    messages.success(request, f"{len(done)} letter{'' if len(done) == 1 else 's'} ticked off as posted.")


def _batch(request: PageRequest, pk: int) -> PrintBatch:
    return get_visible(PrintBatch.objects.select_related("entity", "run", "file", "made_by"), request.page.by, pk=pk)


def _chosen(request: PageRequest) -> list[Message]:
    wanted = keys_in(request.POST.getlist("letter"))
    rows = outbox(request.page.entity).filter(pk__in=wanted, channel=Message.Channel.PRINT, state__in=PRINTABLE)
    return list(rows.order_by("pk")[:MOST_AT_ONCE])
