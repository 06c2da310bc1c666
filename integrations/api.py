"""Electronic payments over the API: taken in once per provider's id, told of, and posted with their surcharge."""

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cashapp.actions.payments import take_in_payment, tell_of_payment
from cashapp.electronic import CardUsed, Named, PaymentDraft
from cashapp.models import ElectronicPayment, PaymentFact, PaymentProvider
from cashapp.queries.payments import payments_of, state_of
from core import clock
from core.api import Api
from core.api_amounts import AmountsInCurrency
from core.models import LegalEntity, User
from core.money import ZERO, Money
from core.permissions import entities_of
from customers.models import Customer
from integrations.actions.payments import collect_payment

Kind = PaymentFact.Kind


class NamedSerializer(serializers.Serializer[Any]):
    """A document that the payer names; without an amount all that is open of it."""

    number = serializers.CharField(max_length=60)
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, required=False, allow_null=True, min_value=0)


class FactSerializer(serializers.ModelSerializer[PaymentFact]):
    """Something that happened to a payment."""

    receipt = serializers.CharField(source="receipt.item.number", default=None, read_only=True)
    payout = serializers.CharField(source="payout.reference", default=None, read_only=True)

    class Meta:
        model = PaymentFact
        fields = ("kind", "at", "reference", "note", "receipt", "payout", "recorded_at")


class ElectronicPaymentSerializer(AmountsInCurrency, serializers.ModelSerializer[ElectronicPayment]):
    """A payment with where it stands and everything that was told of it."""

    entity = serializers.CharField(source="entity.code", read_only=True)
    provider = serializers.CharField(source="provider.code", default=None, read_only=True)
    customer = serializers.CharField(source="customer.code", default=None, read_only=True)
    state = serializers.SerializerMethodField()
    facts = FactSerializer(many=True, read_only=True)

    class Meta:
        model = ElectronicPayment
        fields = (
            "id", "entity", "provider", "reference", "method", "source", "customer", "currency", "amount", "surcharge",
            "documents", "payer", "payer_email", "text", "received_at", "state", "facts", "recorded_at",
        )  # fmt: skip

    def get_state(self, payment: ElectronicPayment) -> str:
        """In words."""
        return state_of(payment)[0]


class NewElectronicPaymentSerializer(serializers.Serializer[Any]):
    """A payment as the provider tells of it. `amount` pays documents; `surcharge` was collected on top."""

    method = serializers.ChoiceField(ElectronicPayment.Method.choices)
    reference = serializers.CharField(max_length=80, help_text="Its id at the provider.")
    provider = serializers.CharField(required=False, default="", help_text="Code of the provider.")
    customer = serializers.CharField(required=False, default="", help_text="Code of the customer, where known.")
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, min_value=0)
    surcharge = serializers.DecimalField(max_digits=18, decimal_places=3, min_value=0, required=False, default=ZERO)
    currency = serializers.CharField(max_length=3)
    received_at = serializers.DateTimeField()
    documents = NamedSerializer(many=True, required=False, default=list)
    payer = serializers.CharField(max_length=200, required=False, default="")
    payer_email = serializers.EmailField(required=False, default="")
    text = serializers.CharField(max_length=200, required=False, default="")
    funding = serializers.CharField(max_length=8, required=False, default="")
    product = serializers.CharField(max_length=10, required=False, default="")
    brand = serializers.CharField(max_length=12, required=False, default="")


class ToldSerializer(serializers.Serializer[Any]):
    """What the provider tells of a payment that is not posted yet. `reference` is the event's id."""

    kind = serializers.ChoiceField([Kind.AUTHORISED.value, Kind.CAPTURED.value, Kind.FAILED.value])
    at = serializers.DateTimeField(required=False)
    reference = serializers.CharField(max_length=80, required=False, default="")
    note = serializers.CharField(max_length=200, required=False, default="")


FILTERS = [
    OpenApiParameter("reference", str, description="Its id at the provider."),
    OpenApiParameter("entity", str, description="Code of the company."),
]


