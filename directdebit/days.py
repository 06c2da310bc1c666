"""What a day brings to a company's direct debits. Asked often, it does each thing once."""

from datetime import date

from core.models import LegalEntity, User
from directdebit.actions.announcing import announce_collections
from directdebit.actions.mandates import review_mandates
from directdebit.actions.paying import confirm_paid, presume_paid


def pass_day(by: User, entity: LegalEntity, as_of: date) -> int:
    """Notices that left, mandates that came of age or lapsed, collections whose day has come; how many moved."""
    moved = [
        announce_collections(by=by, entity=entity, as_of=as_of),
        review_mandates(by=by, entity=entity, as_of=as_of),
        presume_paid(by=by, entity=entity, as_of=as_of),
        confirm_paid(by=by, entity=entity, as_of=as_of),
    ]
    return sum(map(len, moved))
