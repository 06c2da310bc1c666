"""Who may do what: one table of roles, and the duties that one person must not hold together.

A permission is named “<app label>.<action>”; seeing a room's pages is “<app label>.view”. The same word names the
action's function, its audit event and its address.
"""

from core.cash_duties import KEEP_CASH, SET_CASH_RULES, SPEAK_TO_DIRECT_DEBIT_PROVIDERS
from core.collection_duties import KEEP_PORTFOLIOS, LEAD_SUSPENSIONS

SEE_EVERYTHING = frozenset(
    {
        "controls.view",
        "core.view",
        "core.open_file",
        "customers.view",
        "messaging.view",
        "ledger.view",
        "collections.view",
        "invoicing.view",
        "cashapp.view",
        "directdebit.view",
        "refunds.view",
        "reporting.view",
        "integrations.view",
    }
)
WORK_WITH_CUSTOMERS = frozenset(
    {
        "controls.confirm_reading",
        "customers.add_contact",
        "customers.add_note",
        "customers.attach_file",
        "customers.change_contact",
        "customers.end_contact",
        "customers.place_credit_hold",
        "customers.resolve_task",
        "messaging.queue_message",
        "messaging.cancel_message",
        "messaging.confirm_message",
        "messaging.release_message",
        "messaging.resend_message",
        "messaging.confirm_letters",
        "messaging.print_letters",
        "collections.send_statement",
        "collections.open_dispute",
        "collections.assign_dispute",
        "collections.close_dispute",
        "collections.place_hold",
        "collections.lift_hold",
        "collections.send_notice",
        "collections.start_preview",
        "collections.record_promise",
        "collections.withdraw_promise",
        "collections.attach_signed_letter",
        "collections.propose_plan",
        "collections.request_late_waiver",
        "collections.request_write_off",
        "collections.recover_debt",
        "collections.undo_recovery",
        "collections.log_call",
        "collections.snooze_customer",
        "collections.open_suspension",
        "collections.send_suspension_notice",
        "collections.ask_suspension_approval",
        "collections.ask_extension",
        "collections.request_suspension",
        "collections.confirm_suspension",
        "collections.confirm_restoration",
        "collections.record_proof",
        "collections.write_owner_note",
        "collections.record_final_receipt",
        "collections.ask_final_question",
        "collections.answer_final_question",
        "collections.raise_escalation",
        "directdebit.finish_follow_up",
    }
)
BILL = frozenset(
    {
        "invoicing.draft_contract",
        "invoicing.change_contract",
        "invoicing.discard_contract",
        "invoicing.activate_contract",
        "invoicing.attach_contract_file",
        "invoicing.amend_contract",
        "invoicing.renew_contract",
        "invoicing.quote_renewal",
        "invoicing.give_notice",
        "invoicing.withdraw_notice",
        "invoicing.record_usage",
        "invoicing.bring_in_contracts",
        "invoicing.draft_invoice",
        "invoicing.change_draft",
        "invoicing.discard_draft",
        "invoicing.issue_invoice",
        "invoicing.draft_charges",
        "collections.charge_late_interest",
        "invoicing.prepare_billing_run",
        "invoicing.check_billing_run",
        "invoicing.accept_exception",
        "invoicing.start_billing_run",
        "invoicing.send_invoice",
        "invoicing.send_pro_forma",
        "invoicing.share_invoice",
        "invoicing.revoke_link",
        "invoicing.confirm_upload",
        "invoicing.reopen_upload",
        "invoicing.record_delivery",
        "invoicing.take_back_delivery",
        "invoicing.draft_credit_note",
        "invoicing.discard_credit_note",
        "invoicing.request_credit_note",
        "invoicing.draft_adjustment",
        "invoicing.discard_adjustment",
        "invoicing.request_adjustment",
        "invoicing.request_refund",
        "invoicing.discard_refund",
        "invoicing.draft_bulk_credit",
        "invoicing.request_bulk_credit",
        "invoicing.request_surcharge_waiver",
    }
)
KEEP_MASTER_DATA = frozenset(
    {
        "customers.add_address",
        "customers.add_bank_account",
        "customers.change_address",
        "customers.change_customer",
        "customers.change_requirements",
        "customers.change_terms",
        "customers.create_customer",
        "customers.create_terms",
        "customers.deactivate_customer",
        "customers.end_address",
        "customers.end_bank_account",
        "customers.import_customers",
        "customers.reactivate_customer",
        "customers.record_certificate",
        "customers.set_parent",
        "invoicing.add_product",
        "invoicing.change_product",
        "invoicing.deactivate_product",
        "invoicing.reactivate_product",
    }
)
APPROVE = frozenset(
    {
        "controls.write_policy",
        "core.cancel_run",
        "controls.decide_request",
        "customers.change_credit_policy",
        "customers.place_credit_hold",
        "customers.release_credit_hold",
        "customers.verify_bank_account",
        "collections.accept_doubtful_promise",
        "collections.change_rules",
        "collections.start_dry_run",
        "collections.start_preview",
        "collections.change_statement_rule",
        "collections.start_statement_run",
        "collections.set_up_strategies",
        "collections.draft_strategy",
        "collections.change_strategy",
        "collections.switch_strategy_on",
        "collections.switch_strategy_off",
        "collections.change_segment",
        "collections.assign_segment",
        "collections.end_assignment",
        "collections.send_final_notice",
        *LEAD_SUSPENSIONS,
        "collections.answer_escalation",
        "collections.hand_over_to_lawyers",
        "collections.place_hold",
        "collections.waive_late_interest",
        "collections.approve_late_waiver",
        "collections.take_back_late_charge",
        "collections.write_off_items",
        "collections.approve_write_off",
        "collections.reverse_write_off",
        "directdebit.submit_collections",
        "invoicing.approve_surcharge_waiver",
        "invoicing.change_billing_checks",
        "invoicing.declare_finals",
        "invoicing.issue_credit_note",
        "invoicing.post_adjustment",
        "invoicing.approve_refund",
        "messaging.queue_message",
    }
)
CLOSE = frozenset(
    {
        "ledger.set_up_ledger",
        "collections.set_up_late_interest",
        "collections.add_late_terms",
        "collections.end_late_terms",
        "collections.add_reference_rate",
        "collections.set_relief_rule",
        "collections.claim_tax_relief",
        "ledger.soft_lock_period",
        "ledger.close_period",
        "ledger.reopen_period",
        "ledger.post_late",
        "ledger.post_opening",
        "ledger.revalue_items",
        "ledger.lock_days",
        "ledger.unlock_days",
        "invoicing.add_tax_rate",
        "invoicing.add_tax_rule",
        "invoicing.end_tax_rate",
        "invoicing.end_tax_rule",
        "invoicing.add_surcharge_rule",
        "invoicing.end_surcharge_rule",
        "invoicing.issue_imported",
        "invoicing.release_income",
        "controls.change_limits",
        "reporting.set_measure_limit",
        "cashapp.sign_reconciliation",
        "directdebit.change_return_policy",
        "directdebit.add_creditor",
        "directdebit.end_creditor",
        "cashapp.reopen_reconciliation",
        "refunds.add_channel",
        "refunds.release_batch",
        "refunds.take_batch",
        "cashapp.add_provider",
        "cashapp.change_processing_hours",
    }
)
RUN_THE_HOUSE = frozenset(
    {
        "controls.confirm_reading",
        "core.change_entity",
        "core.change_person",
        "core.grant_role",
        "core.revoke_role",
        "core.change_calendar",
        "core.change_rates",
        "core.load_modulus_rules",
        "core.change_series",
        "messaging.change_template",
        "integrations.add_endpoint",
        "integrations.change_endpoint",
        "integrations.switch_endpoint_off",
        "integrations.switch_endpoint_on",
        "integrations.renew_secret",
        "integrations.replay_delivery",
    }
)

