"""Customers over the API. Serializers check shape; the same actions do the work as behind the forms."""

from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Api
from core.models import LegalEntity, User
from customers.actions import add_address, add_contact, change_customer, create_customer
from customers.models import Address, Contact, Customer, PaymentTerms
from customers.queries import customers_found, visible_customers


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A person or mailbox."""

    class Meta:
        model = Contact
        fields = (
            "id",
            "name",
            "email",
            "phone",
            "role",
            "job_title",
            "language",
            "receives_invoices",
            "receives_statements",
        )


class AddressSerializer(serializers.ModelSerializer[Address]):
    """A billing or shipping address."""

    class Meta:
        model = Address
        fields = ("id", "kind", "lines", "postcode", "city", "region", "country")


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A customer; terms and parent by their codes. Contacts and addresses can be given when it is opened."""

    entity = serializers.SlugRelatedField[LegalEntity](slug_field="code", read_only=True)
    code = serializers.CharField(max_length=30, required=False)
    terms = serializers.CharField(source="terms.code", help_text="Code of the payment terms.")
    parent_code = serializers.SlugRelatedField[Customer](source="parent", slug_field="code", read_only=True)
    currency = serializers.CharField(max_length=3, required=False, help_text="Left out: the company's currency.")
    contacts = ContactSerializer(many=True, required=False)
    addresses = AddressSerializer(many=True, required=False)

    class Meta:
        model = Customer
        fields = (
            "id",
            "entity",
            "code",
            "name",
            "parent_code",
            "status",
            "terms",
            "currency",
            "credit_limit",
            "tax_status",
            "tax_number",
            "registration_number",
            "delivery",
            "language",
            "purchase_order_required",
            "segment",
            "payment_reference",
            "version",
            "created_at",
            "contacts",
            "addresses",
        )
        read_only_fields = ("status", "payment_reference", "created_at")
        extra_kwargs = {"version": {"read_only": False, "required": False, "help_text": "Refuses a lost update."}}


FILTERS = [
    OpenApiParameter("q", str, description="Finds by name, code, e-mail, phone, tax number, IBAN or reference."),
    OpenApiParameter("code", str, description="The customer of this code."),
    OpenApiParameter("status", str, description="active or inactive."),
    OpenApiParameter("entity", str, description="Code of the company."),
]


@extend_schema_view(
    list=extend_schema(description="Customers that the token's person may see.", parameters=FILTERS),
    retrieve=extend_schema(description="One customer with its contacts and addresses."),
)
class CustomerViewSet(
    Api,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Customer],
):
    """Find, read, open and change customers."""

    scope = "customers"
    filters: ClassVar = {each.name for each in FILTERS}
    asks: ClassVar = {"create": "customers.create_customer", "partial_update": "customers.change_customer"}
    serializer_class = CustomerSerializer
    queryset = Customer.objects.none()

    def get_queryset(self) -> QuerySet[Customer]:
        """Customers that the token's person may see, with contacts and addresses in use."""
        rows = visible_customers(cast(User, self.request.user)).select_related("entity", "terms", "parent")
        asked = self.request.query_params
        if asked.get("entity"):
            rows = rows.filter(entity=self.entity())
        rows = rows.filter(**{name: asked[name] for name in ("code", "status") if asked.get(name)})
        if asked.get("q"):
            rows = customers_found(rows, asked["q"])
        contacts = Prefetch("contacts", Contact.objects.filter(is_active=True))
        addresses = Prefetch("addresses", Address.objects.filter(is_active=True))
        return rows.prefetch_related(contacts).prefetch_related(addresses)

    def create(self, request: Request) -> Response:
        """Open a customer with its contacts and addresses, all or nothing."""
        entity = self.entity()
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(serializer.validated_data)
        contacts, addresses = given.pop("contacts", []), given.pop("addresses", [])
        given.pop("version", None)
        by = cast(User, request.user)
        with transaction.atomic():
            terms = terms_named(entity, given["terms"]["code"])
            made = create_customer(by=by, entity=entity, **{**given, "terms": terms})
            for contact in contacts:
                add_contact(by=by, customer=made, **contact)
            for address in addresses:
                add_address(by=by, customer=made, **address)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change some fields; with version only if nobody changed the customer meanwhile."""
        customer = self.get_object()
        serializer = self.get_serializer(customer, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(serializer.validated_data)
        if fixed := sorted({"code", "contacts", "addresses"} & set(given)):
            raise ValidationError({name: ["This can't be changed here."] for name in fixed})
        if "terms" in given:
            given["terms"] = terms_named(customer.entity, given["terms"]["code"])
        change_customer(by=cast(User, request.user), customer=customer, **given)
        return Response(self.get_serializer(self.get_object()).data)


def terms_named(entity: LegalEntity, code: str) -> PaymentTerms:
    """The terms of this code that the company offers."""
    found = PaymentTerms.objects.filter(entity=entity, code=code, is_active=True).first()
    if found is None:
        raise ValidationError({"terms": [f"{entity.name} has no terms {code}."]})
    return found
