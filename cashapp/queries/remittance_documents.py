"""Remittances as programs get them: by the API and by `import_remittance --json`. Amounts are exact decimals."""

from typing import Any

from cashapp.models import MatchTask, Remittance, RemittanceLine, RemittanceTie
from cashapp.queries.money import live_receipts
from cashapp.queries.remittances import differences_of, lines_beside
from cashapp.remittances import Advice, StatedLine


def state_of(remittance: Remittance, tie: RemittanceTie | None) -> str:
    """Waiting, tied, booked or given up."""
    if remittance.is_given_up:
        return "given_up"
    if tie is None:
        return "waiting"
    return "booked" if live_receipts(tie.line) else "tied"


def remittance_document(remittance: Remittance) -> dict[str, Any]:
    """What it says, which bank line it is about, what became of it and what doesn't fit."""
    tie = remittance.ties.filter(ended_at=None).select_related("line").first()
    state = state_of(remittance, tie)
    beside = lines_beside(remittance, state == "booked")
    receipts = live_receipts(tie.line) if tie else []
    task = MatchTask.objects.filter(pk=tie.line_id).first() if tie else None
    return {
        "id": remittance.pk,
        "entity": remittance.entity.code,
        "format": remittance.file_format,
        "came_by": remittance.source,
        "reference": remittance.reference,
        "trace": remittance.trace,
        "payer": remittance.payer,
        "customer": remittance.customer.code if remittance.customer else None,
        "paid_on": remittance.paid_on,
        "currency": remittance.currency,
        "total": remittance.total,
        "state": state,
        "bank_line": tie.line_id if tie else None,
        "tied_by": tie.words if tie else "",
        "receipt": str(receipts[0]) if receipts else None,
        "decision": task.decision if task else None,
        "reasons": [each["words"] for each in task.evidence] if task else [],
        "differences": differences_of(remittance, beside, tie.line if tie else None),
        "lines": [{**_line(each.line), "differences": each.differences} for each in beside],
    }


def _line(line: RemittanceLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "purchase_order": line.purchase_order,
        "document": line.item.number if line.item else None,
        "gross": line.gross,
        "discount": line.discount,
        "paid": line.paid,
        "deductions": line.deductions,
    }


def advice_document(advice: Advice) -> dict[str, Any]:
    """What a file says, before anything is kept."""
    return {
        "format": advice.file_format,
        "reference": advice.reference,
        "trace": advice.trace,
        "payer": advice.payer,
        "payer_code": advice.payer_code,
        "paid_on": advice.paid_on,
        "currency": advice.currency,
        "total": advice.total,
        "memo": advice.memo,
        "findings": list(advice.findings),
        "lines": [_stated(line) for line in advice.lines],
    }


def _stated(line: StatedLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "purchase_order": line.purchase_order,
        "gross": line.gross,
        "discount": line.discount,
        "paid": line.paid,
        "deductions": [
            {"amount": each.amount, "code": each.code, "code_list": each.code_list.value, "words": each.words}
            for each in line.deductions
        ],
    }
