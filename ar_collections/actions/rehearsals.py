"""Starting what is rehearsed for a whole company: tonight's reminders, or a version of a strategy on days gone by."""

from datetime import date
from uuid import UUID

from django.db import transaction

from ar_collections.models import StrategyVersion
from ar_collections.queries.dry_run import Span
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, Run, User
from core.permissions import require
from core.runs import start_run

PREVIEW, DRY_RUN = "preview_reviews", "dry_run"


@transaction.atomic
def start_preview(*, by: User, entity: LegalEntity, on: date, today: date, request_id: UUID) -> Run:
    """Ask for everybody's part of a day's reminders; the same request gives the same run."""
    require(by, "collections.start_preview", entity)
    if on < today:
        raise Refused(f"{on:%d %b %Y} is over. What was decided then stands in the list of reminders.")
    title = f"Preview of reminders, {on:%d %b %Y}"
    run, is_new = start_run(by, entity, PREVIEW, on, title=title, part=str(request_id))
    if is_new:
        audit(by, "preview.started", run, entity=entity)
    return run


@transaction.atomic
def start_dry_run(*, by: User, version: StrategyVersion, span: Span, today: date, request_id: UUID) -> Run:
    """Ask what a version would have sent to every customer; the same request gives the same run."""
    entity = version.strategy.entity
    require(by, "collections.start_dry_run", entity)
    parameters = {
        "version": version.pk,
        "from_on": span.from_on.isoformat(),
        "until_on": span.until_on.isoformat(),
        "basis": span.basis.value,
    }
    title = f"Dry run of {version}"[:160]
    run, is_new = start_run(by, entity, DRY_RUN, today, title=title, part=str(request_id), parameters=parameters)
    if is_new:
        audit(by, "dry_run.started", run, entity=entity, after=parameters)
    return run
