"""Invoices: listed, read, drafted and issued."""

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api import Api
from core.models import LegalEntity, User
from customers.api import terms_named
from invoicing.actions import draft_invoice, issue_invoice, store_invoice_pdf
from invoicing.actions.structured import store_structured
from invoicing.api.fields import (
    DOCUMENT_FIELDS,
    LINE_FIELDS,
    DocumentSerializer,
    LineSerializer,
    TaxSerializer,
    customer_named,
    rates_named,
)
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.einvoices.formats import Profile
from invoicing.models import Invoice, InvoiceLine, InvoiceTax, Language, Unit

STATES = ("draft", "issued", "open", "settled")


class InvoiceLineSerializer(LineSerializer):
    """A line of an invoice."""

    class Meta(LineSerializer.Meta):
        model = InvoiceLine
        fields = (*LINE_FIELDS, "service_from", "service_until")


class InvoiceTaxSerializer(TaxSerializer):
    """The tax of an invoice at one rate."""

    class Meta(TaxSerializer.Meta):
        model = InvoiceTax


class InvoiceSerializer(DocumentSerializer):
    """An invoice with its lines; a draft has no number."""

    terms = serializers.CharField(source="terms.code")
    lines = InvoiceLineSerializer(many=True)
    taxes = InvoiceTaxSerializer(many=True)

    class Meta:
        model = Invoice
        fields = (*DOCUMENT_FIELDS, "kind", "terms", "due_on", "reference", "service_from", "service_until")


class NewLineSerializer(serializers.Serializer[Any]):
    """A line to bill. Prices are without tax."""

    description = serializers.CharField(max_length=300)
    detail = serializers.CharField(max_length=600, required=False)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=4, required=False)
    unit = serializers.ChoiceField(Unit.choices, required=False)
    unit_price = serializers.DecimalField(max_digits=18, decimal_places=6)
    discount_percent = serializers.DecimalField(max_digits=5, decimal_places=2, required=False)
    tax_rate = serializers.CharField(help_text="Code of a rate that is charged today, such as S20.")
    service_from = serializers.DateField(required=False)
    service_until = serializers.DateField(required=False)


class NewInvoiceSerializer(serializers.Serializer[Any]):
    """A draft to write. What is left out is the customer's."""

    entity = serializers.CharField(required=False)
    customer = serializers.CharField(help_text="Code of the customer.")
    lines = NewLineSerializer(many=True, allow_empty=False)
    currency = serializers.CharField(max_length=3, required=False)
    terms = serializers.CharField(required=False, help_text="Code of the payment terms.")
    language = serializers.ChoiceField(Language.choices, required=False)
    kind = serializers.ChoiceField(Invoice.Kind.choices, required=False)
    purchase_order = serializers.CharField(max_length=60, required=False)
    text = serializers.CharField(max_length=2000, required=False)
    service_from = serializers.DateField(required=False)
    service_until = serializers.DateField(required=False)


class IssueSerializer(serializers.Serializer[Any]):
    """The day that goes on the invoice; left out, today."""

    issued_on = serializers.DateField(required=False)


FILTERS = [
    OpenApiParameter("entity", str, description="Code of the company."),
    OpenApiParameter("customer", str, description="Code of a customer."),
    OpenApiParameter("number", str, description="The invoice of this number."),
    OpenApiParameter("state", str, enum=STATES),
    OpenApiParameter("issued_from", OpenApiTypes.DATE),
    OpenApiParameter("issued_until", OpenApiTypes.DATE),
]


@extend_schema_view(
    list=extend_schema(description="Invoices and drafts that the token's person may see.", parameters=FILTERS),
    retrieve=extend_schema(description="One invoice with its lines and tax."),
)
class InvoiceViewSet(Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Invoice]):
    """Find, read, draft and issue invoices."""

    scope = "invoices"
    filters: ClassVar = {each.name for each in FILTERS}
    asks: ClassVar = {"create": "invoicing.draft_invoice", "issue": "invoicing.issue_invoice"}
    serializer_class = InvoiceSerializer
    queryset = Invoice.objects.none()

    def get_queryset(self) -> QuerySet[Invoice]:
        """Invoices that the token's person may see."""
        rows = Invoice.objects.visible_to(cast(User, self.request.user))
        rows = rows.select_related("entity", "customer", "terms", "item")
        return _narrowed(rows, self.request.query_params).prefetch_related("lines__tax_rate", "taxes__tax_rate")

    @extend_schema(request=NewInvoiceSerializer, responses={201: InvoiceSerializer})
    def create(self, request: Request) -> Response:
        """Write a draft."""
        entity = self.entity()
        given = NewInvoiceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        draft = _draft(entity, dict(given.validated_data))
        made = draft_invoice(by=cast(User, request.user), entity=entity, draft=draft)
        return Response(self._shown(made.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=IssueSerializer, responses=InvoiceSerializer)
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str) -> Response:
        """Give the draft its number, post it and send it. An issued invoice is answered as it is."""
        found = self.get_object()
        given = IssueSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        day = given.validated_data.get("issued_on") or clock.today(found.entity)
        issue_invoice(by=cast(User, request.user), entity=found.entity, invoice=found, issued_on=day)
        return Response(self._shown(found.pk))

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="data/(?P<profile>cii|peppol|xrechnung)")
    def data(self, request: Request, pk: str, profile: str) -> HttpResponse:
        """Its structured data: CII as in Factur-X, UBL for Peppol, or UBL for XRechnung."""
        by, found = cast(User, request.user), self.get_object()
        stored = store_structured(by=by, document=found, profile=Profile(profile))
        return HttpResponse(stored.read(), content_type="application/xml")

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def pdf(self, request: Request, pk: str) -> HttpResponse:
        """The stored PDF of an issued invoice."""
        stored = store_invoice_pdf(by=cast(User, request.user), invoice=self.get_object())
        return HttpResponse(stored.read(), content_type="application/pdf")

    def _shown(self, pk: int) -> dict[str, Any]:
        return dict(self.get_serializer(self.get_queryset().get(pk=pk)).data)


def _narrowed(rows: QuerySet[Invoice], asked: Any) -> QuerySet[Invoice]:
    exact = {"entity": "entity__code", "customer": "customer__code", "number": "number"}
    rows = rows.filter(**{path: asked[name] for name, path in exact.items() if asked.get(name)})
    period = {"issued_from": "issued_on__gte", "issued_until": "issued_on__lte"}
    for name, path in period.items():
        if asked.get(name):
            rows = rows.filter(**{path: serializers.DateField().to_internal_value(asked[name])})
    state = asked.get("state")
    if state and state not in STATES:
        raise ValidationError({"state": [f"One of {', '.join(STATES)}."]})
    by_state: dict[str, dict[str, Any]] = {
        "draft": {"number": None},
        "issued": {"number__isnull": False},
        "open": {"item__open_amount__gt": 0},
        "settled": {"item__open_amount": 0},
    }
    return rows.filter(**by_state[state]) if state else rows


def _draft(entity: LegalEntity, given: dict[str, Any]) -> InvoiceDraft:
    given.pop("entity", None)
    rates = rates_named(entity, clock.today(entity))
    lines = []
    for line in given.pop("lines"):
        code = line.pop("tax_rate")
        if code not in rates:
            raise ValidationError({"lines": [f"{entity.name} charges no rate {code} today."]})
        lines.append(DraftLine(tax_rate=rates[code], **line))
    code = given.pop("terms", None)
    terms = None if code is None else terms_named(entity, code)
    return InvoiceDraft(customer=customer_named(entity, given.pop("customer")), lines=lines, terms=terms, **given)
