"""Bank statement files over the API: a program posts a file, a run takes it in, and the file's address tells how."""

from functools import partial
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cashapp.actions.statement_files import Arrival, receive_statement_file
from cashapp.models import BankStatement, StatementFile
from cashapp.queries.statement_files import statement_files_of
from cashapp.statements.recognise import LARGEST_FILE
from cashapp.tasks import take_in_statement_file
from core.api import Api
from core.models import BankAccount, LegalEntity, User


class BroughtStatementSerializer(serializers.ModelSerializer[BankStatement]):
    """A statement that a file brought."""

    class Meta:
        model = BankStatement
        fields = ("id", "bank_account", "kind", "file_format", "currency", "opening", "closing", "from_on", "to_on")


class StatementFileSerializer(serializers.ModelSerializer[StatementFile]):
    """A file and what became of it: waiting, taken or refused, with the sentence that says why."""

    entity = serializers.CharField(source="entity.code", read_only=True)
    statements = BroughtStatementSerializer(source="file.statements", many=True, read_only=True)

    class Meta:
        model = StatementFile
        fields = (
            "id", "entity", "origin", "name", "sha256", "state", "message", "new_lines", "known_lines", "run",
            "received_at", "decided_at", "statements",
        )  # fmt: skip


class NewStatementFileSerializer(serializers.Serializer[Any]):
    """A file from the bank. Account and mapping are named only where the file does not tell them."""

    file = serializers.FileField(help_text="CAMT, MT940, BAI2, OFX, QIF, CSV, XLSX or a provider's settlement file.")
    entity = serializers.CharField(required=False, help_text="Code of the company.")
    bank_account = serializers.IntegerField(required=False, help_text="Our bank account by its id.")
    mapping = serializers.CharField(required=False, default="", max_length=80, help_text="Name of a column mapping.")


FILTERS = [
    OpenApiParameter("entity", str, description="Code of the company."),
    OpenApiParameter("state", str, enum=StatementFile.State.values),
]


@extend_schema_view(
    list=extend_schema(description="Files that came over the API or the drop folder.", parameters=FILTERS),
    retrieve=extend_schema(description="One file: its state, and the statements that it brought."),
)
class StatementFileViewSet(
    Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[StatementFile]
):
    """Post a bank statement; it is taken in by a run of its own."""

    scope = "statements"
    filters: ClassVar = {each.name for each in FILTERS}
    asks: ClassVar = {"create": "cashapp.receive_statement_file"}
    parser_classes = (MultiPartParser, FormParser)
    serializer_class = StatementFileSerializer
    queryset = StatementFile.objects.none()

    def get_queryset(self) -> QuerySet[StatementFile]:
        """Files of companies whose cash the person may see."""
        asked = self.request.query_params
        rows = statement_files_of(cast(User, self.request.user), self.entity() if asked.get("entity") else None)
        return rows.filter(state=asked["state"]) if asked.get("state") else rows

    @extend_schema(
        request={"multipart/form-data": NewStatementFileSerializer}, responses={202: StatementFileSerializer}
    )
    def create(self, request: Request) -> Response:
        """Receive a file. The same content again is the file of the first time; what is no statement is refused."""
        entity = self.entity()
        given = NewStatementFileSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        upload = given.validated_data["file"]
        arrival = Arrival(
            name=upload.name,
            content=upload.read(LARGEST_FILE + 1),
            origin=StatementFile.Origin.API,
            bank_account=_bank_account(entity, given.validated_data.get("bank_account")),
            mapping_name=given.validated_data["mapping"],
        )
        received = receive_statement_file(by=cast(User, request.user), entity=entity, arrival=arrival)
        if received.state == StatementFile.State.WAITING and received.run_id:
            transaction.on_commit(partial(take_in_statement_file.delay, received.run_id))
        told = self.get_serializer(self.get_queryset().get(pk=received.pk)).data
        return Response(told, status=status.HTTP_202_ACCEPTED)


def _bank_account(entity: LegalEntity, pk: int | None) -> BankAccount | None:
    if pk is None:
        return None
    found = BankAccount.objects.filter(entity=entity, pk=pk).first()
    if found is None:
        raise ValidationError({"bank_account": [f"{entity.name} has no bank account {pk}."]})
    return found
