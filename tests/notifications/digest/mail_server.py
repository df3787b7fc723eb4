"""A mail server of the tests' own: it counts what it takes, refuses and hangs as it is told."""

import contextlib
import socketserver
import threading
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class MailServer:
    """`answers` says what is answered to a command ("connect", "mail", "rcpt", "data", "message") instead of that all
    is well; "hang" holds the connection without an answer, and "cut" ends it.
    """

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.of_address: dict[str, str] = {}  # what is answered to RCPT for these
        self.taken: list[EmailMessage] = []
        self.received: list[bytes] = []  # the same as it came
        self.seen: list[str] = []  # connections and commands
        self.takes_before_hanging = False
        self.pause = threading.Event()  # cleared, no command is answered until it is set
        self.pause.set()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError, ConnectionError):
                    outer._serve(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def mailers(self) -> dict[str, Any]:
        options = {"host": "127.0.0.1", "port": self.port, "timeout": 0.3}
        return {"default": {"BACKEND": "core.mail.ServerBackend", "OPTIONS": options}}

    def _serve(self, client: Any) -> None:
        if not self._say(client, "connect", "220 ready"):
            return
        while line := client.rfile.readline():
            words = line.decode().strip()
            command = words[:4].lower()
            if command == "quit":
                client.wfile.write(b"221 bye\r\n")
                return
            if command == "data":
                if not self._say(client, "data", "354 go on"):
                    return
                if "data" in self.answers:
                    continue
                if not self._take(client):
                    return
                continue
            default = "250 fine"
            if command == "rcpt":
                address = words.partition("<")[2].partition(">")[0]
                default = self.of_address.get(address, default)
            if not self._say(client, command, default):
                return

    def _take(self, client: Any) -> bool:
        lines = []
        while (line := client.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default.clone(max_line_length=998))
        if "message" not in self.answers or self.takes_before_hanging:
            self.taken.append(mail)  # type: ignore[arg-type]
            self.received.append(b"".join(lines))
        return self._say(client, "message", "250 taken")

    def _say(self, client: Any, what: str, default: str) -> bool:
        """Answer, and return whether the conversation goes on."""
        self.seen.append(what)
        self.pause.wait()
        answer = self.answers.get(what, default)
        if answer == "hang":
            time.sleep(30)
            return False
        if answer == "cut":
            return False
        client.wfile.write(answer.encode() + b"\r\n")
        return not answer.startswith("421")


@contextlib.contextmanager
def running() -> Iterator[MailServer]:
    server = MailServer()
    try:
        yield server
    finally:
        server.close()
