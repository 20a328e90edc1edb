"""Secrets of Secrets Manager: when the newest version of each was made, and who may read it. Never the secret. None has an end."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from collectors.aws.elements import flag, instant, resource_policy, tags, text
from collectors.aws.exposure import public
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.collector import Item, collector, learned
from collectors.resource import FAR
from collectors.serving import Secret

GONE = ("ResourceNotFoundException",)
OWN = "alias/aws/secretsmanager"
"""The provider's key, under which a secret is that names none."""


@collector(
    "aws.secrets",
    sees=Secret,
    kinds=("secret",),
    learns=("renews", "rotated", "expires", "open_policy", "key_held_by"),
    moves=("LastAccessedDate", "NextRotationDate"),
    grants=(
        "secretsmanager:ListSecrets",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:ListSecretVersionIds",
        "kms:ListAliases",
    ),
    counted=("AWS::SecretsManager::Secret",),
    where="region",
)
class Secrets:
    """Every secret of the account in the region that is not about to be deleted; copies are their primary's."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `ListSecrets`."""
        found = session.pages("secretsmanager.ListSecrets", "SecretList")
        return (one for one in found if text(one, "PrimaryRegion") in {None, session.region})

    def describe(self, session: CellSession, item: Item) -> Secret:
        """One call for its policy; its versions are asked for where it never rotated by itself."""
        name = item["ARN"]
        answer = session.ask("secretsmanager.GetResourcePolicy", gone=GONE, SecretId=name)
        return Secret(
            id=name, provider="aws", account=session.account, region=session.region, kind="secret", name=text(item, "Name"),
            tags=tags(item.get("Tags", [])), managed_by="provider" if text(item, "OwningService") else "customer",
            created=instant(item, "CreatedDate"), rotated=rotated(session, item),
            open_policy=learned(answer, open_policy), renews=flag(item, "RotationEnabled") or False, expires=FAR,
            key_held_by=holder(session, encrypted=True, key=text(item, "KmsKeyId") or OWN),
        )  # fmt: skip


def rotated(session: CellSession, item: Item) -> datetime | None:
    """When its newest version was made: by its rotation, or by whoever put it there."""
    last = instant(item, "LastRotatedDate")
    if last is not None:
        return last
    answer = session.ask("secretsmanager.ListSecretVersionIds", gone=GONE, SecretId=item["ARN"], MaxResults=100)
    return learned(answer, newest)


def newest(answer: dict[str, Any]) -> datetime | None:
    """Of the versions that still have a stage, which fit one page."""
    made = [when for one in answer.get("Versions", ()) for when in (instant(one, "CreatedDate"),) if when]
    return None if answer.get("NextToken") else max(made, default=None)


def open_policy(answer: dict[str, Any]) -> bool | None:
    """Its policy lets everybody in; without one only the account's own rules do."""
    document = answer.get("ResourcePolicy")
    return False if document is None else learned(resource_policy(document), public)
