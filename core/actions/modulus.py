"""The UK's modulus rules."""

from datetime import date

from django.db import transaction

from core.audit import audit
from core.bank_checks import read_modulus_table
from core.errors import Refused
from core.models import ModulusIssue, User
from core.permissions import require_somewhere


class IssueTaken(Refused):
    """Another issue counts from the same day."""

    code = "issue_taken"


@transaction.atomic
def load_modulus_rules(*, by: User, weights: str, substitutes: str, valid_from: date) -> ModulusIssue:
    """Bring in an issue of Pay.UK's files, by which UK bank accounts are checked from a day on."""
    require_somewhere(by, "core.load_modulus_rules")
    known = ModulusIssue.objects.filter(valid_from=valid_from).first()
    if known is not None and (known.weights, known.substitutes) == (weights, substitutes):
        return known
    if known is not None:
        raise IssueTaken(f"Other modulus rules count from {valid_from:%d %B %Y} already; choose the day after.")
    table = read_modulus_table(weights, substitutes)

    issue = ModulusIssue(valid_from=valid_from, weights=weights, substitutes=substitutes, loaded_by=by)
    issue.save(force_insert=True)

    after = {"valid_from": valid_from, "rules": len(table.rules), "substitutes": len(table.substitutes)}
    audit(by, "modulus_rules.loaded", issue, entity=None, after=after)
    return issue
