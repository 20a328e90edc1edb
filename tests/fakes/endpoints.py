"""The fake estate, where callers come in: load balancers, content delivery, APIs and what guards them; sound ones and others."""

from typing import Any

from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN, named, paged

MODERN = "ELBSecurityPolicy-TLS13-1-2-2021-06"
OLD = "ELBSecurityPolicy-2016-08"


def balancer(request: Request, kind: str, name: str) -> str:
    """ARN of a load balancer: kind `app` or `net`."""
    return (
        f"arn:aws:elasticloadbalancing:{request.region}:{request.account}:loadbalancer/{kind}/{name}/50dc6c495c0c9188"
    )


def firewall(request: Request) -> str:
    """ARN of the region's firewall."""
    return f"arn:aws:wafv2:{request.region}:{request.account}:regional/webacl/edge/a1b2"


def _balancers(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "LoadBalancerArn": balancer(request, kind, name), "LoadBalancerName": name, "Scheme": scheme, "CreatedTime": THEN,
            "Type": {"app": "application", "net": "network", "gwy": "gateway"}[kind],
            "AvailabilityZones": [{"ZoneName": f"{request.region}{zone}"} for zone in zones],
        }
        for kind, name, scheme, zones in (
            ("app", "front", "internet-facing", "ab"), ("app", "bare", "internet-facing", "a"), ("net", "inner", "internal", "ab"),
            ("gwy", "inspection", "internal", "ab"),
        )
    ]  # fmt: skip
    return paged(request, "LoadBalancers", entries, given="NextMarker", asked="Marker")


def _listeners(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["LoadBalancerArn"].split("/")[2]
    redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
    forward = {"Type": "forward", "TargetGroupArn": "tg"}
    listeners = {
        "front": [
            {"ListenerArn": "l-1", "Port": 80, "Protocol": "HTTP", "DefaultActions": [redirect]},
            {"ListenerArn": "l-2", "Port": 443, "Protocol": "HTTPS", "SslPolicy": MODERN, "DefaultActions": [forward]},
        ],
        "bare": [
            {"ListenerArn": "l-3", "Port": 80, "Protocol": "HTTP", "DefaultActions": [forward]},
            {"ListenerArn": "l-4", "Port": 443, "Protocol": "HTTPS", "SslPolicy": OLD, "DefaultActions": [forward]},
        ],
        "inner": [
            {"ListenerArn": "l-5", "Port": 443, "Protocol": "TLS", "SslPolicy": MODERN, "DefaultActions": [forward]}
        ],
    }
    return {"Listeners": listeners[name]}


def _attributes(estate: Any, request: Request) -> dict[str, Any]:
    logged = str("/bare/" not in request.parameters["LoadBalancerArn"]).lower()
    return {
        "Attributes": [
            {"Key": "access_logs.s3.enabled", "Value": logged},
            {"Key": "idle_timeout.timeout_seconds", "Value": "60"},
        ]
    }


def _policies(estate: Any, request: Request) -> dict[str, Any]:
    policies = [
        {"Name": OLD, "SslProtocols": ["TLSv1", "TLSv1.1", "TLSv1.2"], "Ciphers": []},
        {"Name": "ELBSecurityPolicy-TLS-1-1-2017-01", "SslProtocols": ["TLSv1.1", "TLSv1.2"], "Ciphers": []},
        {"Name": MODERN, "SslProtocols": ["TLSv1.2", "TLSv1.3"], "Ciphers": []},
    ]
    return paged(request, "SslPolicies", policies, given="NextMarker", asked="Marker")


def _classics(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "LoadBalancerName": name, "Scheme": "internet-facing", "CreatedTime": THEN, "AvailabilityZones": list(zones),
            "ListenerDescriptions": [
                {"Listener": {"Protocol": protocol, "LoadBalancerPort": 443, "InstanceProtocol": "HTTP", "InstancePort": 80},
                 "PolicyNames": policies}
            ],
        }
        for name, protocol, policies, zones in (
            ("old-front", "HTTPS", ["tls-12"], ("a", "b")), ("old-bare", "HTTP", [], ("a",)), ("older", "SSL", ["tls-10"], ("a",)),
        )
    ]  # fmt: skip
    return paged(request, "LoadBalancerDescriptions", entries, given="NextMarker", asked="Marker")


def _classic_attributes(estate: Any, request: Request) -> dict[str, Any]:
    return {"LoadBalancerAttributes": {"AccessLog": {"Enabled": request.parameters["LoadBalancerName"] == "old-front"}}}


def _classic_policies(estate: Any, request: Request) -> dict[str, Any]:
    (name,) = request.parameters["PolicyNames"]
    attributes = [
        {
            "AttributeName": f"Protocol-{version}",
            "AttributeValue": str(name == "tls-10" or version == "TLSv1.2").lower(),
        }
        for version in ("TLSv1", "TLSv1.1", "TLSv1.2")
    ]
    policy = {
        "PolicyName": name,
        "PolicyTypeName": "SSLNegotiationPolicyType",
        "PolicyAttributeDescriptions": attributes,
    }
    return {"PolicyDescriptions": [policy]}


def _firewalls(estate: Any, request: Request) -> dict[str, Any]:
    if request.parameters.get("NextMarker"):
        return {"WebACLs": []}
    return {"WebACLs": [{"Name": "edge", "Id": "a1b2", "ARN": firewall(request)}], "NextMarker": "edge"}


def _guarded(estate: Any, request: Request) -> dict[str, Any]:
    if request.parameters["WebACLArn"] != firewall(request):
        raise Refusal("WAFNonexistentItemException", 400)
    kind = request.parameters["ResourceType"]
    return {"ResourceArns": [balancer(request, "app", "front")] if kind == "APPLICATION_LOAD_BALANCER" else []}


def _tags(estate: Any, request: Request) -> dict[str, Any]:
    sound = {
        "elasticloadbalancing:loadbalancer": [
            balancer(request, "app", "front"),
            f"arn:aws:elasticloadbalancing:{request.region}:{request.account}:loadbalancer/old-front",
        ],
        "lambda:function": [f"arn:aws:lambda:{request.region}:{request.account}:function:sound"],
        "acm:certificate": [f"arn:aws:acm:{request.region}:{request.account}:certificate/sound"],
        "cloudfront:distribution": [f"arn:aws:cloudfront::{request.account}:distribution/ESOUND"],
        "ecr:repository": [f"arn:aws:ecr:{request.region}:{request.account}:repository/sound"],
    }
    entries = [
        {"ResourceARN": arn, "Tags": named("tagged")}
        for kind in request.parameters["ResourceTypeFilters"]
        for arn in sound[kind]
    ]
    return paged(request, "ResourceTagMappingList", entries, given="PaginationToken", asked="PaginationToken")


ANSWERS: dict[str, Any] = {
    "elb.DescribeLoadBalancerAttributes": _classic_attributes,
    "elb.DescribeLoadBalancerPolicies": _classic_policies,
    "elb.DescribeLoadBalancers": _classics,
    "elbv2.DescribeListeners": _listeners,
    "elbv2.DescribeLoadBalancerAttributes": _attributes,
    "elbv2.DescribeLoadBalancers": _balancers,
    "elbv2.DescribeSSLPolicies": _policies,
    "resourcegroupstaggingapi.GetResources": _tags,
    "wafv2.ListResourcesForWebACL": _guarded,
    "wafv2.ListWebACLs": _firewalls,
}
"""What each operation is answered with."""
