"""Finding the accounts that a batch of entries posts to."""

from collections.abc import Iterable

from core.models import LegalEntity
from core.reading import read
from ledger.models import Account
from ledger.posting.errors import NoLedger, NotPostable

THE_DEFAULT_BANK_ACCOUNT_LAST = """
    entity_id = ANY(%(entities)s) AND role = ANY(%(roles)s)
    ORDER BY (SELECT b.is_default FROM core_bankaccount b WHERE b.id = bank_account_id) NULLS FIRST, code DESC
"""
BY_ROLE = dict[tuple[int, str], Account]


def accounts_by_role(entities: Iterable[LegalEntity], roles: Iterable[str]) -> BY_ROLE:
    """The entities' accounts in these roles; of several bank accounts, the one for the default account at the bank."""
    keys = [entity.pk for entity in entities]
    rows = read(Account, THE_DEFAULT_BANK_ACCOUNT_LAST, entities=keys, roles=[str(role) for role in roles])
    return {(account.entity_id, account.role): account for account in rows}


def account_for(by_role: BY_ROLE, entity: LegalEntity, wanted: Account.Role | Account) -> Account:
    """The account that a line names by its role or by itself."""
    if isinstance(wanted, Account):
        if wanted.entity_id != entity.pk:
            raise NotPostable(f"Account {wanted} is not an account of {entity.name}.")
        return wanted
    try:
        return by_role[entity.pk, wanted]
    except KeyError:
        label = Account.Role(wanted).label
        raise NoLedger(f"{entity.name} has no account for “{label}”. Set up its ledger first.") from None
