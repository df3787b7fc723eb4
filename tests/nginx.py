"""Debian's nginx with the configuration of docs/deploy.md; installed if missing and possible."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from core.processes import end_with_parent
from tests.servers import PROJECT, free_port

HOW = "The tests of the proxy need nginx: sudo apt-get install nginx"
PAGE = PROJECT / "docs" / "deploy.md"


def path() -> str | None:
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def install() -> None:
    """Needs root on a Debian; does nothing elsewhere."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "nginx-light", "openssl"]):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        subprocess.run(["apt-get", "--quiet", *command], check=False, env=environment)


def documented() -> str:
    """The configuration that the page shows."""
    (found,) = re.findall(r"```nginx\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return found


class Nginx:
    """Stands before the web server of a port, with the documented configuration but for ports and paths."""

    def __init__(self, folder: Path, web_port: int, media: Path, user: str = "root") -> None:
        self.port, self.plain_port = free_port(), free_port()
        self.errors = folder / "error.log"
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=redbook.example"]
        written: list[str | Path] = ["-keyout", key, "-out", certificate]
        subprocess.run([*made, *written], check=True, capture_output=True)
        server = documented()
        for told, here in {
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "/etc/letsencrypt/live/redbook.example/fullchain.pem": str(certificate),
            "/etc/letsencrypt/live/redbook.example/privkey.pem": str(key),
            "http://127.0.0.1:8000": f"http://127.0.0.1:{web_port}",
            "/srv/redbook/media/": f"{media}/",
        }.items():
            assert told in server, f"{PAGE} does not say {told}"
            server = server.replace(told, here)
        user = f"user {user};" if os.geteuid() == 0 else ""  # root can read the tests' folders
        temporary = " ".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        configuration = folder / "nginx.conf"
        configuration.write_text(
            f"{user} daemon off; pid {folder}/pid; error_log {self.errors}; events {{ worker_connections 768; }}\n"
            f"http {{ include /etc/nginx/mime.types; access_log off; {temporary}\n{server}\n}}\n"
        )
        self.popen = subprocess.Popen(
            [path() or "nginx", "-c", configuration, "-p", folder],
            preexec_fn=lambda: end_with_parent(signal.SIGTERM),
        )
        deadline = time.monotonic() + 20
        while not (folder / "pid").exists():
            assert self.popen.poll() is None, self.errors.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def stop(self) -> None:
        self.popen.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(10)
        self.popen.kill()
