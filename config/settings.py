"""Settings of every process of Yarmarka. All that differs between machines comes from the environment: see .env.example."""

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from config import env
from config.desk import UNFOLD as UNFOLD
from config.openapi import SPECTACULAR as SPECTACULAR_SETTINGS  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env.read_file(BASE_DIR / ".env")

# --- the machine ---------------------------------------------------------------------------------------------------
DEBUG = env.boolean("DEBUG", default=True)
SECRET_KEY = env.text("SECRET_KEY", default="not-secret-only-for-development-on-one-machine" if DEBUG else "")
if not SECRET_KEY:
    env.stop("SECRET_KEY", "is missing: with DEBUG=false give it 50 random characters or more.")
if not DEBUG and len(SECRET_KEY) < 32:
    env.stop("SECRET_KEY", "is shorter than 32 characters: with DEBUG=false give it 50 random ones or more.")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
SITE_URL = env.site("SITE_URL", default="http://localhost:8000")
TRUSTED_PROXIES = env.whole_number("TRUSTED_PROXIES", default=0)
IS_HTTPS = SITE_URL.startswith("https://")

# --- what is installed ---------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",  # before the admin: it gives the admin its fields in three languages
    "unfold.apps.BasicAppConfig",
    "config.desk_site.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "config.apps.SignInLimitsConfig",  # django-axes
    "csp",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "clock",
    "accounts",
    "notifications",
    "api",
    "fairs",
    "exhibitors",
    "allocations",
    "conferences",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "api.middleware.ProblemMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.sign_in_limits.RetryAfterMiddleware",
    "accounts.sign_in_limits.CodeTriesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["api.templatetags.texts"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- database, cache, broker ---------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {"default": env.database("DATABASE_URL", default=VAR_DIR / "yarmarka.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers and one writer work at once; IMMEDIATE takes the write lock at the start, where waiting helps.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.redis("REDIS_URL")
_DATABASE_CACHE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "cache_entries",
    # Beyond it a third is dropped, counts of tries among them: with Django's 300 whoever knocks often enough opens what was closed.
    "OPTIONS": {"MAX_ENTRIES": 1_000_000},
}
CACHES = {
    # The limits on sign-in, codes and reset count here (allauth knows no other cache): always in the database,
    # so that a flushed Redis opens nothing. docs/adr/0004.
    "default": {**_DATABASE_CACHE, "BACKEND": "config.counting_cache.CountingCache"},
    # Everything else: ordinary throttles and what may be lost.
    "shared": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL} if REDIS_URL else _DATABASE_CACHE,
}
SESSION_ENGINE = "accounts.sessions"

BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "folder://localhost"
if not REDIS_URL:
    env.folder("REDIS_URL (empty)", BROKER_DIR / "messages")
    env.folder("REDIS_URL (empty)", BROKER_DIR / "control")
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,  # seconds between looks into the folder
    }
    CELERY_WORKER_POOL = "config.worker_pool:TaskPool"
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_connect_timeout": 2, "socket_timeout": 5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True  # results live in our tables
CELERY_TASK_ACKS_LATE = True  # a killed worker gives its task back
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True  # as a new message that counts: five times, then the task is given up
CELERY_TASK_ANNOTATIONS = {"*": {"max_retries": 5, "default_retry_delay": 10}}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 70.0  # seconds for what runs, then it is put back: longer than a batch of letters lasts
CELERY_TASK_TIME_LIMIT = 600  # well below the visibility timeout: no task is handed out twice while it runs
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_PUBLISH_RETRY = False  # the row is the truth: a request never waits for a broker that is away
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Of 0, which comes first and is every other task's, to 9: neither the sign-in code of somebody who waits at a screen nor the check of a
# table that somebody watches stands in line behind a mailing to thousands.
CELERY_TASK_ROUTES = {
    f"notifications.tasks.{task}": {"priority": 6} for task in ("deliver_letters", "deliver_in_turn", "deliver_to_domain")
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep the outbox": {"task": "notifications.tasks.sweep_letters", "schedule": 60.0},
    "tell of letters that failed": {"task": "fairs.tasks.tell_of_failed_letters", "schedule": 60.0},
    "remind of deadlines": {"task": "exhibitors.tasks.remind_of_deadlines", "schedule": 60.0},
    "write digests to staff": {"task": "exhibitors.tasks.write_staff_digests", "schedule": 60.0},
    "tell of new documents": {"task": "exhibitors.tasks.tell_of_new_documents", "schedule": 300.0},
    "mark documents that expired": {"task": "exhibitors.tasks.expire_documents", "schedule": 600.0},
    "remind of documents that expire": {"task": "exhibitors.tasks.remind_of_expiring_documents", "schedule": 60.0},
    "announce held decisions": {"task": "exhibitors.tasks.announce_decisions", "schedule": 60.0},
    "decide on many": {"task": "exhibitors.tasks.decide_many", "schedule": 60.0},
    "import tables of companies": {"task": "exhibitors.tasks.import_tables", "schedule": 60.0},
    "write mailings": {"task": "exhibitors.tasks.write_mailings", "schedule": 60.0},
    "settle unanswered offers": {"task": "exhibitors.tasks.settle_unanswered_offers", "schedule": 60.0},
    "remind of drafts": {"task": "exhibitors.tasks.remind_of_drafts", "schedule": 60.0},
    "tell of claims on companies": {"task": "exhibitors.tasks.tell_of_claims", "schedule": 60.0},
    "take up abandoned allocation runs": {"task": "allocations.tasks.sweep_runs", "schedule": 60.0},
    "publish proposals": {"task": "allocations.tasks.publish_proposals", "schedule": 60.0},
    "give freed stands away": {"task": "allocations.tasks.give_freed_stands", "schedule": 60.0},
    "erase passport data after the fair": {"task": "conferences.tasks.erase_passports", "schedule": 3600.0},
    "let unconfirmed delegates lapse": {"task": "conferences.tasks.release_unconfirmed_places", "schedule": 60.0},
    "fill places in sessions": {"task": "conferences.tasks.fill_sessions", "schedule": 60.0},
    "forget old idempotency keys": {"task": "api.tasks.forget_old_keys", "schedule": 3600.0},
    "sweep files that nothing refers to": {"task": "api.tasks.sweep_files", "schedule": 3600.0},
}

