"""The modulus rules that count on a day."""

from datetime import date
from functools import lru_cache

from core.bank_checks import ModulusTable, read_modulus_table
from core.models import ModulusIssue


def modulus_table_on(day: date) -> ModulusTable | None:
    """The latest issue that counted by then; None where nobody has loaded one."""
    issue = ModulusIssue.objects.filter(valid_from__lte=day).values_list("pk", flat=True).first()
    return _table_of(issue) if issue is not None else None


@lru_cache(maxsize=4)
def _table_of(pk: int) -> ModulusTable:
    """Issues never change, so one that was read stays right."""
    issue = ModulusIssue.objects.get(pk=pk)
    return read_modulus_table(issue.weights, issue.substitutes)
