"""Finding a product."""

from django.db.models import Q, QuerySet

from invoicing.models import Product


def products_found(products: QuerySet[Product], text: str) -> QuerySet[Product]:
    """Narrow to those in whose name or code every word is found."""
    for word in text.replace("\x00", "").split()[:6]:
        products = products.filter(Q(name__icontains=word) | Q(code__icontains=word))
    return products
