"""What is open, kept so that a line is matched without looking at every document.

Each document is filed under every form in which its number may be written, each customer under code, accounts,
reference and name. Settled documents stay known by number: to name one again is evidence, too.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from itertools import takewhile
from operator import attrgetter

from cashapp.matching.facts import AgreedSum, DeclaredPayer, KnownCustomer, LearnedPayer, OpenDocument, StatementTotal
from cashapp.matching.names import NameIndex
from cashapp.matching.numbers import NumberKeys, keys_of, prefix_of, shape_of
from cashapp.matching.proposals import Applied
from cashapp.matching.text import compact
from cashapp.matching.written import WrittenRule

CONFIRMATIONS_NEEDED = 2
SHORTEST_CUT_NUMBER = 4
DOCUMENTS_THAT_MAKE_A_SERIES = 3


class OpenIndex:
    """Documents and customers of one legal entity."""

    def __init__(self) -> None:
        self.names = NameIndex()
        self.by_whole: dict[str, list[OpenDocument]] = defaultdict(list)
        self.by_digits: dict[str, list[OpenDocument]] = defaultdict(list)
        self.by_repaired: dict[str, list[OpenDocument]] = defaultdict(list)
        self.by_sequence: dict[str, list[OpenDocument]] = defaultdict(list)
        self.by_cut: dict[str, list[OpenDocument]] = defaultdict(list)
        self.by_reference: dict[str, list[OpenDocument]] = defaultdict(list)
        self.by_purchase_order: dict[str, list[OpenDocument]] = defaultdict(list)
        self.by_code: dict[str, int] = {}
        self.by_payment_reference: dict[str, int] = {}
        self.by_account: dict[str, set[int]] = defaultdict(set)
        self.by_learned_name: dict[str, set[int]] = defaultdict(set)
        self.declared_by_account: dict[str, list[DeclaredPayer]] = defaultdict(list)
        self.declared_by_name: dict[str, list[DeclaredPayer]] = defaultdict(list)
        self.written: list[WrittenRule] = []
        self.prefixes: set[str] = set()
        self.customers: dict[int, KnownCustomer] = {}
        self._out_of_order: set[int] = set()
        self._documents: dict[Hashable, OpenDocument] = {}
        self._keys: dict[Hashable, NumberKeys] = {}
        self._open: dict[int, dict[Hashable, OpenDocument]] = defaultdict(dict)
        self._by_amount: dict[tuple[str, int], dict[Hashable, OpenDocument]] = defaultdict(dict)
        self._shapes: Counter[str] = Counter()
        self._groups: dict[int, set[int]] = defaultdict(set)
        self._statements: dict[tuple[int, str], StatementTotal] = {}
        self._agreed: dict[tuple[int, str, int], list[AgreedSum]] = {}
        self._learned: dict[tuple[str, int], int] = {}

    def add_customers(self, customers: Iterable[KnownCustomer]) -> None:
        for customer in customers:
            self.customers[customer.id] = customer
            self.names.add(customer.id, customer.name)
            self.by_code[compact(customer.code)] = customer.id
            if customer.payment_reference:
                self.by_payment_reference[compact(customer.payment_reference)] = customer.id
            for account in customer.accounts:
                self.by_account[compact(account)].add(customer.id)
            if customer.group is not None:
                self._groups[customer.group].add(customer.id)

    def learn(self, payers: Iterable[LearnedPayer]) -> None:
        """Use what people confirmed often enough."""
        for payer in payers:
            if payer.confirmations < CONFIRMATIONS_NEEDED:
                continue
            if account := compact(payer.account):
                self.by_account[account].add(payer.customer_id)
                self._learned[(account, payer.customer_id)] = payer.confirmations
            if name := compact(payer.name):
                self.by_learned_name[name].add(payer.customer_id)
                self._learned[(name, payer.customer_id)] = payer.confirmations

    def declare(self, payers: Iterable[DeclaredPayer]) -> None:
        """Know who was declared to pay for several customers: by the account, by the name where none is known."""
        for payer in payers:
            if account := compact(payer.account):
                self.declared_by_account[account].append(payer)
            self.declared_by_name[compact(payer.name)].append(payer)

    def follow(self, rules: Iterable[WrittenRule]) -> None:
        """Follow rules that people wrote and switched on."""
        self.written.extend(rules)

    def times_learned(self, key: str, customer_id: int) -> int:
        return self._learned.get((compact(key), customer_id), 0)

    def add_statements(self, totals: Iterable[StatementTotal]) -> None:
        for total in totals:
            known = self._statements.get((total.customer_id, total.currency))
            if known is None or known.on <= total.on:
                self._statements[(total.customer_id, total.currency)] = total

    def statement_of(self, customer_id: int, currency: str) -> StatementTotal | None:
        return self._statements.get((customer_id, currency))

    def expect(self, agreed: Iterable[AgreedSum]) -> None:
        """Know what customers agreed to pay; what was known of that before is forgotten."""
        self._agreed = {}
        for each in agreed:
            self._agreed.setdefault((each.customer_id, each.currency, each.amount), []).append(each)

    def fulfil(self, customer_id: int, currency: str, amount: int) -> None:
        """Money of an agreed sum came: the same sum is expected no more, but for another that is due later."""
        del self._agreed[customer_id, currency, amount][:1]

    def agreed_with(self, customer_id: int, currency: str, amount: int) -> Sequence[AgreedSum]:
        """Payments of that very amount that the customer agreed to make, the first that is due first."""
        return self._agreed.get((customer_id, currency, amount), ())

    def add(self, document: OpenDocument) -> None:
        keys = keys_of(document.number)
        self._documents[document.id] = document
        self._keys[document.id] = keys
        self._file_under_number(document, keys)
        if document.reference:
            self.by_reference[compact(document.reference)].append(document)
        if document.purchase_order:
            self.by_purchase_order[compact(document.purchase_order)].append(document)
        if document.open:
            self._file_as_open(document)

    def _file_under_number(self, document: OpenDocument, keys: NumberKeys) -> None:
        self.by_whole[keys.whole].append(document)
        self._shapes[shape_of(keys.whole)] += 1
        if prefix := prefix_of(keys.whole):
            self.prefixes.add(prefix)
        if not keys.digits:
            return
        if keys.repaired != keys.whole:
            self.by_repaired[keys.repaired].append(document)
        self.by_digits[keys.digits].append(document)
        if keys.sequence:
            self.by_sequence[keys.sequence].append(document)
        if len(keys.digits) > SHORTEST_CUT_NUMBER:
            self.by_cut[keys.digits[:-1]].append(document)

    def _file_as_open(self, document: OpenDocument) -> None:
        filed = self._open[document.customer_id]
        if filed and next(reversed(filed.values())).document_on > document.document_on:
            self._out_of_order.add(document.customer_id)
        filed[document.id] = document
        self._by_amount[(document.currency, document.owed)][document.id] = document

    def set_open(self, document_id: Hashable, amount: int) -> None:
        """Someone applied money or credit to the document, or took it back."""
        document = self._documents[document_id]
        self._by_amount[(document.currency, document.owed)].pop(document_id, None)
        document.open = amount
        if not amount:
            self._open[document.customer_id].pop(document_id, None)
        elif document_id in self._open[document.customer_id]:
            self._by_amount[(document.currency, document.owed)][document_id] = document
        else:
            self._file_as_open(document)

    def apply(self, applied: Sequence[Applied]) -> None:
        for each in applied:
            self.set_open(each.document.id, each.document.open - abs(each.amount))

    def document(self, document_id: Hashable) -> OpenDocument:
        return self._documents[document_id]

    def known(self, document_id: Hashable) -> OpenDocument | None:
        """The document, if the index holds it."""
        return self._documents.get(document_id)

    def keys(self, document: OpenDocument) -> NumberKeys:
        return self._keys[document.id]

    def open_of(self, customer_id: int, currency: str, on: date) -> list[OpenDocument]:
        """What the customer could pay on that day, oldest due date first."""
        filed = self._open[customer_id].values()
        if customer_id not in self._out_of_order:
            filed = takewhile(lambda document: document.document_on <= on, filed)  # type: ignore[assignment]
        documents = [document for document in filed if document.currency == currency and document.document_on <= on]
        documents.sort(key=attrgetter("due_on", "number"))
        return documents

    def open_with_amount(self, amount: int, currency: str, on: date) -> list[OpenDocument]:
        found = self._by_amount.get((currency, amount), {})
        return [document for document in found.values() if document.document_on <= on]

    def family_of(self, customer_id: int) -> set[int]:
        """The customer and the others of its declared group."""
        customer = self.customers.get(customer_id)
        if customer is None or customer.group is None:
            return {customer_id}
        return self._groups[customer.group]

    def is_our_shape(self, whole: str) -> bool:
        """Is it written like a number of one of our series?"""
        return self._shapes[shape_of(whole)] >= DOCUMENTS_THAT_MAKE_A_SERIES
