"""What came back, over the API: a program brings a report, and asks what became of each thing that it told."""

from functools import partial
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Count, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Api
from core.models import LegalEntity, User
from directdebit.actions.reports import receive_report
from directdebit.models import ReturnedDebit, ReturnReport
from directdebit.returns.recognise import LARGEST_REPORT
from directdebit.tasks import book_returns

Reports = viewsets.GenericViewSet[ReturnReport]
Returns = viewsets.GenericViewSet[ReturnedDebit]
ENTITY = OpenApiParameter("entity", str, description="Code of the company.")


class ReturnReportSerializer(serializers.ModelSerializer[ReturnReport]):
    """A report that was taken in; `told` counts what it told for the first time."""

    entity = serializers.SlugRelatedField[LegalEntity](slug_field="code", read_only=True)
    name = serializers.CharField(source="file.name", read_only=True)
    told = serializers.IntegerField(read_only=True)

    class Meta:
        model = ReturnReport
        fields = (
            "id", "entity", "name", "content_hash", "format", "identifier", "service", "made_on", "findings", "told",
            "taken_in_at",
        )  # fmt: skip


class NewReturnReportSerializer(serializers.Serializer[Any]):
    """A report from the bank or the scheme; its content tells which."""

    file = serializers.FileField(help_text="ARUDD, ADDACS, AUDDIS, DDICA, pain.002, camt.054, NACHA, CSV or XLSX.")
    entity = serializers.CharField(required=False, help_text="Code of the company.")


@extend_schema_view(
    list=extend_schema(description="Reports on direct debits, the first first.", parameters=[ENTITY]),
    retrieve=extend_schema(description="One report."),
)
class ReturnReportViewSet(Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, Reports):
    """Post a report; what it tells is booked by a worker."""

    scope = "returned-debits"
    asks: ClassVar = {"create": "directdebit.receive_report"}
    parser_classes = (MultiPartParser, FormParser)
    serializer_class = ReturnReportSerializer
    queryset = ReturnReport.objects.none()

    def get_queryset(self) -> QuerySet[ReturnReport]:
        """Reports of companies whose direct debits the person may see."""
        rows = ReturnReport.objects.visible_to(cast(User, self.request.user))
        if self.request.query_params.get("entity"):
            rows = rows.filter(entity=self.entity())
        return rows.select_related("entity", "file").annotate(told=Count("returns"))

    @extend_schema(request={"multipart/form-data": NewReturnReportSerializer}, responses={202: ReturnReportSerializer})
    def create(self, request: Request) -> Response:
        """Take a report in. The same content again is the report of the first time; what is none is refused."""
        entity = self.entity()
        given = NewReturnReportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        upload = given.validated_data["file"]
        content = upload.read(LARGEST_REPORT + 1)
        report = receive_report(by=cast(User, request.user), entity=entity, name=upload.name, content=content)
        transaction.on_commit(partial(book_returns.delay, report.pk))
        told = self.get_serializer(self.get_queryset().get(pk=report.pk)).data
        return Response(told, status=status.HTTP_202_ACCEPTED)


class ReturnedDebitSerializer(serializers.ModelSerializer[ReturnedDebit]):
    """One thing told about one collection or mandate, and what became of it."""

    entity = serializers.SlugRelatedField[LegalEntity](slug_field="code", read_only=True)
    mandate = serializers.CharField(source="mandate.reference", read_only=True, default=None)
    customer = serializers.CharField(source="mandate.customer.code", read_only=True, default=None)
    collection = serializers.CharField(source="collection.reference", read_only=True, default=None)

    class Meta:
        model = ReturnedDebit
        fields = (
            "id", "entity", "report", "source", "kind", "codes", "code", "words", "mandate_reference",
            "collection_reference", "amount", "currency", "collected_on", "effective_on", "state", "why", "customer",
            "mandate", "collection", "same_as", "told_at", "decided_at",
        )  # fmt: skip


FILTERS = [
    OpenApiParameter("state", str, enum=ReturnedDebit.State.values),
    OpenApiParameter("report", int, description="Those of one report, by its id."),
]


@extend_schema_view(
    list=extend_schema(description="What came back, and what became of it.", parameters=[*FILTERS, ENTITY]),
    retrieve=extend_schema(description="One thing that was told."),
)
class ReturnedDebitViewSet(Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, Returns):
    """Ask what became of returned debits; what waits for a person says why."""

    scope = "returned-debits"
    filters: ClassVar = {each.name for each in FILTERS}
    serializer_class = ReturnedDebitSerializer
    queryset = ReturnedDebit.objects.none()

    def get_queryset(self) -> QuerySet[ReturnedDebit]:
        """Returns of companies whose direct debits the person may see."""
        asked = self.request.query_params
        rows = ReturnedDebit.objects.visible_to(cast(User, self.request.user))
        if asked.get("entity"):
            rows = rows.filter(entity=self.entity())
        if asked.get("state"):
            rows = rows.filter(state=asked["state"])
        if asked.get("report", "").isdecimal():
            rows = rows.filter(report=int(asked["report"][:18]))
        return rows.select_related("entity", "mandate__customer", "collection")
