"""What a rule that people write says: the form in which it is asked for, kept, changed and told."""

from dataclasses import dataclass
from decimal import Decimal

from cashapp.models import RuleVersion
from core.models import BankAccount
from core.words import masked_account
from customers.models import Customer


@dataclass(frozen=True, slots=True)
class Wording:
    """What a rule shall say: its conditions, of which all have to be met, and its effect."""

    effect: RuleVersion.Effect
    payer: str = ""
    text: str = ""
    account: str = ""
    bank_account: BankAccount | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    customer: Customer | None = None
    reason: str = ""


def wording_of(version: RuleVersion) -> Wording:
    """What a version says, to be changed into the next one."""
    return Wording(
        effect=RuleVersion.Effect(version.effect),
        payer=version.payer,
        text=version.text,
        account=version.account,
        bank_account=version.bank_account,
        amount_from=version.amount_from,
        amount_to=version.amount_to,
        customer=version.customer,
        reason=version.reason,
    )


def told(version: RuleVersion) -> dict[str, object]:
    """The version as the audit trail tells it."""
    return {
        "version": version.number,
        "payer": version.payer,
        "text": version.text,
        "account": masked_account(version.account),
        "amounts": [version.amount_from, version.amount_to],
        "effect": version.effect,
        "customer": version.customer.code if version.customer else "",
        "reason": version.reason,
    }
