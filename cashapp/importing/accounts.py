"""Which of our bank accounts a statement speaks of."""

import re
from collections.abc import Iterable

from cashapp.statements import Statement, StatementRefused
from core.models import BankAccount, LegalEntity, User

SIGNS = re.compile(r"[^A-Z0-9]")


class AccountUnknown(StatementRefused):
    """The statement is of no account that the entity has, or of another than the chosen one."""

    code = "account_unknown"


def account_of(
    by: User, entity: LegalEntity, statement: Statement, chosen: BankAccount | None, name: str
) -> BankAccount:
    """The account that the file names among the entity's, or the chosen one when the file does not say otherwise."""
    accounts = list(BankAccount.objects.filter(entity=entity, is_active=True).order_by("pk"))
    named = _in_currency([each for each in accounts if _is_named(each, statement.account)], statement.currency)
    if chosen:
        return _confirmed(chosen, named, statement, name)
    if not statement.account and (kept_there := _at_provider(accounts, statement)):
        return kept_there
    if not statement.account:
        raise AccountUnknown(f"{name} does not name its account. {_choice(by, entity, statement)}")
    if not named:
        raise AccountUnknown(
            f"{name} is of account {statement.account}, which is none of {entity.name}'s. {_owner(by, statement)}"
        )
    if len(named) > 1:
        names = ", ".join(each.name for each in named)
        raise AccountUnknown(f"{name} is of account {statement.account}, which several have: {names}. Choose one.")
    return named[0]


def only_account_for(entity: LegalEntity, statements: Iterable[Statement]) -> BankAccount | None:
    """The one account that statements which name none can be of: the only one that we have in their currency."""
    told = list(statements)
    currencies = {each.currency for each in told}
    if len(currencies) != 1 or any(each.account for each in told):
        return None
    accounts = BankAccount.objects.filter(entity=entity, is_active=True)
    fitting = list((accounts.filter(currency=told[0].currency) if told[0].currency else accounts)[:2])
    return fitting[0] if len(fitting) == 1 else None


def place_for(by: User, entity: LegalEntity, currency: str) -> str:
    """What to choose for a statement in a currency, among the accounts of which the person may know."""
    accounts = [each for each in _accounts_known_to(by) if each.currency == currency]
    own = [each.name for each in accounts if each.entity_id == entity.pk]
    if own:
        return f"Choose {_or(own)}."
    if not accounts:
        return f"{entity.name} has no account in {currency}. Add it in the settings first."
    others = _or(list(dict.fromkeys(f"{each.entity.name} ({each.name})" for each in accounts)))
    return f"{entity.name} has no account in {currency}, but {others} has: change to that company and import it there."


def _at_provider(accounts: list[BankAccount], statement: Statement) -> BankAccount | None:
    """The only account that we keep in this currency at a payment provider whose files name no account."""
    provider = statement.bank.casefold()
    there = [
        each for each in accounts if provider and each.bank_name.casefold() == provider
        and each.currency == statement.currency
    ]  # fmt: skip
    return there[0] if len(there) == 1 else None


def _choice(by: User, entity: LegalEntity, statement: Statement) -> str:
    own = BankAccount.objects.filter(entity=entity, is_active=True)
    if statement.currency and not own.filter(currency=statement.currency).exists():
        return f"It is in {statement.currency}. {place_for(by, entity, statement.currency)}"
    return "Choose the bank account that it is from."


def _owner(by: User, statement: Statement) -> str:
    owners = [each.entity.name for each in _accounts_known_to(by) if _is_named(each, statement.account)]
    if not owners:
        return "Add it to the company's bank accounts in the settings."
    return f"It belongs to {_or(list(dict.fromkeys(owners)))}: change to that company and import it there."


def _accounts_known_to(by: User) -> list[BankAccount]:
    known = BankAccount.objects.filter(is_active=True, entity__in=by.entity_ids("cashapp.view"))
    return list(known.select_related("entity").order_by("pk"))


def _or(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _confirmed(chosen: BankAccount, named: list[BankAccount], statement: Statement, name: str) -> BankAccount:
    other = [each for each in named if each.pk != chosen.pk]
    differs = statement.account_is_iban and chosen.iban and not _is_named(chosen, statement.account)
    if differs or (other and chosen not in named):
        where = other[0].name if other else "no account of ours"
        raise AccountUnknown(f"{name} is of account {statement.account} ({where}), not of {chosen.name}.")
    return chosen


def _in_currency(accounts: list[BankAccount], currency: str) -> list[BankAccount]:
    """One number may hold several currencies; where the statement tells, its currency decides."""
    fitting = [each for each in accounts if each.currency == currency]
    return fitting or accounts


def _is_named(account: BankAccount, written: str) -> bool:
    told = set(_forms_of(written))
    number = _bare(account.account_number)
    own = {_bare(account.iban), number, _bare(account.sort_code) + number if number else ""} - {""}
    return bool(told & own) or any(_is_german_part(form, _bare(account.iban)) for form in told)


def _forms_of(written: str) -> Iterable[str]:
    """The whole, the number behind a bank code, and German bank code and number filled to the length of the IBAN."""
    yield _bare(written)
    bank, slash, number = written.rpartition("/")
    if slash:
        yield _bare(number)
        yield _bare(bank) + _bare(number).zfill(10)


def _is_german_part(form: str, iban: str) -> bool:
    return iban.startswith("DE") and len(form) == 18 and iban[4:] == form


def _bare(number: str) -> str:
    return SIGNS.sub("", number.upper())
