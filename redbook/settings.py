"""Every setting, read from the environment. Production is the default; the Makefile sets development's."""

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from core import env
from core.backoff import Backoff
from core.db import address
from core.limits import Limit

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / ".data")

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.required(
    "SECRET_KEY", "a long random text, kept secret; sessions and links are signed with it."
)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    env.required("ALLOWED_HOSTS", "the site's host names, comma-separated.")
HTTPS = env.flag("HTTPS", True)
# Where the site is, for links in mails that no request asks for.
SITE_ADDRESS = env.text(
    "SITE_ADDRESS", f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0].removeprefix('.')}"
).rstrip("/")
if HTTPS and "*" in SITE_ADDRESS:
    env.required("SITE_ADDRESS", "the site's address for links in mails, as https://redbook.example.")

INSTALLED_APPS = [
    "redbook.apps.RedbookConfig",
    "dev",
    "leaving",
    "moderation",
    "notifications",
    "notifications.digest",
    "search",
    "people",
    "profiles",
    "notes",
    "core.apps.CoreConfig",
    "insights",  # after profiles, so that its days of followers are deleted with a person after the follows
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "taggit",
    "procrastinate.contrib.django",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "core.apps.StaticFiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "redbook.middleware.notice_proxies",
    "redbook.middleware.isolate_pages",
    "redbook.middleware.keep_private",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # above compression: its files are compressed already
    "redbook.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "redbook.middleware.refuse_heavy_requests",
    "redbook.middleware.refuse_odd_requests",
    "django.middleware.common.CommonMiddleware",
    "core.parked_forms.ParkingMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "redbook.middleware.CalmFormsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "redbook.middleware.follow_time_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "redbook.middleware.TooManyMiddleware",
]

ROOT_URLCONF = "redbook.urls"
WSGI_APPLICATION = "redbook.wsgi.application"

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
                "redbook.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "core.templatetags.redbook",
            ],
        },
    }
]

DATABASES = {
    "default": address.from_url(
        env.text("DATABASE_URL"),
        pool_size=env.number("DATABASE_POOL", 0),
        statement_seconds=env.number("STATEMENT_TIMEOUT", 0),
        lock_seconds=env.number("LOCK_TIMEOUT", 0),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# A relation that a card forgot to fetch raises in tests and development; in production it costs one query a page.
LAZY_FETCH_MODE = models.FETCH_RAISE if env.flag("STRICT_FETCH") else models.FETCH_PEERS

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "core.static_bundles.JoinedFinder",
]
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = env.folder("MEDIA_ROOT", DATA_DIR / "media")
# Behind nginx, the internal location that serves MEDIA_ROOT, for example "/protected/".
MEDIA_ACCEL_PREFIX = env.text("MEDIA_ACCEL_PREFIX")
# What titles are drawn with in the pictures that link previews show of notes without a photo (imaging/text_picture.py).
LETTERS_FONT = env.text("LETTERS_FONT", "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc")
S3_BUCKET = env.text("S3_BUCKET")
if S3_BUCKET and MEDIA_ACCEL_PREFIX:
    raise ImproperlyConfigured(
        "MEDIA_ACCEL_PREFIX is for files in MEDIA_ROOT; with S3_BUCKET there are none."
    )
if S3_BUCKET and not find_spec("storages"):
    raise ImproperlyConfigured("S3_BUCKET needs packages of its own: uv sync with --group s3.")
STORAGES = {
    "default": {
        "BACKEND": "core.storage.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.text("S3_ENDPOINT") or None,
            "region_name": env.text("S3_REGION") or None,
            "access_key": env.text("S3_ACCESS_KEY") or None,
            "secret_key": env.text("S3_SECRET_KEY") or None,
            "addressing_style": env.text("S3_ADDRESSING", "auto"),
        },
    }
    if S3_BUCKET
    else {"BACKEND": "core.storage.Folder"},
    "staticfiles": {"BACKEND": "core.staticfiles.ManifestStorage"},
}

# People
AUTH_USER_MODEL = "profiles.User"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004"
]  # e-mail is unique without regard to case, by a constraint on lower(email)
AUTHENTICATION_BACKENDS = ["notifications.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "handle", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
MINIMUM_AGE = env.number("MINIMUM_AGE", 14)

ACCOUNT_ADAPTER = "people.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "people.account_forms.LoginForm",
    "signup": "people.account_forms.SignupForm",
    "add_email": "people.account_forms.AddEmailForm",
    "reauthenticate": "people.account_forms.ReauthenticateForm",
    "change_password": "people.account_forms.ChangePasswordForm",
    "set_password": "people.account_forms.SetPasswordForm",
    "reset_password": "people.account_forms.ResetPasswordForm",
    "reset_password_from_key": "people.account_forms.ResetPasswordKeyForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# One address a person: a new one takes over once it is confirmed, after the password was asked again. Several accounts
# may claim an address until one confirms it (people/actions/addresses.py).
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "people.tokens.ResetTokens"  # noqa: S105
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Proxies between the internet and this process: as many X-Forwarded-For entries, from the right, are believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)

MINUTE = timedelta(minutes=1)

