"""What AWS Backup holds of a resource, beside what the resource's own service keeps. Read for a whole region at once."""

from datetime import datetime

from collectors.aws.elements import instant
from collectors.aws.gathered import CellSession
from collectors.collector import Item


def backed_up(
    session: CellSession, arn: str, own: tuple[Item, ...] | None = (), made: str = ""
) -> tuple[datetime | None, bool | None]:
    """When the newest backup of a resource was made, and whether there is none.

    `own` are the backups that its service lists, if it lists any, `made` their field that says when; of either that was not learned,
    nothing is said.
    """
    held = session.among("backup.ListProtectedResources", "Results", by="ResourceArn", of=arn, newest="LastBackupTime")
    if own is None or held is None:
        return None, None
    found = [*(instant(one, made) for one in own), *(instant(one, "LastBackupTime") for one in held)]
    last = max((one for one in found if one is not None), default=None)
    return last, last is None
