"""All settings, in one file. What differs between machines comes from the environment (see docs/operations.md)."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from collections_crm import env
from collections_crm.log_format import logging_settings
from collections_crm.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DATA = Path(env.text("DATA_FOLDER", str(BASE_DIR / ".data")))

ENVIRONMENT = env.choice("ENVIRONMENT", "development", {"development", "test", "production"})
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
FROZEN_NOW = env.instant("FROZEN_NOW")
CLOCK_OFFSET = env.whole("CLOCK_OFFSET", 0, least=-(10**10))

if PRODUCTION and (DEBUG or DEMO or FROZEN_NOW or CLOCK_OFFSET):
    raise ImproperlyConfigured("Production runs without DEBUG, DEMO, FROZEN_NOW and CLOCK_OFFSET.")

SECRET_KEY = env.required("SECRET_KEY") if PRODUCTION else env.text("SECRET_KEY", "development-only-" + "x" * 40)
# Keys the digests that stand for personal values in rows that are never deleted.
DIGEST_KEY = env.required("DIGEST_KEY") if PRODUCTION else env.text("DIGEST_KEY", "development-only-digest-key")
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS")
# Where customers reach us: what the links in messages begin with.
PUBLIC_ADDRESS = env.required("PUBLIC_ADDRESS") if PRODUCTION else env.text("PUBLIC_ADDRESS", "http://127.0.0.1:8000")
PUBLIC_ADDRESS = PUBLIC_ADDRESS.rstrip("/")

INSTALLED_APPS = [
    "collections_crm",
    "arrangements",
    "communications",
    "accounts",
    "collections_crm.admin_config.CollectionsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "django_fsm",
    "django_htmx",
    "phonenumber_field",
    "pgtrigger",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "collections_crm.ui.middleware.ReadableAddresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "collections_crm.ui.middleware.PrivatePages",
    "collections_crm.ui.middleware.LastingSession",
    "collections_crm.ui.middleware.OwnLanguageAndZone",
    "collections_crm.ui.middleware.OwnPassword",
    "collections_crm.ui.middleware.WordsForRefusedMethods",
    "collections_crm.ui.middleware.WholePagesFollow",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "collections_crm.urls"
WSGI_APPLICATION = "collections_crm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "collections_crm.ui.frame.frame",
                "collections_crm.pages.call_bar.call_bar",
            ],
        },
    }
]

# -- Stores: the database, and Valkey or Redis as broker and cache ----------------------------------------------------

if DATABASE_URL := env.text("DATABASE_URL"):
    DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
    # A lock that isn't granted in five seconds is an answer, not a reason to hang.
    session = "-c lock_timeout=5s"
    DATABASES["default"] |= {
        "CONN_MAX_AGE": env.whole("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": session, **DATABASES["default"].get("OPTIONS", {})},
    }
elif PRODUCTION:
    raise ImproperlyConfigured("DATABASE_URL must be set.")
else:
    # Commands that need no database (check, makemigrations) run without one.
    DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}

REDIS_URL = env.required("REDIS_URL") if PRODUCTION else env.text("REDIS_URL", "redis://127.0.0.1:6379")
BROKER_URL = env.text("BROKER_URL", f"{REDIS_URL.rstrip('/')}/0")
CACHE_URL = env.text("CACHE_URL", f"{REDIS_URL.rstrip('/')}/1")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": env.text("CACHE_PREFIX", "crm"),
        # A cache that is away is noticed at once: no page waits for it.
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2, "retry": Retry(NoBackoff(), 1)},
    }
}

# -- People: who may log in, and how guessing is stopped --------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
if ENVIRONMENT == "test":
    # Hundreds of people log in during the tests, and a hash that is slow for whoever guesses is slow for them, too.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# How many proxies of our own stand before the pages, one behind the other: 0 believes no header.
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", 0)
# A guesser is stopped per user name and address, so nobody can lock a colleague out from another machine.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "collections_crm.pages.client_address.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "people/locked.html"
OTP_TOTP_ISSUER = "Collections CRM"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

# Idle time: any act renews it, and an open contact keeps it.
SESSION_COOKIE_AGE = env.whole("SESSION_MINUTES", 60, least=5) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# -- Words, places and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es-mx", _("Spanish"))]
FORMAT_MODULE_PATH = ["collections_crm.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
PHONENUMBER_DB_FORMAT = "E164"

# -- Pages and static files -------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
# Every client of a test begins the site anew: looking through all files each time would take longer than its page.
WHITENOISE_AUTOREFRESH = ENVIRONMENT == "test"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(LOCAL_DATA / "media")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

if PRODUCTION:
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
    # The health page is asked from inside, in plain HTTP, by the machine that runs the container.
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
    SECURE_HSTS_SECONDS = env.whole("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = (
        ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_TLS_PROXY", default=True) else None
    )
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# -- Mail -------------------------------------------------------------------------------------------------------------

# The default keeps every mail in the local mailbox page; EMAIL_URL=smtp+tls://user:secret@host:587 sends for real.
# While demo data is loaded nothing leaves the machine, whatever the address.
EMAIL_URL = "" if DEMO else env.text("EMAIL_URL")
EMAIL_CONFIG = environ.Env.email_url_config(EMAIL_URL) if EMAIL_URL else {}
vars().update(EMAIL_CONFIG)
if not EMAIL_URL and not PRODUCTION:
    EMAIL_BACKEND = "communications.providers.mailbox.LocalMailboxBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "collections@example.com")

# -- Texts: a Twilio-compatible account; the default is the local emulator ---------------------------------------------

SMS_API_URL = env.required("SMS_API_URL") if PRODUCTION else "" if DEMO else env.text("SMS_API_URL")
SMS_API_URL = SMS_API_URL or env.text("SMS_EMULATOR_URL", "http://127.0.0.1:8025")
SMS_ACCOUNT = env.text("SMS_ACCOUNT", "AC" + "0" * 32)
SMS_TOKEN = env.required("SMS_TOKEN") if PRODUCTION else env.text("SMS_TOKEN", "local-emulator")
SMS_FROM = env.text("SMS_FROM", "+15005550006")
SMS_STATUS_URL = env.text("SMS_STATUS_URL")

# -- Background work --------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
# Answers before campaigns: a queue of each kind, with workers of its own.
CELERY_TASK_ROUTES = {
    "communications.tasks.deliver_message": {"queue": "replies"},
    "communications.tasks.sweep_messages": {"queue": "bulk"},
    "communications.tasks.simulate_policy": {"queue": "bulk"},
    "communications.tasks.sweep_simulations": {"queue": "bulk"},
    "accounts.tasks.run_due_traces": {"queue": "bulk"},
}
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60
CELERY_TASK_ALWAYS_EAGER = env.flag("CELERY_TASK_ALWAYS_EAGER")
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A nudge to a broker that is away fails at once: the sweep finds the row.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 10, "max_retries": 1}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
BEAT_FOLDER = Path(env.text("BEAT_FOLDER", str(LOCAL_DATA)))
CELERY_BEAT_SCHEDULE_FILENAME = str(BEAT_FOLDER / "beat")

if PRODUCTION and CELERY_TASK_ALWAYS_EAGER:
    raise ImproperlyConfigured("Production hands its background work to workers: CELERY_TASK_ALWAYS_EAGER must be 0.")

# How many accounts of a placement are written in one transaction.
PLACEMENT_BATCH = env.whole("PLACEMENT_BATCH", 20_000, least=1)

LOGGING = logging_settings(level=env.text("LOG_LEVEL", "INFO"), as_json=PRODUCTION)
