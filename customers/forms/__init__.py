"""Forms about customers. They check shape; what may be done is the actions' question."""

from customers.forms.belongings import (
    AddressForm,
    BankAccountForm,
    CertificateForm,
    ContactForm,
    FileForm,
    NoteForm,
    ReasonForm,
    VerificationForm,
)
from customers.forms.customers import ChangeForm, NewCustomerForm, ParentForm, SaveViewForm
from customers.forms.imports import ColumnsForm, UploadForm
from customers.forms.requirements import RequirementsForm
from customers.forms.terms import TermsForm

__all__ = [
    "AddressForm",
    "BankAccountForm",
    "CertificateForm",
    "ChangeForm",
    "ColumnsForm",
    "ContactForm",
    "FileForm",
    "NewCustomerForm",
    "NoteForm",
    "ParentForm",
    "ReasonForm",
    "RequirementsForm",
    "SaveViewForm",
    "TermsForm",
    "UploadForm",
    "VerificationForm",
]
