"""The nginx configuration of docs/deploy.md, in front of the production server."""

import gzip
import http.client
import re
import shutil
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from notes.models import Note, Photo
from profiles.models import User
from tests import nginx
from tests.builders import make_note, make_person, make_photo
from tests.people.test_avatar import give_picture
from tests.servers import WebServer

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

HOST = "redbook.example"
THREADS = 2 * 8  # of two web processes
# Of a connection or of a file on a disk: nginx's own. A photo is in no language, and a cookie is another each time.
OF_THE_PROXY = {
    "set-cookie",
    "content-language",
    "server",
    "date",
    "connection",
    "etag",
    "last-modified",
    "accept-ranges",
    "content-length",
}


@pytest.fixture(scope="module")
def production(
    web_server: WebServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[WebServer, Any]]:
    """The production server as the page has it, and nginx before it."""
    if not nginx.path():
        nginx.install()
    if not nginx.path() or not shutil.which("openssl"):
        pytest.fail(nginx.HOW)
    environment = {"HTTPS": "on", "LIMITS": "on", "TRUSTED_PROXIES": "1", "MEDIA_ACCEL_PREFIX": "/protected/"}
    server = WebServer(2, **environment, MAIL_DIR="")
    proxy = nginx.Nginx(tmp_path_factory.mktemp("nginx"), server.port, Path(settings.MEDIA_ROOT))
    yield server, proxy
    proxy.stop()
    server.stop()


@pytest.fixture
def proxy(production: tuple[WebServer, Any]) -> Any:
    return production[1]


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.body = response.status, response.read()
        self.pairs = [(name.lower(), value) for name, value in response.getheaders()]
        self.headers = dict(self.pairs)

    def has_each_header_once(self) -> bool:
        names = [name for name, _ in self.pairs if name not in {"set-cookie", "vary"}]
        return len(names) == len(set(names))


def unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def ask(
    port: int, path: str, method: str = "GET", *, tls: bool = True, body: Any = None, **headers: str
) -> Answer:
    kind: Any = http.client.HTTPSConnection if tls else http.client.HTTPConnection
    options = {"context": unverified()} if tls else {}
    connection = kind("127.0.0.1", port, timeout=60, **options)
    sent = {"Host": HOST, **({} if tls else {"X-Forwarded-Proto": "https"})}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def cookie_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return f"__Host-session={client.session.session_key}"


def shown(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OF_THE_PROXY}


def test_photos_have_every_header_that_the_web_server_gives_them(production: tuple[WebServer, Any]) -> None:
    server, proxy = production
    for is_indexed in (True, False):
        person = make_person(is_indexed=is_indexed)
        public = make_photo(person, note=make_note(person), with_files=True)
        private = make_photo(person, note=make_note(person, visibility="private"), with_files=True)
        token = give_picture(person).avatar_token
        cookie = cookie_of(person)
        for path, cached in (
            (f"{public.base}320.jpg", "public, max-age=86400, immutable"),
            (f"{public.base}320.avif", "public, max-age=86400, immutable"),
            (f"{private.base}320.jpg", "private, no-store"),
            (f"/avatars/{token}-square96.jpg", "public, max-age=86400, immutable"),
        ):
            told = ask(server.port, path, tls=False, Cookie=cookie)
            answer = ask(proxy.port, path, Cookie=cookie)
            told.headers.pop("x-accel-redirect")
            told.headers["cache-control"] = told.headers.pop("x-media-cache-control")
            assert (answer.status, shown(answer)) == (200, shown(told)), path
            assert answer.has_each_header_once()
            assert answer.headers["cache-control"] == cached
            assert answer.headers.get("x-robots-tag") == (None if is_indexed else "noindex")
            assert answer.headers["content-type"] in {"image/jpeg", "image/avif"}
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"
            assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.body
            part = ask(proxy.port, path, Cookie=cookie, Range="bytes=0-9")
            assert (part.status, part.body) == (206, answer.body[:10])
        assert ask(proxy.port, f"{private.base}320.jpg").status == 404, "not served to others"


def test_what_is_gone_is_404_and_kept_by_no_cache(proxy: Any, alice: User) -> None:
    photo = make_photo(alice, note=make_note(alice), with_files=True)
    path = f"{photo.base}320.jpg"
    assert ask(proxy.port, path).status == 200
    (Path(settings.MEDIA_ROOT) / photo.path("320.jpg")).unlink()
    for missing in (path, f"/media/{'0' * 32}-320.jpg", "/static/nothing.css", "/static/staticfiles.json"):
        answer = ask(proxy.port, missing)
        assert (answer.status, answer.headers["cache-control"]) == (404, "no-store"), missing
        assert b"<html" in answer.body
    Photo.objects.filter(pk=photo.pk).delete()
    assert ask(proxy.port, path).headers["cache-control"] == "no-store"
    for internal in (f"/protected/{photo.path('320.avif')}", "/too-large"):
        assert ask(proxy.port, internal).status == 404, "only nginx itself goes there"


