"""The PDF of an invoice beside WeasyPrint alone on the same HTML."""

from collections.abc import Iterator, Sequence
from typing import Any

from bench.measures import Measure, seconds
from bench.workers import answers_of
from core import pdf
from core.papers import stylesheets_of
from invoicing.models import Invoice
from invoicing.papers.printable import printable_invoices
from invoicing.papers.rendering import STYLE, html_of_invoice, pdf_of_invoice

COUNT = 40


def measure_papers(code: str) -> Iterator[Measure]:
    """One process beside the engine, document by document so that both meet the same weather; and two processes."""
    invoices = invoices_to_print(code, COUNT)
    ours = alone = 0.0
    pdf_of_invoice(invoices[0])
    for invoice in invoices:
        html = html_of_invoice(invoice)
        ours += seconds(lambda invoice=invoice: pdf_of_invoice(invoice)) / COUNT * 1000  # type: ignore[misc]
        alone += seconds(lambda html=html, invoice=invoice: _engine_alone(html, invoice)) / COUNT * 1000  # type: ignore[misc]
    goal = "≤ 1.2 × WeasyPrint"
    yield Measure("invoice PDF, warm", "ms", ours, alone, "WeasyPrint alone, same HTML", goal, ours <= 1.2 * alone)
    answers = answers_of(["papers", code, str(COUNT)], ["papers", code, str(COUNT)])
    rate = sum(answer["count"] / answer["seconds"] for answer in answers)
    yield Measure("invoice PDFs, two processes", "/s", rate, None, "", "≥ 18/s", rate >= 18)


def invoices_to_print(code: str, count: int) -> Sequence[Invoice]:
    """Some issued invoices with all that their page shows."""
    rows = printable_invoices().filter(entity__code=code, number__isnull=False)
    return list(rows.order_by("pk")[:count])


def seconds_to_print(invoices: Sequence[Invoice]) -> float:
    """How long they take when fonts and style sheets are read already."""
    pdf_of_invoice(invoices[0])
    return seconds(lambda: [pdf_of_invoice(invoice) for invoice in invoices])


def _engine_alone(html: str, invoice: Invoice) -> Any:
    """WeasyPrint with the same kept fonts, style sheets and fetcher, and nothing of ours around it."""
    document = pdf._engine().HTML(string=html, url_fetcher=pdf._fetcher())
    sheets = [pdf._stylesheet(name, pdf._changed_at(name)) for name in stylesheets_of(invoice.entity, STYLE)]
    return document.write_pdf(
        font_config=pdf._font_configuration(), stylesheets=sheets, pdf_variant=pdf.VARIANT, cache=pdf._pictures()
    )
