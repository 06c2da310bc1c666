"""The Celery application and everything that happens by the clock.

The schedule only asks "what is due?": each task looks in the database for work whose day or hour has come, so a missed
tick is caught up by the next one and nothing is doubled.
"""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "o2c.settings")

app = Celery("o2c")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SCHEDULE: dict[str, dict[str, Any]] = {
    "send what is due in the outbox": {
        "task": "messaging.tasks.deliver_messages",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "read mail that came back": {
        "task": "messaging.tasks.read_returned_mail",
        "schedule": 120.0,
        "options": {"expires": 120},
    },
    "go on printing where a worker died": {
        "task": "messaging.tasks.resume_printing",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "tell other systems what happened": {
        "task": "integrations.tasks.tell_other_systems",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "tell of approvals that wait or were decided": {
        "task": "messaging.tasks.tell_of_approvals",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "go on issuing where a worker died": {
        "task": "invoicing.tasks.resume_issuing",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "begin imports of customers again where a worker died": {
        "task": "customers.tasks.resume_imports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "go on crediting where a worker died": {
        "task": "invoicing.tasks.resume_credits",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "release the income of the month that is over": {
        "task": "invoicing.tasks.release_month_ends",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "renew contracts on which nobody gave notice": {
        "task": "invoicing.tasks.renew_due_contracts",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "go on matching where a worker died": {
        "task": "cashapp.tasks.resume_matching",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "go on revaluing where a worker died": {
        "task": "ledger.tasks.resume_revaluations",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "go on matching as proposed where a worker died": {
        "task": "cashapp.tasks.resume_accepting",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "take in statement files that were dropped or whose worker died": {
        "task": "cashapp.tasks.take_in_statements",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "tell of statements that did not come": {
        "task": "cashapp.tasks.tell_of_missing_statements",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    "rank whom to contact": {
        "task": "ar_collections.tasks.refresh_worklists",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "judge promises of whoever has paid": {
        "task": "ar_collections.tasks.follow_money",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "send statements whose day has come": {
        "task": "ar_collections.tasks.send_due_statements",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "go on rehearsing reminders where a worker died": {
        "task": "ar_collections.tasks.resume_rehearsals",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "go on with packs for lawyers where a worker died": {
        "task": "ar_collections.tasks.resume_legal_packs",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "watch suspensions": {
        "task": "ar_collections.tasks.watch_suspensions",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "ask whether finals arrived": {
        "task": "ar_collections.tasks.ask_about_due_finals",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "remind of escalations that wait": {
        "task": "ar_collections.tasks.remind_of_escalations",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "ask the ledger what became of promises": {
        "task": "ar_collections.tasks.judge_due_promises",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "carry direct debits to the day": {
        "task": "directdebit.tasks.pass_days",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "look for payments that came twice": {
        "task": "refunds.tasks.look_for_duplicates",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "book what came back where a worker died": {
        "task": "directdebit.tasks.book_returns",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "take in reports on direct debits that were dropped": {
        "task": "directdebit.tasks.take_in_reports",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "undo receipts whose claims are debited": {
        "task": "directdebit.tasks.debit_claims",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "ask providers for direct debits": {
        "task": "directdebit.tasks.ask_providers",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "ask providers what became of direct debits": {
        "task": "directdebit.tasks.poll_providers",
        "schedule": 1800.0,
        "options": {"expires": 1800},
    },
    "ask customers for what is due": {
        "task": "ar_collections.tasks.review_due_customers",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "hand out new customers by rule": {
        "task": "ar_collections.tasks.hand_out_new_customers",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "put late charges right": {
        "task": "ar_collections.tasks.put_late_charges_right",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "make the PDFs that are still missing": {
        "task": "invoicing.tasks.store_missing_pdfs",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}

app.conf.beat_schedule = SCHEDULE
