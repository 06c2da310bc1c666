"""Contracts: listed, read, drafted, activated and amended; each source's id counts once."""

from typing import Any, ClassVar, cast

from django.db.models import Prefetch, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Api
from core.api_amounts import AmountsInCurrency
from core.models import LegalEntity, User
from core.permissions import require
from customers.api import terms_named
from invoicing.actions import activate_contract, amend_contract, draft_contract, renew_contract
from invoicing.amending import AmendmentDraft
from invoicing.api.fields import customer_named
from invoicing.contract_drafts import ContractDraft, ContractLineDraft
from invoicing.models import Amendment, AmendmentEffect, Contract, ContractLine, Language, PriceTier, Product

STATES = ("draft", "active")


class TierSerializer(serializers.ModelSerializer[PriceTier]):
    """From a quantity on, another price."""

    class Meta:
        model = PriceTier
        fields = ("from_quantity", "unit_price")


class ContractLineSerializer(serializers.ModelSerializer[ContractLine]):
    """A line; those that ended and those that follow them are its history."""

    product = serializers.CharField(source="product.code")
    follows = serializers.IntegerField(source="follows.position", default=None)
    tiers = TierSerializer(many=True)

    class Meta:
        model = ContractLine
        fields = (
            "position", "product", "description", "quantity", "unit_price", "discount_percent", "tiering", "tiers",
            "cycle", "timing", "anchor_on", "starts_on", "ends_on", "cost_centre", "follows",
        )  # fmt: skip


class ContractSerializer(serializers.ModelSerializer[Contract]):
    """A contract with all its lines."""

    entity = serializers.CharField(source="entity.code")
    customer = serializers.CharField(source="customer.code")
    terms = serializers.CharField(source="terms.code", default=None)
    lines = ContractLineSerializer(many=True)

    class Meta:
        model = Contract
        fields = (
            "id", "entity", "customer", "number", "kind", "source", "source_id", "currency", "terms", "language",
            "purchase_order", "text", "starts_on", "ends_on", "notice_days", "renews", "renewal_months",
            "indexation_percent", "notice_given_on", "is_active", "activated_at", "version", "lines",
        )  # fmt: skip


class EffectSerializer(serializers.ModelSerializer[AmendmentEffect]):
    """What a change bills (positive) or gives back (negative) of a line, before tax, with its working."""

    line = serializers.IntegerField(source="line.position")

    class Meta:
        model = AmendmentEffect
        fields = ("line", "amount", "working", "document")


class AmendmentSerializer(AmountsInCurrency, serializers.ModelSerializer[Amendment]):
    """A change of an active contract, with the lines that it ended and made, and what it came to."""

    currency = serializers.CharField(source="contract.currency")

    lines_ended = serializers.SlugRelatedField[Any](many=True, read_only=True, slug_field="position")
    lines_made = serializers.SlugRelatedField[Any](many=True, read_only=True, slug_field="position")
    effects = EffectSerializer(many=True)

    class Meta:
        model = Amendment
        fields = (
            "id", "kind", "effective_on", "source", "source_id", "reason", "recorded_at", "lines_ended", "lines_made",
            "currency", "effects",
        )  # fmt: skip


class NewTierSerializer(serializers.Serializer[Any]):
    """From a quantity on, another price. The first tier begins at 0."""

    from_quantity = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0)
    unit_price = serializers.DecimalField(max_digits=18, decimal_places=6, min_value=0)


class NewContractLineSerializer(serializers.Serializer[Any]):
    """A line to agree. The price is for one unit and one cycle, without tax; left out, it is the product's."""

    product = serializers.CharField(help_text="Code of a product that is sold.")
    description = serializers.CharField(max_length=300, required=False)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=4, required=False)
    unit_price = serializers.DecimalField(max_digits=18, decimal_places=6, required=False)
    discount_percent = serializers.DecimalField(max_digits=5, decimal_places=2, required=False)
    cycle = serializers.ChoiceField(ContractLine.Cycle.choices, required=False)
    timing = serializers.ChoiceField(ContractLine.Timing.choices, required=False)
    tiering = serializers.ChoiceField(ContractLine.Tiering.choices, required=False)
    tiers = NewTierSerializer(many=True, required=False)
    anchor_on = serializers.DateField(required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)
    cost_centre = serializers.CharField(max_length=60, required=False)


