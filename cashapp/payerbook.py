"""What is learnt about payers while people match by hand. Only actions call this."""

from django.db.models import F

from cashapp.matching.text import compact
from cashapp.models import BankStatementLine, PayerAlias
from core.audit import audit
from core.models import User
from customers.models import Customer, CustomerBankAccount


def confirm(by: User, line: BankStatementLine, customer: Customer) -> PayerAlias | None:
    """Count that a person saw this customer behind the line's payer. Nothing is learnt that was known before."""
    account, name, written = _sign_of(line, customer)
    if not written:
        return None
    alias, is_new = PayerAlias.objects.get_or_create(
        customer=customer, account=account, name=name, defaults={"written": written[:200]}
    )
    if not is_new:
        PayerAlias.objects.filter(pk=alias.pk).update(confirmations=F("confirmations") + 1)
        alias.refresh_from_db()
    after = {"payer": written, "customer": customer.code, "confirmations": alias.confirmations}
    audit(by, "payer.confirmed", alias, entity=customer.entity, after=after)
    return alias


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
    return any(compact(iban or number) == account for iban, number in known.values_list("iban", "account_number"))
