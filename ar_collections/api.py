"""What a telephone system tells: every call when it is over, once by its own id."""

from typing import Any, ClassVar, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from ar_collections.actions.calls import CallEvent, record_call_event
from ar_collections.forms.disputes import people_of
from ar_collections.models import Call
from core.api import Api
from core.models import LegalEntity, User


class CallSerializer(serializers.ModelSerializer[Call]):
    """A call with how it ended, as far as it is known."""

    entity = serializers.CharField(source="entity.code", read_only=True)
    customer = serializers.CharField(source="customer.code", default=None, read_only=True)
    contact = serializers.CharField(source="contact.name", default=None, read_only=True)
    agent = serializers.CharField(source="agent.email", default=None, read_only=True)

    class Meta:
        model = Call
        fields = (
            "id", "entity", "external_id", "direction", "phone", "customer", "contact", "agent", "on", "started_at",
            "seconds", "attempt", "outcome", "note", "next_on",
        )  # fmt: skip


class NewCallSerializer(serializers.Serializer[Any]):
    """A call that is over. The customer is found by the number."""

    external_id = serializers.CharField(max_length=80, help_text="The telephone system's own id of the call.")
    direction = serializers.ChoiceField(Call.Direction.choices)
    number = serializers.CharField(max_length=40, help_text="The number outside the house.")
    started_at = serializers.DateTimeField()
    seconds = serializers.IntegerField(min_value=0, max_value=86_400, default=0)
    is_answered = serializers.BooleanField()
    has_voicemail = serializers.BooleanField(default=False)
    agent = serializers.EmailField(required=False, default="", help_text="Whoever was on the line here.")


FILTERS = [
    OpenApiParameter("customer", str, description="Code of the customer."),
    OpenApiParameter("entity", str, description="Code of the company."),
]


@extend_schema_view(
    list=extend_schema(description="Calls that the token's person may see.", parameters=FILTERS),
    retrieve=extend_schema(description="One call."),
)
class CallViewSet(Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Call]):
    """Calls, and the way in for a telephone system."""

    scope = "calls"
    filters: ClassVar = {each.name for each in FILTERS}
    asks: ClassVar = {"create": "collections.log_call"}
    serializer_class = CallSerializer
    queryset = Call.objects.none()

    def get_queryset(self) -> Any:
        """The person's companies, narrowed by what was asked."""
        rows = Call.objects.visible_to(cast(User, self.request.user)).filter(taken_back_at=None)
        if entity := self.request.query_params.get("entity"):
            rows = rows.filter(entity__code=entity.upper())
        if customer := self.request.query_params.get("customer"):
            rows = rows.filter(customer__code=customer)
        return rows.select_related("entity", "customer", "contact", "agent").order_by("pk")

    @extend_schema(request=NewCallSerializer, responses={201: CallSerializer})
    def create(self, request: Request) -> Response:
        """Take a call in. The same external id answers with the first one again."""
        given = NewCallSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        entity, facts = self.entity(), given.validated_data
        event = CallEvent(
            external_id=facts["external_id"],
            direction=Call.Direction(facts["direction"]),
            number=facts["number"],
            started_at=facts["started_at"],
            seconds=facts["seconds"],
            is_answered=facts["is_answered"],
            has_voicemail=facts["has_voicemail"],
            agent=_agent(entity, facts["agent"]),
        )
        call = record_call_event(by=cast(User, request.user), entity=entity, event=event)
        return Response(CallSerializer(call).data, status=status.HTTP_201_CREATED)


def _agent(entity: LegalEntity, email: str) -> User | None:
    found: User | None = people_of(entity).filter(email__iexact=email).first() if email else None
    return found
