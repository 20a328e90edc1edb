"""S3, through boto3: `If-None-Match`, sha256 checksums that S3 checks, Object Lock, SSE-KMS. No other module of the agent imports an SDK.

Permissions needed on the bucket and its objects: s3:ListBucket, s3:GetObject, s3:PutObject; with retention also
s3:GetBucketObjectLockConfiguration, s3:GetObjectRetention, s3:PutObjectRetention; for `store gc` s3:DeleteObject.
"""

import base64
import hashlib
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    ResponseStreamingError,
)
from botocore.exceptions import ConnectionError as NoConnection

from agent.errors import StoreError
from agent.stores.naming import media_type
from agent.stores.remote import Object, Unanswered

if TYPE_CHECKING:
    from agent.programme import StoreOptions

PART = 64 * 1024 * 1024
"""Bytes of one part of a large file; a smaller file is put at once."""
CONFLICTS = 8
"""Times that a put begins again because another one of the same key was under way."""
SLACK = timedelta(days=31)
"""Retention is given this much longer than asked, so that an object referred to every day is extended once a month."""
YOUNG = timedelta(days=7)
"""Without retention, an object that is referred to at this age is copied onto itself, so that `gc` finds it young."""
ABSENT = {"NoSuchKey", "404", "NotFound"}
STANDS = {"PreconditionFailed", "412"}
CONFLICT = {"ConditionalRequestConflict", "OperationAborted", "409"}
UNCLEAR = {"SlowDown", "RequestTimeout", "NoSuchUpload"}
"""Also the answer to a completion that is sent again because its first answer was lost."""
REMEDIES = {
    "NoSuchBucket": "make the bucket first",
    "404": "make the bucket first",
    "AccessDenied": "give this identity the permissions that docs/store.md lists",
    "403": "give this identity the permissions that docs/store.md lists",
}


