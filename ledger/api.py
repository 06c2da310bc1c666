"""Open items, allocations and ageing over the API: reading, at any date and as known at any time."""

from datetime import date, datetime
from typing import Any, ClassVar, cast

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from core.api import Api
from core.api_amounts import AmountsInCurrency
from core.models import User
from core.permissions import require
from customers.models import Customer
from ledger.ageing import AgeingBucket, AgeingRow, ageing, buckets_to
from ledger.balances import open_items
from ledger.models import Allocation, OpenItem

ENTITY = OpenApiParameter("entity", str, description="Code of the company; may be left out when there is only one.")
AS_OF = OpenApiParameter("as_of", date, description="At the end of this day. Left out: today.")
KNOWN_AT = OpenApiParameter("known_at", datetime, description="Leaves out what was recorded later.")
CUSTOMER = OpenApiParameter("customer", str, description="Code of a customer.")


class Question(serializers.Serializer[Any]):
    """What all of these questions may say."""

    as_of = serializers.DateField(required=False)
    known_at = serializers.DateTimeField(required=False, default=None)
    customer = serializers.CharField(required=False)
    kind = serializers.ChoiceField(OpenItem.Kind.choices, required=False)
    number = serializers.CharField(required=False)
    by = serializers.ChoiceField(("due", "invoice"), default="due")
    group_by = serializers.ChoiceField(("customer", "group", "entity", "currency"), default="customer")
    buckets = serializers.RegexField(r"^\d{1,4}(,\d{1,4}){0,9}$", default="30,60,90")


class LedgerApi(Api):
    """Reads the question, and asks who may see the ledger of the company."""

    filters: ClassVar = frozenset(Question().fields)

    def question(self) -> dict[str, Any]:
        """The checked parameters, with the company and its day."""
        request: Request = cast(APIView, self).request
        asked = Question(data=request.query_params)
        asked.is_valid(raise_exception=True)
        facts: dict[str, Any] = dict(asked.validated_data)
        facts["entity"] = self.entity()
        require(cast(User, request.user), "ledger.view", facts["entity"])
        facts.setdefault("as_of", clock.today(facts["entity"]))
        if code := facts.get("customer"):
            facts["customer"] = _customer(facts["entity"].pk, code)
        return facts


def _customer(entity_id: int, code: str) -> Customer:
    found = Customer.objects.filter(entity_id=entity_id, code=code).first()
    if found is None:
        raise ValidationError({"customer": [f"There is no customer {code}."]})
    return found


class OpenItemSerializer(AmountsInCurrency, serializers.ModelSerializer[OpenItem]):
    """A document that is not settled; `open_amount` is what is left of it at the day asked for."""

    id = serializers.IntegerField(source="pk")
    entity = serializers.CharField(source="entity.code")
    customer = serializers.CharField(source="customer.code")
    open_amount = serializers.DecimalField(source="open_then", max_digits=18, decimal_places=3)

    class Meta:
        model = OpenItem
        fields = (
            "id", "entity", "customer", "number", "kind", "side", "document_on", "due_on", "posted_on", "recorded_at",
            "currency", "amount", "open_amount", "purchase_order", "reference",
        )  # fmt: skip


@extend_schema_view(
    list=extend_schema(
        description="Items that are open at the end of a day.",
        parameters=[ENTITY, AS_OF, KNOWN_AT, CUSTOMER, OpenApiParameter("kind", str), OpenApiParameter("number", str)],
    )
)
class OpenItemViewSet(LedgerApi, mixins.ListModelMixin, viewsets.GenericViewSet[OpenItem]):
    """What customers owe and are owed."""

    scope = "open_items"
    serializer_class = OpenItemSerializer
    queryset = OpenItem.objects.none()

    def get_queryset(self) -> QuerySet[OpenItem]:
        """The items that the question asks for."""
        asked = self.question()
        rows = open_items(
            entity=asked["entity"],
            as_of=asked["as_of"],
            known_at=asked["known_at"],
            customer=asked.get("customer"),
        )
        rows = rows.filter(**{name: asked[name] for name in ("kind", "number") if name in asked})
        return rows.select_related("entity", "customer")


