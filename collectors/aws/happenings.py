"""Administrative acts of which somebody should hear, as CloudTrail records them: what alarms are tried with.

The topics, and the events of each, are those of the CIS AWS Foundations Benchmark, section "Monitoring". A topic is covered if each of its
records raises an alarm.
"""

from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]


def call(source: str, name: str, **more: Any) -> Record:
    """The record of one call by a role that no alarm names."""
    who = {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/zq7/zq7"}
    told = {"eventType": "AwsApiCall", "eventSource": f"{source}.amazonaws.com", "eventName": name, "readOnly": False}
    return {**told, "userIdentity": who, **more}


def calls(source: str, *names: str) -> tuple[Record, ...]:
    """The records of several calls of one service."""
    return tuple(call(source, name) for name in names)


TOPICS: Mapping[str, tuple[Record, ...]] = {
    "audit trails": calls("cloudtrail", "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    "configuration": calls(
        "config", "StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"
    ),
    "data stores": calls(
        "s3", "PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication", "DeleteBucketPolicy",
        "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication",
    ),
    "identity": calls(
        "iam", "DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy",
        "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "AttachRolePolicy", "DetachRolePolicy",
        "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy",
    ),
    "keys": calls("kms", "DisableKey", "ScheduleKeyDeletion"),
    "networks": calls(
        "ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress",
        "RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup", "CreateNetworkAcl", "CreateNetworkAclEntry",
        "DeleteNetworkAcl", "DeleteNetworkAclEntry", "ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation", "CreateCustomerGateway",
        "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway",
        "CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation", "DeleteRouteTable", "DeleteRoute",
        "DisassociateRouteTable", "CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection",
        "CreateVpcPeeringConnection", "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection",
    ),
    "root use": (
        call("iam", "CreateUser", userIdentity={"type": "Root", "arn": "arn:aws:iam::111122223333:root"}),
    ),
    "sign-in": (
        call(
            "signin", "ConsoleLogin", eventType="AwsConsoleSignIn", errorMessage="Failed authentication",
            responseElements={"ConsoleLogin": "Failure"}, additionalEventData={"MFAUsed": "No"},
            userIdentity={"type": "IAMUser", "userName": "zq7"},
        ),
        call(
            "signin", "ConsoleLogin", eventType="AwsConsoleSignIn", responseElements={"ConsoleLogin": "Success"},
            additionalEventData={"MFAUsed": "No"}, userIdentity={"type": "IAMUser", "userName": "zq7"},
        ),
    ),
}  # fmt: skip
"""Topic -> what must raise an alarm: for `sign-in` one that fails, and one that succeeds without a second factor."""
AT_HOME = frozenset({"identity", "root use", "sign-in"})
"""Topics of services that know no regions: their events come to EventBridge in the partition's own region."""


def event(record: Record) -> Mapping[str, Any]:
    """A record as EventBridge carries it."""
    service = str(record["eventSource"]).partition(".")[0]
    detail = "AWS Console Sign In via CloudTrail" if service == "signin" else "AWS API Call via CloudTrail"
    return {"source": f"aws.{service}", "detail-type": detail, "detail": record}
