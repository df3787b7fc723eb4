"""While PostgreSQL is unavailable, visitors get a page that says so, from a process that stays up."""

import json
import os
import subprocess
import sys
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from tests.servers import PROJECT, free_port

ASK = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "redbook.settings"
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STATIC_ROOT = None
answers = {}
for method, path, language in json.loads(sys.argv[1]):
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    response = getattr(client, method)(path, {"login": "a@b.test", "password": "words"},
                                       headers={"Accept-Language": language})
    answers[f"{method} {path} {language}"] = [response.status_code, response.text, dict(response.headers)]
print(json.dumps(answers))
"""


@pytest.mark.parametrize("pool", ["0", "1"])
def test_the_database_is_away(pool: str) -> None:
    asked = [("get", "/", "en"), ("get", "/healthz", "en"), ("get", "/readyz", "en")]
    if pool == "0":
        asked += [
            ("get", "/about/", "en"),
            ("get", "/@alice/", "zh-hans"),
            ("get", "/notes/1/", "en"),
            ("get", "/media/abc-320.jpg", "en"),
            ("get", "/admin/", "en"),
            ("get", "/sitemap.xml", "en"),
            ("post", "/accounts/login/", "en"),
            ("post", "/notes/1/like/", "en"),
        ]
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    environment = os.environ | {"DATABASE_URL": away, "DATABASE_POOL": pool}
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(asked)],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    answers: dict[str, Any] = json.loads(done.stdout)

    assert answers.pop("get /healthz en")[0] == 200, "the process itself is up"
    ready, *_ = answers.pop("get /readyz en")
    assert ready == 503
    for asked_for, (status, page, headers) in answers.items():
        assert status == 503, asked_for
        assert headers["Retry-After"] == "30"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        words = "书暂时合上了" if "zh-hans" in asked_for else "The book is closed for a moment"
        assert words in page, asked_for
        assert "127.0.0.1" not in page, "the page does not name the database's address"


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status"), [(OperationalError, 503), (RuntimeError, 500)])
def test_what_breaks_says_so_without_the_database(error: type[Exception], status: int) -> None:
    client = Client(raise_request_exception=False)
    with patch("redbook.views.render", side_effect=error("Gone")):
        response = client.get("/about/")
    assert response.status_code == status
    assert f'<p class="code">{status}</p>' in response.text
    assert "Gone" not in response.text
