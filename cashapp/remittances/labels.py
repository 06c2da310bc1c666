"""The words by which remittances name their parts, in the languages of the customers; also the headings of tables."""

import re

from cashapp.matching.text import plain

LABELS: dict[str, str] = {
    "payer": "payer, paid by, remitter, remitter name, customer, customer name, company, payer name, from company, "
    "zahler, auftraggeber, kunde, payeur, client, pagador, betaler",
    "payer_code": "account, account number, account no, customer number, customer no, customer code, customer account, "
    "supplier account, your account, kundennummer, kunden nr, debitor, numero client, klantnummer",
    "trace": "trace, trace number, trace no, check number, check no, cheque number, cheque no, check, cheque, "
    "payment reference, payment ref, payment number, payment no, payment id, eft number, ach trace, wire reference, "
    "transaction reference, zahlungsreferenz, zahlungsnummer, reference de paiement",
    "reference": "batch, remittance, remittance number, remittance no, remittance reference, remittance advice, "
    "advice number, advice no, avis, avisnummer, reference, ref, our reference",
    "total": "check amount, cheque amount, amount paid, payment amount, total paid, total payment, payment total, "
    "remitting, total remitted, total remittance, net payment, total amount, total, grand total, amount of payment, "
    "zahlbetrag, gesamtbetrag, summe, montant total, totaal, importe total",
    "paid_on": "deposit date, payment date, date paid, paid on, value date, check date, cheque date, date, "
    "settlement date, zahlungsdatum, zahldatum, valuta, wertstellung, datum, date de paiement, betaaldatum, fecha",
    "currency": "currency, ccy, wahrung, waehrung, devise, valuta code, moneda",
    "number": "invoices, invoice, invoice number, invoice no, invoice numbers, invoice nr, document, documents, "
    "document number, document no, bill, bill number, your document, your invoice, reference number, "
    "rechnung, rechnungen, rechnungsnummer, rechnungs nr, belegnummer, beleg, facture, factures, numero de facture, "
    "factuur, factuurnummer, factura",
    "purchase_order": "po, po number, po no, purchase order, purchase order number, order, order number, your order, "
    "bestellung, bestellnummer, bon de commande, commande, bestelling, pedido",
    "gross": "gross, gross amount, invoice amount, amount due, original amount, document amount, bill amount, "
    "brutto, bruttobetrag, rechnungsbetrag, montant brut, bruto",
    "discount": "discount, cash discount, discount taken, discount amount, settlement discount, skonto, "
    "skontobetrag, escompte, korting, descuento",
    "deduction": "deduction, deductions, deduction amount, adjustment, adjustments, adjustment amount, short payment, "
    "kept back, withheld, abzug, abzuge, abzuege, kurzung, kuerzung, retenue, deduccion",
    "reason": "reason, deduction reason, reason text, adjustment reason, comment, comments, description of deduction, "
    "grund, bemerkung, motif, reden, motivo",
    "code": "reason code, deduction code, adjustment code, code, grundcode",
    "paid": "net, net amount, paid, amount, paid amount, amount applied, payment, remitted, amount remitted, "
    "netto, nettobetrag, zahlung, betrag, montant, montant net, montant paye, bedrag, importe, pago",
    "dated_on": "invoice date, document date, bill date, rechnungsdatum, belegdatum, date de facture, factuurdatum",
    "memo": "memo, note, notes, message, remark, remarks, verwendungszweck, nachricht, information",
    "is_credit": "type, document type, kind, belegart, art",
}
ROLE_OF = {words: role for role, told in LABELS.items() for words in told.split(", ")}
_WORDS = re.compile(r"[A-Z0-9]+")


def role_of(label: str) -> str:
    """What a label or heading stands for; empty where it is none of ours."""
    return ROLE_OF.get(" ".join(_WORDS.findall(plain(label))).lower(), "")
