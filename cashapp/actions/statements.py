"""Bringing in bank statements, and keeping how a bank's tables are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cashapp.importing.accounts import account_of
from cashapp.importing.plan import Plan, content_hash, fitted_to, make_plan
from cashapp.importing.rows import line_rows, statement_row
from cashapp.models import BankStatement, BankStatementLine, StatementListing, StatementMapping
from cashapp.statements import ReadFile, Statement, StatementRefused, read_file
from cashapp.statements.mapping import ColumnMapping, MappingRefused
from cashapp.statements.recognise import LARGEST_FILE, recognise
from core.audit import audit
from core.files import store_file
from core.models import BankAccount, LegalEntity, StoredFile, User
from core.permissions import require

BATCH = 2000


class MappingNotChosen(StatementRefused):
    """The table's columns were only guessed, and a guess never books anything."""

    code = "mapping_not_chosen"


@dataclass(frozen=True, slots=True)
class ImportedStatement:
    """What became of one statement in the file."""

    statement: BankStatement
    is_new: bool
    new_lines: int = 0
    known_lines: int = 0


@dataclass(frozen=True, slots=True)
class TriedStatement:
    """What importing a statement would do; `before` is the same statement where it was imported before."""

    account: BankAccount
    before: BankStatement | None
    new_lines: int
    known_lines: int
    findings: tuple[str, ...]


@transaction.atomic
def upload_statement(*, by: User, entity: LegalEntity, name: str, content: bytes) -> StoredFile:
    """Keep a file from the bank until its preview is accepted; what is no statement is refused here."""
    require(by, "cashapp.upload_statement", entity)
    recognise(content, name)

    stored = store_file(by, entity, name, content, max_bytes=LARGEST_FILE)

    audit(by, "statement.uploaded", stored, entity=entity, after={"file": stored.name, "bytes": stored.size})
    return stored


@transaction.atomic
def try_import(
    *,
    by: User,
    entity: LegalEntity,
    file: StoredFile,
    bank_account: BankAccount | None = None,
    mapping: ColumnMapping | None = None,
) -> list[TriedStatement]:
    """Import an uploaded file and take everything back: the preview meets the same refusals as the import."""
    point = transaction.savepoint()
    try:
        imported = import_statement(
            by=by,
            entity=entity,
            name=file.name,
            content=file.read(),
            bank_account=bank_account,
            mapping=mapping,
            file=file,
        )
        return [
            TriedStatement(
                each.statement.bank_account,
                None if each.is_new else each.statement,
                each.new_lines,
                each.known_lines,
                tuple(each.statement.findings),
            )
            for each in imported
        ]
    finally:
        transaction.savepoint_rollback(point)


@transaction.atomic
def import_statement(
    *,
    by: User,
    entity: LegalEntity,
    name: str,
    content: bytes,
    bank_account: BankAccount | None = None,
    mapping: ColumnMapping | None = None,
    file: StoredFile | None = None,
) -> list[ImportedStatement]:
    """Bring in a file from the bank: every statement proved, every line once. All of the file or nothing.

    `file` is given where the content was uploaded, and so kept, before.
    """
    require(by, "cashapp.import_statement", entity)
    read = read_file(content, name, mapping)
    _refuse_guess(read, name)
    told = _with_accounts(by, entity, read.statements, bank_account, name)
    _take_turn([account for account, _ in told])

    imported: list[ImportedStatement] = []
    for account, statement in told:
        same = BankStatement.objects.filter(bank_account=account, content_hash=content_hash(statement))
        known = same.select_related("bank_account", "imported_by").first()
        if known:
            imported.append(ImportedStatement(known, is_new=False, known_lines=known.listings.count()))
            continue
        plan = make_plan(account, statement, name)
        file = file or store_file(by, entity, name, content, max_bytes=LARGEST_FILE)
        imported.append(_store(plan, file, by))
    return imported


def _refuse_guess(read: ReadFile, name: str) -> None:
    if read.guessed:
        raise MappingNotChosen(
            f"The columns of {name} are only guessed. Look at the preview, correct it and save it as a mapping."
        )


def _with_accounts(
    by: User, entity: LegalEntity, statements: Sequence[Statement], chosen: BankAccount | None, name: str
) -> list[tuple[BankAccount, Statement]]:
    found = [(account_of(by, entity, statement, chosen, name), statement) for statement in statements]
    return [(account, fitted_to(by, account, statement, name)) for account, statement in found]


def _take_turn(accounts: Sequence[BankAccount]) -> None:
    """Two people importing for one account go one after the other."""
    ids = {account.pk for account in accounts}
    list(BankAccount.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _store(plan: Plan, file: StoredFile, by: User) -> ImportedStatement:
    statement = statement_row(plan, file, by)
    statement.save(force_insert=True)
    made = [row for booking in plan.new for row in line_rows(booking, statement)]
    BankStatementLine.objects.bulk_create(made, batch_size=BATCH)
    by_booking: dict[str, list[BankStatementLine]] = dict(plan.known)
    for row in made:
        by_booking.setdefault(row.booking_key, []).append(row)
    listed = [line for booking in plan.bookings for line in by_booking[booking.key]]
    StatementListing.objects.bulk_create(
        [StatementListing(statement=statement, line=line, position=number) for number, line in enumerate(listed, 1)],
        batch_size=BATCH,
    )
    after = {"file": file.name, "lines": len(made), "known": len(listed) - len(made), "closing": statement.closing}
    audit(by, "statement.imported", statement, entity=plan.account.entity, after=after)
    return ImportedStatement(statement, True, len(made), len(listed) - len(made))


@transaction.atomic
def save_mapping(
    *, by: User, entity: LegalEntity, mapping: ColumnMapping, bank_account: BankAccount | None = None
) -> StatementMapping:
    """Keep how a bank's table is read, and of which account, under its name; the same name again replaces it."""
    require(by, "cashapp.save_mapping", entity)
    name = mapping.name.strip()[:80]
    if not name:
        raise MappingRefused("Give the mapping a name, such as the bank's.")

    columns = {key: value for key, value in mapping.as_dict().items() if key != "name"}
    before = StatementMapping.objects.select_for_update(no_key=True).filter(entity=entity, name=name).first()
    if before and (before.columns, before.bank_account) == (_as_stored(columns), bank_account):
        return before
    kept = {"columns": columns, "bank_account": bank_account, "saved_by": by}
    saved, _ = StatementMapping.objects.update_or_create(entity=entity, name=name, defaults=kept)

    old = {"columns": before.columns} if before else None
    audit(by, "mapping.saved", saved, entity=entity, before=old, after={"columns": columns})
    return saved


def _as_stored(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in columns.items()}
