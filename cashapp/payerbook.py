"""What is learnt about payers while people match by hand. Only actions call this."""

from cashapp.matching.text import compact
from cashapp.models import BankStatementLine, PayerAlias, PayerConfirmation
from core import clock
from core.audit import audit
from core.models import User
from customers.models import Customer, CustomerBankAccount

CONFIRMATIONS_NEEDED = 2


def confirm(by: User, line: BankStatementLine, customer: Customer) -> PayerAlias | None:
    """Note that a person saw this customer behind the line's payer; the second line makes the payer known.

    Nothing is learnt that was known before, a line counts once however often it is matched, and what somebody told the
    matcher to forget stays forgotten.
    """
    account, name, written = _sign_of(line, customer)
    if not written or by.is_system:
        return None
    alias, _ = PayerAlias.objects.get_or_create(
        customer=customer, account=account, name=name, defaults={"written": written[:200]}
    )
    _, is_new = PayerConfirmation.objects.get_or_create(
        alias=alias, line=line, defaults={"confirmed_by": by, "confirmed_at": clock.now()}
    )
    if not is_new:
        return alias
    alias.confirmations = max(alias.confirmations, alias.seen.count())
    alias.save(update_fields=["confirmations"])
    after = {"payer": str(alias), "customer": customer.code, "confirmations": alias.confirmations}
    audit(by, "payer.confirmed", alias, entity=customer.entity, after=after)
    _learn(by, alias)
    return alias


def _learn(by: User, alias: PayerAlias) -> None:
    """Two equal decisions: the payer is known from now on, unless a person decided on it before."""
    if alias.in_use or alias.decided_by_id or alias.confirmations < CONFIRMATIONS_NEEDED:
        return
    alias.in_use, alias.decided_by, alias.decided_at = True, by, clock.now()
    alias.save(update_fields=["in_use", "decided_by", "decided_at"])
    entity, after = alias.customer.entity, {"customer": alias.customer.code, "lines": alias.confirmations}
    audit(by, "payer.learnt", alias, entity=entity, after=after)


def alias_of(line: BankStatementLine, customer: Customer) -> PayerAlias | None:
    """What was learnt about the line's payer as this customer before."""
    account, name, written = _sign_of(line, customer)
    return PayerAlias.objects.filter(customer=customer, account=account, name=name).first() if written else None


def _sign_of(line: BankStatementLine, customer: Customer) -> tuple[str, str, str]:
    """The account, else the name, by which the payer could be known again; empty when the customer has it anyway."""
    account = compact(line.payer_account)
    if account:
        return ("", "", "") if _is_own_account(account, customer) else (account, "", line.payer_account)
    payer = line.ultimate_payer or line.payer
    name = compact(payer)
    if not name or name == compact(customer.name):
        return "", "", ""
    return "", name[:200], payer


def _is_own_account(account: str, customer: Customer) -> bool:
    known = CustomerBankAccount.objects.filter(customer=customer, is_active=True).exclude(
        source=CustomerBankAccount.Source.STATEMENT, confirmed_at=None
    )
    return any(compact(own.known_as) == account for own in known)
