"""Read a bank statement file, and unless it is a trial, import it."""

from argparse import ArgumentParser
from pathlib import PurePath
from typing import Any

from cashapp.actions.statements import ImportedStatement, import_statement
from cashapp.queries.mappings import mapping_named
from cashapp.statements import ReadFile, Statement, read_file
from cashapp.statements.document import statement_document
from cashapp.statements.recognise import LARGEST_FILE
from core.errors import Refused
from core.management.scripts import ScriptCommand, entity_named, file_named
from core.models import BankAccount, LegalEntity
from core.permissions import system_user


class Command(ScriptCommand):
    help = (
        "Read a bank statement (CAMT, MT940, BAI2, OFX, QIF, CSV, XLSX, settlement files of payment providers) "
        "and import it; with --dry-run only say what is in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument(
            "--account",
            type=int,
            help="Our bank account by its id, a whole number such as 3; a wrong one is answered with all. "
            "Needed only where the file does not name its account, as most CSV files.",
        )
        parser.add_argument("--entity", help="The company's code.")
        parser.add_argument("--mapping", help="The name of the column mapping for a CSV file or a workbook.")
        parser.add_argument("--dry-run", action="store_true", help="Read and prove the file, keep nothing.")

    def answer(self, **options: Any) -> dict[str, Any]:
        content = file_named(options["file"], LARGEST_FILE)
        name = PurePath(options["file"]).name
        account = account_numbered(options["account"]) if options["account"] else None
        entity = entity_of(options["entity"], account)
        mapping = mapping_named(entity, options["mapping"]) if options["mapping"] else None
        read = read_file(content, name, mapping)
        document = file_document(read, name)
        if options["dry_run"]:
            return {**document, "dry_run": True}
        entity = entity or entity_by_account(read.statements, name)
        imported = import_statement(
            by=system_user(), entity=entity, name=name, content=content, bank_account=account, mapping=mapping
        )
        for told, result in zip(document["statements"], imported, strict=True):
            told.update(import_document(result))
        return {**document, "dry_run": False}

    def lines_of(self, answer: dict[str, Any]) -> list[str]:
        lines: list[str] = []
        for told in answer["statements"]:
            lines.append(
                f"{told['account'] or 'account not named'} {told['currency'] or ''} {told['format']}: "
                f"{len(told['lines'])} lines, opening {told['opening']}, closing {told['closing']} (minor units)"
            )
            lines += [f"  {found['sentence']}" for found in told["findings"]]
            if "new_lines" in told:
                lines.append(f"  {told['new_lines']} lines are new, {told['known_lines']} were known.")
        return lines


def account_numbered(pk: int) -> BankAccount:
    """The bank account, or a refusal that lists those that there are."""
    account = BankAccount.objects.select_related("entity").filter(pk=pk).first()
    if account is None:
        known = ", ".join(f"{each.pk} {each}" for each in BankAccount.objects.order_by("pk")) or "none yet"
        raise Refused(f"There is no bank account {pk}. There is {known}.")
    return account


def entity_of(code: str | None, account: BankAccount | None) -> LegalEntity | None:
    """The named company, else the account's."""
    entity = entity_named(code) if code else None
    if entity and account and account.entity_id != entity.pk:
        raise Refused(f"Bank account {account.pk} belongs to {account.entity.code}, not to {entity.code}.")
    return entity or (account.entity if account else None)


def entity_by_account(statements: tuple[Statement, ...], name: str) -> LegalEntity:
    """The company whose account the file names, where no company was given."""
    numbers = {statement.account for statement in statements if statement.account}
    account = BankAccount.objects.select_related("entity").filter(iban__in=numbers, is_active=True).first()
    if account is None:
        raise Refused(f"{name} does not tell the company by its account. Name it with --entity or --account.")
    return account.entity


def file_document(read: ReadFile, name: str) -> dict[str, Any]:
    """What the file says."""
    return {
        "file": name,
        "mapping": read.mapping.name if read.mapping and not read.guessed else None,
        "mapping_is_guessed": read.guessed,
        "doubts": list(read.doubts),
        "statements": [statement_document(statement) for statement in read.statements],
    }


def import_document(result: ImportedStatement) -> dict[str, Any]:
    """What became of a statement."""
    return {
        "id": result.statement.pk,
        "is_new": result.is_new,
        "new_lines": result.new_lines,
        "known_lines": result.known_lines,
        "import_findings": result.statement.findings,
    }
