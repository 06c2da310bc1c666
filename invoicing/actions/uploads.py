"""Uploading documents into customers' own portals: a task from the issue on, done with proof, or reopened."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.files import store_file
from core.models import LegalEntity, StoredFile, User
from core.permissions import require
from invoicing.models import Document, Invoice, UploadStep, UploadTask

State = UploadTask.State
Kind = UploadStep.Kind


class NotProved(Refused):
    """Nothing shows that the document was uploaded."""

    code = "upload_not_proved"


class NotUploaded(Refused):
    """The document was not uploaded yet."""

    code = "not_uploaded"


@transaction.atomic
def open_uploads(*, by: User, entity: LegalEntity, documents: Sequence[Document]) -> None:
    """Ask for documents to be put into their customers' portals, each once."""
    require(by, "messaging.queue_message", entity)
    tasks = [
        UploadTask(
            entity=entity,
            customer_id=document.customer_id,
            **{"invoice" if isinstance(document, Invoice) else "credit_note": document},
        )
        for document in documents
    ]
    UploadTask.objects.bulk_create(tasks, ignore_conflicts=True, batch_size=1000)


@transaction.atomic
def confirm_upload(
    *,
    by: User,
    task: UploadTask,
    uploaded_on: date,
    reference: str = "",
    proof: tuple[str, bytes] | None = None,
    today: date,
) -> UploadTask:
    """Record that a document stands in the customer's portal, with what proves it: a reference or a file."""
    require(by, "invoicing.confirm_upload", task.entity)
    task = _locked(task)
    if task.state == State.DONE:
        return task
    number = task.document.number
    if not reference.strip() and proof is None:
        raise NotProved(f"Write what the portal calls the upload of {number}, or attach its receipt.")
    issued_on = task.document.issued_on
    if uploaded_on > today or (issued_on and uploaded_on < issued_on):
        raise NotProved(f"{number} is dated {issued_on:%d %B %Y}; it was uploaded between that day and today.")

    file = store_file(by, task.entity, *proof) if proof else None
    _step(by, task, Kind.DONE, uploaded_on=uploaded_on, reference=reference.strip(), file=file)
    _move(task, State.DONE)

    after = {"uploaded_on": uploaded_on, "reference": reference.strip(), "proof": file.name if file else ""}
    audit(by, f"{_kind(task)}.uploaded", task.document, entity=task.entity, after=after)
    return task


@transaction.atomic
def reopen_upload(*, by: User, task: UploadTask, reason: str) -> UploadTask:
    """Ask for the upload again, because the portal or the customer refused it."""
    require(by, "invoicing.reopen_upload", task.entity)
    task = _locked(task)
    if task.state == State.OPEN:
        raise NotUploaded(f"{task.document.number} waits for its upload already.")
    if not reason.strip():
        raise Refused(f"Say why {task.document.number} has to be uploaded again.")

    _step(by, task, Kind.REOPENED, reason=reason.strip())
    _move(task, State.OPEN)

    audit(by, f"{_kind(task)}.upload_reopened", task.document, entity=task.entity, reason=reason.strip())
    return task


def _locked(task: UploadTask) -> UploadTask:
    rows = UploadTask.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("entity", "customer", "invoice", "credit_note").get(pk=task.pk)


def _step(
    by: User,
    task: UploadTask,
    kind: str,
    *,
    uploaded_on: date | None = None,
    reference: str = "",
    file: StoredFile | None = None,
    reason: str = "",
) -> None:
    UploadStep.objects.create(
        task=task, kind=kind, uploaded_on=uploaded_on, reference=reference, file=file, reason=reason, by=by
    )


def _move(task: UploadTask, state: str) -> None:
    task.state = state
    task.save(update_fields=["state"])


def _kind(task: UploadTask) -> str:
    return "invoice" if task.invoice_id else "credit_note"
