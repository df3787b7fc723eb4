"""Pytest plugin: storage for photos, as a folder and as a bucket in a local S3 server."""

import contextlib
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Process, free_port, wait_until

FOLDER = {"BACKEND": "core.storage.Folder"}


class S3Server(Process):
    """An external object storage as a process of its own; `settings` are those of a bucket in it."""

    def __init__(self) -> None:
        self.port = free_port()
        super().__init__("s3", [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)])
        wait_until(self.answers, "The S3 server does not answer", self)

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5):
            return True
        return False

    def make_bucket(self) -> dict[str, str]:
        """Makes an empty bucket; the environment that has the site keep its photos there."""
        import boto3  # which takes its time, and most tests have no use for it

        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        url, name = f"http://127.0.0.1:{self.port}", f"bucket-{time.monotonic_ns()}"
        boto3.client("s3", endpoint_url=url, **keys).create_bucket(Bucket=name)
        own = {"S3_BUCKET": name, "S3_ENDPOINT": url, "S3_REGION": "us-east-1", "S3_ADDRESSING": "path"}
        return own | {"S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "secret"}


@pytest.fixture(scope="session")
def s3_server(django_db_setup: None) -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.stop()


def bucket_in(environment: dict[str, str]) -> dict[str, Any]:
    """The storage that these settings make."""
    names = {
        "bucket_name": "S3_BUCKET",
        "endpoint_url": "S3_ENDPOINT",
        "region_name": "S3_REGION",
        "access_key": "S3_ACCESS_KEY",
        "secret_key": "S3_SECRET_KEY",
        "addressing_style": "S3_ADDRESSING",
    }
    options = {option: environment[name] for option, name in names.items()}
    return {"BACKEND": "core.storage.bucket.Bucket", "OPTIONS": options}


@pytest.fixture(params=["folder", "bucket"])
def break_it(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Callable[[], None]:
    """Photos are kept in an empty storage of each kind; calling this puts it out of reach."""
    settings.MEDIA_ROOT = tmp_path / "media"
    place: dict[str, Any] = FOLDER
    if request.param == "bucket":
        place = bucket_in(request.getfixturevalue("s3_server").make_bucket())
    settings.STORAGES = settings.STORAGES | {"default": place}

    def broken() -> None:
        if request.param == "folder":
            (tmp_path / "file").touch()
            settings.MEDIA_ROOT = tmp_path / "file"
        else:
            away = place | {"OPTIONS": place["OPTIONS"] | {"endpoint_url": f"http://127.0.0.1:{free_port()}"}}
            settings.STORAGES = settings.STORAGES | {"default": away}

    return broken


@pytest.fixture
def kept(break_it: Callable[[], None]) -> None:
    """Photos are kept in an empty storage of each kind."""
