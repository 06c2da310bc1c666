"""What the actions of this room refuse."""

from core.errors import Refused


class NotADraft(Refused):
    """The document is issued; it can only be credited."""

    code = "not_a_draft"


class NotIssued(Refused):
    """The document is still a draft."""

    code = "not_issued"


class ChangedMeanwhile(Refused):
    """Somebody else changed the draft since it was opened."""

    code = "changed_meanwhile"


class NotReady(Refused):
    """The checks found something without which there is no number."""

    code = "not_ready"


class CreditRefused(Refused):
    """The credit doesn't fit its invoice."""

    code = "credit_refused"


class ImportRefused(Refused):
    """A document of another program can't be taken as it is."""

    code = "import_refused"


class RateRefused(Refused):
    """The tax rate overlaps with one that holds already."""

    code = "rate_refused"


class NotAContractDraft(Refused):
    """The contract is active; it can only be amended."""

    code = "not_a_contract_draft"


class ContractNotReady(Refused):
    """Something is missing without which the contract can't bill."""

    code = "contract_not_ready"


class NoticeRefused(Refused):
    """Notice comes too late, or there is nothing to give it on."""

    code = "notice_refused"


class UsageRefused(Refused):
    """The reading can't be billed."""

    code = "usage_refused"


class IntakeRefused(Refused):
    """The file can't be brought in as it is."""

    code = "intake_refused"


class BillingRefused(Refused):
    """The billing run can't do that, or not any more."""

    code = "billing_refused"
