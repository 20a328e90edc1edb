"""Launch templates: what the machines that are started from each will be open to.

The version that is taken where none is named is read. A template that says nothing of the metadata service leaves it to the defaults of the
account, and these to the image: where both say nothing, the service is not guarded. One that says nothing of addresses leaves them to the
subnet, which is judged itself. What a template runs at the start is never kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import arn, flag, instant, tags, text
from collectors.aws.gathered import CellSession
from collectors.collector import Item, collector
from collectors.serving import Workload

DEFAULT = ["$Default"]
PAGE = 200


@collector(
    "aws.templates",
    sees=Workload,
    kinds=("machine template",),
    learns=("metadata_guarded", "public_address"),
    redacts=("UserData",),
    grants=("ec2:DescribeLaunchTemplateVersions", "ec2:DescribeLaunchTemplates", "ec2:GetInstanceMetadataDefaults"),
    counted=("AWS::EC2::LaunchTemplate",),
    where="region",
)
class Templates:
    """Every launch template of the account in the region."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `DescribeLaunchTemplateVersions`."""
        return session.pages(
            "ec2.DescribeLaunchTemplateVersions", "LaunchTemplateVersions", Versions=DEFAULT, MaxResults=PAGE
        )

    def describe(self, session: CellSession, item: Item) -> Workload:
        """Tags and defaults are read once for the region."""
        name, data = item["LaunchTemplateId"], item.get("LaunchTemplateData")
        known = session.among(
            "ec2.DescribeLaunchTemplates", "LaunchTemplates", by="LaunchTemplateId", of=name, MaxResults=PAGE
        )
        return Workload(
            id=arn(session, "ec2", f"launch-template/{name}"), provider="aws", account=session.account, region=session.region,
            kind="machine template", name=text(item, "LaunchTemplateName"), tags=tags(known[0].get("Tags", [])) if known else None,
            managed_by="customer", created=instant(item, "CreateTime"),
            metadata_guarded=metadata_guarded(session, data), public_address=public_address(data),
        )  # fmt: skip


def metadata_guarded(session: CellSession, data: Mapping[str, Any] | None) -> bool | None:
    """The metadata service will be off, or will ask for tokens: by the template, or by the default of the account."""
    if data is None:
        return None
    options = data.get("MetadataOptions") or {}
    if text(options, "HttpEndpoint") == "disabled":
        return True
    said = text(options, "HttpTokens")
    if said is None and "HttpTokens" in options:
        return None
    if said is None:
        answer = session.common("ec2.GetInstanceMetadataDefaults")
        if answer is None:
            return None
        said = text(answer.get("AccountLevel"), "HttpTokens")
    return said == "required"


def public_address(data: Mapping[str, Any] | None) -> bool | None:
    """An interface of the machine will get an address on the Internet."""
    if data is None:
        return None
    given = [
        flag({"AssociatePublicIpAddress": False, **one}, "AssociatePublicIpAddress")
        for one in data.get("NetworkInterfaces") or ()
    ]
    return True if True in given else None if None in given else False
