"""Settings, from the environment alone.

Importing this file never fails: what is missing or contradictory is a system check
(`emergency.checks`), so that every command can say what to do about it.
Every secret `NAME` may also be given as `NAME_FILE`, the path of a file that holds it.
"""

from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from emergency import environment, signin_settings
from emergency.beat_schedule import CELERY_BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE
from emergency.beat_schedule import CELERY_TASK_ROUTES as CELERY_TASK_ROUTES
from emergency.beat_schedule import TICK_INTERVAL as TICK_INTERVAL
from emergency.billing_settings import BILLING_HOLD_ABOVE as BILLING_HOLD_ABOVE
from emergency.billing_settings import BILLING_MODE as BILLING_MODE
from emergency.billing_settings import BILLING_PAYMENTS as BILLING_PAYMENTS
from emergency.billing_settings import DOCUMENT_PUSH as DOCUMENT_PUSH
from emergency.billing_settings import HAND_OVER as HAND_OVER
from emergency.billing_settings import INVOICE_MAIL_HOURS as INVOICE_MAIL_HOURS
from emergency.billing_settings import VIES_CACHE_DAYS as VIES_CACHE_DAYS
from emergency.billing_settings import VIES_URL as VIES_URL
from emergency.environment import (
    database_settings,
    flag,
    mail_settings,
    parsed,
    text,
    time_zone,
    whole_number,
)
from emergency.gateway_settings import SMS_GATEWAY as SMS_GATEWAY
from emergency.limit_settings import *  # noqa: F403 - settings of their own
from emergency.signin_settings import *  # noqa: F403
from emergency.stage_settings import *  # noqa: F403 - settings of their own

BASE_DIR = Path(__file__).resolve().parent.parent

# Names of variables whose value cannot be read; the check emergency.E004 reports them.
UNREADABLE = environment.UNREADABLE

DEBUG = flag("DEBUG")
DEMO = flag("DEMO")
# An empty key is reported by the check emergency.E001 and refused by Django itself
# wherever it would be used to sign something.
SECRET_KEY = text("SECRET_KEY") or ("insecure-development-key" if DEBUG else "")
PUBLIC_BASE_URL = text("PUBLIC_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
# What status pages of these hosts are told besides, and no other host is.
STATUS_PAGE_SECRETS = (
    {text("HUND_API_HOST", "api.hund.io"): {"api_key": text("HUND_API_KEY")}}
    if text("HUND_API_KEY")
    else {}
)
# Addresses and networks of our own proxies: what they say about a caller is believed.
TRUSTED_PROXIES = [
    net for net in text("TRUSTED_PROXIES").replace(" ", "").split(",") if net
]
DATA_DIR = Path(text("DATA_DIR", str(BASE_DIR / "var")))

_public = parsed("PUBLIC_BASE_URL", "http://127.0.0.1:8000", urlsplit)
ALLOWED_HOSTS = [
    host for host in {_public.hostname or "", "127.0.0.1", "localhost"} if host
] + [host for host in text("ALLOWED_HOSTS").split(",") if host]
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
if _public.scheme == "https":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000

INSTALLED_APPS = [
    "emergency",
    "billing",
    "status",
    *signin_settings.APPS,  # after ours: the first translation of a text wins
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "phonenumber_field",
    "csp",
]

MIDDLEWARE = [
    "emergency.views.waiting.ShortWaits",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    *signin_settings.MIDDLEWARE,
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "emergency.urls"
WSGI_APPLICATION = "emergency.wsgi.application"
ASGI_APPLICATION = "emergency.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "emergency.views.context.operator",
            ],
        },
    },
]

# A statement may take so long; 0 is no limit, for what people start by hand.
DATABASE_STATEMENT_SECONDS = whole_number("DATABASE_STATEMENT_SECONDS", 10)
# A little more than the server's own limit: it ends what it still can.
DATABASE_PATIENCE_SECONDS = (
    DATABASE_STATEMENT_SECONDS + 2 if DATABASE_STATEMENT_SECONDS else None
)
DATABASES = {
    "default": parsed(
        "DATABASE_URL",
        "postgres://127.0.0.1:5432/emergency",
        partial(database_settings, statement_seconds=DATABASE_STATEMENT_SECONDS),
    )
}

