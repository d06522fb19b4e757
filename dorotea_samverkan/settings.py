"""Every setting of the portal, read from the environment (or `.env`) by django-environ.

Variable               Default                    Meaning
---------------------  -------------------------  -------------------------------------------------
DEBUG                  off                        on only on a developer's own machine
SECRET_KEY             none; needed when DEBUG    signs sessions and links; at least 50 characters
                       is off
ALLOWED_HOSTS          none; needed when DEBUG    the portal's host names, comma-separated
                       is off
DATABASE_URL           sqlite:///db.sqlite3       postgres://user:password@host:5432/name also works
EMAIL_URL              consolemail:// with DEBUG, smtp+tls://user:password@host:587
                       needed without
DEFAULT_FROM_EMAIL     samverkan@localhost        sender of the portal's e-mail
PORTAL_URL             https:// and the first     where the portal is, for links in letters that
                       of ALLOWED_HOSTS           no request gives rise to
CSRF_TRUSTED_ORIGINS   none                       https://samverkan.example.se, comma-separated
TRUSTED_PROXY_COUNT    0                          proxies in front that set X-Forwarded-For and -Proto
SECURE_HSTS_SECONDS    31536000 without DEBUG     how long browsers insist on https

Without DEBUG the portal refuses to start until SECRET_KEY, ALLOWED_HOSTS and EMAIL_URL are
set; with DEBUG it refuses host names other than this machine's own, and gunicorn (wsgi.py)
refuses DEBUG altogether.
"""

from collections.abc import Callable
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
EMAIL_URL = env.str("EMAIL_URL", default="consolemail://" if DEBUG else "")

LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]"}

if DEBUG:
    SECRET_KEY = SECRET_KEY or "endast-for-utveckling-" + "0123456789abcdef" * 3
    ALLOWED_HOSTS = ALLOWED_HOSTS or sorted(LOOPBACK_HOSTS)
    if public_hosts := set(ALLOWED_HOSTS) - LOOPBACK_HOSTS - {"testserver"}:
        raise ImproperlyConfigured(
            f"DEBUG är på samtidigt som ALLOWED_HOSTS nämner {', '.join(sorted(public_hosts))}. "
            "I drift ska DEBUG vara av: ta bort DEBUG ur miljön och ur filen .env."
        )
else:
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured(
            "SECRET_KEY saknas eller är kortare än 50 tecken. Skapa en med "
            '`python -c "import secrets; print(secrets.token_urlsafe(64))"` och lägg den i '
            "miljön eller i filen .env. (På din egen dator: sätt DEBUG=on.)"
        )
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS ska räkna upp portalens värdnamn, till exempel "
            "ALLOWED_HOSTS=samverkan.example.se. Tecknet * godtas inte."
        )
    if not EMAIL_URL:
        raise ImproperlyConfigured(
            "EMAIL_URL saknas. Ange kommunens e-postserver, till exempel "
            "EMAIL_URL=smtp+tls://anvandare:losenord@post.example.se:587."
        )

PORTAL_URL = env.str(
    "PORTAL_URL", default="http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0]}"
).rstrip("/")

# --- The application ---------------------------------------------------------------------

INSTALLED_APPS = [
    "promises",
    "followup",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Tells the history who makes each change.
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "dorotea_samverkan.urls"

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
                "followup.views.navigation.frame",
            ],
        },
    }
]


def _page(name: str) -> Callable:
    return lambda thing: reverse(name, args=[thing.pk])


# What was promised does not know what became of it: the pages that show both lie in followup, and
# where is said here. The models declare that they have an address.
ABSOLUTE_URL_OVERRIDES = {
    "promises.promiseperiod": _page("period"),
    "promises.promise": _page("promise"),
    "promises.undertaking": _page("undertaking"),
    "promises.activity": _page("activity"),
    "promises.metric": _page("metric"),
}

# Whose room tells when reviews and the law's updates are due: promises/clocks.py.
CLOCKS = "followup.law.clocks.clocks_on"
# And which planned days have not been carried out: promises/plan_takeover.py.
STILL_PLANNED = "followup.log.planned.not_carried_out"

# One template renders every form field: templates/forms/.
FORM_RENDERER = "promises.forms.base.Renderer"

# --- The database ------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{BASE_DIR / 'db.sqlite3'}"
DATABASES = {"default": env.db_url_config(DATABASE_URL)}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Write-ahead logging lets readers go on while somebody writes; IMMEDIATE takes the write
    # lock at once, so that two writers queue instead of failing half-way; FULL because an
    # acknowledged entry must be on disk.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Reasons may be as long as the portal lets people write them.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# Rate limits must be shared between workers, so the cache lives in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}

# --- Sign-in -----------------------------------------------------------------------------

AUTH_USER_MODEL = "promises.Member"
AUTHENTICATION_BACKENDS = ["promises.accounts.MemberBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "public"

ACCOUNT_ADAPTER = "promises.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "promises.account_forms.SignInForm",
    "reauthenticate": "promises.account_forms.ConfirmPasswordForm",
    "change_password": "promises.account_forms.ChangePasswordForm",
    "set_password": "promises.account_forms.SetPasswordForm",
    "reset_password": "promises.account_forms.RequestNewPasswordForm",
    "reset_password_from_key": "promises.account_forms.NewPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# allauth's own generator copies the address to a table of its own, where the old one stays good
# after an administrator has changed it, and bars two-step sign-in because it is unverified.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Dorotea samverkan: "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# So much one address on the net may send of what needs no sign-in (promises.views.accessibility),
# and so many keys to calendars it may guess at (followup.views.calendar_feed).
ACCOUNT_RATE_LIMITS = {
    "accessibility_feedback": "5/10m/ip,20/d/ip",
    "calendar_feed": "20/10m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_FORMS = {
    "authenticate": "promises.account_forms.SignInCodeForm",
    "reauthenticate": "promises.account_forms.ConfirmCodeForm",
    "activate_totp": "promises.account_forms.ActivateAppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Dorotea samverkan"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Language and time -------------------------------------------------------------------

LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True

# --- E-mail ------------------------------------------------------------------------------

vars().update(env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="samverkan@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Whoever waits for a letter to go, a person or a timer, waits no longer for a server that is down.
EMAIL_TIMEOUT = 30

# --- Static files ------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "dorotea_samverkan.static_files.ModuleStorage"
        )
    },
}

# --- Security ----------------------------------------------------------------------------

CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SECURE_SSL_REDIRECT = not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^halsa/$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 365 * 24 * 60 * 60)
# The portal speaks for its own host name, not for every subdomain of the municipality's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb")
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_keys": {"()": "followup.plan.feed_keys.HideKeys"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_keys"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # WeasyPrint and fontTools narrate every font they touch.
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
    },
}
