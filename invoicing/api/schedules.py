"""Deferral schedules: how income of invoice lines is earned, as at a day and as known at a moment. To be read only."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, cast

from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api import Api
from core.api_amounts import AmountsInCurrency
from core.models import User
from core.money import ZERO
from core.permissions import entities_of
from invoicing.models import DeferralMovement, DeferralSchedule
from invoicing.queries.deferred_income import DeferredQuestion
from invoicing.queries.schedule_months import schedule_months

FILTERS = [
    OpenApiParameter("entity", str, description="Code of the company."),
    OpenApiParameter("customer", str, description="Code of a customer."),
    OpenApiParameter("invoice", str, description="Number of an invoice."),
    OpenApiParameter("as_of", OpenApiTypes.DATE, description="At the end of this day; left out, today."),
    OpenApiParameter("known_at", OpenApiTypes.DATETIME, description="As it was known then; left out, as it is now."),
]
RELEASED, CREDITED = DeferralMovement.Kind.RELEASED, DeferralMovement.Kind.CREDITED


class ScheduleMonthSerializer(serializers.Serializer[Any]):
    """The income of one month; without a day it is still to come."""

    month_on = serializers.DateField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=3)
    base_amount = serializers.DecimalField(max_digits=18, decimal_places=3)
    released_on = serializers.DateField(allow_null=True)


class ScheduleSerializer(AmountsInCurrency, serializers.ModelSerializer[DeferralSchedule]):
    """What an invoice line deferred, and what became of it. Base amounts are in the currency of the books."""

    entity = serializers.CharField(source="entity.code")
    customer = serializers.CharField(source="customer.code")
    invoice = serializers.CharField(source="invoice_line.invoice.number")
    line = serializers.IntegerField(source="invoice_line.position")
    description = serializers.CharField(source="invoice_line.description")
    released = serializers.SerializerMethodField()
    credited = serializers.SerializerMethodField()
    deferred = serializers.SerializerMethodField()
    base_deferred = serializers.SerializerMethodField()

    class Meta:
        model = DeferralSchedule
        fields: tuple[str, ...] = (
            "id", "entity", "customer", "invoice", "line", "description", "method", "first_on", "last_on", "currency",
            "amount", "base_amount", "released", "credited", "deferred", "base_deferred",
        )  # fmt: skip

    def get_released(self, row: DeferralSchedule) -> str:
        """What has become income."""
        return str(_sum(row, {RELEASED}))

    def get_credited(self, row: DeferralSchedule) -> str:
        """What was credited before it was earned."""
        return str(_sum(row, {CREDITED}))

    def get_deferred(self, row: DeferralSchedule) -> str:
        """What is left."""
        return str(row.amount - _sum(row, {RELEASED, CREDITED}))

    def get_base_deferred(self, row: DeferralSchedule) -> str:
        """What is left, in the currency of the books."""
        return str(row.base_amount - _sum(row, {RELEASED, CREDITED}, "base_amount"))


class ScheduleWithMonthsSerializer(ScheduleSerializer):
    """The same, month by month."""

    months = serializers.SerializerMethodField()

    class Meta(ScheduleSerializer.Meta):
        fields = (*ScheduleSerializer.Meta.fields, "months")

    @extend_schema_field(ScheduleMonthSerializer(many=True))
    def get_months(self, row: DeferralSchedule) -> list[Any]:
        """Those that were released, then those to come."""
        return list(ScheduleMonthSerializer(self.context["months"], many=True).data)


@extend_schema_view(list=extend_schema(description="Schedules that were there on the day.", parameters=FILTERS))
class ScheduleViewSet(Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[DeferralSchedule]):
    """Find and read schedules."""

    scope = "invoices"
    filters: ClassVar = {each.name for each in FILTERS}
    serializer_class = ScheduleSerializer
    queryset = DeferralSchedule.objects.none()

    def get_queryset(self) -> QuerySet[DeferralSchedule]:
        """Schedules that the token's person may see, as they were."""
        asked = self.request.query_params
        known = _known(*self._moment())
        there = DeferralMovement.objects.filter(known, kind=DeferralMovement.Kind.DEFERRED)
        rows = DeferralSchedule.objects.visible_to(cast(User, self.request.user)).filter(
            pk__in=there.values("schedule")
        )
        exact = {"entity": "entity__code", "customer": "customer__code", "invoice": "invoice_line__invoice__number"}
        rows = rows.filter(**{path: asked[name] for name, path in exact.items() if asked.get(name)})
        movements = Prefetch("movements", DeferralMovement.objects.filter(known), to_attr="known_movements")
        return rows.select_related("entity", "customer", "invoice_line__invoice").prefetch_related(movements)

    @extend_schema(responses=ScheduleWithMonthsSerializer, parameters=FILTERS[3:])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One schedule with its months."""
        row, (as_of, known_at) = self.get_object(), self._moment()
        question = DeferredQuestion(row.entity, as_of, as_of, known_at)
        found = schedule_months(question, row.invoice_line.invoice)
        months = next(months for billed, months in found if billed.schedule.pk == row.pk)
        return Response(ScheduleWithMonthsSerializer(row, context={"months": months}).data)

    def _today(self) -> date:
        """The company's day; of several companies the earliest, so that none answers of a day to come."""
        by = cast(User, self.request.user)
        named = [self.entity()] if self.request.query_params.get("entity") else entities_of(by)
        return min((clock.today(entity) for entity in named), default=clock.now().date())

    def _moment(self) -> tuple[date, datetime | None]:
        asked = self.request.query_params
        as_of, known_at = asked.get("as_of"), asked.get("known_at")
        day = serializers.DateField().to_internal_value(as_of) if as_of else self._today()
        return day, serializers.DateTimeField().to_internal_value(known_at) if known_at else None


def _known(as_of: date, known_at: datetime | None) -> Q:
    known = Q(posted_on__lte=as_of)
    return known & Q(recorded_at__lte=known_at) if known_at else known


def _sum(row: Any, kinds: Iterable[str], column: str = "amount") -> Decimal:
    return sum((getattr(movement, column) for movement in row.known_movements if movement.kind in kinds), ZERO)
