"""All settings in one file; what differs between machines comes from the environment."""

import os
import secrets
import sys
from datetime import date, time
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("CRM_DATA_DIR") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
TESTING = "pytest" in sys.modules
DEBUG = os.environ.get("DEBUG") == "1"


def _secret_key() -> str:
    """SECRET_KEY of the environment, or one made at the first start and kept beside the data (0600)."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    path = DATA_DIR / "secret_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
ALLOWED_HOSTS = [
    host for host in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host
]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
BEHIND_TLS = os.environ.get("BEHIND_TLS") == "1"  # the compose file sets it: a proxy ends TLS before us

# A fixed "today" for demonstrations, screenshots and golden tests; empty in real life.
CRM_TODAY = date.fromisoformat(os.environ["CRM_TODAY"]) if os.environ.get("CRM_TODAY") else None
CRM_TIME = time.fromisoformat(os.environ["CRM_TIME"]) if os.environ.get("CRM_TIME") else None
IS_DEMO = os.environ.get("CRM_DEMO") == "1"  # set by `./crm demo` alone
VENDOR = os.environ.get("CRM_VENDOR", "")  # our name on the slides for clients, where there is no logo

INSTALLED_APPS = [
    "upsell_crm.core.admin_config.CrmAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "upsell_crm.core",
    "accounts",
    "deals",
    "trainings",
    "roadmaps",
    "reports",
    "upsell_crm.demo",
]

MIDDLEWARE = [
    "upsell_crm.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "upsell_crm.core.middleware.SignInRequiredMiddleware",
    "upsell_crm.core.middleware.UserLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "upsell_crm.core.middleware.PrivatePagesMiddleware",
    "upsell_crm.core.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "upsell_crm.urls"
WSGI_APPLICATION = "upsell_crm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "core.User"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "upsell_crm.core.context.shell",
            ],
            "builtins": ["upsell_crm.core.templatetags.crm"],
        },
    }
]

# --- database: SQLite in the data folder, or PostgreSQL by DATABASE_URL -----------------------------
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{DATA_DIR / 'crm.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c statement_timeout=120s -c lock_timeout=5s -c idle_in_transaction_session_timeout=300s"
    )

# --- background jobs: the file system broker in the data folder, or Redis by REDIS_URL ---------------
REDIS_URL = os.environ.get("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
if not REDIS_URL:
    _queue = DATA_DIR / "queue"
    _queue.mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_queue / "control"),
        "store_processed": False,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 5}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- language, time, numbers ------------------------------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "upsell_crm" / "locale"]
FORMAT_MODULE_PATH = ["upsell_crm.formats"]
TIME_ZONE = "Europe/Moscow"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# --- static files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "upsell_crm" / "static"]
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "upsell_crm.core.static_files.HashedFiles"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- accounts and security ---------------------------------------------------------------------------
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AUTHENTICATION_BACKENDS = ["upsell_crm.core.role_backend.RoleBackend"]
LOGIN_URL = "core:login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "upsell_crm.core.views.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains and …
    "security.W021",  # … preload: promises about a whole domain, which its owner makes in the proxy
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- REST API ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["upsell_crm.core.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["upsell_crm.core.api.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["upsell_crm.core.api.throttling.ClientRateThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "upsell_crm.core.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "upsell_crm.core.api.problems.problem_response",
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Upsell CRM API",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Contracts, companies, renewals and the report on existing clients for the BackOffice. "
    "How to use it, with examples for curl: docs/how-to/api.md.",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVERS": [{"url": "/", "description": "this installation"}],
    "ENUM_NAME_OVERRIDES": {
        "DealStageEnum": "deals.enums.DealStage",
        "ContractStatusEnum": "accounts.enums.ContractStatus",
        "CompanyStatusEnum": "accounts.enums.CompanyStatus",
        "TypeEnum": "deals.enums.DocumentType",
        "PlanTypeEnum": "roadmaps.enums.PlanType",
        "PlanStateEnum": "roadmaps.enums.PlanState",
        "TaskStateEnum": "accounts.enums.TaskState",
        "TaskStepEnum": "reports.api.serializers.plans.STEPS",
        "InvoiceOfferEnum": "reports.models.OfferAnswer",
    },
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,  # ?fields= may leave any of them out
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
}

# --- what the roof tells the rooms below --------------------------------------------------------------
SCHEDULE = "upsell_crm.schedule"  # the jobs and their times, see core/jobs.py
REACTIONS = "upsell_crm.reactions"  # named events → effects in upper rooms, see core/reactions.py

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    CELERY_BROKER_URL = "memory://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
    WHITENOISE_AUTOREFRESH = True  # each test client would list every static file at its start
