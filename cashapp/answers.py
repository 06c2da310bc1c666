"""The matcher's answers as they are kept, and back as documents to pay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from cashapp.matching import RULES_VERSION, Applied, Decision, Evidence, MatchProposal
from cashapp.matching.proposals import Explanation
from cashapp.models import BankStatementLine, MatchTask
from cashapp.money_in import Payment
from cashapp.taskbook import Reasons
from core import clock
from core.money import Money
from ledger.models import OpenItem


def task_of(line: BankStatementLine, proposal: MatchProposal) -> MatchTask:
    """The answer as a row."""
    return MatchTask(
        line_id=line.pk,
        entity_id=line.bank_account.entity_id,
        decision=proposal.decision.value,
        rule=proposal.rule.value,
        rules_version=RULES_VERSION,
        sureness=int(proposal.sureness),
        customer_id=proposal.customer_id,
        applied=applied_as_data(proposal.applied),
        evidence=evidence_as_data(proposal.evidence),
        written_rule_id=cast("int | None", proposal.written_rule),
        alternatives=[_alternative(each) for each in proposal.alternatives],
        proposed_at=clock.now(),
    )


def _alternative(explanation: Explanation) -> dict[str, Any]:
    return {
        "customer": explanation.customer_id,
        "rule": explanation.rule.value,
        "applied": applied_as_data(explanation.applied),
        "evidence": evidence_as_data(explanation.evidence),
    }


def applied_as_data(applied: Sequence[Applied]) -> list[dict[str, Any]]:
    """Documents, amounts and what was open, in minor units; `kept` where the payer says why something is missing."""
    return [
        {
            "item": each.document.id,
            "number": each.document.number,
            "amount": each.amount,
            "open": each.document.open,
            **({"kept": [asdict(kept) for kept in each.kept]} if each.kept else {}),
        }
        for each in applied
    ]


def evidence_as_data(evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    """Reasons in words, those about a document with its item."""
    return [{"kind": each.kind, "words": each.words, "item": each.document_id} for each in evidence]


def reasons_of(proposal: MatchProposal) -> Reasons:
    """Why the matcher posted a line by itself."""
    evidence, written = evidence_as_data(proposal.evidence), cast("int | None", proposal.written_rule)
    return Reasons(proposal.rule.value, RULES_VERSION, evidence, as_proposed=True, written_rule=written)


def payments_of(applied: Iterable[Mapping[str, Any]], items: Mapping[int, OpenItem]) -> list[Payment]:
    """What an answer would pay; documents that are no longer there are left out."""
    found = [(items.get(each["item"]), each["amount"]) for each in applied]
    return [Payment(item, Money.from_minor(amount, item.currency).amount) for item, amount in found if item is not None]


def is_sure(proposal: MatchProposal) -> bool:
    """Whether it posts by itself: matched, or kept on the account of the customer who surely paid."""
    return proposal.decision in (Decision.POSTED, Decision.ON_ACCOUNT)
