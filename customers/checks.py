"""What holds for a customer's data, as refusals that name the field."""

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models

from core.errors import Refused
from customers.models import Customer
from customers.taxnumbers import validate_tax_number


class InvalidData(Refused):
    """A field holds what it can't."""

    code = "invalid_data"


class CodeTaken(Refused):
    """Another customer of the company has the code."""

    code = "code_taken"


class ChangedMeanwhile(Refused):
    """Somebody else changed the row after it was shown."""

    code = "changed_meanwhile"


def refuse_invalid(row: models.Model) -> None:
    """Run every check of the model's own and turn what it finds into one sentence."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise InvalidData(" ".join(_sentences(row, error))) from None


def _sentences(row: models.Model, error: ValidationError) -> list[str]:
    return [
        message if name == NON_FIELD_ERRORS else f"{_label_of(row, name)}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]


def _label_of(row: models.Model, name: str) -> str:
    try:
        return str(row._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name.capitalize()


def refuse_bad_tax_number(number: str) -> None:
    """Refuse a number that its country's rule says can't exist; none at all is fine."""
    if not number:
        return
    try:
        validate_tax_number(number)
    except ValidationError as error:
        raise InvalidData(" ".join(error.messages)) from None


def refuse_reverse_charge_without_number(customer: Customer) -> None:
    """The invoice must name the number of whoever accounts for the tax."""
    if customer.tax_status == Customer.TaxStatus.REVERSE_CHARGE and not customer.tax_number:
        raise InvalidData(f"{customer.name} needs a tax number for reverse charge: the invoice has to name it.")
