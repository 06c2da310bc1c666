"""Adjustments of receivables and refunds of credit: listed, read, drafted, and posted or laid before somebody.

A file that shows the reason is attached on the page; over the API the reason is a sentence.
"""

from typing import Any, ClassVar, TypeVar, cast

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api import Api
from core.api_amounts import AmountsInCurrency
from core.keys import key_in
from core.models import User
from core.money import Money
from customers.models import Customer, CustomerBankAccount
from invoicing.actions import draft_adjustment, post_adjustment, request_adjustment, request_refund
from invoicing.api.invoices import IssueSerializer
from invoicing.models import Adjustment, ItemChange, Refund
from ledger.models import OpenItem

Change = TypeVar("Change", bound=ItemChange)
CHANGE_FIELDS = (
    "id", "entity", "customer", "number", "posted_on", "item", "item_number", "side", "currency", "amount", "reason",
)  # fmt: skip
EXACT = {"entity": "entity__code", "customer": "customer__code", "number": "number", "item": "item"}
FILTERS = [
    OpenApiParameter("entity", str, description="Code of the company."),
    OpenApiParameter("customer", str, description="Code of a customer."),
    OpenApiParameter("number", str, description="The one of this number."),
    OpenApiParameter("item", int, description="Those of the open item of this id."),
]


class ChangeSerializer(AmountsInCurrency, serializers.ModelSerializer[Any]):
    """What adjustments and refunds say alike; a draft has no number."""

    entity = serializers.CharField(source="entity.code")
    customer = serializers.CharField(source="customer.code")
    item = serializers.IntegerField(source="item_id", help_text="Id of the open item.")
    item_number = serializers.CharField(source="item.number")


class AdjustmentSerializer(ChangeSerializer):
    """More or less of a receivable, without tax."""

    class Meta:
        model = Adjustment
        fields = (*CHANGE_FIELDS, "reason_code")


class RefundSerializer(ChangeSerializer):
    """Money that a customer gets back for an open credit."""

    paid_to = serializers.SerializerMethodField(help_text="Empty: back to where the money came from.")

    class Meta:
        model = Refund
        fields = (*CHANGE_FIELDS, "paid_to")

    def get_paid_to(self, refund: Refund) -> str:
        """The customer's account by its last four digits."""
        return str(refund.bank_account or "")


class NewChangeSerializer(serializers.Serializer[Any]):
    """What both need."""

    item = serializers.IntegerField(help_text="Id of the open item.")
    amount = serializers.DecimalField(max_digits=18, decimal_places=3)
    reason = serializers.CharField(max_length=300)


class NewAdjustmentSerializer(NewChangeSerializer):
    """A change of what is owed: `debit` raises it, `credit` lowers it."""

    side = serializers.ChoiceField(OpenItem.Side.choices)
    reason_code = serializers.ChoiceField(Adjustment.Reason.choices)


class NewRefundSerializer(NewChangeSerializer):
    """A refund to ask for."""

    paid_to = serializers.CharField(
        max_length=40, required=False, help_text="IBAN or number of an account of the customer that was verified."
    )


class ChangeViewSet(Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Change]):
    """What both of them answer to."""

    filters: ClassVar = set(EXACT)
    rows: ClassVar[type[ItemChange]]
    related: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self) -> QuerySet[Change]:
        """Those that the token's person may see."""
        asked = self.request.query_params
        if (item := asked.get("item", "")) and key_in(item) is None:
            raise ValidationError({"item": ["Name the item by its id, a whole number."]})
        found = self.rows.objects.visible_to(cast(User, self.request.user))
        found = found.filter(**{path: asked[name] for name, path in EXACT.items() if asked.get(name)})
        return cast(QuerySet[Change], found.select_related("entity", "customer", "item", *self.related))

    def item_named(self, pk: int) -> OpenItem:
        """The open item of an id that the person may see."""
        rows = OpenItem.objects.visible_to(cast(User, self.request.user)).select_related("entity", "customer")
        found = rows.filter(pk=pk).first()
        if found is None:
            raise ValidationError({"item": [f"There is no open item {pk}."]})
        return found

    def shown(self, pk: int) -> dict[str, Any]:
        """The row as it is now."""
        return dict(self.get_serializer(self.get_queryset().get(pk=pk)).data)


@extend_schema_view(
    list=extend_schema(description="Adjustments and their drafts.", parameters=FILTERS),
    retrieve=extend_schema(description="One adjustment."),
)
class AdjustmentViewSet(ChangeViewSet[Adjustment]):
    """Find, read, draft and post adjustments."""

    scope = "adjustments"
    rows = Adjustment
    asks: ClassVar = {
        "create": "invoicing.draft_adjustment",
        "post_it": "invoicing.post_adjustment",
        "ask": "invoicing.request_adjustment",
    }
    serializer_class = AdjustmentSerializer
    queryset = Adjustment.objects.none()

    @extend_schema(request=NewAdjustmentSerializer, responses={201: AdjustmentSerializer})
    def create(self, request: Request) -> Response:
        """Draft an adjustment of an open item."""
        given = NewAdjustmentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        item = self.item_named(facts.pop("item"))
        facts["amount"] = Money(facts["amount"], item.currency)
        made = draft_adjustment(by=cast(User, request.user), item=item, **facts)
        return Response(self.shown(made.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=IssueSerializer, responses=AdjustmentSerializer)
    @action(detail=True, methods=["post"], url_path="post")
    def post_it(self, request: Request, pk: str) -> Response:
        """Post the draft within the person's authority, and set it against its item."""
        found = self.get_object()
        given = IssueSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        day = given.validated_data.get("issued_on") or clock.today(found.entity)
        post_adjustment(by=cast(User, request.user), adjustment=found, posted_on=day)
        return Response(self.shown(found.pk))

    @extend_schema(request=None, responses=AdjustmentSerializer)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str) -> Response:
        """Lay the draft before somebody who may post it."""
        found = self.get_object()
        request_adjustment(by=cast(User, request.user), adjustment=found, requested_on=clock.today(found.entity))
        return Response(self.shown(found.pk))


@extend_schema_view(
    list=extend_schema(description="Refunds, also those that wait for approval.", parameters=FILTERS),
    retrieve=extend_schema(description="One refund."),
)
class RefundViewSet(ChangeViewSet[Refund]):
    """Find and read refunds, and ask for one. Who decides does it on the page, with everything about it in view."""

    scope = "refunds"
    rows = Refund
    related = ("bank_account",)
    asks: ClassVar = {"create": "invoicing.request_refund"}
    serializer_class = RefundSerializer
    queryset = Refund.objects.none()

    @extend_schema(request=NewRefundSerializer, responses={201: RefundSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a refund of open credit; somebody else approves it."""
        given = NewRefundSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data
        item = self.item_named(facts["item"])
        made = request_refund(
            by=cast(User, request.user),
            item=item,
            amount=Money(facts["amount"], item.currency),
            reason=facts["reason"],
            requested_on=clock.today(item.entity),
            bank_account=_account(item.customer, facts["paid_to"]) if facts.get("paid_to") else None,
        )
        return Response(self.shown(made.pk), status=status.HTTP_201_CREATED)


def _account(customer: Customer, number: str) -> CustomerBankAccount:
    plain = "".join(number.split()).upper()
    rows = CustomerBankAccount.objects.filter(customer=customer, is_active=True)
    found = rows.filter(Q(iban=plain) | Q(account_number=plain)).first()
    if found is None:
        raise ValidationError({"paid_to": [f"{customer} has no account {number}."]})
    return found
