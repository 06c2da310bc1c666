"""Credit notes: listed, read, drafted and issued."""

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
from core.models import User
from core.money import Money
from invoicing.actions import draft_credit_note, issue_credit_note, store_credit_note_pdf
from invoicing.actions.structured import store_structured
from invoicing.api.fields import DOCUMENT_FIELDS, LINE_FIELDS, DocumentSerializer, LineSerializer, TaxSerializer
from invoicing.api.invoices import IssueSerializer
from invoicing.credits import Credit, Everything, LineCredit, PartOf, SomeLines
from invoicing.einvoices.formats import Profile
from invoicing.models import CreditNote, CreditNoteLine, CreditNoteTax, Invoice


class CreditNoteLineSerializer(LineSerializer):
    """A line of a credit note; `invoice_line` is the position that it credits, when it credits one."""

    invoice_line = serializers.IntegerField(source="invoice_line.position", default=None)

    class Meta(LineSerializer.Meta):
        model = CreditNoteLine
        fields = (*LINE_FIELDS, "invoice_line")


class CreditNoteTaxSerializer(TaxSerializer):
    """The tax of a credit note at one rate."""

    class Meta(TaxSerializer.Meta):
        model = CreditNoteTax


class CreditNoteSerializer(DocumentSerializer):
    """A credit note with its lines and the invoice that it corrects."""

    invoice = serializers.CharField(source="invoice.number")
    lines = CreditNoteLineSerializer(many=True)
    taxes = CreditNoteTaxSerializer(many=True)

    class Meta:
        model = CreditNote
        fields = (*DOCUMENT_FIELDS, "invoice", "reason_code", "reason")


class LineCreditSerializer(serializers.Serializer[Any]):
    """How much of a line: a quantity at its own price, an amount before tax, or all that is left."""

    position = serializers.IntegerField(min_value=1)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=4, required=False)
    net = serializers.DecimalField(max_digits=18, decimal_places=3, required=False)


class NewCreditNoteSerializer(serializers.Serializer[Any]):
    """What to credit: `lines`, or an `amount` with tax, or neither for all that is left."""

    invoice = serializers.IntegerField(help_text="Id of the invoice.")
    reason_code = serializers.ChoiceField(CreditNote.Reason.choices)
    reason = serializers.CharField(max_length=300)
    lines = LineCreditSerializer(many=True, required=False, allow_empty=False)
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One way to say how much."""
        if "lines" in attrs and "amount" in attrs:
            raise ValidationError("Give lines or an amount, not both.")
        return attrs


FILTERS = [
    OpenApiParameter("entity", str, description="Code of the company."),
    OpenApiParameter("customer", str, description="Code of a customer."),
    OpenApiParameter("number", str, description="The credit note of this number."),
    OpenApiParameter("invoice", str, description="Those that correct the invoice of this number."),
]


@extend_schema_view(
    list=extend_schema(description="Credit notes and drafts that the token's person may see.", parameters=FILTERS),
    retrieve=extend_schema(description="One credit note with its lines and tax."),
)
class CreditNoteViewSet(Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CreditNote]):
    """Find, read, draft and issue credit notes."""

    scope = "credit_notes"
    filters: ClassVar = {each.name for each in FILTERS}
    asks: ClassVar = {"create": "invoicing.draft_credit_note", "issue": "invoicing.issue_credit_note"}
    serializer_class = CreditNoteSerializer
    queryset = CreditNote.objects.none()

    def get_queryset(self) -> QuerySet[CreditNote]:
        """Credit notes that the token's person may see."""
        asked = self.request.query_params
        exact = {
            "entity": "entity__code",
            "customer": "customer__code",
            "number": "number",
            "invoice": "invoice__number",
        }
        rows = CreditNote.objects.visible_to(cast(User, self.request.user))
        rows = rows.filter(**{path: asked[name] for name, path in exact.items() if asked.get(name)})
        rows = rows.select_related("entity", "customer", "invoice", "item")
        return rows.prefetch_related("lines__tax_rate", "lines__invoice_line", "taxes__tax_rate")

    @extend_schema(request=NewCreditNoteSerializer, responses={201: CreditNoteSerializer})
    def create(self, request: Request) -> Response:
        """Write the draft of a credit note."""
        given = NewCreditNoteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data
        by = cast(User, request.user)
        rows = Invoice.objects.visible_to(by).select_related("entity", "customer")
        invoice = rows.filter(pk=facts["invoice"]).first()
        if invoice is None:
            raise ValidationError({"invoice": [f"There is no invoice {facts['invoice']}."]})
        made = draft_credit_note(
            by=by,
            invoice=invoice,
            credit=_credit(invoice, facts),
            reason_code=facts["reason_code"],
            reason=facts["reason"],
        )
        return Response(self._shown(made.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=IssueSerializer, responses=CreditNoteSerializer)
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str) -> Response:
        """Issue the draft within the person's authority, and set it against its invoice."""
        found = self.get_object()
        given = IssueSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        day = given.validated_data.get("issued_on") or clock.today(found.entity)
        issue_credit_note(by=cast(User, request.user), credit_note=found, issued_on=day)
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
        """The stored PDF of an issued credit note."""
        stored = store_credit_note_pdf(by=cast(User, request.user), credit_note=self.get_object())
        return HttpResponse(stored.read(), content_type="application/pdf")

    def _shown(self, pk: int) -> dict[str, Any]:
        return dict(self.get_serializer(self.get_queryset().get(pk=pk)).data)


def _credit(invoice: Invoice, facts: dict[str, Any]) -> Credit:
    if "amount" in facts:
        return PartOf(Money(facts["amount"], invoice.currency))
    if "lines" not in facts:
        return Everything()
    by_position = {line.position: line for line in invoice.lines.all()}
    chosen = []
    for one in facts["lines"]:
        if one["position"] not in by_position:
            raise ValidationError({"lines": [f"{invoice} has no line {one['position']}."]})
        line = by_position[one["position"]]
        chosen.append(LineCredit(line, quantity=one.get("quantity"), net=one.get("net")))
    return SomeLines(chosen)