class NewContractSerializer(serializers.Serializer[Any]):
    """A contract to draft. The same `source` and `source_id` give the first one again."""

    entity = serializers.CharField(required=False)
    customer = serializers.CharField(help_text="Code of the customer.")
    source = serializers.CharField(  # type: ignore[assignment] # a field may be called like an attribute of fields
        max_length=30, default="api", help_text="The system that it comes from."
    )
    source_id = serializers.CharField(max_length=120, help_text="Its id there; each comes in once.")
    kind = serializers.ChoiceField(Contract.Kind.choices, required=False)
    number = serializers.CharField(max_length=60, required=False)
    currency = serializers.CharField(max_length=3, required=False)
    terms = serializers.CharField(required=False, help_text="Code of the payment terms.")
    language = serializers.ChoiceField(Language.choices, required=False)
    purchase_order = serializers.CharField(max_length=60, required=False)
    text = serializers.CharField(max_length=2000, required=False)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False)
    notice_days = serializers.IntegerField(min_value=0, max_value=3650, required=False)
    renews = serializers.BooleanField(required=False)
    renewal_months = serializers.IntegerField(min_value=1, max_value=120, required=False)
    indexation_percent = serializers.DecimalField(max_digits=6, decimal_places=3, required=False)
    lines = NewContractLineSerializer(many=True, allow_empty=False)


class NewAmendmentSerializer(serializers.Serializer[Any]):
    """A change to record. `effective_on` is the first day on which it counts; a renewal follows the last day."""

    kind = serializers.ChoiceField(Amendment.Kind.choices)
    effective_on = serializers.DateField(required=False)
    source = serializers.CharField(max_length=30, default="api")  # type: ignore[assignment]
    source_id = serializers.CharField(max_length=120)
    position = serializers.IntegerField(required=False, help_text="Of the line that changes.")
    product = serializers.CharField(required=False, help_text="Code of a product.")
    description = serializers.CharField(max_length=300, required=False)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=4, required=False)
    unit_price = serializers.DecimalField(max_digits=18, decimal_places=6, required=False)
    percent = serializers.DecimalField(max_digits=6, decimal_places=3, required=False)
    cycle = serializers.ChoiceField(ContractLine.Cycle.choices, required=False)
    timing = serializers.ChoiceField(ContractLine.Timing.choices, required=False)
    cost_centre = serializers.CharField(max_length=60, required=False)
    reason = serializers.CharField(max_length=300, required=False)


FILTERS = [
    OpenApiParameter("entity", str, description="Code of the company."),
    OpenApiParameter("customer", str, description="Code of a customer."),
    OpenApiParameter("number", str, description="The contract of this number."),
    OpenApiParameter("source_id", str, description="What came in under this id."),
    OpenApiParameter("state", str, enum=STATES),
    OpenApiParameter("ends_from", OpenApiTypes.DATE),
    OpenApiParameter("ends_until", OpenApiTypes.DATE),
]