class S3:
    """One prefix of one S3 bucket."""

    def __init__(
        self, bucket: str, prefix: str, options: "StoreOptions", *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.address = f"s3://{bucket}/{prefix}".rstrip("/")
        self._bucket, self._prefix, self._sleep = bucket, f"{prefix}/" if prefix else "", sleep
        self._retained = timedelta(days=options.retain_days) if options.retain_days else None
        self._mode = options.lock.upper()
        self._encryption: dict[str, Any] = (
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": options.kms_key} if options.kms_key else {}
        )
        own = bool(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"))
        config = Config(
            retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=10, read_timeout=60, max_pool_connections=32,
            s3={"addressing_style": "path"} if own else {},
        )  # fmt: skip
        with self._said():
            self._client = boto3.session.Session(region_name=options.region).client("s3", config=config)

    def read(self, key: str) -> bytes:
        """The bytes at a key; the SDK holds them against their checksum."""
        with self._said(key):
            answer = self._client.get_object(**self._at(key), ChecksumMode="ENABLED")
            data: bytes = answer["Body"].read()
            return data

    def download(self, key: str, target: Path) -> None:
        """Write the bytes at a key to a file."""
        with self._said(key), target.open("wb") as file:
            for chunk in self._client.get_object(**self._at(key), ChecksumMode="ENABLED")["Body"].iter_chunks(1 << 20):
                file.write(chunk)

    def written(self, key: str) -> datetime:
        """When the object was put."""
        with self._said(key):
            when: datetime = self._client.head_object(**self._at(key))["LastModified"]
            return when

    def create(self, key: str, data: bytes) -> bool:
        """Put bytes where nothing stands; False if something does."""
        checksum = _checksum(hashlib.sha256(data))
        return self._conditionally(
            key,
            lambda: self._client.put_object(
                **self._at(key),
                **self._kept(),
                ContentType=media_type(key),
                Body=data,
                ChecksumSHA256=checksum,
                IfNoneMatch="*",
            ),
        )

    def upload(self, key: str, source: Path) -> bool:
        """Put a file of any size where nothing stands; False if something does."""
        if source.stat().st_size > PART:
            return self._in_parts(key, source)
        with source.open("rb") as file:
            checksum = _checksum(hashlib.file_digest(file, "sha256"))

            def put() -> None:
                file.seek(0)
                self._client.put_object(
                    **self._at(key),
                    **self._kept(),
                    ContentType=media_type(key),
                    Body=file,
                    ChecksumSHA256=checksum,
                    IfNoneMatch="*",
                )

            return self._conditionally(key, put)

    def keep(self, key: str) -> None:
        """Extend retention where less than what was asked is left; without retention, make an old object younger."""
        now = datetime.now(UTC)
        with self._said(key):
            head = self._client.head_object(**self._at(key))
            if self._retained is None:
                if now - head["LastModified"] > YOUNG:
                    self._refresh(key)
                return
            until = head.get("ObjectLockRetainUntilDate")
            if until is None or until < now + self._retained:
                self._client.put_object_retention(
                    **self._at(key), Retention={"Mode": head.get("ObjectLockMode") or self._mode, "RetainUntilDate": self._until(now)},
                    ChecksumAlgorithm="SHA256",
                )  # fmt: skip

    def _refresh(self, key: str) -> None:
        """Copy an object onto itself. Where a policy forbids that, it stands all the same, and stays as old as it is."""
        with suppress(StoreError, _Conflict), self._said(key):
            self._client.copy_object(
                **self._at(key), **self._encryption, CopySource={"Bucket": self._bucket, "Key": self._prefix + key},
                MetadataDirective="REPLACE", ContentType=media_type(key), ChecksumAlgorithm="SHA256",
            )  # fmt: skip

    def keys(self, prefix: str) -> Iterator[str]:
        """Keys that begin with a prefix."""
        with self._said():
            for page in self._pages(prefix):
                yield from (one["Key"].removeprefix(self._prefix) for one in page.get("Contents", ()))

    def listed(self, prefix: str) -> Iterator[Object]:
        """What stands at keys that begin with a prefix."""
        with self._said():
            for page in self._pages(prefix):
                for one in page.get("Contents", ()):
                    mark = f"{one['ETag']} {one['LastModified'].isoformat()}"
                    yield Object(one["Key"].removeprefix(self._prefix), mark, one["Size"])

    def children(self, prefix: str) -> Iterator[str]:
        """Names up to the next `/` after a prefix."""
        whole = self._prefix + prefix
        with self._said():
            for page in self._pages(prefix, Delimiter="/"):
                yield from (one["Key"].removeprefix(whole) for one in page.get("Contents", ()))
                yield from (one["Prefix"].removeprefix(whole).rstrip("/") for one in page.get("CommonPrefixes", ()))

    def delete(self, key: str) -> None:
        """Remove an object; what is retained is left alone, for a delete marker would only hide it."""
        try:
            with self._said(key):
                until = self._client.head_object(**self._at(key)).get("ObjectLockRetainUntilDate")
                if until is not None and until > datetime.now(UTC):
                    raise StoreError(
                        f"{self.address}/{key} is retained until {until:%Y-%m-%d}; run `store gc` after that day"
                    )
                self._client.delete_object(**self._at(key))
        except KeyError:
            return

    def ready(self) -> None:
        """The bucket is there; and it has Object Lock, if retention was asked for."""
        with self._said():
            self._client.head_bucket(Bucket=self._bucket)
        if self._retained is None:
            return
        try:
            with self._said():
                found = self._client.get_object_lock_configuration(Bucket=self._bucket)
        except StoreError as error:
            raise StoreError(f"{self.address}: {_UNLOCKED} ({error})") from error
        if found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") != "Enabled":
            raise StoreError(f"{self.address}: {_UNLOCKED}")

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key}

    def _kept(self) -> dict[str, Any]:
        """How every object is put: encrypted, and retained from its first instant."""
        if self._retained is None:
            return self._encryption
        until = self._until(datetime.now(UTC))
        return self._encryption | {"ObjectLockMode": self._mode, "ObjectLockRetainUntilDate": until}

    def _until(self, now: datetime) -> datetime:
        assert self._retained is not None
        return (now + self._retained + SLACK).replace(microsecond=0)

    def _pages(self, prefix: str, **how: str) -> Iterator[dict[str, Any]]:
        pages: Iterator[dict[str, Any]] = iter(
            self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + prefix, **how
            )
        )
        return pages

    def _in_parts(self, key: str, source: Path) -> bool:
        """Upload part by part; the condition is held where the parts become an object."""
        with self._said(key):
            begun = self._client.create_multipart_upload(**self._at(key), **self._kept(), ChecksumAlgorithm="SHA256")
        upload = {**self._at(key), "UploadId": begun["UploadId"]}
        try:
            parts = list(self._parts(upload, source))
            done = self._conditionally(
                key,
                lambda: self._client.complete_multipart_upload(
                    **upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
                ),
            )
        except BaseException:
            self._abandon(upload)
            raise
        if not done:
            self._abandon(upload)
        return done

    def _parts(self, upload: dict[str, str], source: Path) -> Iterator[dict[str, Any]]:
        with source.open("rb") as file:
            for number, chunk in enumerate(iter(lambda: file.read(PART), b""), start=1):
                checksum = _checksum(hashlib.sha256(chunk))
                with self._said(upload["Key"]):
                    answer = self._client.upload_part(**upload, PartNumber=number, Body=chunk, ChecksumSHA256=checksum)
                yield {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}

    def _abandon(self, upload: dict[str, str]) -> None:
        """Free the parts; a lifecycle rule frees those of a process that was killed."""
        try:
            self._client.abort_multipart_upload(**upload)
        except (BotoCoreError, ClientError):
            return

    def _conditionally(self, key: str, put: Callable[[], object]) -> bool:
        """Put, and begin again while another put of the key is under way; False if something stands."""
        for turn in range(CONFLICTS):
            try:
                with self._said(key):
                    put()
            except _Conflict:
                self._sleep(random.uniform(0.05, 0.2) * (turn + 1))  # noqa: S311 (spreads writers; no secret)
            except _Stands:
                return False
            else:
                return True
        raise Unanswered(f"another put of this key was under way {CONFLICTS} times")

    @contextmanager
    def _said(self, key: str = "") -> Iterator[None]:
        """Turn what the SDK raises into what a bucket may raise."""
        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            words = f"S3 answered {code} to {error.operation_name}"
            if code in ABSENT and key:
                raise KeyError(key) from None
            if code in STANDS:
                raise _Stands from None
            if code in CONFLICT:
                raise _Conflict from None
            if status >= 500 or code in UNCLEAR:
                raise Unanswered(words) from error
            remedy = REMEDIES.get(code, "see what S3 says of this code")
            raise StoreError(f"{self.address}/{key}: {words}; {remedy}") from error
        except FlexibleChecksumError as error:
            raise StoreError(
                f"{self.address}/{key} is not what its checksum says; run again, then restore it from the backup"
            ) from error
        except (NoConnection, HTTPClientError, IncompleteReadError, ResponseStreamingError) as error:
            raise Unanswered(f"no answer from S3 ({type(error).__name__})") from error
        except BotoCoreError as error:
            raise StoreError(f"{self.address}: {error}; see that AWS credentials and a region can be found") from error


class _Stands(Exception):
    """Something stands at the key."""


class _Conflict(Exception):
    """Another put of the same key was under way."""


_UNLOCKED = (
    "retain_days needs a bucket with Object Lock, which is chosen when it is made (--object-lock-enabled-for-bucket)"
)


def _checksum(hashed: Any) -> str:
    return base64.b64encode(hashed.digest()).decode()