class AllocationSerializer(AmountsInCurrency, serializers.ModelSerializer[Allocation]):
    """Part of a credit that settles part of a debit; the amount is negative when it undoes another."""

    debit_number = serializers.CharField(source="debit_item.number")
    credit_number = serializers.CharField(source="credit_item.number")
    customer = serializers.CharField(source="debit_item.customer.code")
    currency = serializers.CharField(source="debit_item.currency")

    class Meta:
        model = Allocation
        fields = (
            "id", "customer", "currency", "debit_item", "debit_number", "credit_item", "credit_number", "amount",
            "debit_base", "credit_base", "allocated_on", "recorded_at", "reverses", "reason", "late_reason",
        )  # fmt: skip

    def base_currency(self, instance: Allocation) -> str:
        """The currency of the books of the document that is settled."""
        return str(instance.debit_item.entity.currency)


@extend_schema_view(
    list=extend_schema(
        description="Allocations that count by the end of a day.",
        parameters=[
            ENTITY,
            AS_OF,
            KNOWN_AT,
            CUSTOMER,
            OpenApiParameter("number", str, description="Number of either document."),
        ],
    )
)
class AllocationViewSet(LedgerApi, mixins.ListModelMixin, viewsets.GenericViewSet[Allocation]):
    """What settled what."""

    scope = "allocations"
    serializer_class = AllocationSerializer
    queryset = Allocation.objects.none()

    def get_queryset(self) -> QuerySet[Allocation]:
        """The allocations that the question asks for."""
        asked = self.question()
        rows = Allocation.objects.filter(debit_item__entity=asked["entity"], allocated_on__lte=asked["as_of"])
        if asked["known_at"]:
            rows = rows.filter(recorded_at__lte=asked["known_at"])
        if "customer" in asked:
            rows = rows.filter(debit_item__customer=asked["customer"])
        if "number" in asked:
            rows = rows.filter(Q(debit_item__number=asked["number"]) | Q(credit_item__number=asked["number"]))
        return rows.select_related("debit_item__customer", "debit_item__entity", "credit_item")


class AgeingRowSerializer(AmountsInCurrency, serializers.Serializer[AgeingRow]):
    """One line of the ageing in one currency; `key` is the id of what it is grouped by."""

    key = serializers.IntegerField()
    currency = serializers.CharField()
    buckets = serializers.DictField(child=serializers.DecimalField(max_digits=18, decimal_places=3))
    total = serializers.DecimalField(max_digits=18, decimal_places=3)
    unapplied_cash = serializers.DecimalField(max_digits=18, decimal_places=3)
    credits = serializers.DecimalField(max_digits=18, decimal_places=3)
    net = serializers.DecimalField(max_digits=18, decimal_places=3)
    open_items = serializers.IntegerField()


class AgeingAnswerSerializer(serializers.Serializer[Any]):
    """The question and its rows."""

    entity = serializers.CharField()
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField()
    group_by = serializers.CharField()
    rows = AgeingRowSerializer(many=True)


class AgeingView(LedgerApi, APIView):
    """What is open at the end of a day, by age."""

    scope = "ageing"

    @extend_schema(
        responses=AgeingAnswerSerializer,
        parameters=[
            ENTITY,
            AS_OF,
            KNOWN_AT,
            CUSTOMER,
            OpenApiParameter("by", str, enum=("due", "invoice")),
            OpenApiParameter("group_by", str, enum=("customer", "group", "entity", "currency")),
            OpenApiParameter("buckets", str, description="Last days of the buckets, such as 30,60,90."),
        ],
    )
    def get(self, request: Request) -> Response:
        """Answer with all rows at once."""
        asked = self.question()
        buckets = _buckets(asked["buckets"])
        rows = ageing(
            entities=[asked["entity"]],
            as_of=asked["as_of"],
            known_at=asked["known_at"],
            by=asked["by"],
            buckets=buckets,
            group_by=asked["group_by"],
            customers=[asked["customer"]] if "customer" in asked else None,
        )
        answer = {
            "entity": asked["entity"].code,
            "rows": [_row(row, buckets) for row in rows],
            **{name: asked[name] for name in ("as_of", "known_at", "by", "group_by")},
        }
        return Response(AgeingAnswerSerializer(answer).data)


def _buckets(text: str) -> tuple[AgeingBucket, ...]:
    days = [int(part) for part in text.split(",")]
    if days != sorted(set(days)) or days[0] == 0:
        raise ValidationError({"buckets": ["Write rising days, such as 30,60,90."]})
    return buckets_to(*days)


def _row(row: AgeingRow, buckets: tuple[AgeingBucket, ...]) -> dict[str, Any]:
    return {
        **row._asdict(),
        "buckets": {bucket.label: amount for bucket, amount in zip(buckets, row.amounts, strict=True)},
        "total": row.total,
        "net": row.net,
    }