@extend_schema_view(
    list=extend_schema(description="Contracts that the token's person may see.", parameters=FILTERS),
    retrieve=extend_schema(description="One contract with its lines as a history."),
)
class ContractViewSet(Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Contract]):
    """Find, read, draft, activate and amend contracts."""

    scope = "contracts"
    filters: ClassVar = {each.name for each in FILTERS}
    asks: ClassVar = {"create": "invoicing.draft_contract", "activate": "invoicing.activate_contract"}
    serializer_class = ContractSerializer
    queryset = Contract.objects.none()

    def get_queryset(self) -> QuerySet[Contract]:
        """Contracts that the token's person may see."""
        rows = Contract.objects.visible_to(cast(User, self.request.user)).select_related("entity", "customer", "terms")
        lines = ContractLine.objects.select_related("product", "follows").prefetch_related("tiers").order_by("position")
        return _narrowed(rows, self.request.query_params).prefetch_related(Prefetch("lines", lines))

    @extend_schema(request=NewContractSerializer, responses={201: ContractSerializer})
    def create(self, request: Request) -> Response:
        """Write a draft, which bills nothing before it is activated."""
        entity = self.entity()
        given = NewContractSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        draft = _draft(entity, dict(given.validated_data))
        made = draft_contract(by=cast(User, request.user), entity=entity, draft=draft)
        return Response(self._shown(made.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=ContractSerializer)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str) -> Response:
        """Let it bill. An active contract is answered as it is."""
        found = self.get_object()
        activate_contract(by=cast(User, request.user), contract=found)
        return Response(self._shown(found.pk))

    @extend_schema(methods=["GET"], request=None, responses=AmendmentSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=NewAmendmentSerializer, responses={201: AmendmentSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def amendments(self, request: Request, pk: str) -> Response:
        """What changed since it was agreed, the earliest first; or one more change."""
        found = self.get_object()
        if request.method == "GET":
            rows = found.amendments.select_related("contract").order_by("pk")
            rows = rows.prefetch_related("lines_ended", "lines_made", "effects__line")
            return Response(AmendmentSerializer(rows, many=True).data)
        require(cast(User, request.user), "invoicing.amend_contract", found.entity)
        given = NewAmendmentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = _amend(cast(User, request.user), found, dict(given.validated_data))
        return Response(AmendmentSerializer(made).data, status=status.HTTP_201_CREATED)

    def _shown(self, pk: int) -> dict[str, Any]:
        return dict(self.get_serializer(self.get_queryset().get(pk=pk)).data)


def _narrowed(rows: QuerySet[Contract], asked: Any) -> QuerySet[Contract]:
    exact = {"entity": "entity__code", "customer": "customer__code", "number": "number", "source_id": "source_id"}
    rows = rows.filter(**{path: asked[name] for name, path in exact.items() if asked.get(name)})
    for name, path in {"ends_from": "ends_on__gte", "ends_until": "ends_on__lte"}.items():
        if asked.get(name):
            rows = rows.filter(**{path: serializers.DateField().to_internal_value(asked[name])})
    state = asked.get("state")
    if state and state not in STATES:
        raise ValidationError({"state": [f"One of {', '.join(STATES)}."]})
    return rows.filter(activated_at__isnull=state == "draft") if state else rows


def _draft(entity: LegalEntity, given: dict[str, Any]) -> ContractDraft:
    given.pop("entity", None)
    lines = [_line(entity, dict(line)) for line in given.pop("lines")]
    code = given.pop("terms", None)
    terms = None if code is None else terms_named(entity, code)
    return ContractDraft(customer=customer_named(entity, given.pop("customer")), lines=lines, terms=terms, **given)


def _line(entity: LegalEntity, given: dict[str, Any]) -> ContractLineDraft:
    product = product_named(entity, given.pop("product"))
    tiers = tuple((tier["from_quantity"], tier["unit_price"]) for tier in given.pop("tiers", ()))
    if not tiers:
        given.setdefault("unit_price", product.list_price)
    if given.get("cycle") == ContractLine.Cycle.USAGE:
        given.setdefault("timing", ContractLine.Timing.ARREARS.value)
    return ContractLineDraft(product, tiers=tiers, **given)


def _amend(by: User, contract: Contract, given: dict[str, Any]) -> Amendment:
    if given["kind"] == Amendment.Kind.RENEWAL and "effective_on" not in given:
        facts = {name: given[name] for name in ("percent", "source", "source_id", "reason") if name in given}
        return renew_contract(by=by, contract=contract, **facts)
    if "effective_on" not in given:
        raise ValidationError({"effective_on": ["This field is required."]})
    if "product" in given:
        given["product"] = product_named(contract.entity, given["product"])
    return amend_contract(by=by, contract=contract, draft=AmendmentDraft(**given))


def product_named(entity: LegalEntity, code: str) -> Product:
    """The product of this code in the company."""
    found = Product.objects.filter(entity=entity, code=code).first()
    if found is None:
        raise ValidationError({"product": [f"{entity.name} has no product {code}."]})
    return found
