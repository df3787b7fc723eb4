"""Every kind of response scores at least 130 by the rules of Mozilla's HTTP Observatory, under production settings."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from profiles.models import User
from tests.builders import PASSWORD, signed_in
from tests.redbook.full_site import make_site
from tests.servers import PROJECT

# Production's own values, read where they are computed.
READ = """
import json
from redbook import settings
heads = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "LANGUAGE_COOKIE_", "THEME_COOKIE_", "SORT_COOKIE_", "X_FRAME_")
heads += ("HTTPS", "KEYS_COOKIE_", "INTRODUCTION_COOKIE_")
found = {name: getattr(settings, name) for name in dir(settings) if name.startswith(heads)}
print(json.dumps(found))
"""
LOOSE = {"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "*"}
HALF_A_YEAR = 15_768_000


@pytest.fixture
def production(settings: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=PROJECT,
        env=os.environ | {"HTTPS": "on", "LIMITS": "on", "MAIL_DIR": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    for name, value in json.loads(done.stdout).items():
        setattr(settings, name, value)


def policy(response: HttpResponse) -> dict[str, list[str]]:
    parts = response["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for part in parts if (words := part.split())}


def score(response: HttpResponse) -> int:
    """100, less what is missing, plus what is more than needed. Raises AssertionError where points would be lost."""
    points = 100
    csp = policy(response)
    assert not LOOSE & {source for sources in csp.values() for source in sources}
    assert csp["default-src"] == csp["base-uri"] == csp["frame-ancestors"] == ["'none'"]
    assert csp["form-action"] == ["'self'"]
    points += 10  # default-src 'none'
    points += 5  # framing is refused by the policy
    age, *flags = response["Strict-Transport-Security"].split("; ")
    assert int(age.removeprefix("max-age=")) >= HALF_A_YEAR
    assert flags == ["includeSubDomains", "preload"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in response
    assert response["Permissions-Policy"]
    points += 5 * (response["Referrer-Policy"] in {"no-referrer", "same-origin", "strict-origin"})
    points += 10 * (response["Cross-Origin-Resource-Policy"] == "same-origin")
    for cookie in response.cookies.values():
        assert cookie["secure"], cookie.key
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie.key.startswith("__Host-") or cookie.key == "messages", cookie.key
        assert (cookie["path"], cookie["domain"]) == ("/", ""), cookie.key
    return points + 5 * bool(response.cookies)


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_every_kind_of_answer_scores_130(settings: Any, tmp_path: Path, mona: User) -> None:
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "media", tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "sheet.css").write_text("p { color: red }")
    site = make_site()
    asked = [
        (None, [*site.open_pages, *site.files, "/robots.txt", "/sitemap.xml", "/sitemaps/notes-0.xml"]),
        (None, ["/healthz", "/readyz", "/settings/profile/", "/tags/%00/", "/theme/", "/static/sheet.css"]),
        (site.student, site.student_pages),
        (site.author, site.author_pages),
        (mona, ["/admin/", "/admin/notes/note/", "/admin/login/"]),
    ]
    for person, paths in asked:
        client = signed_in(person)
        for path in paths:
            response = client.get(path, secure=True)
            response.getvalue()
            assert response.status_code == 200 if path.startswith("/static/") else response.status_code < 500
            assert score(response) >= 130, path


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_every_cookie_is_of_this_host_alone(alice: User) -> None:
    client = Client()
    signing_in = {"login": alice.email, "password": PASSWORD}
    answers = [
        client.post("/theme/", {"theme": "dark"}, secure=True),
        client.post("/language/", {"language": "zh-hans"}, secure=True),
        client.get("/?sort=latest", secure=True),
        client.post("/keys/", {"keys": "off"}, secure=True),
        client.get("/accounts/login/", secure=True),
        client.post("/accounts/login/", signing_in, secure=True),
    ]
    assert [score(response) for response in answers] == [135] * 6
    set_here = {name for response in answers for name in response.cookies} - {"messages"}
    assert set_here == {"__Host-theme", "__Host-language", "__Host-sort", "__Host-csrf", "__Host-session"} | {
        *("__Host-known_browser", "__Host-keys"),
    }
    page = client.get("/about/", secure=True).text
    assert 'data-theme="dark"' in page
    assert '<html lang="zh-hans"' in page
    gone = client.post("/theme/", {"theme": ""}, secure=True).cookies["__Host-theme"]
    assert (gone["max-age"], gone["secure"]) == (0, True), "a browser takes it only so"


@pytest.mark.usefixtures("production")
def test_plain_http_leads_to_https(client: Client) -> None:
    response = client.get("/about/")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/about/")
    assert client.get("/healthz").status_code == 200, "a load balancer asks without"
