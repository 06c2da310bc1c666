"""Every setting, read from the environment (and from `.env` beside manage.py, when there is one).

Nothing needs to be set for development. With O2C_ENVIRONMENT=production unsafe settings refuse to load.
"""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from o2c import local, message_kinds

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = local.folder()

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

ENVIRONMENT = env.str("O2C_ENVIRONMENT", default="development")
PRODUCTION = ENVIRONMENT == "production"

# Secrets and hosts ---------------------------------------------------------------------------------------------------

DEVELOPMENT_SECRET = "development-only-never-used-in-production"  # noqa: S105 - production refuses it
SECRET_KEY = env.str("O2C_SECRET_KEY", default=DEVELOPMENT_SECRET)
DEBUG = env.bool("O2C_DEBUG", default=not PRODUCTION)
ALLOWED_HOSTS = env.list("O2C_ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
PUBLIC_URL = env.str(
    "O2C_PUBLIC_URL",
    default=f"https://{ALLOWED_HOSTS[0]}/" if PRODUCTION and ALLOWED_HOSTS else "http://localhost:8000/",
)
CSRF_TRUSTED_ORIGINS = env.list("O2C_TRUSTED_ORIGINS", default=[])


def refuse_unsafe_production() -> None:
    """Stop before anything is served with settings that only fit a developer's machine."""
    if ENVIRONMENT not in {"development", "production"}:
        raise ImproperlyConfigured(f"O2C_ENVIRONMENT is {ENVIRONMENT!r}; it must be development or production.")
    if not PRODUCTION:
        return
    if SECRET_KEY == DEVELOPMENT_SECRET or len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
        raise ImproperlyConfigured("Production needs O2C_SECRET_KEY: at least 50 random characters.")
    if DEBUG:
        raise ImproperlyConfigured("Production never runs with O2C_DEBUG on.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("Production needs O2C_ALLOWED_HOSTS: the host names it answers to, no wildcard.")
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not env.str(name, default=""):
            raise ImproperlyConfigured(f"Production needs {name}; the embedded servers are for development.")


refuse_unsafe_production()

# Applications --------------------------------------------------------------------------------------------------------

ROOMS = [
    "core",
    "controls",
    "customers",
    "messaging",
    "ledger",
    "ar_collections",
    "invoicing",
    "cashapp",
    "directdebit",
    "refunds",
    "reporting",
    "portal",
    "integrations",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "core.ui.static_files.WebFiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "pgtrigger",
    "rest_framework",
    "template_partials",
    *ROOMS,
]

MIDDLEWARE = [
    "o2c.health.HealthMiddleware",
    "core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.HtmxMiddleware",
    "core.middleware.WrongMethodMiddleware",
    "core.middleware.RefusalMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "o2c.urls"
WSGI_APPLICATION = "o2c.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.pages.page_context",
            ],
            "builtins": [
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "core.templatetags.o2c",
                "core.templatetags.charts",
            ],
        },
    }
]

FORM_RENDERER = "core.forms.FormRenderer"

# Database, cache and broker ------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": {**env.db("DATABASE_URL")} if env.str("DATABASE_URL", default="") else local.database()
}
DATABASES["default"].update(
    CONN_MAX_AGE=env.int("O2C_CONNECTION_SECONDS", default=60),
    CONN_HEALTH_CHECKS=True,
    TEST={"NAME": "test_" + env.str("O2C_TEST_DB", default="o2c")},
)

REDIS_URL = env.str("REDIS_URL", default="")

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("O2C_CACHE_URL", default=REDIS_URL or local.cache_url()),
        "KEY_PREFIX": "o2c",
    }
}

CELERY_BROKER_URL = REDIS_URL or local.broker_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 6 * 60 * 60}
CELERY_BEAT_SCHEDULE_FILENAME = str(LOCAL_DIR / "beat-schedule")
CELERY_TIMEZONE = "UTC"

# People --------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "core:start"
ACCOUNT_ADAPTER = "o2c.login.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Lock-out: five wrong passwords for one address close it for five minutes, whatever the password that follows.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "o2c.login.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "o2c"

