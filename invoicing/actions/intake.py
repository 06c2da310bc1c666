"""Orders, amendments and usage from files: upload, columns, then a run that brings each row in once."""

from collections.abc import Mapping

from django.db import transaction

from core.audit import audit
from core.clock import today
from core.files import store_file
from core.models import LegalEntity, Run, User
from core.permissions import require
from core.runs import start_run
from core.tables import LARGEST_TABLE, read_table
from invoicing.actions.amendments import amend_contract
from invoicing.actions.contracts import activate_contract, draft_contract
from invoicing.actions.errors import IntakeRefused
from invoicing.actions.usage import Reading, record_usage
from invoicing.contract_drafts import ContractDraft
from invoicing.intake.columns import guess, missing_columns
from invoicing.intake.reading import Item, preview_of
from invoicing.intake.rows import SOURCE, UsageDraft
from invoicing.models import ContractIntake, IntakeMapping
from invoicing.queries.amending import usage_line

BRINGING = "bring_in_contracts"


@transaction.atomic
def upload_contracts(*, by: User, entity: LegalEntity, kind: str, name: str, content: bytes) -> ContractIntake:
    """Take in a file; what is no table is refused here. Its columns are guessed by their headings."""
    require(by, "invoicing.bring_in_contracts", entity)
    table = read_table(name, content)

    stored = store_file(by, entity, name, content, max_bytes=LARGEST_TABLE)
    columns = guess(kind, table.headings)
    intake = ContractIntake.objects.create(entity=entity, kind=kind, file=stored, columns=columns, uploaded_by=by)

    after = {"file": stored.name, "rows": len(table.rows), "read_as": table.read_as}
    audit(by, "contracts.uploaded", intake, entity=entity, after=after)
    return intake


@transaction.atomic
def choose_intake_columns(
    *, by: User, intake: ContractIntake, columns: Mapping[str, str], decimal_sign: str, activates: bool
) -> ContractIntake:
    """Say which column holds what, and whether orders become active contracts."""
    require(by, "invoicing.bring_in_contracts", intake.entity)
    intake = _locked(intake)
    if intake.run is not None:
        raise IntakeRefused(f"{intake.file.name} was brought in already.")
    if missing := missing_columns(intake.kind, columns):
        raise IntakeRefused(f"Choose the columns that hold: {', '.join(missing)}.")
    if doubled := sorted({key for key in columns.values() if list(columns.values()).count(key) > 1}):
        raise IntakeRefused(f"Two columns hold the same: {', '.join(doubled).replace('_', ' ')}. Choose one.")

    before = _choice(intake)
    intake.columns, intake.decimal_sign, intake.activates = dict(columns), decimal_sign, activates
    intake.save(update_fields=["columns", "decimal_sign", "activates"])

    audit(by, "intake.columns_chosen", intake, entity=intake.entity, before=before, after=_choice(intake))
    return intake


@transaction.atomic
def save_intake_mapping(*, by: User, intake: ContractIntake, name: str) -> IntakeMapping:
    """Keep the chosen columns under a name for the next file of the kind; the same name again replaces them."""
    require(by, "invoicing.bring_in_contracts", intake.entity)
    if not name.strip():
        raise IntakeRefused("Write a name for the columns.")
    mapping, _ = IntakeMapping.objects.update_or_create(
        entity=intake.entity,
        kind=intake.kind,
        name=name.strip()[:60],
        defaults={"columns": intake.columns, "decimal_sign": intake.decimal_sign, "saved_by": by},
    )
    audit(by, "mapping.saved", mapping, entity=intake.entity, after={"columns": intake.columns})
    return mapping


@transaction.atomic
def start_bringing_in(*, by: User, intake: ContractIntake) -> Run:
    """Lay down the run that brings a file in; a file has one run, however often it is asked for."""
    require(by, "invoicing.bring_in_contracts", intake.entity)
    intake = _locked(intake)
    if intake.run is not None:
        return intake.run
    preview = preview_of(intake)
    if not preview.right:
        raise IntakeRefused(f"No row of {intake.file.name} can come in as it is. Correct the file and upload it again.")

    run, _ = start_run(
        by,
        intake.entity,
        BRINGING,
        today(intake.entity),
        title=f"Bring in {intake.get_kind_display().partition(':')[0].lower()} from {intake.file.name}"[:160],
        part=str(intake.pk),
        parameters={"intake": intake.pk},
        total=len(preview.items),
        link="/contracts/",
    )
    intake.run = run
    intake.save(update_fields=["run"])

    audit(by, "run.started", run, entity=intake.entity, after={"items": len(preview.items), "wrong": preview.wrong})
    return run


@transaction.atomic
def bring_in(*, by: User, intake: ContractIntake, item: Item) -> None:
    """Bring one order, amendment or reading in; what came in before under the same id stays as it is."""
    require(by, "invoicing.bring_in_contracts", intake.entity)
    draft = item.draft
    if draft is None:
        raise IntakeRefused(item.complaint or "The row can't be read.")
    if isinstance(draft, ContractDraft):
        contract = draft_contract(by=by, entity=intake.entity, draft=draft)
        if intake.activates:
            activate_contract(by=by, contract=contract)
    elif isinstance(draft, UsageDraft):
        line = usage_line(draft.contract, draft.position, draft.used_on)
        reading = Reading(draft.used_on, draft.quantity, draft.source_id)
        record_usage(by=by, line=line, readings=[reading], source=SOURCE)
    else:
        amend_contract(by=by, contract=draft[0], draft=draft[1])


def _choice(intake: ContractIntake) -> dict[str, object]:
    return {"columns": intake.columns, "decimal_sign": intake.decimal_sign, "activates": intake.activates}


def _locked(intake: ContractIntake) -> ContractIntake:
    rows = ContractIntake.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("entity", "file", "run").get(pk=intake.pk)
