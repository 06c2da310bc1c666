"""Payment terms."""

from core.forms import RowForm
from customers.models import PaymentTerms


class TermsForm(RowForm):
    """New or changed terms; the code stays as it was given."""

    class Meta:
        model = PaymentTerms
        fields = ("code", "name", "net_days", "end_of_month", "discount_percent", "discount_days", "is_active")
        labels = {
            "name": "As printed on invoices",
            "net_days": "Net days",
            "end_of_month": "Count from the end of the invoice's month",
            "discount_percent": "Discount, %",
            "discount_days": "Discount within days",
            "is_active": "Offer it for customers",
        }
        help_texts = {"end_of_month": ""}
