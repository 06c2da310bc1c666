"""What credit control has to say about customers that are about to be billed."""

from collections.abc import Mapping, Sequence
from datetime import date

from core.models import LegalEntity
from core.money import Money
from invoicing.checks import Finding


def credit_findings(
    *, entity: LegalEntity, billed: Mapping[int, Sequence[Money]], as_of: date
) -> Mapping[int, Sequence[Finding]]:
    """By customer, holds and exceeded limits that stop its invoices; `billed` is what each would be billed now."""
    return {}
