from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from core.storage import told_as_away

_TROUBLES = (Boto3Error, BotoCoreError, ClientError, OSError)


class Bucket(S3Storage):
    """Private photos in S3-compatible storage. A file of the same name is overwritten.

    Objects have a content type that no browser displays, in case the bucket is ever made public; the true one is sent
    when they are served.
    """

    def __init__(self, *, addressing_style: str, **options: Any) -> None:
        client = Config(
            s3={"addressing_style": addressing_style},
            connect_timeout=5,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 2},
            request_checksum_calculation="when_required",  # others than Amazon do not know the newer checksums
            response_checksum_validation="when_required",
        )
        kept_private = {"ContentType": "application/octet-stream"}
        super().__init__(
            client_config=client,
            default_acl=None,
            file_overwrite=True,
            object_parameters=kept_private,
            **options,
        )

    def _open(self, name: str, mode: str = "rb") -> File:
        """Download the whole file, in one request instead of S3File's two."""
        with told_as_away(*_TROUBLES):
            return ContentFile(self.stream(name).read(), name)

    def stream(self, name: str) -> Any:
        with told_as_away(*_TROUBLES):
            try:
                return self.bucket.Object(self._normalize_name(name)).get()["Body"]
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                    raise FileNotFoundError(name) from None
                raise

    def _save(self, name: str, content: File) -> str:
        with told_as_away(*_TROUBLES):
            return super()._save(name, content)  # type: ignore[no-any-return]

    def delete(self, name: str) -> None:
        with told_as_away(*_TROUBLES):
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with told_as_away(*_TROUBLES):
            return super().listdir(path)  # type: ignore[no-any-return]

    def get_modified_time(self, name: str) -> Any:
        with told_as_away(*_TROUBLES):
            try:
                return super().get_modified_time(name)
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                    raise FileNotFoundError(name) from None
                raise
