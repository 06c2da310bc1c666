"""What a permission lets somebody do, in words for the sentence “You may not …”. Worked out of its name."""

# Where the name alone doesn't say it.
UNUSUAL = {
    "cashapp.add_to_payer_group": "say for whom a payer pays",
    "cashapp.end_in_payer_group": "end for whom a payer pays",
    "cashapp.set_withholding": "set withholding taxes",
    "cashapp.end_withholding": "end withholding taxes",
    "cashapp.switch_rule_on": "switch match rules on",
    "cashapp.switch_rule_off": "switch match rules off",
    "cashapp.write_rule": "write match rules",
    "cashapp.try_rule": "try match rules",
    "cashapp.add_provider": "add providers of payments",
    "cashapp.assign_search": "say who looks after unapplied cash",
    "cashapp.change_processing_hours": "change the hours of the payments team",
    "cashapp.fill_slip": "fill deposit slips",
    "cashapp.note_search": "note steps of a search",
    "cashapp.review_old_cash": "review money that waits for long",
    "cashapp.say_payer": "say whose a payment is",
    "cashapp.take_in_payment": "take in electronic payments",
    "cashapp.tell_of_payment": "tell what became of electronic payments",
    "cashapp.ask_about_line": "ask about bank lines",
    "cashapp.import_statement": "import bank statements",
    "cashapp.match_statement": "match bank statements",
    "cashapp.name_variance": "name differences of reconciliations",
    "cashapp.prepare_reconciliation": "prepare bank reconciliations",
    "cashapp.reopen_reconciliation": "reopen signed bank reconciliations",
    "cashapp.sign_reconciliation": "sign bank reconciliations",
    "cashapp.tie_posting": "tie entries to bank lines",
    "cashapp.untie_posting": "untie entries from bank lines",
    "cashapp.withdraw_reconciliation": "withdraw bank reconciliations",
    "cashapp.save_mapping": "save column mappings",
    "collections.send_statement": "send statements of account",
    "collections.remind_of_promises": "remind of promises",
    "cashapp.identify_receipt": "say whose an unidentified receipt is",
    "cashapp.post_unidentified": "post receipts as unidentified",
    "controls.change_limits": "change authority limits",
    "controls.decide_request": "decide on requests for approval",
    "core.change_calendar": "change business days",
    "core.change_entity": "change the company",
    "core.change_rates": "change exchange rates",
    "core.change_series": "change number series",
    "core.change_person": "change people",
    "core.cancel_run": "stop runs of other people",
    "core.load_modulus_rules": "load modulus rules of bank accounts",
    "core.view": "see settings",
    "core.view_audit": "see the audit trail",
    "customers.change_requirements": "change what customers require of invoices",
    "customers.change_credit_policy": "change what credit holds stop",
    "customers.change_terms": "change payment terms",
    "customers.create_terms": "create payment terms",
    "customers.set_parent": "change groups of customers",
    "customers.mark_bounced": "mark addresses that return mail",
    "customers.resolve_task": "free addresses that returned mail",
    "directdebit.add_creditor": "set up direct debit with a scheme",
    "directdebit.end_creditor": "end direct debit with a scheme",
    "directdebit.prepare_run": "prepare collection runs",
    "directdebit.take_submission": "fetch files for the bank",
    "directdebit.settle_submission": "tie collections to bank lines",
    "directdebit.take_in_report": "take in reports on direct debits",
    "directdebit.assign_return": "say which collection came back",
    "directdebit.set_aside_return": "set returned debits aside",
    "directdebit.finish_follow_up": "finish follow-ups of direct debits",
    "directdebit.ask_again": "ask a provider again for a collection",
    "directdebit.change_return_policy": "change the fees of returns",
    "integrations.add_endpoint": "add webhooks",
    "integrations.change_endpoint": "change webhooks",
    "integrations.renew_secret": "renew secrets of webhooks",
    "integrations.replay_delivery": "send webhooks again",
    "invoicing.confirm_upload": "record uploads",
    "invoicing.reopen_upload": "reopen uploads",
    "invoicing.revoke_link": "revoke links of customers",
    "invoicing.share_invoice": "share invoices by link",
    "invoicing.accept_exception": "accept exceptions of billing runs",
    "invoicing.change_billing_checks": "change the checks of billing runs",
    "invoicing.declare_finals": "declare a month's final billing complete",
    "invoicing.draft_charges": "draft what contracts owe",
    "invoicing.issue_imported": "issue imported documents",
    "ledger.close_period": "close months",
    "ledger.reopen_period": "reopen months",
    "ledger.soft_lock_period": "lock months",
    "ledger.end_claim": "end claims at banks",
    "ledger.lock_days": "lock days of bank accounts",
    "ledger.open_claim": "note claims at banks",
    "ledger.revalue_items": "revalue items in foreign currency",
    "ledger.unlock_days": "unlock days of bank accounts",
    "ledger.post_late": "post into locked months",
    "ledger.post_opening": "post opening balances",
    "ledger.set_up_ledger": "set up the ledger",
    "messaging.change_template": "change wordings of messages",
    "messaging.confirm_message": "say what became of messages",
    "messaging.queue_message": "send messages",
    "refunds.add_channel": "set up files of payments",
    "refunds.cancel_batch": "cancel payment files",
    "refunds.clear_payments": "match payments with bank lines",
    "refunds.fail_payment": "note payments that came back",
    "refunds.find_duplicates": "look for duplicate payments",
    "refunds.keep_duplicate": "keep duplicate payments on account",
    "refunds.prepare_batch": "make payment files",
    "refunds.record_card_refund": "record refunds to cards",
    "refunds.release_batch": "release payment files",
    "reporting.set_measure_limit": "set limits of key figures",
}
ROOMS = {
    "cashapp": "cash",
    "directdebit": "direct debits",
    "collections": "collections",
    "invoicing": "invoices",
    "controls": "approvals and limits",
    "integrations": "webhooks",
    "ledger": "the ledger",
    "messaging": "messages",
    "refunds": "payments of refunds",
    "reporting": "reports",
}


def in_words(permission: str) -> str:
    """“draft invoices” out of “invoicing.draft_invoice”, “see customers” out of “customers.view”."""
    room, _, name = permission.partition(".")
    if permission in UNUSUAL:
        return UNUSUAL[permission]
    if name == "view":
        return f"see {ROOMS.get(room, room)}"
    return _several(name.replace("_", " "))


def _several(words: str) -> str:
    """The last word in the plural: one may do a thing to many or to none."""
    if words.endswith(("ss", "ch", "sh", "x")):
        return f"{words}es"
    if words.endswith("y") and words[-2] not in "aeiou":
        return f"{words[:-1]}ies"
    return words if words.endswith("s") else f"{words}s"
