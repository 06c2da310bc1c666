"""What a day brings to a company's direct debits. Asked often, it does each thing once."""

from datetime import date

from core.models import LegalEntity, User
from directdebit.actions.announcing import announce_collections
from directdebit.actions.mandates import review_mandates
from directdebit.actions.paying import confirm_paid, presume_paid


def pass_day(by: User, entity: LegalEntity, as_of: date) -> int:
    """Notices that left, mandates that came of age or lapsed, collections whose day has come; how many moved."""
    announced = announce_collections(by=by, entity=entity, as_of=as_of)
    reviewed = review_mandates(by=by, entity=entity, as_of=as_of)
    presumed = presume_paid(by=by, entity=entity, as_of=as_of)
    confirmed = confirm_paid(by=by, entity=entity, as_of=as_of)
    return len(announced) + len(reviewed) + len(presumed) + len(confirmed)
