"""What was answered for the lines of a statement before, in the words of `match_bank_lines`."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from cashapp.models import BankStatement, MatchTask, Receipt
from core.money import to_minor
from ledger.models import Allocation


def answers_before(statement: BankStatement) -> Iterator[dict[str, Any]]:
    """Lines that were answered: what their receipts pay now, or what is proposed."""
    tasks = MatchTask.objects.filter(line__listings__statement=statement, proposed_at__isnull=False)
    receipts = _receipts(statement)
    paid = _paid(statement)
    for task in tasks.select_related("line", "customer").order_by("line__booked_on", "pk"):
        receipt = receipts.get(task.pk)
        answer = _proposed(task) if receipt is None else _posted(receipt, paid.get(task.pk, []))
        yield {
            "id": str(task.line.references["bank_reference"]),
            **answer,
            "rule": task.rule,
            "evidence": [each["words"] for each in task.evidence],
            "alternatives": len(task.alternatives),
        }


def _proposed(task: MatchTask) -> dict[str, Any]:
    allocations = [{"number": each["number"], "amount": each["amount"]} for each in task.applied]
    amount = to_minor(task.line.amount, task.line.currency)
    return {
        "decision": task.decision,
        "customer": task.customer.code if task.customer else None,
        "allocations": allocations,
        "left": amount - sum(each["amount"] for each in allocations),
    }


def _posted(receipt: Receipt, paid: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "decision": "posted" if paid else "on_account",
        "customer": receipt.item.customer.code,
        "allocations": paid,
        "left": to_minor(receipt.item.open_amount, receipt.currency),
    }


def _receipts(statement: BankStatement) -> dict[int | None, Receipt]:
    rows = Receipt.objects.filter(line__listings__statement=statement, ended_on=None, moved_from=None)
    return {row.line_id: row for row in rows.select_related("item__customer")}


def _paid(statement: BankStatement) -> dict[int, list[dict[str, Any]]]:
    """Per line: documents and minor units, credit notes that were used up negative."""
    paid: dict[int, list[dict[str, Any]]] = defaultdict(list)
    live = Allocation.objects.filter(amount__gt=0, reversed_by=None)
    own = live.filter(credit_item__receipt__line__listings__statement=statement, credit_item__receipt__ended_on=None)
    columns = ("credit_item__receipt__line", "debit_item__number", "amount", "debit_item__currency")
    for line, number, amount, currency in own.order_by("pk").values_list(*columns):
        paid[line].append({"number": number, "amount": to_minor(amount, currency)})
    beside = live.filter(used_with__receipt__line__listings__statement=statement, used_with__receipt__ended_on=None)
    for allocation in beside.select_related("debit_item", "credit_item", "used_with__receipt").order_by("pk"):
        amount = to_minor(allocation.amount, allocation.debit_item.currency)
        paid[allocation.used_with.receipt.line_id or 0] += [
            {"number": allocation.debit_item.number, "amount": amount},
            {"number": allocation.credit_item.number, "amount": -amount},
        ]
    return paid