STAND_FOR_THE_SERVICE = frozenset(
    {
        "controls.decide_request",
        "collections.approve_suspension",
        "collections.confirm_suspension",
        "collections.confirm_restoration",
        "collections.record_proof",
        "collections.write_owner_note",
    }
)

ROLES: dict[str, frozenset[str]] = {
    "ar_specialist": SEE_EVERYTHING | WORK_WITH_CUSTOMERS | BILL | KEEP_CASH,
    "collector": SEE_EVERYTHING | WORK_WITH_CUSTOMERS,
    "ar_manager": SEE_EVERYTHING
    | WORK_WITH_CUSTOMERS
    | BILL
    | KEEP_MASTER_DATA
    | APPROVE
    | SET_CASH_RULES
    | {"collections.open_plan", "collections.cancel_plan", "collections.assign_customers"}
    | KEEP_PORTFOLIOS,
    "finance_manager": SEE_EVERYTHING
    | APPROVE
    | CLOSE
    | SET_CASH_RULES
    | {
        "controls.confirm_reading",
        "core.change_rates",
        "core.view_audit",
        "invoicing.draft_adjustment",
        "invoicing.draft_bulk_credit",
        "invoicing.draft_credit_note",
        "invoicing.request_adjustment",
        "invoicing.request_bulk_credit",
        "messaging.queue_message",
        "collections.approve_plan",
        "collections.cancel_plan",
        "collections.approve_suspension",
        "collections.approve_legal",
        "collections.write_owner_note",
        "collections.request_late_waiver",
        "collections.charge_late_interest",
        "collections.request_write_off",
        "collections.recover_debt",
        "collections.undo_recovery",
    },
    "service_owner": SEE_EVERYTHING | STAND_FOR_THE_SERVICE,
    "auditor": SEE_EVERYTHING | {"core.view_audit"},
    "administrator": frozenset({"core.view", "core.view_audit", "messaging.view", "controls.view", "integrations.view"})
    | RUN_THE_HOUSE,
    "system": SEE_EVERYTHING
    | WORK_WITH_CUSTOMERS
    | BILL
    | KEEP_CASH
    | KEEP_MASTER_DATA
    | CLOSE
    | RUN_THE_HOUSE
    | {"invoicing.issue_credit_note", "invoicing.change_billing_checks", "invoicing.declare_finals"}
    | {"customers.mark_bounced"}
    | {"collections.remind_of_escalations", "collections.keep_legal_pack"}
    | {"cashapp.tell_of_missing_statements"}
    | {"collections.judge_promises", "collections.remind_of_promises", "collections.judge_plans"}
    | {"collections.refresh_worklist", "collections.send_statements"}
    | {"collections.review_suspension", "collections.ask_about_finals"}
    | {"collections.refresh_worklist", "collections.send_statements"}
    | {"collections.correct_late_charges", "collections.apply_portfolio_rules"}
    | {"collections.write_notices", "collections.check_notice", "collections.hold_back_stale_notices"}
    | {"collections.set_up_strategies", "collections.switch_strategy_on", "collections.send_final_notice"}
    | {"directdebit.announce_collections", "directdebit.presume_paid", "directdebit.confirm_paid"}
    | {"directdebit.review_mandates"}
    | {"directdebit.record_payout", "directdebit.debit_claim", "directdebit.defer_claim"}
    | SPEAK_TO_DIRECT_DEBIT_PROVIDERS,
}
ROLE_NAMES: dict[str, str] = {
    "ar_specialist": "AR specialist",
    "collector": "Collector",
    "ar_manager": "AR manager",
    "finance_manager": "Finance manager",
    "service_owner": "Service owner",
    "auditor": "Auditor",
    "administrator": "Administrator",
    "system": "System",
}
GRANTABLE = [(role, name) for role, name in ROLE_NAMES.items() if role != "system"]

