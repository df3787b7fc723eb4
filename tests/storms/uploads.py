"""The compose form as raw bytes, which can be cut anywhere."""

import http.client
import socket

from profiles.models import User
from tests.storms.client import CSRF
from tests.storms.test_storms import session

MARK = "storm" * 8


def posting(person: User, photos: dict[str, bytes], title: str = "A walk") -> tuple[bytes, bytes]:
    """Head and body of the form with these photos, by file name."""
    fields = {"title": title, "key": "", "action": "publish", "csrfmiddlewaretoken": CSRF}
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts += [
        f'name="photos"; filename="{name}"\r\n\r\n'.encode() + content for name, content in photos.items()
    ]
    start = f"--{MARK}\r\nContent-Disposition: form-data; ".encode()
    body = b"".join(start + part + b"\r\n" for part in parts) + f"--{MARK}--\r\n".encode()
    head = (
        "POST /notes/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: sessionid={session(person)}; csrftoken={CSRF}\r\n"
        f"Content-Type: multipart/form-data; boundary={MARK}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode(), body


def answer(port: int, head: bytes, body: bytes) -> int:
    """Sends it whole; the status of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(head + body)
        response = http.client.HTTPResponse(line)
        response.begin()
        return response.status
