"""moto, made to live in a story: its clock, its accounts and regions, and the few facts that it lacks.

Loaded only in the server's process. Every change to moto is one function below and says what AWS does instead; nothing here
knows what the agent's checks ask for.
"""

import functools
import importlib
import sys
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.demo.names import LANDING_ROLE, MANAGEMENT, ORGANIZATION
from agent.demo.speech import module


class Cloud:
    """What the simulated cloud is told from outside: the time, the accounts to come, habits, missing facts."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.accounts: deque[str] = deque()
        """Ids for the next accounts that the organisation creates."""
        self.habits: set[tuple[str, str]] = set()
        """(account, user): those who use their credentials every day."""
        self.deliveries: dict[str, datetime] = {}
        """Trail ARN: when it last delivered, for a trail that delivers no more."""

    def utcnow(self) -> datetime:
        """The story's time as moto wants it: UTC without a zone."""
        return self.now.astimezone(UTC).replace(tzinfo=None)

    def tick(self, now: datetime) -> None:
        """Move the clock; who works every day has worked this day too."""
        self.now = now
        for account, name in self.habits:
            self.used(account, name, self.utcnow() - timedelta(hours=3))

    def used(self, account: str, name: str, at: datetime | None) -> None:
        """Say when a user last used the password and the active keys."""
        iam = module("iam.models")
        user = iam_of(account).users[name]
        if user.password:
            user.password_last_used = at
        for key in user.access_keys:
            if key.status == "Active":
                key.last_used = at and iam.AccessKeyLastUsed(timestamp=at, service="s3", region="eu-central-1")

    def root(self, account: str, *, mfa: bool, keys: bool) -> None:
        """Say how the root user signs in: AWS has no API to set it, and moto none either."""
        summary = iam_of(account).account_summary
        summary._account_mfa_enabled = int(mfa)  # noqa: SLF001 - moto's only place for it
        summary._account_access_keys_present = int(keys)  # noqa: SLF001


def iam_of(account: str) -> Any:
    """moto's IAM of one account."""
    return module("iam.models").iam_backends[account]["aws"]


def prepare(cloud: Cloud) -> None:
    """Change moto, before the first request."""
    keep_time(cloud)
    know_callers()
    name_accounts(cloud)
    tell_bucket_regions(cloud)
    report_credentials(cloud)
    deliver_trails(cloud)
    rotate_keys()


def keep_time(cloud: Cloud) -> None:
    """moto stamps the machine's time; the story has its own. Sessions end in the future of both."""
    utils = module("core.utils")
    machine = utils.utcnow
    for name, loaded in list(sys.modules.items()):
        if name.startswith("moto.") and getattr(loaded, "utcnow", None) is machine:
            loaded.utcnow = cloud.utcnow  # type: ignore[attr-defined]
    module("sts.models").utcnow = lambda: max(machine(), cloud.utcnow())


def know_callers() -> None:
    """moto has one default account; here a caller without a role session is the management account."""
    iam = module("iam.models")

    def account_of(access_key: str) -> str:
        backends = list(iam.iam_backends.items())
        return next((account for account, parts in backends if access_key in parts["aws"].access_keys), MANAGEMENT)

    iam.get_account_id_from = account_of


def name_accounts(cloud: Cloud) -> None:
    """moto draws ids at random; the story's organisation and accounts have the ids that documentation uses."""
    utils = module("organizations.utils")
    utils.make_random_org_id = lambda: ORGANIZATION
    drawn = utils.make_random_account_id
    utils.make_random_account_id = lambda: cloud.accounts.popleft() if cloud.accounts else drawn()


def enable_regions(names: tuple[str, ...]) -> None:
    """moto's DescribeRegions answers with every region; AWS, without AllRegions, with the enabled ones."""
    regions = module("ec2.models.availability_zones_and_regions").RegionsAndZonesBackend
    regions.regions = [region for region in regions.regions if region.name in names]


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


def may_assume(arn: str, external_id: str) -> bool:
    """AWS lets a role be assumed that exists and whose trust policy holds; moto lets any. Of conditions we know ExternalId."""
    account, _, name = arn.removeprefix("arn:aws:iam::").partition(":role/")
    roles = {role.name: role for role in iam_of(account).roles.values()}
    if name not in roles:
        return False
    return name == LANDING_ROLE or trusted(roles[name].assume_role_policy_document, external_id)


def trusted(document: str | dict[str, Any], external_id: str) -> bool:
    """Some statement of a trust policy lets the management account in with this external id."""
    policy = importlib.import_module("json").loads(document) if isinstance(document, str) else document
    for statement in policy["Statement"]:
        asked = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
        if MANAGEMENT in str(statement.get("Principal")) and asked in {None, external_id}:
            return True
    return False
