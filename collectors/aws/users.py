"""IAM users, from the credential report: one table of everybody's password, second factor and access keys.

The report is at most four hours old (IAM user guide, "Getting credential reports"). Its root row is not a user: what concerns root is
in `aws.accounts`. Sign-in through an identity centre or a federation has no user here.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime

from collectors.aws.elements import instant
from collectors.collector import Item, Session, Unseen, collector
from collectors.resource import AccessKey, Identity

COLUMNS = (
    "user", "arn", "user_creation_time", "password_enabled", "password_last_used", "mfa_active",
    "access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date", "access_key_2_active",
    "access_key_2_last_rotated", "access_key_2_last_used_date",
)  # fmt: skip
"""What the facts are read from; the report has more columns, and may get others."""
ROOT = "<root_account>"
ASKED_TIMES = 5
"""How often the making of a report is asked for; the session pauses between answers that it is in progress."""
NEVER = frozenset({"N/A", "no_information"})
"""No such credential, or one that was never used."""
UNSAID = "not_supported"
USES = ("password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date")


@collector(
    "aws.users",
    sees=Identity,
    kinds=("user",),
    learns=("console", "mfa", "keys", "last_active", "never_active"),
    readings=("last_active", "never_active"),
    moves=(
        *USES, "access_key_1_last_used_region", "access_key_1_last_used_service", "access_key_2_last_used_region",
        "access_key_2_last_used_service",
    ),
    grants=("iam:GenerateCredentialReport", "iam:GetCredentialReport"),
    where="account",
)  # fmt: skip
class Users:
    """Every IAM user of the account."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of the credential report, which is made first; the listing fails if it is not made, or not as documented."""
        for _ in range(ASKED_TIMES):
            made = session.ask("iam.GenerateCredentialReport")
            if made is None or made.get("State") == "COMPLETE":
                break
        report = session.ask("iam.GetCredentialReport") if made else None
        if report is None:
            raise Unseen("no credential report")
        yield from rows(report.get("Content"))

    def describe(self, session: Session, item: Item) -> Identity:
        """The row tells all but the tags."""
        used = [parsed for column in USES for parsed in (moment(item[column]),) if parsed]
        keys = [access_key(item, place) for place in ("1", "2")]
        return Identity(
            id=item["arn"], provider="aws", account=session.account, region="global", kind="user", name=item["user"],
            managed_by="customer", created=moment(item["user_creation_time"]),
            console=truth(item["password_enabled"]), mfa=truth(item["mfa_active"]),
            keys=tuple(key for key in keys if key is not None),
            last_active=max(used, default=None), never_active=all(unused(item, column) for column in USES),
        )  # fmt: skip


def rows(content: object) -> Iterator[Mapping[str, str]]:
    """The users of a report; raises `Unseen` where it is not the documented table."""
    if not isinstance(content, bytes | str):
        raise Unseen("no report in the answer")
    written = content if isinstance(content, str) else content.decode("utf-8")
    table = csv.DictReader(io.StringIO(written), strict=True)
    if not set(COLUMNS) <= set(table.fieldnames or ()):
        raise Unseen("a credential report without its columns")
    for row in table:
        if None in row or None in row.values():
            raise Unseen("a credential report with a broken row")
        if row["user"] != ROOT:
            yield row


def unused(row: Mapping[str, str], column: str) -> bool:
    """A credential was never used, or is a password that is not there, of which nothing can be said."""
    return row[column] in NEVER or (
        column == "password_last_used" and (row[column], truth(row["password_enabled"])) == (UNSAID, False)
    )


def access_key(row: Mapping[str, str], place: str) -> AccessKey | None:
    """The key in one of a user's two places. An inactive key still has a date; where no key is, none."""
    active = truth(row[f"access_key_{place}_active"])
    created = moment(row[f"access_key_{place}_last_rotated"])
    return AccessKey(active=bool(active), created=created) if active or created else None


def truth(cell: str) -> bool | None:
    """`true` or `false`; anything else (`not_supported`) is not learned."""
    return {"true": True, "false": False}.get(cell.lower())


def moment(cell: str) -> datetime | None:
    """A cell's date, in UTC; `None` for its words for none, and for what is no date."""
    return instant({"cell": cell}, "cell")
