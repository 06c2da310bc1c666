"""Mandates over the API, to be read."""

from typing import ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from core.api import Api
from core.models import LegalEntity, User
from directdebit.models import Mandate


class MandateSerializer(serializers.ModelSerializer[Mandate]):
    """A mandate; the account by its last four digits."""

    entity = serializers.SlugRelatedField[LegalEntity](slug_field="code", read_only=True)
    customer = serializers.CharField(source="customer.code", read_only=True)
    scheme = serializers.CharField(source="creditor.scheme", read_only=True)
    creditor = serializers.CharField(source="creditor.code", read_only=True)
    account = serializers.CharField(source="bank_account", read_only=True)

    class Meta:
        model = Mandate
        fields = (
            "id",
            "entity",
            "customer",
            "scheme",
            "creditor",
            "reference",
            "state",
            "use",
            "account",
            "signed_on",
            "lodged_on",
            "usable_from",
            "last_collected_on",
            "paused_reason",
            "ended_on",
        )


FILTERS = [
    OpenApiParameter("customer", str, description="Code of the customer."),
    OpenApiParameter("state", str, description="Such as active or cancelled."),
    OpenApiParameter("entity", str, description="Code of the company."),
]


@extend_schema_view(
    list=extend_schema(description="Mandates that the token's person may see.", parameters=FILTERS),
    retrieve=extend_schema(description="One mandate."),
)
class MandateViewSet(Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Mandate]):
    """Read by whose authority accounts are debited."""

    scope = "mandates"
    filters: ClassVar = {each.name for each in FILTERS}
    serializer_class = MandateSerializer
    queryset = Mandate.objects.none()

    def get_queryset(self) -> QuerySet[Mandate]:
        """Mandates of companies whose direct debits the person may see."""
        asked = self.request.query_params
        rows = Mandate.objects.visible_to(cast(User, self.request.user))
        if asked.get("entity"):
            rows = rows.filter(entity=self.entity())
        if asked.get("customer"):
            rows = rows.filter(customer__code=asked["customer"])
        if asked.get("state"):
            rows = rows.filter(state=asked["state"])
        return rows.select_related("entity", "customer", "creditor", "bank_account")
