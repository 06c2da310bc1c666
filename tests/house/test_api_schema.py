"""The schema of the API describes what there is, without a warning that a reader would have to guess about."""

from io import StringIO

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator


@pytest.mark.django_db
def test_the_schema_is_valid_and_warns_of_nothing() -> None:
    said = StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=said)

    assert "/api/v1/electronic-payments/{id}/collect/" in said.getvalue()


@pytest.mark.django_db
def test_two_kinds_of_payment_are_told_apart_and_a_token_is_sent_as_one() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    components = schema["components"]

    assert {"Settled", "ElectronicPayment", "NewElectronicPayment"} <= set(components["schemas"])
    assert components["securitySchemes"]["token"]["scheme"] == "bearer"
    assert {"token": []} in schema["paths"]["/api/v1/receipts/"]["get"]["security"]
