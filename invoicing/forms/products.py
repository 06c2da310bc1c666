"""The form of a product."""

from typing import Any

from core.forms import AmountInput, RowForm
from invoicing.models import Product


class ProductForm(RowForm):
    """What is sold. Its code stays once it is there."""

    class Meta:
        model = Product
        fields = ("code", "name", "unit", "tax_class", "release", "list_price", "currency")
        widgets = {"list_price": AmountInput}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["currency"].required = False
        self.fields["currency"].help_text = "Left empty: the company's."
        self.fields["release"].label = "Income is earned"
        self.fields["tax_class"].label = "Taxed as"
        if self.instance.pk:
            del self.fields["code"]

    def given(self) -> dict[str, Any]:
        """The fields as they were written."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def _post_clean(self) -> None:
        """The action checks the row; here only the shape is."""
