"""What the settings make of the environment, and when they refuse to start the portal."""

from __future__ import annotations

import os
import runpy
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import ConnectionHandler

ROOT = Path(__file__).parent.parent
SETTINGS = ROOT / "dorotea_samverkan" / "settings.py"

PRODUCTION = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "samverkan.example.se",
    "EMAIL_URL": "smtp+tls://anvandare:losenord@post.example.se:587",
}
VARIABLES = {
    *("DEBUG", "DATABASE_URL", "DEFAULT_FROM_EMAIL", "CSRF_TRUSTED_ORIGINS"),
    *("TRUSTED_PROXY_COUNT", "SECURE_HSTS_SECONDS", *PRODUCTION),
}


@pytest.fixture
def settings_in(monkeypatch):
    """The settings as they turn out in an environment, whatever this machine's own says."""
    monkeypatch.setattr(environ.Env, "read_env", lambda *args, **kwargs: None)

    def run(environment: dict[str, str]) -> dict[str, object]:
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return run


# --- Refusals ------------------------------------------------------------------------------

NO_KEY = (
    "SECRET_KEY saknas eller är kortare än 50 tecken. Skapa en med "
    '`python -c "import secrets; print(secrets.token_urlsafe(64))"` och lägg den i '
    "miljön eller i filen .env. (På din egen dator: sätt DEBUG=on.)"
)
NO_HOSTS = (
    "ALLOWED_HOSTS ska räkna upp portalens värdnamn, till exempel "
    "ALLOWED_HOSTS=samverkan.example.se. Tecknet * godtas inte."
)
NO_EMAIL = (
    "EMAIL_URL saknas. Ange kommunens e-postserver, till exempel "
    "EMAIL_URL=smtp+tls://anvandare:losenord@post.example.se:587."
)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": ""}, NO_KEY),
        ({"SECRET_KEY": "k" * 49}, NO_KEY),
        ({"ALLOWED_HOSTS": ""}, NO_HOSTS),
        ({"ALLOWED_HOSTS": "*"}, NO_HOSTS),
        ({"ALLOWED_HOSTS": "samverkan.example.se,*"}, NO_HOSTS),
        ({"EMAIL_URL": ""}, NO_EMAIL),
        (
            {"DEBUG": "on"},
            "DEBUG är på samtidigt som ALLOWED_HOSTS nämner samverkan.example.se. "
            "I drift ska DEBUG vara av: ta bort DEBUG ur miljön och ur filen .env.",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_portal_refuses_to_start_and_says_what_to_do(changed, sentence, settings_in):
    with pytest.raises(ImproperlyConfigured) as refusal:
        settings_in(PRODUCTION | changed)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("missing", PRODUCTION)
def test_what_is_not_set_at_all_is_refused_like_what_is_empty(missing, settings_in):
    with pytest.raises(ImproperlyConfigured, match=missing):
        settings_in({name: value for name, value in PRODUCTION.items() if name != missing})


def test_the_production_server_refuses_debug_in_a_real_process():
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment |= {"DEBUG": "on", "ALLOWED_HOSTS": "localhost", "EMAIL_URL": "consolemail://"}
    server = subprocess.run(
        [sys.executable, "-c", "import dorotea_samverkan.wsgi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert server.returncode == 1
    assert server.stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: DEBUG är på. I drift visar det hemligheter"
        " för vem som helst: ta bort DEBUG ur miljön eller sätt DEBUG=off."
    )


# --- What it becomes -----------------------------------------------------------------------


def test_in_production_everything_goes_over_https(settings_in):
    settings = settings_in(PRODUCTION)
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["samverkan.example.se"]
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] == 31_536_000
    assert "SECURE_PROXY_SSL_HEADER" not in settings


def test_only_behind_a_proxy_are_its_headers_trusted(settings_in):
    settings = settings_in(PRODUCTION | {"TRUSTED_PROXY_COUNT": "1"})
    assert settings["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert settings["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_on_ones_own_machine_debug_is_all_it_takes(settings_in):
    settings = settings_in({"DEBUG": "on"})
    assert settings["ALLOWED_HOSTS"] == ["127.0.0.1", "[::1]", "localhost"]
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert settings["DATABASES"]["default"]["NAME"].endswith("/db.sqlite3")
    assert len(settings["SECRET_KEY"]) >= 50


def test_the_environment_is_described_in_full_where_it_is_read():
    described = SETTINGS.read_text().split('"""')[1]
    assert {name for name in VARIABLES if name not in described} == set()


# --- SQLite --------------------------------------------------------------------------------


@pytest.fixture
def sqlite_file(settings_in, tmp_path, django_db_blocker):
    """A connection to an SQLite file as the settings make it, and the file's path."""
    path = tmp_path / "portal.sqlite3"
    databases = settings_in(PRODUCTION | {"DATABASE_URL": f"sqlite:///{path}"})["DATABASES"]
    with django_db_blocker.unblock():
        connection = ConnectionHandler(databases)["default"]
        yield connection, path
        connection.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("busy_timeout", 20_000),
    ],
)
def test_sqlite_keeps_what_it_has_acknowledged(pragma, value, sqlite_file):
    connection, _ = sqlite_file
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_on_sqlite_a_transaction_takes_the_write_lock_at_once(sqlite_file):
    connection, path = sqlite_file
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with (
        closing(sqlite3.connect(path, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="database is locked"),
    ):
        other.execute("BEGIN IMMEDIATE")
    connection.rollback()