# Sessions, cookies and headers ---------------------------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = "o2c_session"
SESSION_COOKIE_AGE = env.int("O2C_SESSION_SECONDS", default=12 * 60 * 60)
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "o2c_csrf"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.bool("O2C_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = env.int("O2C_HSTS_SECONDS", default=365 * 24 * 60 * 60 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
# How many proxies stand in front, each of which sets X-Forwarded-Proto and adds to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("O2C_TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Files ---------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("O2C_STATIC_ROOT", default=str(BASE_DIR / "build" / "static")))
DESIGN_PAGE = env.bool("O2C_DESIGN_PAGE", default=DEBUG)
UI_BUILD_DIR = BASE_DIR / "build" / "ui"
STATICFILES_DIRS = [BASE_DIR / "static", UI_BUILD_DIR]
MEDIA_ROOT = Path(env.str("O2C_MEDIA_ROOT", default=str(LOCAL_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "core.ui.static_files.HashedFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        "OPTIONS": {},
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_PERMISSIONS = 0o640

# Language and time ---------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# Mail ----------------------------------------------------------------------------------------------------------------

MAIL_DIR = LOCAL_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("O2C_FROM_EMAIL", default="receivables@localhost")
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_DIR)
EMAIL_TIMEOUT = 20
MAIL_MAX_BYTES = env.int("O2C_MAIL_MAX_BYTES", default=20 * 1024 * 1024)

# Bank statements that come by themselves: a folder with one subfolder for each company, named by its code.
STATEMENT_FOLDER = env.str("O2C_STATEMENT_FOLDER", default="")

# Mails that come back, and what the mail provider tells of those that left.
BOUNCE_MAILBOX_URL = env.str("O2C_BOUNCE_MAILBOX", default="")
BOUNCE_FOLDER = env.str("O2C_BOUNCE_FOLDER", default="")
EMAIL_HOOK_SECRET = env.str("O2C_EMAIL_HOOK_SECRET", default="")
ANYMAIL = {
    "WEBHOOK_SECRET": [EMAIL_HOOK_SECRET] if EMAIL_HOOK_SECRET else [],
    "MAILGUN_WEBHOOK_SIGNING_KEY": env.str("O2C_MAILGUN_SIGNING_KEY", default=""),
}

# Webhooks to other systems: days of failing after which one is switched off; local addresses are for tests alone.
WEBHOOK_DAYS = env.int("O2C_WEBHOOK_DAYS", default=5)
WEBHOOKS_LOCAL = env.bool("O2C_WEBHOOKS_LOCAL", default=False)

# Keys and webhook secrets of direct debit providers, by the creditor's code: O2C_DIRECT_DEBIT_KEYS=gc-uk=…,paysuite=…
DIRECT_DEBIT_KEYS: dict[str, str] = env.dict("O2C_DIRECT_DEBIT_KEYS", default={})
DIRECT_DEBIT_HOOK_SECRETS: dict[str, str] = env.dict("O2C_DIRECT_DEBIT_HOOK_SECRETS", default={})
# The only hosts to which those keys are sent, by https: whoever sets up a scheme can't lead them elsewhere.
DIRECT_DEBIT_HOSTS: list[str] = env.list(
    "O2C_DIRECT_DEBIT_HOSTS",
    default=[
        "ecm3.eazycollect.co.uk",
        "playpen.eazycollect.co.uk",
        "sandbox.eazycollect.co.uk",
        "api.gocardless.com",
        "api-sandbox.gocardless.com",
    ],
)

# How long the link to an invoice opens it, counted from the last mail about it.
LINK_DAYS = env.int("O2C_LINK_DAYS", default=180)

# Whom cash asks which payments of a provider's settlement file are direct debits, whose money is kept there.
DIRECT_DEBITS_KNOWN_AS = "directdebit.queries.at_provider.collections_known_as"

# Who posts a payment together with its surcharge: billing charges that, and cash does not know billing.
PAYMENTS_COLLECTED_BY = "integrations.actions.payments.collect_payment"

MESSAGE_KINDS = message_kinds.MESSAGE_KINDS

# Whom collections asks before it reminds anybody: money on its way, mandates, documents that never arrived.
COLLECTION_SOURCES = [
    "ar_collections.late_source.LateChargeSource",
    "cashapp.collection_source.CashSource",
    "directdebit.collection_source.DirectDebitSource",
    "invoicing.collection_source.InvoiceSource",
    "invoicing.finals_source.FinalsSource",
]

# API -----------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PAGINATION_CLASS": "core.api.Pages",
    "EXCEPTION_HANDLER": "core.api.answer_error",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "o2c",
    "DESCRIPTION": "Customers, invoices, credit notes, receipts, allocations, open items and ageing. "
    "Webhooks tell when an invoice is issued, credited, paid or overdue: POST with a JSON body, signed in the header "
    "O2C-Signature by HMAC-SHA-256, at least once under the same O2C-Event-Id. docs/webhooks.md has the format.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "AdjustmentReasonEnum": "invoicing.models.Adjustment.Reason",
        "AmendmentKindEnum": "invoicing.models.Amendment.Kind",
        "ContractKindEnum": "invoicing.models.Contract.Kind",
        "CreditNoteReasonEnum": "invoicing.models.CreditNote.Reason",
        "DeferralMethodEnum": "invoicing.models.Product.Release",
        "DocumentKindEnum": "ledger.models.OpenItem.Kind",
        "InvoiceKindEnum": "invoicing.models.Invoice.Kind",
        "PaymentMethodEnum": "cashapp.models.ElectronicPayment.Method",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# Logging -------------------------------------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # Both tell every step of every PDF at INFO.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        # Both write addresses at INFO, and one provider wants bank details in them.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": env.str("O2C_LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
}
