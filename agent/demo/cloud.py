"""moto, made to live in a story: its clock, its accounts and regions, and what people and services do in it by themselves.

Loaded only in the server's process. Nothing here knows what the agent's checks ask for.
"""

import importlib
import sys
from collections import deque
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from agent.demo.names import LANDING_ROLE, MANAGEMENT, ORGANIZATION
from agent.demo.speech import module

BACKUP = "This snapshot is created by the AWS Backup service."


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
        self.unmasked: set[str] = set()
        """Accounts without a policy that masks what log groups must not show."""
        self.weekly: dict[tuple[str, str], list[str]] = {}
        """(account, region) -> volumes of which a snapshot is made every Monday."""

    def utcnow(self) -> datetime:
        """The story's time as moto wants it: UTC without a zone."""
        return self.now.astimezone(UTC).replace(tzinfo=None)

    def tick(self, now: datetime) -> None:
        """Move the clock; who works every day has worked this day too."""
        self.now = now
        for account, name in self.habits:
            self.used(account, name, self.utcnow() - timedelta(hours=3))
        self.back_up()

    def back_up(self) -> None:
        """Make the newest snapshots of the volumes that are backed up, and drop those of the week before."""
        today = self.utcnow() - timedelta(hours=2)
        night = today.replace(hour=2, minute=0, second=0, microsecond=0) - timedelta(days=today.weekday())
        for (account, region), volumes in self.weekly.items():
            ec2 = module("ec2.models").ec2_backends[account][region]
            made = {one.id: one for one in ec2.snapshots.values() if one.description == BACKUP}
            for volume in volumes:
                old = [one for one in made.values() if one.volume.id == volume]
                if old and old[0].start_time == night:
                    continue
                new = ec2.create_snapshot(volume, BACKUP)
                new.start_time = night
                new.add_tags({tag["key"]: tag["value"] for tag in ec2.get_volume(volume).get_tags()})
                for one in old:
                    ec2.delete_snapshot(one.id)

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


def keep_time(cloud: Cloud) -> None:
    """moto stamps the machine's time; the story has its own. Sessions end in the future of both."""
    utils = module("core.utils")
    machine = utils.utcnow
    for name, loaded in list(sys.modules.items()):
        if name.startswith("moto.") and getattr(loaded, "utcnow", None) is machine:
            loaded.utcnow = cloud.utcnow  # type: ignore[attr-defined]
    module("secretsmanager.models").time = SimpleNamespace(time=lambda: int(cloud.now.timestamp()))
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
