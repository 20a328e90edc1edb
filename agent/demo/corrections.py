"""What moto answers otherwise than AWS does. Each correction is one function, and says what AWS does instead."""

import functools
import importlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from agent.demo.cloud import Cloud, keep_time, know_callers, name_accounts
from agent.demo.speech import module


def prepare(cloud: Cloud) -> None:
    """Change moto, before the first request."""
    keep_time(cloud)
    know_callers()
    name_accounts(cloud)
    tell_bucket_regions(cloud)
    report_credentials(cloud)
    deliver_trails(cloud)
    rotate_keys()
    date_secrets()
    mask_logs(cloud)
    associate_no_address()


def tell_bucket_regions(cloud: Cloud) -> None:
    """AWS's ListBuckets tells each bucket's region and ARN; moto only its name. A bucket is made at the story's time."""
    models, responses = module("s3.models"), module("s3.responses")
    made = models.FakeBucket.__init__

    @functools.wraps(made)
    def make(self: Any, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        self.creation_date = cloud.now.astimezone(UTC)

    def all_buckets(self: Any) -> Any:
        self.data["Action"] = "ListBuckets"
        buckets = [
            {
                "Name": bucket.name, "CreationDate": bucket.creation_date_ISO8601,
                "BucketRegion": bucket.region_name, "BucketArn": f"arn:aws:s3:::{bucket.name}",
            }
            for bucket in self.backend.list_buckets(prefix=None, bucket_region=None, max_buckets=None)
        ]  # fmt: skip
        owner = {"ID": f"{int(self.current_account):064x}"}
        return self.serialized(module("core.responses").ActionResult({"Owner": owner, "Buckets": buckets}))

    models.FakeBucket.__init__ = make
    responses.S3Response.all_buckets = all_buckets


def report_credentials(cloud: Cloud) -> None:
    """AWS's credential report begins with the root user and is made now; moto's has no root and was made in 2015."""
    models, responses = module("iam.models"), module("iam.responses")
    report = models.IAMBackend.get_credential_report

    def with_root(self: Any) -> str:
        header, _, users = report(self).partition("\n")
        summary = self.account_summary.summary_map
        yes: Callable[[str], str] = lambda fact: "true" if summary[fact] else "false"  # noqa: E731
        row = dict.fromkeys(header.split(","), "N/A") | {
            "user": "<root_account>", "arn": f"arn:aws:iam::{self.account_id}:root",
            "user_creation_time": "2024-01-15T09:00:00+00:00", "password_enabled": "not_supported",
            "password_last_used": "2024-01-15T09:10:00+00:00", "password_last_changed": "not_supported",
            "password_next_rotation": "not_supported", "mfa_active": yes("AccountMFAEnabled"),
            "access_key_1_active": yes("AccountAccessKeysPresent"), "access_key_2_active": "false",
            "cert_1_active": "false", "cert_2_active": "false",
        }  # fmt: skip
        return f"{header}\n{','.join(row.values())}\n{users}"

    def get_credential_report(self: Any) -> Any:
        content = {"Content": self.backend.get_credential_report(), "ReportFormat": "text/csv"}
        return module("core.responses").ActionResult(content | {"GeneratedTime": cloud.utcnow()})

    models.IAMBackend.get_credential_report = with_root
    responses.IamResponse.get_credential_report = get_credential_report


def deliver_trails(cloud: Cloud) -> None:
    """moto's trails deliver at every moment that anybody looks; ours until told otherwise."""
    models = module("cloudtrail.models")
    status = models.CloudTrailBackend.get_trail_status

    class Stopped:
        """The status of a trail whose deliveries have ended."""

        def __init__(self, status: Any, at: datetime) -> None:
            self.status, self.at = status, at

        def description(self) -> dict[str, Any]:
            """GetTrailStatus's answer, with the last delivery that there was."""
            attempt = self.at.strftime("%Y-%m-%dT%H:%M:%SZ")
            status: dict[str, Any] = self.status.description()
            return status | {
                "LatestDeliveryTime": self.at.timestamp(),
                "LatestDeliveryAttemptTime": attempt,
            }

    def get_trail_status(self: Any, name: str) -> Any:
        arn = (
            name if name.startswith("arn:") else f"arn:aws:cloudtrail:{self.region_name}:{self.account_id}:trail/{name}"
        )
        found = status(self, name)
        return Stopped(found, cloud.deliveries[arn]) if arn in cloud.deliveries else found

    models.CloudTrailBackend.get_trail_status = get_trail_status


def rotate_keys() -> None:
    """AWS tells and takes the days between rotations; moto only whether there are any."""
    responses, json = module("kms.responses"), importlib.import_module("json")
    enable, status = responses.KmsResponse.enable_key_rotation, responses.KmsResponse.get_key_rotation_status

    def enable_key_rotation(self: Any) -> Any:
        answer = enable(self)
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        key.rotation_period = self._get_param("RotationPeriodInDays") or 365
        return answer

    def get_key_rotation_status(self: Any) -> str:
        answer = json.loads(status(self))
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        if answer["KeyRotationEnabled"]:
            answer["RotationPeriodInDays"] = getattr(key, "rotation_period", 365)
        return str(json.dumps(answer))

    responses.KmsResponse.enable_key_rotation = enable_key_rotation
    responses.KmsResponse.get_key_rotation_status = get_key_rotation_status


def date_secrets() -> None:
    """AWS says when a version of a secret was made; moto says that each was made now."""
    models, json = module("secretsmanager.models"), importlib.import_module("json")
    listed = models.SecretsManagerBackend.list_secret_version_ids

    def list_secret_version_ids(self: Any, secret_id: str) -> str:
        answer = json.loads(listed(self, secret_id))
        versions = self.secrets[secret_id].versions
        for one in answer["Versions"]:
            one["CreatedDate"] = versions[one["VersionId"]]["createdate"]
        return str(json.dumps(answer))

    models.SecretsManagerBackend.list_secret_version_ids = list_secret_version_ids


def mask_logs(cloud: Cloud) -> None:
    """AWS says of a log group that its account's data protection policy stands on it; moto knows no such policy. Ours has one."""
    models = module("logs.models")
    describe = models.LogGroup.to_describe_dict

    def to_describe_dict(self: Any) -> dict[str, Any]:
        described: dict[str, Any] = describe(self)
        masked = self.account_id not in cloud.unmasked
        return described | ({"inheritedProperties": ["ACCOUNT_DATA_PROTECTION"]} if masked else {})

    models.LogGroup.to_describe_dict = to_describe_dict


def associate_no_address() -> None:
    """AWS says nothing of an association where an interface of an instance has no public address; moto says an empty one."""
    leaves_out = module("core.serialize").return_if_not_empty
    told = module("ec2.responses._base_response").EC2BaseResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER
    told["NetworkInterfaces.InstanceNetworkInterface.Association"] = leaves_out
