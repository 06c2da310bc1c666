"""Match a file of bank lines against the ledger, day by day, and post what is sure."""

import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

from cashapp.actions.statements import import_statement
from cashapp.bank_lines_file import MAPPING, Row, bank_table, read_rows
from cashapp.matching import Decision, MatchProposal, match_line
from cashapp.matching_runs import in_batches
from cashapp.models import BankStatementLine
from cashapp.queries.answers import answers_before
from cashapp.queries.matching import lines_never_matched, load_index
from cashapp.statements.recognise import LARGEST_FILE
from core import clock
from core.copying import tell_the_planner
from core.errors import Refused
from core.management.scripts import ScriptCommand, entity_named, file_named
from core.models import BankAccount, LegalEntity
from core.permissions import system_user
from customers.models import Customer

GROWN = (
    "cashapp_bankstatementline", "cashapp_statementlisting", "cashapp_receipt", "cashapp_matchtask", "ledger_openitem",
    "ledger_allocation",
)  # fmt: skip


class Command(ScriptCommand):
    help = "Match bank lines (CSV: id, date, amount in minor units, text, name, iban) and post what is sure."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--entity", required=True, help="The company's code.")
        parser.add_argument("--account", type=int, help="The bank account; else the company's default one.")
        parser.add_argument("--dry-run", action="store_true", help="Answer only: nothing is stored or posted.")

    def answer(self, **options: Any) -> dict[str, Any]:
        entity = entity_named(options["entity"])
        account = account_of(entity, options["account"])
        name = PurePath(options["file"]).name
        rows = read_rows(file_named(options["file"], LARGEST_FILE), name)
        started = time.monotonic()
        match = dry_answers if options["dry_run"] else posted_answers
        lines = list(match(entity, account, name, rows))
        return {
            "entity": entity.code,
            "account": str(account),
            "dry_run": options["dry_run"],
            "counts": dict(Counter(line["decision"] for line in lines)),
            "seconds": round(time.monotonic() - started, 3),
            "lines": lines,
        }

    def lines_of(self, answer: dict[str, Any]) -> list[str]:
        counts = ", ".join(f"{count} {decision}" for decision, count in sorted(answer["counts"].items()))
        return [f"{len(answer['lines'])} lines in {answer['seconds']} s: {counts}."]


def account_of(entity: LegalEntity, chosen: int | None) -> BankAccount:
    """The bank account into which the lines came."""
    accounts = BankAccount.objects.filter(entity=entity, is_active=True).order_by("-is_default", "pk")
    own = accounts.filter(pk=chosen) if chosen else accounts.filter(currency=entity.currency)
    account = own.first()
    if account is None:
        known = ", ".join(f"{each.pk} {each}" for each in accounts) or "none yet"
        raise Refused(f"{entity.name} has no such bank account. There is {known}.")
    return account


def dry_answers(entity: LegalEntity, account: BankAccount, name: str, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """What would happen to each line, after those before it."""
    index = load_index(entity, max((row.booked_on for row in rows), default=clock.today(entity)))
    codes = codes_of(entity)
    for row in rows:
        proposal = match_line(row.bank_line(account.currency), index)
        if proposal.decision is Decision.POSTED:
            index.apply(proposal.applied)
        yield told(row.id, proposal, proposal.decision.value, codes)


def posted_answers(
    entity: LegalEntity, account: BankAccount, name: str, rows: Sequence[Row]
) -> Iterator[dict[str, Any]]:
    """Import the lines as a statement, match what nobody decided on, and tell again what was decided before."""
    by = system_user()
    table = bank_table(rows, account.currency)
    (imported,) = import_statement(
        by=by, entity=entity, name=name, content=table, bank_account=account, mapping=MAPPING
    )
    statement = imported.statement
    tell_the_planner(GROWN)
    yield from answers_before(statement)
    index = load_index(entity, statement.to_on or clock.today(entity))
    codes = codes_of(entity)
    for answered in in_batches(by, entity, lines_never_matched(statement), index):
        for answer in answered:
            yield told(id_of(answer.line), answer.proposal, answer.decision, codes)


def codes_of(entity: LegalEntity) -> dict[int | None, str]:
    """Codes of the company's customers."""
    return dict(Customer.objects.filter(entity=entity).values_list("pk", "code"))


def id_of(line: BankStatementLine) -> str:
    """The line's id in the file."""
    return str(line.references["bank_reference"])


def told(line_id: Any, proposal: MatchProposal, decision: str, codes: dict[int | None, str]) -> dict[str, Any]:
    """One line's answer."""
    return {
        "id": line_id,
        "decision": decision,
        "customer": codes.get(proposal.customer_id),
        "allocations": [{"number": each.document.number, "amount": each.amount} for each in proposal.applied],
        "left": proposal.left,
        "rule": proposal.rule.value,
        "evidence": proposal.words,
        "alternatives": len(proposal.alternatives),
    }
