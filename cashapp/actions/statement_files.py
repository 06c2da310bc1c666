"""Statement files that nobody uploads: received from a folder or the API, then taken in by a run."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath

from django.db import transaction
from django.urls import reverse

from cashapp.actions.matching import match_statement
from cashapp.actions.statements import ImportedStatement, import_statement
from cashapp.models import StatementFile
from cashapp.queries.mappings import mapping_named, saved_mapping_for
from cashapp.statements import StatementRefused
from cashapp.statements.recognise import LARGEST_FILE, recognise
from core import clock
from core.audit import audit
from core.errors import Refused
from core.files import store_file
from core.models import BankAccount, LegalEntity, Run, User
from core.permissions import require
from core.runs import start_run

KIND = "take_in_statement_file"
State = StatementFile.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file as it came. Account and mapping are named only where the file does not tell them."""

    name: str
    content: bytes
    origin: str
    bank_account: BankAccount | None = None
    mapping_name: str = ""

    @property
    def digest(self) -> str:
        """What makes it the same file, whatever its name."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def short_name(self) -> str:
        """Its name without folders."""
        return PurePath(self.name.replace("\\", "/")).name.replace("\x00", "")[-200:] or "file"


@transaction.atomic
def receive_statement_file(*, by: User, entity: LegalEntity, arrival: Arrival) -> StatementFile:
    """Keep a file and start the run that takes it in. The same file again is the first; a refused one is tried anew."""
    require(by, "cashapp.receive_statement_file", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    known = StatementFile.objects.filter(entity=entity, sha256=arrival.digest).first()
    if known and known.state != State.REFUSED:
        return known
    recognise(arrival.content, arrival.name)
    if arrival.mapping_name:
        mapping_named(entity, arrival.mapping_name)

    stored = known.file if known and known.file else None
    received = known or StatementFile(
        entity=entity, origin=arrival.origin, name=arrival.short_name, sha256=arrival.digest, received_by=by
    )
    received.file = stored or store_file(by, entity, arrival.name, arrival.content, max_bytes=LARGEST_FILE)
    received.bank_account, received.mapping_name = arrival.bank_account, arrival.mapping_name
    received.attempts = received.attempts + 1 if known else 1
    received.state, received.message, received.decided_at = State.WAITING, "", None
    received.save()
    received.run = _run(by, received)
    received.save(update_fields=["run"])

    audit(by, "statement_file.received", received, entity=entity, after={"file": received.name, "from": arrival.origin})
    return received


def _run(by: User, received: StatementFile) -> Run:
    run, _ = start_run(
        by,
        received.entity,
        KIND,
        clock.today(received.entity),
        title=f"Taking in {received.name}"[:160],
        part=f"{received.sha256[:16]}-{received.attempts}",
        parameters={"statement_file": received.pk},
        total=1,
        link=reverse("cashapp:statement_files"),
    )
    return run


@transaction.atomic
def refuse_statement_file(*, by: User, entity: LegalEntity, arrival: Arrival, refusal: Refused) -> StatementFile:
    """Write down that a file was not worth keeping, and why."""
    require(by, "cashapp.refuse_statement_file", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    known = StatementFile.objects.filter(entity=entity, sha256=arrival.digest).first()
    if known:
        return known

    received = StatementFile.objects.create(
        entity=entity,
        origin=arrival.origin,
        name=arrival.short_name,
        sha256=arrival.digest,
        state=State.REFUSED,
        message=refusal.message,
        received_by=by,
        decided_at=clock.now(),
    )

    audit(by, "statement_file.refused", received, entity=entity, reason=refusal.message)
    return received


@transaction.atomic
def take_in_statement_file(*, by: User, received: StatementFile) -> list[Run]:
    """Import a received file, or write down why not; returns the matching runs of what is new."""
    require(by, "cashapp.take_in_statement_file", received.entity)
    rows = StatementFile.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("entity", "file", "bank_account").get(pk=received.pk)
    if row.state != State.WAITING or row.file is None:
        return []

    try:
        with transaction.atomic():
            imported = _import(by, row)
            runs = [match_statement(by=by, statement=each.statement) for each in imported if each.new_lines]
    except Refused as refusal:
        imported, runs, row.state, row.message = [], [], State.REFUSED, refusal.message
    else:
        row.state = State.TAKEN
        row.new_lines, row.known_lines = sum(e.new_lines for e in imported), sum(e.known_lines for e in imported)
        row.message = _told(row)
    row.decided_at = clock.now()
    row.save(update_fields=["state", "message", "new_lines", "known_lines", "decided_at"])

    after = {"state": row.state, "new_lines": row.new_lines, "known_lines": row.known_lines}
    audit(by, f"statement_file.{row.state}", row, entity=row.entity, after=after, reason=row.message)
    return runs


def _import(by: User, row: StatementFile) -> list[ImportedStatement]:
    if row.file is None:
        raise StatementRefused(f"{row.name} was not kept. Send it again.")
    content, account, mapping = row.file.read(), row.bank_account, None
    if row.mapping_name:
        mapping = mapping_named(row.entity, row.mapping_name)
    elif saved := saved_mapping_for(row.entity, content, row.name):
        mapping, account = saved.mapping, account or saved.bank_account
    return import_statement(
        by=by, entity=row.entity, name=row.name, content=content, bank_account=account, mapping=mapping, file=row.file
    )


def _told(row: StatementFile) -> str:
    plural = "" if row.new_lines == 1 else "s"
    return f"{row.new_lines} new line{plural}, {row.known_lines} known before."
