"""Receipts over the API: what came in, posting it, applying it, and undoing it. The same actions as at the desk."""

from decimal import Decimal
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cashapp.actions.applying import apply_receipt, unapply_receipt
from cashapp.actions.ending import move_receipt, return_receipt, reverse_receipt
from cashapp.actions.exchanges import Exchange, exchange_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.exchanging import Rate
from cashapp.models import Receipt, ReceiptExchange
from cashapp.money_in import Incoming, Payment
from cashapp.queries.receipts import Paid, found_receipts, payments_of_receipt
from core import clock
from core.api import Api
from core.api_amounts import AmountsInCurrency
from core.models import BankAccount, LegalEntity, User
from core.money import Money, plain_amount
from customers.models import Customer
from ledger.models import OpenItem


class SettledSerializer(serializers.Serializer[Any]):
    """A document and how much of it is settled; negative for a credit note that is used up."""

    number = serializers.CharField()
    kind = serializers.ChoiceField(OpenItem.Kind.choices, required=False)
    amount = serializers.DecimalField(max_digits=18, decimal_places=3)


class ReceiptSerializer(AmountsInCurrency, serializers.ModelSerializer[Receipt]):
    """Money of a customer, what it pays now, and what waits on account."""

    id = serializers.IntegerField(source="pk", read_only=True)
    number = serializers.CharField(source="item.number", read_only=True)
    entity = serializers.CharField(source="entity.code", read_only=True)
    customer = serializers.CharField(source="item.customer.code", read_only=True)
    posted_on = serializers.DateField(source="item.posted_on", read_only=True)
    on_account = serializers.DecimalField(source="item.open_amount", max_digits=18, decimal_places=3, read_only=True)
    pays = serializers.SerializerMethodField()

    class Meta:
        model = Receipt
        fields = (
            "id", "number", "entity", "customer", "bank_account", "line", "received_on", "posted_on", "currency",
            "amount", "on_account", "payer", "payer_account", "text", "pays", "ended_on", "ending", "end_reason",
            "moved_from", "recorded_at",
        )  # fmt: skip

    def get_pays(self, receipt: Receipt) -> list[dict[str, Any]]:
        """Documents that it settles now; of those in another currency also what they took in that, and the rate."""
        return [
            {"number": each.item.number, "kind": each.item.kind, "amount": each.amount, **_exchanged(each)}
            for each in payments_of_receipt(receipt)
        ]


def _exchanged(paid: Paid) -> dict[str, Any]:
    exchange = paid.exchange
    if exchange is None:
        return {}
    return {"settled": exchange.settled, "settled_currency": exchange.settled_currency, "rate": exchange.rate}


class NewReceiptSerializer(serializers.Serializer[Any]):
    """Money that no bank statement tells of. `key` names it, so that it is posted once."""

    customer = serializers.CharField(help_text="Code of the customer.")
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, min_value=0)
    currency = serializers.CharField(max_length=3)
    received_on = serializers.DateField()
    key = serializers.CharField(max_length=60)
    bank_account = serializers.IntegerField(required=False)
    payer = serializers.CharField(max_length=200, required=False, default="")
    text = serializers.CharField(required=False, default="")
    pays = SettledSerializer(many=True, required=False, default=list)


class ApplySerializer(serializers.Serializer[Any]):
    """What money on account shall pay."""

    pays = SettledSerializer(many=True)
    on = serializers.DateField(required=False)


class ExchangeSerializer(serializers.Serializer[Any]):
    """A document of another currency, how much of it is settled, and at which rate.

    Without an amount all that the money is worth. Without a rate the bank's, else that of the day.
    """

    number = serializers.CharField()
    kind = serializers.ChoiceField(OpenItem.Kind.choices, required=False)
    amount = serializers.DecimalField(
        max_digits=18, decimal_places=3, required=False, allow_null=True, help_text="In the document's currency."
    )
    rate = serializers.DecimalField(
        max_digits=18,
        decimal_places=8,
        min_value=Decimal("1E-8"),
        required=False,
        allow_null=True,
        help_text="The one agreed: the receipt's currency for 1 of the document's.",
    )
    on = serializers.DateField(required=False)