# --- people who sign in --------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_REDIRECT_URL = "admin:index"  # the desk is the only place with a sign-in page
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # the admin's sign-in only: see AXES_ONLY_ADMIN_SITE
    "accounts.backends.DeskBackend",
    "accounts.backends.ApiBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.password_validators.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_ONLY_ADMIN_SITE = True  # allauth has its own limits for the API: one limiter a path
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hour
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "accounts.sign_in_limits.DeskHandler"
AXES_USERNAME_FORM_FIELD = "username"  # of the desk's form, which is called so although it takes an address
AXES_USERNAME_CALLABLE = "accounts.sign_in_limits.counted_name"
AXES_CLIENT_IP_CALLABLE = "accounts.sign_in_limits.client_address"
AXES_DISABLE_ACCESS_LOG = True  # who signed in when, from where and with what: nobody needs it, so nobody keeps it
AXES_VERBOSE = False

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignUpForm"  # name, language, time zone: optional
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # seconds; the letters say 15 minutes
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("app",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{SITE_URL}/verify-email/{{key}}",
    "account_reset_password": f"{SITE_URL}/reset-password",
    "account_reset_password_from_key": f"{SITE_URL}/reset-password/{{key}}",
    "account_signup": f"{SITE_URL}/sign-up",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# --- languages and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("ru", _("Russian")), ("zh-hans", _("Chinese")), ("en", _("English"))]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_LANGUAGES = ("ru", "zh-hans", "en")
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "ru", "zh-hans")
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
env.folder("SERVE_STATIC_FROM_APPS", STATIC_ROOT)  # whitenoise warns about a folder that is not there
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
WHITENOISE_USE_FINDERS = env.boolean("SERVE_STATIC_FROM_APPS", default=True)
WHITENOISE_AUTOREFRESH = False
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", default=str(VAR_DIR / "media")))

# --- mail ----------------------------------------------------------------------------------------------------------
_mail = env.email("EMAIL_URL", default=VAR_DIR / "mail")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
if EMAIL_BACKEND == "django.core.mail.backends.filebased.EmailBackend":
    EMAIL_BACKEND = "notifications.eml_backend.EmlFileBackend"
elif EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "notifications.smtp_backend.EmailBackend"
EMAIL_FILE_PATH = "/" + (_mail["EMAIL_FILE_PATH"] or "").strip("/")
EMAIL_HOST = _mail["EMAIL_HOST"] or "localhost"
EMAIL_PORT = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 60  # seconds for one conversation
LETTERS_PER_MINUTE = env.whole_number("LETTERS_PER_MINUTE", default=0, highest=100_000)  # 0: as fast as the mail server takes them
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", default="Yarmarka <fair@yarmarka.example>")
BOUNCE_ADDRESS = env.address("BOUNCE_ADDRESS")
BOUNCE_SECRET = env.secret("BOUNCE_SECRET", shortest=32)

# What /readyz calls degraded beside the broker: functions that return '' or what is wrong.
READINESS_CHECKS = ["notifications.readiness.letters"]

# --- the API -------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.SessionTokenAuthentication", "api.authentication.CookieAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.PageNumberPagination",
    "DEFAULT_FILTER_BACKENDS": ["api.filters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.YarmarkaSchema",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttles.WriteThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anonymous-write": "60/min", "write": "300/min"},
    "EXCEPTION_HANDLER": "api.problems.exception_handler",
    "URL_FORMAT_OVERRIDE": None,  # ?format= is a parameter like any other that a list does not have
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": False,
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
CSRF_FAILURE_VIEW = "api.views.csrf_failure"

# --- security ------------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # the machine beside us asks without TLS
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = [
    "api.uploads.SizeLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# The admin's menus are Alpine.js, which evaluates expressions: allowed under /admin/ only (accounts.middleware).
ADMIN_SCRIPT_SOURCES = [SELF, UNSAFE_INLINE, UNSAFE_EVAL]

# --- logs ----------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.one_of("LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_traceback": {"()": "config.logs.WithoutTraceback"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # else Django's own handlers would write each line a second time
        "django.request": {"filters": ["without_traceback"]},
        **{
            f"django.security.{name}": {"filters": ["without_traceback"]}
            for name in ("DisallowedHost", "DisallowedRedirect", "RequestDataTooBig", "SuspiciousFileOperation", "SuspiciousOperation")
        },
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},
    },
}
