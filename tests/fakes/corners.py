"""The fake estate with what collectors ask about only sometimes: so that each of their calls is made at least once."""

from typing import Any

from tests.fakes.aws import Request
from tests.fakes.estate import Estate
from tests.fakes.pages import THEN


class Corners(Estate):
    """Buckets that do not tell their region, a certificate of which the summary tells only the name, a prefix list in a security group, a
    trail with selectors of its own, root users without credentials."""

    def answer(self, request: Request) -> dict[str, Any]:  # noqa: PLR0911 - one corner each
        """The estate's answer with its corners. Raises `Refusal` as the estate does."""
        match request.operation:
            case "ec2.GetManagedPrefixListEntries":
                return {"Entries": [{"Cidr": "192.0.2.0/24"}]}
        answer = super().answer(request)
        match request.operation:
            case "iam.GetAccountSummary" if request.account != self.management:
                rootless = dict.fromkeys(("AccountMFAEnabled", "AccountPasswordPresent", "AccountAccessKeysPresent"), 0)
                return {"SummaryMap": {**answer["SummaryMap"], **rootless}}
            case "s3.ListBuckets":
                return {**answer, "Buckets": [told(bucket) for bucket in answer["Buckets"]]}
            case "acm.ListCertificates" if not request.parameters.get("NextToken"):
                arn = f"arn:aws:acm:{request.region}:{request.account}:certificate/terse"
                return {
                    **answer,
                    "CertificateSummaryList": [*answer["CertificateSummaryList"], {"CertificateArn": arn}],
                }
            case "ec2.DescribeSecurityGroups":
                return {**answer, "SecurityGroups": [listing(group) for group in answer["SecurityGroups"]]}
            case "cloudtrail.DescribeTrails":
                return {"trailList": [{**trail, "HasCustomEventSelectors": True} for trail in answer["trailList"]]}
            case "rds.DescribeDBInstances" if not request.parameters.get("Marker"):
                return {**answer, "DBInstances": [*answer["DBInstances"], member(request)]}
        return answer


def told(bucket: dict[str, Any]) -> dict[str, Any]:
    """The listing's element, without its region for a bucket elsewhere."""
    return {"Name": bucket["Name"], "CreationDate": THEN} if bucket["Name"].startswith("far") else bucket


def listing(group: dict[str, Any]) -> dict[str, Any]:
    """The group, with a rule that admits a prefix list."""
    rule = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "IpRanges": [],
        "PrefixListIds": [{"PrefixListId": "pl-1"}],
    }
    return {**group, "IpPermissions": [*group["IpPermissions"], rule]} if group["GroupName"] == "web" else group


def member(request: Request) -> dict[str, Any]:
    """An instance of the estate's cluster."""
    arn = f"arn:aws:rds:{request.region}:{request.account}:db:member-1"
    return {
        "DBInstanceIdentifier": "member-1",
        "DBInstanceArn": arn,
        "DBClusterIdentifier": "cluster-1",
        "PubliclyAccessible": False,
    }