@extend_schema_view(
    list=extend_schema(description="Payments that the token's person may see.", parameters=FILTERS),
    retrieve=extend_schema(description="One payment with its facts."),
)
class ElectronicPaymentViewSet(
    Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ElectronicPayment]
):
    """Take in, tell of and post what was paid by card, portal, ACH or wire."""

    scope = "payments"
    filters: ClassVar = {each.name for each in FILTERS}
    asks: ClassVar = {
        "create": "cashapp.take_in_payment",
        "tell": "cashapp.tell_of_payment",
        "collect": "cashapp.post_payment",
    }
    serializer_class = ElectronicPaymentSerializer
    queryset = ElectronicPayment.objects.none()

    def get_queryset(self) -> QuerySet[ElectronicPayment]:
        """Payments of companies whose cash the person may see."""
        by, asked = self.by, self.request.query_params
        entities = [self.entity()] if asked.get("entity") else list(entities_of(by))
        rows = payments_of(entities, by).prefetch_related("facts__receipt__item", "facts__payout")
        return rows.filter(reference=asked["reference"]) if asked.get("reference") else rows

    @extend_schema(request=NewElectronicPaymentSerializer, responses={201: ElectronicPaymentSerializer})
    def create(self, request: Request) -> Response:
        """Take a payment in; the same id of the same provider gives the first one back."""
        entity = self.entity()
        told = NewElectronicPaymentSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        draft = _draft(entity, told.validated_data)
        made = take_in_payment(by=self.by, entity=entity, draft=draft, source=ElectronicPayment.Source.API)
        return Response(self._told(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ToldSerializer, responses=ElectronicPaymentSerializer)
    @action(detail=True, methods=["post"])
    def tell(self, request: Request, pk: str) -> Response:
        """Say that it was authorised, captured, or failed."""
        payment = self.get_object()
        told = ToldSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        given = told.validated_data
        tell_of_payment(
            by=self.by,
            payment=payment,
            kind=given["kind"],
            at=given.get("at") or clock.now(),
            reference=given["reference"],
            note=given["note"],
        )
        return Response(self._told(payment).data)

    @extend_schema(request=None, responses=ElectronicPaymentSerializer)
    @action(detail=True, methods=["post"])
    def collect(self, request: Request, pk: str) -> Response:
        """Post it to its customer and the documents that it names, with the surcharge that it collected."""
        payment = self.get_object()
        collect_payment(by=self.by, payment=payment, posted_on=clock.today(payment.entity))
        return Response(self._told(payment).data)

    @property
    def by(self) -> User:
        """The token's person."""
        return cast(User, self.request.user)

    def _told(self, payment: ElectronicPayment) -> serializers.BaseSerializer[ElectronicPayment]:
        return self.get_serializer(payments_of([payment.entity], self.by).get(pk=payment.pk))


def _draft(entity: LegalEntity, given: dict[str, Any]) -> PaymentDraft:
    return PaymentDraft(
        method=given["method"],
        reference=given["reference"],
        money=Money(given["amount"], given["currency"]),
        received_at=given["received_at"],
        provider=_provider(entity, given["provider"]),
        surcharge=given["surcharge"],
        customer=_customer(entity, given["customer"]),
        documents=[Named(each["number"], each.get("amount")) for each in given["documents"]],
        payer=given["payer"],
        payer_email=given["payer_email"],
        text=given["text"],
        card=CardUsed(given["funding"], given["product"], given["brand"]),
    )


def _provider(entity: LegalEntity, code: str) -> PaymentProvider | None:
    if not code:
        return None
    found = PaymentProvider.objects.filter(entity=entity, code=code, is_active=True).select_related("clearing").first()
    if found is None:
        raise ValidationError({"provider": [f"{entity.name} has no provider {code}."]})
    return found


def _customer(entity: LegalEntity, code: str) -> Customer | None:
    if not code:
        return None
    found = Customer.objects.filter(entity=entity, code=code).select_related("entity", "terms").first()
    if found is None:
        raise ValidationError({"customer": [f"There is no customer {code}."]})
    return found
