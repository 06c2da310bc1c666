"""Usage: readings come in, many at once and each once, and are read again."""

from collections import defaultdict
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Api
from core.models import LegalEntity, User
from invoicing.actions import record_usage
from invoicing.actions.usage import Reading
from invoicing.models import Contract, ContractLine, UsageReading
from invoicing.queries.amending import usage_line

MOST_READINGS = 1_000


class UsageReadingSerializer(serializers.ModelSerializer[UsageReading]):
    """What was used on a day."""

    contract = serializers.CharField(source="line.contract.number")
    position = serializers.IntegerField(source="line.position")

    class Meta:
        model = UsageReading
        fields = ("id", "contract", "position", "used_on", "quantity", "source", "source_id", "recorded_at")


class NewReadingSerializer(serializers.Serializer[Any]):
    """What was used on a day; negative to correct an earlier reading."""

    contract = serializers.CharField(help_text="The contract's number.")
    position = serializers.IntegerField(required=False, help_text="Of the usage line, where there are several.")
    used_on = serializers.DateField()
    quantity = serializers.DecimalField(max_digits=14, decimal_places=4)
    source_id = serializers.CharField(max_length=120, help_text="Its id in the meter or system; each comes in once.")


class NewUsageSerializer(serializers.Serializer[Any]):
    """Readings, up to a thousand; all come in, or none."""

    entity = serializers.CharField(required=False)
    source = serializers.CharField(max_length=30, default="api")  # type: ignore[assignment]
    readings = serializers.ListField(child=NewReadingSerializer(), allow_empty=False, max_length=MOST_READINGS)


FILTERS = [OpenApiParameter("contract", str, description="The contract's number.")]


@extend_schema_view(list=extend_schema(description="Readings, the earliest first.", parameters=FILTERS))
class UsageViewSet(Api, mixins.ListModelMixin, viewsets.GenericViewSet[UsageReading]):
    """Record and read usage."""

    scope = "usage"
    filters: ClassVar = {each.name for each in FILTERS}
    asks: ClassVar = {"create": "invoicing.record_usage"}
    serializer_class = UsageReadingSerializer
    queryset = UsageReading.objects.none()

    def get_queryset(self) -> QuerySet[UsageReading]:
        """Readings that the token's person may see."""
        rows = UsageReading.objects.visible_to(cast(User, self.request.user)).select_related("line__contract")
        number = self.request.query_params.get("contract")
        return rows.filter(line__contract__number=number) if number else rows

    @extend_schema(request=NewUsageSerializer, responses={201: UsageReadingSerializer(many=True)})
    def create(self, request: Request) -> Response:
        """Keep readings; those that came in before are answered as they are."""
        entity = self.entity()
        given = NewUsageSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        source, asked = given.validated_data["source"], given.validated_data["readings"]
        made: list[UsageReading] = []
        for line, readings in _by_line(entity, asked).items():
            made += record_usage(by=cast(User, request.user), line=line, readings=readings, source=source)
        return Response(self.get_serializer(made, many=True).data, status=status.HTTP_201_CREATED)


def _by_line(entity: LegalEntity, asked: list[dict[str, Any]]) -> dict[ContractLine, list[Reading]]:
    numbers = {one["contract"] for one in asked}
    contracts = Contract.objects.filter(entity=entity, number__in=numbers).select_related("entity")
    known = {contract.number: contract for contract in contracts}
    if missing := sorted(numbers - known.keys()):
        raise ValidationError({"readings": [f"{entity.name} has no contract {missing[0]}."]})
    found: dict[ContractLine, list[Reading]] = defaultdict(list)
    for one in asked:
        line = usage_line(known[one["contract"]], one.get("position"), one["used_on"])
        found[line].append(Reading(one["used_on"], one["quantity"], one["source_id"]))
    return dict(found)
