"""Putting letters together to be printed in one go."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from uuid import UUID

from django.db import transaction
from pypdf import PdfReader, PdfWriter

from core.errors import Refused
from core.files import LARGEST_FILE, store_file
from core.models import LegalEntity, User
from core.permissions import require
from core.runs import start_run
from customers.models import Customer, take_turns
from messaging.actions.deciding import cancel_message, confirm_letters
from messaging.kinds import kind_named
from messaging.models import DeliveryEvent, Message, MessageAttachment, PrintBatch

KIND = "print_letters"
PDF = "application/pdf"
PRINTABLE = (Message.State.TO_PRINT, Message.State.SENT)
LARGEST_BATCH = 10 * LARGEST_FILE


@transaction.atomic
def start_printing(
    *, by: User, entity: LegalEntity, letters: Sequence[Message], business_date: date, request_id: UUID
) -> PrintBatch:
    """Ask for one PDF of these letters, posted ones included; the same request gives the same PDF."""
    require(by, "messaging.print_letters", entity)
    if not letters:
        raise Refused("Tick at least one letter to print.")
    title = f"Print {len(letters)} letter{'' if len(letters) == 1 else 's'}"
    run, is_new = start_run(by, entity, KIND, business_date, title=title, part=str(request_id), total=len(letters))
    if not is_new:
        return PrintBatch.objects.get(run=run)

    batch = PrintBatch.objects.create(entity=entity, run=run, made_by=by)
    batch.letters.set(letters)
    return batch


@transaction.atomic
def join_letters(*, by: User, batch: PrintBatch) -> PrintBatch:
    """Write the PDF: every PDF of every letter that is still true, in the order in which the letters were queued."""
    require(by, "messaging.print_letters", batch.entity)
    batch = PrintBatch.objects.select_for_update(of=("self",), no_key=True).select_related("entity").get(pk=batch.pk)
    if batch.file_id:
        return batch
    letters = _still_true(by, batch)
    rows = MessageAttachment.objects.filter(message__in=letters, file__content_type=PDF).select_related("file")

    writer = PdfWriter()
    for row in rows.order_by("message_id", "pk"):
        writer.append(PdfReader(BytesIO(row.file.read())))
    if not writer.pages:
        raise Refused("None of these letters has a page to print.")
    target = BytesIO()
    writer.write(target)
    name = f"letters-{batch.pk}.pdf"
    batch.file = store_file(by, batch.entity, name, target.getvalue(), max_bytes=LARGEST_BATCH)
    batch.page_count = len(writer.pages)
    batch.save(update_fields=["file", "page_count"])

    DeliveryEvent.objects.bulk_create(
        [DeliveryEvent(message=letter, kind=DeliveryEvent.Kind.IN_PRINT, detail=name, by=by) for letter in letters]
    )
    return batch


def _still_true(by: User, batch: PrintBatch) -> list[Message]:
    """The letters that may be posted. What waited and isn't true any more is taken out, with its reason."""
    about = batch.letters.filter(customer__isnull=False).values("customer")
    take_turns(Customer.objects.filter(pk__in=about))
    rows = batch.letters.select_for_update(of=("self",), no_key=True).select_related("entity", "customer")
    letters = []
    for letter in rows.filter(state__in=PRINTABLE).order_by("pk"):
        waits = letter.state == Message.State.TO_PRINT
        if waits and (reason := kind_named(letter.kind).still_true_on_paper(letter)):
            cancel_message(by=by, message=letter, reason=reason)
        else:
            letters.append(letter)
    return letters


@transaction.atomic
def confirm_batch(*, by: User, batch: PrintBatch) -> list[Message]:
    """Tick off every letter of a printed file as posted; those that were stay as they are."""
    require(by, "messaging.confirm_letters", batch.entity)
    waiting = list(batch.letters.filter(state=Message.State.TO_PRINT).order_by("pk"))
    return confirm_letters(by=by, entity=batch.entity, messages=waiting)