class ReceiptExchangeSerializer(serializers.ModelSerializer[ReceiptExchange]):
    """What left a receipt in its currency and settled a document in another; taken back from `ended_on`."""

    number = serializers.CharField(source="item.number", read_only=True)
    kind = serializers.CharField(source="item.kind", read_only=True)
    used = serializers.SerializerMethodField()
    settled = serializers.SerializerMethodField()
    rounding = serializers.SerializerMethodField()

    class Meta:
        model = ReceiptExchange
        fields = (
            "number", "kind", "used", "used_currency", "settled", "settled_currency", "rate", "rate_kind", "rounding",
            "exchanged_on", "ended_on", "recorded_at",
        )  # fmt: skip

    def get_used(self, exchange: ReceiptExchange) -> str:
        """In the receipt's currency."""
        return plain_amount(exchange.used, exchange.used_currency)

    def get_settled(self, exchange: ReceiptExchange) -> str:
        """In the document's currency."""
        return plain_amount(exchange.settled, exchange.settled_currency)

    def get_rounding(self, exchange: ReceiptExchange) -> str:
        """In the receipt's currency; positive where we bore it."""
        return plain_amount(exchange.rounding, exchange.used_currency)


class UndoSerializer(serializers.Serializer[Any]):
    """Why something is undone, and from which day; `numbers` names the documents when it is not all of them."""

    reason = serializers.CharField(max_length=200)
    on = serializers.DateField(required=False)
    numbers = serializers.ListField(child=serializers.CharField(), required=False, default=list)


class MoveSerializer(serializers.Serializer[Any]):
    """To whom a receipt is given; without an amount all of it."""

    customer = serializers.CharField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, required=False, allow_null=True)
    reason = serializers.CharField(max_length=200)
    on = serializers.DateField(required=False)


FILTERS = [
    OpenApiParameter("q", str, description="Finds by number, customer, payer, text or exact amount."),
    OpenApiParameter("customer", str, description="Code of the customer."),
    OpenApiParameter("entity", str, description="Code of the company."),
]


