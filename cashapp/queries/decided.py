"""What was decided about the lines of a statement before, in the words of `match_bank_lines`."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from cashapp.models import BankStatement, MatchTask, Receipt
from core.money import to_minor
from ledger.models import Allocation


def decided_answers(statement: BankStatement) -> Iterator[dict[str, Any]]:
    """Lines that are no longer to be matched, with the documents that their receipts pay now."""
    tasks = MatchTask.objects.filter(line__listings__statement=statement).exclude(state=MatchTask.State.TO_MATCH)
    receipts = _receipts(statement)
    paid = _paid(statement)
    for task in tasks.select_related("line").order_by("line__booked_on", "pk"):
        receipt = receipts.get(task.pk)
        yield {
            "id": str(task.line.references["bank_reference"]),
            "decision": _decision(receipt, paid.get(task.pk, [])),
            "customer": receipt.item.customer.code if receipt else None,
            "allocations": paid.get(task.pk, []),
            "left": to_minor(receipt.item.open_amount, receipt.currency) if receipt else None,
            "rule": task.rule,
            "evidence": [each["words"] for each in task.evidence],
            "alternatives": len(task.alternatives),
        }


def _receipts(statement: BankStatement) -> dict[int | None, Receipt]:
    rows = Receipt.objects.filter(line__listings__statement=statement, ended_on=None, moved_from=None)
    return {row.line_id: row for row in rows.select_related("item__customer")}


def _paid(statement: BankStatement) -> dict[int, list[dict[str, Any]]]:
    """Per line: documents and minor units, credit notes negative."""
    paid: dict[int, list[dict[str, Any]]] = defaultdict(list)
    live = Allocation.objects.filter(amount__gt=0, reversed_by=None)
    own = live.filter(credit_item__receipt__line__listings__statement=statement, credit_item__receipt__ended_on=None)
    columns = ("credit_item__receipt__line", "debit_item__number", "amount", "debit_item__currency")
    for line, number, amount, currency in own.order_by("pk").values_list(*columns):
        paid[line].append({"number": number, "amount": to_minor(amount, currency)})
    return paid


def _decision(receipt: Receipt | None, paid: list[dict[str, Any]]) -> str:
    if receipt is None:
        return "unidentified"
    return "posted" if paid else "on_account"
