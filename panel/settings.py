"""All settings, read from the environment; nonsense there stops the start with a plain word."""

from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from environs import Env, validate

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

# --- Which house is this -----------------------------------------------------------------------
# "production" asks for every secret; "demo" and "test" bring their own well-known ones, and
# `check --deploy` refuses them.
MODE = env.str("PANEL_MODE", "production", validate=validate.OneOf(["production", "demo", "test"]))
DEMO = MODE == "demo"
DEBUG = env.bool("DEBUG", False)


def secret(name):
    """A secret of at least 32 characters from the environment; outside production a fixed one."""
    if MODE != "production":
        return env.str(name, f"not-a-secret-{MODE}-{name.lower()}-0123456789abcdef")
    return env.str(name, validate=validate.Length(min=32))


def network(text):
    """The address or network that `text` names."""
    return str(ip_network(text.strip(), strict=False))


def next_port(url):
    """An address on this machine, one port above that of `url`."""
    return f"http://localhost:{(urlsplit(url).port or 8000) + 1}"


SECRET_KEY = secret("SECRET_KEY")
# Keys short codes and links; kept outside the database, so that a stolen copy of it opens nothing.
SHORT_CODE_KEY = secret("SHORT_CODE_KEY")
# Encrypts what must be shown again: the authorization code in its owner's session.
ENCRYPTION_KEY = secret("ENCRYPTION_KEY")

# Absolute links are built from this, never from the Host header.
SITE_URL = env.str("SITE_URL") if MODE == "production" else env.str("SITE_URL", "http://localhost:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"] if MODE != "production" else [])
HTTPS = env.bool("HTTPS", MODE == "production")
# Addresses (or networks) of the proxies in front, whose X-Forwarded-For is believed.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", [], subcast=network)

# --- The parts ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "panel.apps.PanelConfig",
    "tickets",
    "billing",
    "services",
    "accounts",
    "panel.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "panel.middleware.ResponseHeadersMiddleware",
    "panel.middleware.PaymentPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PersonMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.StrongSecondStepMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "panel.urls"
WSGI_APPLICATION = "panel.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
                "django.template.context_processors.i18n",
                "panel.context.house",
            ],
            "builtins": ["panel.templatetags.pieces", "accounts.templatetags.acting"],
        },
    }
]

# --- Data --------------------------------------------------------------------------------------
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'panel.sqlite3'}" if MODE != "production" else None,
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"].get("ENGINE") == "django.db.backends.sqlite3":
    # Readers never wait for a writer (WAL); a writer takes its lock at the start, so that two of
    # them queue instead of failing half-way (IMMEDIATE).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What people attach lies here under names of our own, outside anything a web server serves.
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.str("FILES_DIR", str(VAR_DIR / "files"))},
    },
    "staticfiles": {
        "BACKEND": "panel.static_files.StaticFiles"
        if MODE != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = MODE == "test"
# Nobody else's page has any use for our styles and scripts.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# What browsers look for at the top of a site without being told.
WHITENOISE_ROOT = BASE_DIR / "static" / "root"

# A file above 64 KiB goes to disk while it arrives, never whole into memory.
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Who are you -------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "accounts.passwords.PanelArgon2Hasher" if MODE != "test" else "django.contrib.auth.hashers.MD5PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.CharacterClasses"},
    {"NAME": "accounts.passwords.MaximumLength"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["login", "email", "name", "phone"]},
    },
    {"NAME": "accounts.passwords.OwnWords"},
    {"NAME": "accounts.passwords.CommonPassword"},
]
AUTHORIZATION_CODE_DIGITS = env.int("AUTHORIZATION_CODE_DIGITS", 6, validate=validate.Range(6, 10))

# Staff work only after an authenticator app or a passkey; `check --deploy` wants it so.
STAFF_STRONG_SECOND_STEP = env.bool("STAFF_STRONG_SECOND_STEP", MODE != "demo")

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# With this prefix a browser takes a cookie from this very host and over TLS only.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Headers -----------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", HTTPS)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # PaymentPagesMiddleware adds the payment pages of gateways.
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", "Polski"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Warsaw"
FORMAT_MODULE_PATH = "panel.formats"

# --- Mail, SMS, background work ----------------------------------------------------------------
EMAIL_BACKEND = {
    "production": "django.core.mail.backends.smtp.EmailBackend",
    "demo": "panel.demo.outbox.MailBackend",
    "test": "django.core.mail.backends.locmem.EmailBackend",
}[MODE]
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25, validate=validate.Range(1, 65535))
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "panel@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_DOMAIN = env.str("MAIL_DOMAIN", DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">"))

# Which class of accounts/sms sends text messages; "" when the company sends none, and then no
# page offers them.
SMS_BACKEND = env.str("SMS_BACKEND", {"production": "", "demo": "demo", "test": "memory"}[MODE])
SMSAPI_TOKEN = env.str("SMSAPI_TOKEN", "")
SMSAPI_URL = env.str("SMSAPI_URL", "https://api.smsapi.pl/")
SMSAPI_SENDER = env.str("SMSAPI_SENDER", "")
SMS_COUNTRY_PREFIXES = env.list("SMS_COUNTRY_PREFIXES", ["+48"])

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# --- Money -------------------------------------------------------------------------------------
# Ways of paying that people may choose from: classes of billing.gateways, in this order.
PAYMENT_GATEWAYS = env.list(
    "PAYMENT_GATEWAYS", ["transfer"] if MODE == "production" else ["sandbox", "transfer"], subcast=str.strip
)
# Which system takes our e-invoices: a class of billing.einvoices.
E_INVOICES = env.str("E_INVOICES", "null")
# Who is asked whether an EU VAT number is valid: a class of accounts.vies; "null" asks nobody.
VIES = env.str("VIES", "null", validate=validate.OneOf(["null", "commission"]))
VIES_URL = env.str("VIES_URL", "https://ec.europa.eu/taxation_customs/vies/rest-api")
# The payment server of the demo listens at the next port.
SANDBOX_URL = env.str("SANDBOX_URL", "" if MODE == "production" else next_port(SITE_URL))
SANDBOX_SECRET = "" if MODE == "production" else f"not-a-secret-{MODE}-sandbox-0123456789abcdef"
SANDBOX_MERCHANT = "" if MODE == "production" else "panel-demo"

MESSAGE_TAGS = {message_levels.DEBUG: "info"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", "INFO" if MODE != "test" else "ERROR")},
    "loggers": {"django.request": {"level": "ERROR"}},
}
