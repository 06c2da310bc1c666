"""Remittances over the API: sent as a file or as text, and what became of them."""

import binascii
from base64 import b64decode
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cashapp.actions.remittances import take_in_remittance
from cashapp.models import Remittance
from cashapp.queries.remittance_documents import remittance_document
from cashapp.queries.remittances import found_remittances
from cashapp.remittances import LARGEST_FILE
from core.api import Api
from core.models import User


class NewRemittanceSerializer(serializers.Serializer[Any]):
    """A file in base64, or text. Its content tells the format."""

    name = serializers.CharField(max_length=200, default="remittance.txt")
    content = serializers.CharField(required=False, help_text="The file in base64.")
    text = serializers.CharField(required=False, help_text="What the payer wrote, where it is no file.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if bool(attrs.get("content")) == bool(attrs.get("text")):
            raise ValidationError("Send content or text, one of the two.")
        return attrs


class RemittanceSerializer(serializers.Serializer[Any]):
    """What a payer says that one payment is for, the bank line that it is about, and what doesn't fit."""

    id = serializers.IntegerField()
    entity = serializers.CharField()
    format = serializers.CharField()
    came_by = serializers.CharField()
    reference = serializers.CharField()
    trace = serializers.CharField()
    payer = serializers.CharField()
    customer = serializers.CharField(allow_null=True)
    paid_on = serializers.DateField()
    currency = serializers.CharField()
    total = serializers.DecimalField(max_digits=18, decimal_places=3, allow_null=True)
    state = serializers.ChoiceField(["waiting", "tied", "booked", "given_up"])
    bank_line = serializers.IntegerField(allow_null=True)
    tied_by = serializers.CharField()
    receipt = serializers.CharField(allow_null=True)
    decision = serializers.CharField(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    differences = serializers.ListField(child=serializers.CharField())
    lines = serializers.ListField(child=serializers.DictField())


@extend_schema_view(
    list=extend_schema(
        description="Remittances that the token's person may see.",
        parameters=[
            OpenApiParameter("q", str, description="Finds by trace, reference, payer, document or exact amount."),
            OpenApiParameter("entity", str, description="Code of the company."),
        ],
        responses=RemittanceSerializer(many=True),
    ),
    retrieve=extend_schema(description="One remittance.", responses=RemittanceSerializer),
)
class RemittanceViewSet(Api, viewsets.GenericViewSet[Remittance]):
    """Send remittances in, and ask what became of them."""

    scope = "remittances"
    filters = ("q",)
    asks: ClassVar = {"create": "cashapp.take_in_remittance"}
    serializer_class = RemittanceSerializer
    queryset = Remittance.objects.none()

    def get_queryset(self) -> QuerySet[Remittance]:
        """Remittances of companies whose cash the person may see."""
        by, asked = cast(User, self.request.user), self.request.query_params
        rows = Remittance.objects.visible_to(by).select_related("entity", "customer")
        if asked.get("entity"):
            rows = rows.filter(entity=self.entity())
        return found_remittances(rows, asked.get("q", ""))

    def list(self, request: Request) -> Response:
        """A page of them."""
        rows = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([_answer(row) for row in rows])

    def retrieve(self, request: Request, pk: str) -> Response:
        """One of them."""
        return Response(_answer(self.get_object()))

    @extend_schema(request=NewRemittanceSerializer, responses={201: RemittanceSerializer(many=True)})
    def create(self, request: Request) -> Response:
        """Take in every payment that a file or a text explains; the same one again answers as it stands now."""
        told = NewRemittanceSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        given = told.validated_data
        content = _decoded(given["content"]) if given.get("content") else given["text"].encode()
        taken = take_in_remittance(
            by=cast(User, request.user),
            entity=self.entity(),
            name=given["name"],
            content=content,
            source=Remittance.Source.API,
        )
        code = status.HTTP_201_CREATED if any(each.is_new for each in taken) else status.HTTP_200_OK
        return Response([{**_answer(each.remittance), "is_new": each.is_new} for each in taken], status=code)


def _answer(remittance: Remittance) -> dict[str, Any]:
    return remittance_document(remittance)


def _decoded(told: str) -> bytes:
    if len(told) > LARGEST_FILE * 4 // 3 + 4:
        raise ValidationError({"content": ["The file has more than 25 MB."]})
    try:
        return b64decode(told, validate=True)
    except (binascii.Error, ValueError):
        raise ValidationError({"content": ["This is not base64."]}) from None