@extend_schema_view(
    list=extend_schema(description="Receipts that the token's person may see.", parameters=FILTERS),
    retrieve=extend_schema(description="One receipt with what it pays."),
)
class ReceiptViewSet(Api, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Receipt]):
    """Post, apply and undo what customers paid."""

    scope = "receipts"
    filters: ClassVar = {each.name for each in FILTERS}
    asks: ClassVar = {
        "create": "cashapp.post_receipt",
        "apply": "cashapp.apply_receipt",
        "exchange": "cashapp.exchange_receipt",
        "unapply": "cashapp.unapply_receipt",
        "reverse": "cashapp.reverse_receipt",
        "give_back": "cashapp.return_receipt",
        "move": "cashapp.move_receipt",
    }
    serializer_class = ReceiptSerializer
    queryset = Receipt.objects.none()

    def get_queryset(self) -> QuerySet[Receipt]:
        """Receipts of companies whose cash the person may see."""
        by, asked = cast(User, self.request.user), self.request.query_params
        rows = Receipt.objects.visible_to(by).select_related("entity", "item__customer")
        if asked.get("entity"):
            rows = rows.filter(entity=self.entity())
        if asked.get("customer"):
            rows = rows.filter(item__customer__code=asked["customer"])
        return found_receipts(rows, asked.get("q", ""))

    @extend_schema(request=NewReceiptSerializer, responses={201: ReceiptSerializer})
    def create(self, request: Request) -> Response:
        """Post money that no bank statement tells of, with what it pays."""
        entity = self.entity()
        given = self._given(NewReceiptSerializer)
        customer = _customer(entity, given["customer"])
        incoming = Incoming(
            money=Money(given["amount"], given["currency"]),
            received_on=given["received_on"],
            key=f"api:{given['key']}",
            bank_account=_bank_account(entity, given.get("bank_account")),
            payer=given["payer"],
            text=given["text"],
        )
        pays = _payments(customer, given["pays"])
        receipt = post_receipt(by=self.by, customer=customer, incoming=incoming, pays=pays)
        return Response(self.get_serializer(receipt).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ApplySerializer, responses=ReceiptSerializer)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Use money on account to settle documents of the customer."""
        receipt, given = self.get_object(), self._given(ApplySerializer)
        pays = _payments(receipt.item.customer, given["pays"])
        apply_receipt(by=self.by, receipt=receipt, pays=pays, applied_on=self._day(receipt, given))
        return self._told(receipt)

    @extend_schema(request=ExchangeSerializer, responses=ReceiptSerializer)
    @action(detail=True, methods=["post"])
    def exchange(self, request: Request, pk: str) -> Response:
        """Use money on account to settle a document of another currency; what the rate gains or loses is booked."""
        receipt, given = self.get_object(), self._given(ExchangeSerializer)
        rate = given.get("rate")
        chosen = Exchange(
            item=_item(receipt.item.customer, given),
            settled=given.get("amount"),
            rate=Rate(rate, ReceiptExchange.RateKind.AGREED) if rate else None,
        )
        exchange_receipt(by=self.by, receipt=receipt, exchange=chosen, exchanged_on=self._day(receipt, given))
        return self._told(receipt)

    @extend_schema(responses=ReceiptExchangeSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def exchanges(self, request: Request, pk: str) -> Response:
        """What the receipt settled in other currencies, what was taken back included."""
        rows = self.get_object().exchanges.select_related("item")
        return Response(ReceiptExchangeSerializer(rows, many=True).data)

    @extend_schema(request=UndoSerializer, responses=ReceiptSerializer)
    @action(detail=True, methods=["post"])
    def unapply(self, request: Request, pk: str) -> Response:
        """Take the receipt off some documents, or off all."""
        receipt, given = self.get_object(), self._given(UndoSerializer)
        items = [_item(receipt.item.customer, {"number": number}) for number in given["numbers"]]
        unapply_receipt(
            by=self.by, receipt=receipt, unapplied_on=self._day(receipt, given), reason=given["reason"], items=items
        )
        return self._told(receipt)

    @extend_schema(request=UndoSerializer, responses=ReceiptSerializer)
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        """Take the receipt back; its bank line is to be matched again."""
        receipt, given = self.get_object(), self._given(UndoSerializer)
        reverse_receipt(by=self.by, receipt=receipt, reversed_on=self._day(receipt, given), reason=given["reason"])
        return self._told(receipt)

    @extend_schema(request=UndoSerializer, responses=ReceiptSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """The bank took the money back."""
        receipt, given = self.get_object(), self._given(UndoSerializer)
        return_receipt(by=self.by, receipt=receipt, returned_on=self._day(receipt, given), reason=given["reason"])
        return self._told(receipt)

    @extend_schema(request=MoveSerializer, responses={201: ReceiptSerializer})
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Give the receipt, or a part of it, to the customer whose money it was; answers with the new receipt."""
        receipt, given = self.get_object(), self._given(MoveSerializer)
        moved = move_receipt(
            by=self.by,
            receipt=receipt,
            customer=_customer(receipt.entity, given["customer"]),
            moved_on=self._day(receipt, given),
            reason=given["reason"],
            amount=given.get("amount"),
        )
        return Response(self.get_serializer(moved).data, status=status.HTTP_201_CREATED)

    @property
    def by(self) -> User:
        """The token's person."""
        return cast(User, self.request.user)

    def _given(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        told = serializer(data=self.request.data)
        told.is_valid(raise_exception=True)
        return dict(told.validated_data)

    def _day(self, receipt: Receipt, given: dict[str, Any]) -> Any:
        return given.get("on") or max(clock.today(receipt.entity), receipt.received_on)

    def _told(self, receipt: Receipt) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=receipt.pk)).data)


def _customer(entity: LegalEntity, code: str) -> Customer:
    found = Customer.objects.filter(entity=entity, code=code).select_related("entity", "terms").first()
    if found is None:
        raise ValidationError({"customer": [f"There is no customer {code}."]})
    return found


def _bank_account(entity: LegalEntity, pk: int | None) -> BankAccount | None:
    if pk is None:
        return None
    found = BankAccount.objects.filter(entity=entity, pk=pk).first()
    if found is None:
        raise ValidationError({"bank_account": [f"{entity.name} has no bank account {pk}."]})
    return found


def _payments(customer: Customer, given: list[dict[str, Any]]) -> list[Payment]:
    return [Payment(_item(customer, each), each["amount"]) for each in given]


def _item(customer: Customer, given: dict[str, Any]) -> OpenItem:
    rows = OpenItem.objects.filter(customer=customer, number=given["number"])
    found = list(rows.filter(kind=given["kind"]) if given.get("kind") else rows)
    if len(found) != 1:
        many = "several documents" if found else "no document"
        raise ValidationError({"pays": [f"{customer.name} has {many} {given['number']}."]})
    return found[0]