AUTH_USER_MODEL = "emergency.Staff"
LOGIN_URL = "login"
AUTHENTICATION_BACKENDS = ["emergency.views.signin.WhileAccessLasts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "emergency.views.failures.csrf_failure"
# The demo's stage shows pages of ours in frames.
X_FRAME_OPTIONS = "SAMEORIGIN" if DEMO else "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF if DEMO else NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
USE_I18N = True
LOCALE_PATHS: list[Path] = []
USE_TZ = True
# Where the nightly list of accounts and servers comes from; empty: none is read.
ACCOUNTS_IMPORT_URL = parsed("ACCOUNTS_IMPORT_URL", "", lambda u: urlsplit(u).geturl())
ACCOUNTS_IMPORT_TOKEN = text("ACCOUNTS_IMPORT_TOKEN")
ACCOUNTS_IMPORT_ALLOW_HOST = text("ACCOUNTS_IMPORT_ALLOW_HOST")
# Whose public holidays are outside office hours: a country and, if need be, its part.
HOLIDAY_COUNTRY = text("HOLIDAY_COUNTRY", "AT").upper()
HOLIDAY_SUBDIVISION = text("HOLIDAY_SUBDIVISION")
TIME_ZONE = time_zone("TIME_ZONE", "Europe/Vienna")
PHONENUMBER_DEFAULT_REGION = text("PHONE_REGION", "AT")
PHONENUMBER_DB_FORMAT = "E164"

STATIC_URL = "/static/"
# Served from the apps' own folders: nothing to collect, nothing to go stale.
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# E-mail. Django's own variables come out of one URL.
_email = parsed("EMAIL_URL", "console:", mail_settings)
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "emergency-support@localhost")
# The mailbox of the emergency address; empty: none is read.
EMERGENCY_MAILBOX_URL = text("EMERGENCY_MAILBOX_URL")
EMERGENCY_MAIL_ADDRESS = text("EMERGENCY_MAIL_ADDRESS")

# Celery. No result backend and no ETA: rows carry results and due times.
REDIS_URL = text("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1)
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
# Measured: without these a publish to a dead broker blocks for about six seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.05,
    "interval_max": 0.1,
    "visibility_timeout": 300,
}
# Never by count: emergency.celery closes what is broken or old, and nothing else.
CELERY_DB_REUSE_MAX = 10**9
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "default"
# Seams between the apps: dotted names, so that no import points back.
FEE_TERMS = "billing.terms.fee_terms"
PRICE_EXPLANATION = "billing.terms.price_explanation"
ACCOUNT_AGREEMENT = "billing.terms.account_agreement"
MAIL_RETURNED = "billing.actions.transmit.mail_returned"
FIGURES_PDF = "billing.documents.figures.figures_pdf"
ORDER_RECORD = "billing.documents.order_record.order_record_pdf"

TWILIO_ACCOUNT_SID = text("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = text("TWILIO_AUTH_TOKEN")
TWILIO_AUTH_TOKEN_SECONDARY = text("TWILIO_AUTH_TOKEN_SECONDARY")
# Signs callbacks by the newer algorithm, where the account has such a key.
TWILIO_WEBHOOK_KEY = text("TWILIO_WEBHOOK_KEY")
TWILIO_FROM_NUMBER = text("TWILIO_FROM_NUMBER")
TWILIO_API_BASE_URL = text("TWILIO_API_BASE_URL")
TWILIO_TIMEOUT_SECONDS = 7
VOICE_RING_SECONDS = whole_number("VOICE_RING_SECONDS", 25)
VOICE_LANGUAGES = {
    "de": (text("VOICE_LANGUAGE_DE", "de-DE"), text("VOICE_DE", "Polly.Vicki")),
    "en": (text("VOICE_LANGUAGE_EN", "en-GB"), text("VOICE_EN", "Polly.Amy")),
}
VOICE_DETECTS_MACHINES = flag("VOICE_DETECTS_MACHINES")
# What the customer sees in a call over the bridge; empty: TWILIO_FROM_NUMBER.
BRIDGE_CALLER_ID = text("BRIDGE_CALLER_ID").replace(" ", "")

# Hosts of the operator's own network that push addresses may name.
PUSH_ALLOW_HOSTS = [host for host in text("PUSH_ALLOW_HOSTS").split(",") if host]

# The watcher reports here while pages and deadlines are in time (dead man's switch).
HEARTBEAT_URL = text("HEARTBEAT_URL")

# A telephone of our own that answers the self-test of every route; empty: no tests.
HOUSE_PHONE_NUMBER = text("HOUSE_PHONE_NUMBER").replace(" ", "")
SELF_TEST_EVERY = whole_number("SELF_TEST_EVERY", 15)  # minutes; 0 is never
SELF_TEST_WITHIN = whole_number("SELF_TEST_WITHIN", 120)  # seconds

# Who may read /metrics of a public installation: bearers of this word, else nobody.
METRICS_TOKEN = text("METRICS_TOKEN")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {
        "database_away": {"()": "emergency.logs.DatabaseAwayInOneLine"},
        "secrets": {"()": "emergency.logs.SecretsMasked"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["database_away", "secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": text("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        # The tick runs every second; its start and end would drown everything else.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "twilio.http_client": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