# How often one person may do a thing (core/limits.py).
LIMITS = {
    "notes": Limit(5, timedelta(hours=1), first_day=5),
    "drafts": Limit(30, timedelta(hours=1)),
    "comments": Limit(30, timedelta(minutes=10)),
    "suggestions": Limit(600, timedelta(hours=1)),
    "search_suggestions": Limit(1200, timedelta(hours=1)),
    # By visitors of one network, which may be a campus.
    "visitors_suggestions": Limit(12000, timedelta(hours=1)),
    "likes": Limit(300, timedelta(hours=1)),
    "collections": Limit(60, timedelta(hours=1)),
    "follows": Limit(60, timedelta(hours=1)),
    "photos": Limit(300, timedelta(days=1)),
    "seen": Limit(600, timedelta(hours=1)),
    "words": Limit(60, timedelta(hours=1)),
    "reports": Limit(20, timedelta(hours=1)),
    "archives": Limit(3, timedelta(days=1)),
    "email": Limit(10, timedelta(hours=1)),
}
# What strangers fail at, and from where (core/backoff.py, people/signin_limits.py). allauth's own limits would
# lie in the cache, which can be emptied by asking.
ACCOUNT_RATE_LIMITS = False
BACKOFFS = {
    # Passwords of one account: from browsers that it does not know, and from one that it knows or is signed in with.
    "password": Backoff(free=5, first=MINUTE, longest=60 * MINUTE, fades=30 * MINUTE),
    "known": Backoff(free=5, first=MINUTE, longest=15 * MINUTE, fades=10 * MINUTE),
    # Accounts that one network failed to sign in to, and has not since.
    "network": Backoff(free=50, first=MINUTE / 4, longest=30 * MINUTE, fades=10 * MINUTE, credit=100),
    # A new account counts two, and one once its address is confirmed.
    "signups": Backoff(free=120, first=MINUTE, longest=60 * MINUTE, fades=MINUTE),
    # Addresses that sign-up told one network are in use.
    "taken": Backoff(free=60, first=MINUTE, longest=30 * MINUTE, fades=5 * MINUTE),
    # Mails that were asked for: to one address, and for so many addresses from one network.
    "mails": Backoff(free=3, first=5 * MINUTE, longest=60 * MINUTE, fades=60 * MINUTE),
    "mail_network": Backoff(free=60, first=MINUTE, longest=30 * MINUTE, fades=5 * MINUTE),
    # Digests that the mail server did not answer; three where it cannot be reached (notifications/digest/actions.py).
    "digests": Backoff(free=2, first=MINUTE, longest=30 * MINUTE, fades=30 * MINUTE),
}
LIMITS_ON = env.flag("LIMITS", True)
if HTTPS and not LIMITS_ON:
    raise ImproperlyConfigured("LIMITS=off is for measuring; it is refused where HTTPS is on.")

# Tags
TAGGIT_CASE_INSENSITIVE = True

# Jobs
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 1, "delete_jobs": "successful"}

# Mail
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Red Book <noreply@localhost>")
MAIL_DIR = env.text("MAIL_DIR")  # development's: mails are written there, and pages say so
MAILERS = {
    "default": {
        "BACKEND": "core.mail.EmailBackend",
        "OPTIONS": {"file_path": MAIL_DIR},
    }
    if MAIL_DIR
    else {
        "BACKEND": "core.mail.ServerBackend",
        "OPTIONS": {
            "host": env.text("SMTP_HOST", "localhost"),
            "port": env.number("SMTP_PORT", 587),
            "username": env.text("SMTP_USER"),
            "password": env.text("SMTP_PASSWORD"),
            "use_tls": env.flag("SMTP_TLS", True),
            "timeout": env.number("SMTP_TIMEOUT", 10),
        },
    }
}

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE: Literal["Lax"] = "Lax"
THEME_COOKIE_NAME, SORT_COOKIE_NAME, KEYS_COOKIE_NAME = "theme", "sort", "keys"
INTRODUCTION_COOKIE_NAME = "introduction"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")

# Security
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "connect-src": [CSP.SELF],
    "img-src": [CSP.SELF, "blob:"],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SESSION_ENGINE = "core.sessions"
MESSAGE_STORAGE = "core.messages.NewestMessages"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.csrf_failure.stale"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME, THEME_COOKIE_NAME = "__Host-language", "__Host-theme"
    SORT_COOKIE_NAME, KEYS_COOKIE_NAME = "__Host-sort", "__Host-keys"
    INTRODUCTION_COOKIE_NAME = "__Host-introduction"
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Whether an empty database is filled with a demo community, whose passwords everyone knows.
DEMO = env.flag("DEMO")

# Uploads: 150 MiB a request, files stay on disk while they arrive, in TMPDIR.
UPLOAD_REQUEST_BYTES = 150 * 1024 * 1024
# Words of a form: twice a story, its descriptions and its tags of the longest characters, as browsers encode them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 40
FILE_UPLOAD_HANDLERS = ["core.upload_handlers.NamelessUploadHandler"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "core.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    # Strangers' guesses at host names, answered with 400.
    "loggers": {"django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