def test_what_is_not_there_yet_is_there_once_it_is(proxy: Any, alice: User) -> None:
    note = make_note(alice, visibility="private")
    path = f"{make_photo(alice, note=note, with_files=True).base}320.jpg"
    for viewer in ("", cookie_of(make_person())):
        answer = ask(proxy.port, path, Cookie=viewer)
        assert (answer.status, answer.headers["cache-control"]) == (
            404,
            "no-store" if not viewer else "private, no-store",
        )
    Note.objects.filter(pk=note.pk).update(visibility="public")
    assert ask(proxy.port, path).status == 200


@pytest.mark.parametrize("user", ["root", "www-data"])
def test_what_nginx_does_not_find_or_may_not_read_is_kept_by_no_cache(
    production: tuple[WebServer, Any], alice: User, tmp_path: Path, user: str
) -> None:
    """A file that went after the web server looked, or a folder that was closed to nginx by mistake."""
    server, _proxy = production
    photo = make_photo(alice, note=make_note(alice), with_files=True)
    path = f"{photo.base}320.jpg"
    if user == "root":
        other = nginx.Nginx(tmp_path, server.port, tmp_path / "nothing")
    else:
        (Path(settings.MEDIA_ROOT) / photo.path("320.jpg")).chmod(0o600)
        other = nginx.Nginx(tmp_path, server.port, Path(settings.MEDIA_ROOT), user=user)
    try:
        answer = ask(other.port, path)
    finally:
        other.stop()
    assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")
    assert answer.has_each_header_once()
    assert b"<html" in answer.body
    assert b"nginx" not in answer.body


def test_pages_static_files_and_the_admin(proxy: Any, alice: User, mona: User) -> None:
    make_note(alice)
    for path, cookie in (("/", ""), ("/admin/", cookie_of(mona))):
        page = ask(proxy.port, path, Cookie=cookie, Accept_Encoding="gzip")
        assert (page.status, page.headers["content-encoding"]) == (200, "gzip"), path
        assert "accept-encoding" in ", ".join(value for name, value in page.pairs if name == "vary").lower()
        assert "default-src 'none'" in page.headers["content-security-policy"]
        files = re.findall(r'(?:href|src)="(/static/[^"#?]+)', gzip.decompress(page.body).decode())
        assert files
        for file in set(files):
            found = ask(proxy.port, file, Accept_Encoding="gzip")
            assert found.status == 200, file
            age, *rest = found.headers["cache-control"].split(", ")
            assert int(age.removeprefix("max-age=")) >= 365 * 24 * 3600, file
            assert rest == ["public", "immutable"], file
            assert found.has_each_header_once()
            if file.endswith((".css", ".js")) and len(found.body) > 1000:
                assert found.headers["content-encoding"] == "gzip", file
    assert ask(proxy.port, "/healthz").body == b"ok"


def test_plain_http_leads_to_https_and_a_form_keeps_its_method(proxy: Any) -> None:
    answer = ask(proxy.plain_port, "/about/?a=b", "POST", tls=False, body="x")
    assert (answer.status, answer.headers["location"]) == (308, f"https://{HOST}/about/?a=b")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("kind", "declared", "sent"),
    [
        ("application/x-www-form-urlencoded", 20_000_000, 20_000_000),  # words: the web server refuses
        ("application/x-www-form-urlencoded", 150_000_000, 150_000_000),
        ("multipart/form-data; boundary=b", 157_300_000, 0),  # nginx refuses
        ("multipart/form-data; boundary=b", 300_000_000, 0),
    ],
)
def test_too_large_is_our_page_from_nginx_and_from_the_site(
    proxy: Any, language: str, kind: str, declared: int, sent: int
) -> None:
    with unverified().wrap_socket(socket.create_connection(("127.0.0.1", proxy.port), timeout=60)) as line:
        head = f"POST /notes/new/ HTTP/1.1\r\nHost: {HOST}\r\nAccept-Language: {language}\r\n"
        line.sendall(f"{head}Content-Type: {kind}\r\nContent-Length: {declared}\r\n\r\n".encode())
        for _ in range(sent // 1_000_000):
            line.sendall(bytes(1_000_000))
        response = http.client.HTTPResponse(line)  # type: ignore[arg-type]
        response.begin()
        page = response.read().decode()
    assert response.status == 413
    assert f'<html lang="{language}"' in page
    assert "nginx" not in page


def test_slow_clients_hold_nobody_up(proxy: Any) -> None:
    """Three times as many as the web server has threads, each stopping within its headers or its body."""
    lines = []
    for number in range(3 * THREADS):
        line = unverified().wrap_socket(socket.create_connection(("127.0.0.1", proxy.port), timeout=60))
        head = f"POST /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\n"
        if number % 2:
            head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nlogin="
        line.sendall(head.encode())
        lines.append(line)
    began = time.monotonic()
    for _ in range(5):
        assert ask(proxy.port, "/about/").status == 200
    assert time.monotonic() - began < 5
    for line in lines:  # within 10 s of the headers' beginning, or 20 s of a body's last piece
        line.settimeout(40)
        try:
            answer = line.recv(100)
        except OSError:
            answer = b""
        assert answer == b"" or b" 408 " in answer
        line.close()
    assert time.monotonic() - began < 40
