"""All settings, read from the environment; nonsense there stops the start with a plain word."""

from ipaddress import ip_network
from os import environ
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


# A secret that is set to nothing is not set.
FILLED = validate.Length(min=1)


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
FORM_RENDERER = "panel.rendering.Renderer"

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

# What people attach lies here under names of our own, outside anything a web server serves. Another storage class,
# such as one of django-storages, gets its options from the environment; nothing asks it for a path on the disk.
FILES_STORAGE = env.str("FILES_STORAGE", "")
STORAGES = {
    "default": {
        "BACKEND": FILES_STORAGE or "django.core.files.storage.FileSystemStorage",
        "OPTIONS": env.json("FILES_STORAGE_OPTIONS", {})
        if FILES_STORAGE
        else {"location": env.str("FILES_DIR", str(VAR_DIR / "files"))},
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
# After an account is closed: days until what nobody needs goes, and whole years for which claims may be raised.
ERASE_AFTER_DAYS = env.int("ERASE_AFTER_DAYS", 90, validate=validate.Range(1, 3650))
KEPT_FOR_CLAIMS_YEARS = env.int("KEPT_FOR_CLAIMS_YEARS", 3, validate=validate.Range(0, 20))

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
# Who carries our mails: an SMTP server, or a company by its own interface, and the settings of anymail that it needs.
MAIL_PROVIDERS = {
    "smtp": ("django.core.mail.backends.smtp.EmailBackend", []),
    "brevo": ("anymail.backends.brevo.EmailBackend", ["BREVO_API_KEY"]),
    "mailersend": ("anymail.backends.mailersend.EmailBackend", ["MAILERSEND_API_TOKEN"]),
    "mailgun": ("anymail.backends.mailgun.EmailBackend", ["MAILGUN_API_KEY"]),
    "mailjet": ("anymail.backends.mailjet.EmailBackend", ["MAILJET_API_KEY", "MAILJET_SECRET_KEY"]),
    "postmark": ("anymail.backends.postmark.EmailBackend", ["POSTMARK_SERVER_TOKEN"]),
    "sparkpost": ("anymail.backends.sparkpost.EmailBackend", ["SPARKPOST_API_KEY"]),
}
MAIL_PROVIDER = env.str("MAIL_PROVIDER", "smtp", validate=validate.OneOf(list(MAIL_PROVIDERS)))
EMAIL_BACKEND = {
    "production": MAIL_PROVIDERS[MAIL_PROVIDER][0],
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

# ANYMAIL_… of the environment are the settings of django-anymail under their own names.
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in environ.items() if name.startswith("ANYMAIL_")}
ANYMAIL |= {name: env.str(f"ANYMAIL_{name}", validate=FILLED) for name in MAIL_PROVIDERS[MAIL_PROVIDER][1]}
ANYMAIL |= {"REQUESTS_TIMEOUT": EMAIL_TIMEOUT}
# Who may bring mail, and tell what became of ours, by a webhook, and the secret by which each is known.
WEBHOOK_SECRETS = {"mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY", "postmark": "WEBHOOK_SECRET"}
MAIL_WEBHOOKS = env.list("MAIL_WEBHOOKS", [], validate=validate.ContainsOnly(list(WEBHOOK_SECRETS)))
ANYMAIL |= {
    name: env.str(f"ANYMAIL_{name}", validate=validate.Length(min=20))
    for provider, name in WEBHOOK_SECRETS.items()
    if provider in MAIL_WEBHOOKS
}
# Postmark would put another Message-ID in the place of ours, by which answers find their thread.
ANYMAIL |= {"POSTMARK_SEND_DEFAULTS": {"extra_headers": {"X-PM-KeepID": "true"}}}

# Mails to this domain come in here, and answers to our mails are asked for at addresses of it; "" when none come in.
REPLY_DOMAIN = env.str("REPLY_DOMAIN", "" if MODE == "production" else "mail.panel.example").casefold()
# Addresses elsewhere whose mail comes in here, too, such as that of support.
MAIL_INBOXES = env.list("MAIL_INBOXES", [], subcast=lambda address: address.strip().lower())
# Where `manage.py mail_listener` takes mails, and in which protocol.
MAIL_LISTENER = env.str("MAIL_LISTENER", "127.0.0.1:8024", validate=validate.Regexp(r".+:\d{1,5}$"))
MAIL_LISTENER = (MAIL_LISTENER.rpartition(":")[0].strip("[]"), int(MAIL_LISTENER.rpartition(":")[2]))
MAIL_LISTENER_PROTOCOL = env.str("MAIL_LISTENER_PROTOCOL", "lmtp", validate=validate.OneOf(["lmtp", "smtp"]))
# How our own mail server signs what it found out about a mail (RFC 8601): nobody else's word counts.
MAIL_AUTHSERV_ID = env.str("MAIL_AUTHSERV_ID", "" if MODE == "production" else "mx.panel.example")

# Which class of accounts/sms sends text messages; "" when the company sends none, and then no
# page offers them.
SMS_BACKEND = env.str("SMS_BACKEND", {"production": "", "demo": "demo", "test": "memory"}[MODE])
SMSAPI_TOKEN = env.str("SMSAPI_TOKEN", "")
SMSAPI_URL = env.str("SMSAPI_URL", "https://api.smsapi.pl/")
SMSAPI_SENDER = env.str("SMSAPI_SENDER", "")
SMS_COUNTRY_PREFIXES = env.list("SMS_COUNTRY_PREFIXES", ["+48"])

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# --- Services ----------------------------------------------------------------------------------
# Where the driver "webhook" tells a server of ours what to set up, and what both sign with.
PROVISIONING_WEBHOOK_URL = env.str("PROVISIONING_WEBHOOK_URL", "")
PROVISIONING_WEBHOOK_SECRET = env.str("PROVISIONING_WEBHOOK_SECRET", "")

# --- Money -------------------------------------------------------------------------------------
# Ways of paying that people may choose from: classes of billing.gateways, in this order.
PAYMENT_GATEWAYS = env.list(
    "PAYMENT_GATEWAYS", ["transfer"] if MODE == "production" else ["sandbox", "transfer"], subcast=str.strip
)
# Up to which gross sum in PLN services run on although the balance is too small for their use; -1 for any sum.
USAGE_DEBT_LIMIT = env.int("USAGE_DEBT_LIMIT", 50, validate=validate.Range(min=-1))
# Which system takes our e-invoices: a class of billing.einvoices.
E_INVOICES = env.str("E_INVOICES", "null")
# Who is asked whether an EU VAT number is valid: a class of accounts.vies; "null" asks nobody.
VIES = env.str("VIES", "null", validate=validate.OneOf(["null", "commission"]))
VIES_URL = env.str("VIES_URL", "https://ec.europa.eu/taxation_customs/vies/rest-api")
# The payment server of the demo listens at the next port.
SANDBOX_URL = env.str("SANDBOX_URL", "" if MODE == "production" else next_port(SITE_URL))
SANDBOX_SECRET = "" if MODE == "production" else f"not-a-secret-{MODE}-sandbox-0123456789abcdef"
SANDBOX_MERCHANT = "" if MODE == "production" else "panel-demo"

# --- Domains -----------------------------------------------------------------------------------
# Our name servers, the first of them the primary one, and who looks after the zones of domains.
ZONE_NAMESERVERS = env.list(
    "ZONE_NAMESERVERS",
    [] if MODE == "production" else ["ns1.panel.example", "ns2.panel.example"],
    subcast=lambda name: name.strip().strip(".").lower(),
)
ZONE_HOSTMASTER = env.str("ZONE_HOSTMASTER", f"hostmaster@{ZONE_NAMESERVERS[0]}" if ZONE_NAMESERVERS else "")
# Records that every new zone has, such as [{"name": "www", "type": "CNAME", "content": "@"}].
ZONE_RECORDS = env.json("ZONE_RECORDS", [])
POWERDNS_URL = env.str("POWERDNS_URL", "")
POWERDNS_KEY = env.str("POWERDNS_KEY", "")
POWERDNS_SERVER = env.str("POWERDNS_SERVER", "localhost")
POWERDNS_KIND = env.str("POWERDNS_KIND", "Native", validate=validate.OneOf(["Native", "Master"]))
# Zones that bear this account are the panel's; no other is ever changed.
POWERDNS_ACCOUNT = env.str("POWERDNS_ACCOUNT", "panel", validate=validate.Length(min=1, max=40))

MESSAGE_TAGS = {message_levels.DEBUG: "info"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "panel.logs.WithoutSecrets", "fmt": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", "INFO" if MODE != "test" else "ERROR")},
    "loggers": {"django.request": {"level": "ERROR"}},
}