# One person must not hold both sides in the same entity. Each side names duties by permission.
EXCLUSIVE_DUTIES: list[tuple[str, frozenset[str], frozenset[str]]] = [
    ("master data and cash", KEEP_MASTER_DATA, KEEP_CASH),
    ("cash and the rules that it is matched by", KEEP_CASH, SET_CASH_RULES),
    ("cash and the sign-off of its reconciliation", KEEP_CASH, frozenset({"cashapp.sign_reconciliation"})),
    (
        "cash and the approval of credit notes",
        KEEP_CASH,
        frozenset({"invoicing.issue_credit_note", "invoicing.post_adjustment", "invoicing.approve_refund"}),
    ),
    (
        "cash and what is let go",
        KEEP_CASH,
        frozenset(
            {
                "collections.waive_late_interest",
                "collections.approve_late_waiver",
                "collections.write_off_items",
                "collections.approve_write_off",
            }
        ),
    ),
    (
        "bank accounts of customers and payments to them",
        frozenset({"customers.add_bank_account"}),
        frozenset({"refunds.prepare_batch", "refunds.release_batch", "refunds.take_batch"}),
    ),
    (
        "payment files made and released",
        frozenset({"refunds.prepare_batch"}),
        frozenset({"refunds.release_batch", "refunds.take_batch"}),
    ),
    (
        "payment plans opened or proposed, and approved",
        frozenset({"collections.open_plan", "collections.propose_plan"}),
        frozenset({"collections.approve_plan"}),
    ),
    (
        "suspensions asked for, and approved",
        frozenset({"collections.ask_suspension_approval"}),
        frozenset({"collections.approve_suspension"}),
    ),
    ("administering people and any finance duty", frozenset({"core.grant_role"}), BILL | KEEP_CASH | APPROVE | CLOSE),
]


def permissions_of(roles: set[str]) -> frozenset[str]:
    """All permissions that the roles give together."""
    return frozenset().union(*(ROLES[role] for role in roles))


def excluded_duties(roles: set[str], permission: str = "") -> list[str]:
    """Name the pairs of duties that these roles put into one hand, or those of them that a permission is part of."""
    held = permissions_of(roles)
    mixed = [pair for pair in EXCLUSIVE_DUTIES if held & pair[1] and held & pair[2]]
    return [name for name, one, other in mixed if not permission or permission in one | other]
