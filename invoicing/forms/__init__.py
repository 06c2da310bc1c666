"""Forms about invoices and credit notes. They check shape; what may be done is the actions' question."""

from invoicing.forms.credits import AmountCreditForm, CreditLineFormSet, LineCreditForm, ReasonForm
from invoicing.forms.drafts import DraftForm, LineForm, LineFormSet, draft_of, line_formset
from invoicing.forms.others import (
    EndRateForm,
    IssueForm,
    IssueManyForm,
    SaveViewForm,
    SendForm,
    TaxRateForm,
    TaxRuleForm,
)

__all__ = [
    "AmountCreditForm",
    "CreditLineFormSet",
    "DraftForm",
    "EndRateForm",
    "IssueForm",
    "IssueManyForm",
    "LineCreditForm",
    "LineForm",
    "LineFormSet",
    "ReasonForm",
    "SaveViewForm",
    "SendForm",
    "TaxRateForm",
    "TaxRuleForm",
    "draft_of",
    "line_formset",
]
