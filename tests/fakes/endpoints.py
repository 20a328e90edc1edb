"""The fake estate, where callers come in: load balancers, content delivery, APIs and what guards them; sound ones and others."""

from typing import Any

from tests.fakes import stores
from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN, named, paged

MODERN = "ELBSecurityPolicy-TLS13-1-2-2021-06"
OLD = "ELBSecurityPolicy-2016-08"


def balancer(request: Request, kind: str, name: str) -> str:
    """ARN of a load balancer: kind `app` or `net`."""
    return (
        f"arn:aws:elasticloadbalancing:{request.region}:{request.account}:loadbalancer/{kind}/{name}/50dc6c495c0c9188"
    )


def listener(request: Request, name: str, port: int) -> str:
    """ARN of a listener of a load balancer for applications."""
    return balancer(request, "app", name).replace(":loadbalancer/", ":listener/") + f"/{port:016d}"


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
            {
                "ListenerArn": listener(request, "front", 80),
                "Port": 80,
                "Protocol": "HTTP",
                "DefaultActions": [redirect],
            },
            {
                "ListenerArn": listener(request, "front", 443),
                "Port": 443,
                "Protocol": "HTTPS",
                "SslPolicy": MODERN,
                "DefaultActions": [forward],
            },
        ],
        "bare": [
            {"ListenerArn": listener(request, "bare", 80), "Port": 80, "Protocol": "HTTP", "DefaultActions": [forward]},
            {
                "ListenerArn": listener(request, "bare", 443),
                "Port": 443,
                "Protocol": "HTTPS",
                "SslPolicy": OLD,
                "DefaultActions": [forward],
            },
        ],
        "inner": [
            {"ListenerArn": "l-5", "Port": 443, "Protocol": "TLS", "SslPolicy": MODERN, "DefaultActions": [forward]}
        ],
    }
    return {"Listeners": listeners[name]}


def _attributes(estate: Any, request: Request) -> dict[str, Any]:
    sound = str("/bare/" not in request.parameters["LoadBalancerArn"]).lower()
    return {
        "Attributes": [
            {"Key": "access_logs.s3.enabled", "Value": sound},
            {"Key": "deletion_protection.enabled", "Value": sound},
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


def _guarded(estate: Any, request: Request) -> dict[str, Any]:
    if request.parameters["WebACLArn"] != firewall(request):
        raise Refusal("WAFNonexistentItemException", 400)
    kind = request.parameters["ResourceType"]
    return {"ResourceArns": [balancer(request, "app", "front")] if kind == "APPLICATION_LOAD_BALANCER" else []}


def _rest_apis(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"id": name, "name": name, "createdDate": THEN, "tags": {"team": "web"}, "securityPolicy": policy,
         "endpointConfiguration": {"types": ["REGIONAL"]}}
        for name, policy in (("sound", "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"), ("bare", "TLS_1_0"), ("draft", "TLS_1_0"))
    ]  # fmt: skip
    return paged(request, "items", entries, given="position", asked="position")


def _rest_stages(estate: Any, request: Request) -> dict[str, Any]:
    sound = {
        "webAclArn": firewall(request),
        "accessLogSettings": {"destinationArn": "arn:aws:logs:x", "format": "$context.requestId"},
    }
    stages = {
        "sound": [{"deploymentId": "d", "stageName": "live", "variables": {"token": "hush"}, **sound}],
        "bare": [{"deploymentId": "d", "stageName": "live", **sound}, {"deploymentId": "d", "stageName": "test"}],
    }
    return {"item": stages.get(request.parameters["restApiId"], [])}


def _resources(estate: Any, request: Request) -> dict[str, Any]:
    assert request.parameters.get("embed") == ["methods"], "without embedding, methods have no settings"
    kind = "NONE" if request.parameters["restApiId"] == "bare" else "AWS_IAM"
    entries = [
        {
            "id": "r1",
            "path": "/",
            "resourceMethods": {"OPTIONS": {"httpMethod": "OPTIONS", "authorizationType": "NONE"}},
        },
        {"id": "r2", "path": "/orders", "resourceMethods": {"GET": {"httpMethod": "GET", "authorizationType": kind}}},
        {"id": "r3", "path": "/empty"},
    ]
    return paged(request, "items", entries, given="position", asked="position")


def _http_apis(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "ApiId": name,
            "Name": name,
            "ProtocolType": kind,
            "CreatedDate": THEN,
            "Tags": {},
            "RouteSelectionExpression": "x",
        }
        for name, kind in (("sound", "HTTP"), ("bare", "HTTP"), ("socket", "WEBSOCKET"))
    ]
    return paged(request, "Items", entries)


def _http_stages(estate: Any, request: Request) -> dict[str, Any]:
    log = {} if request.parameters["ApiId"] == "bare" else {"AccessLogSettings": {"DestinationArn": "arn:aws:logs:x"}}
    return {"Items": [{"StageName": "$default", "StageVariables": {"token": "hush"}, **log}]}


def _routes(estate: Any, request: Request) -> dict[str, Any]:
    routes = {
        "sound": [("GET /orders", "JWT"), ("OPTIONS /orders", "NONE"), ("$default", "AWS_IAM")],
        "bare": [("GET /orders", "JWT"), ("$default", "NONE")],
        "socket": [("$connect", "CUSTOM"), ("$default", "NONE")],
    }[request.parameters["ApiId"]]
    return paged(
        request, "Items", [{"RouteId": key, "RouteKey": key, "AuthorizationType": kind} for key, kind in routes]
    )


def _distributions(estate: Any, request: Request) -> dict[str, Any]:
    entries = [_distribution(request, name) for name in ("ESOUND", "EBARE", "EMODERN", "EOFF")]
    start = int(request.parameters.get("Marker") or 0)
    more = start + 2 < len(entries)
    page = {
        "Marker": request.parameters.get("Marker") or "", "MaxItems": 2, "Quantity": len(entries), "IsTruncated": more,
        "Items": entries[start : start + 2], **({"NextMarker": str(start + 2)} if more else {}),
    }  # fmt: skip
    return {"DistributionList": page}


def distribution(request: Request, name: str) -> str:
    """The ARN of a distribution."""
    return f"arn:aws:cloudfront::{request.account}:distribution/{name}"


def _distribution(request: Request, name: str) -> dict[str, Any]:
    sound = name != "EBARE"
    secret = {"Quantity": 1, "Items": [{"HeaderName": "X-Origin-Key", "HeaderValue": "hush"}]}
    return {
        "Id": name, "ARN": distribution(request, name), "Status": "Deployed", "LastModifiedTime": THEN, "Enabled": name != "EOFF",
        "DomainName": f"{name.lower()}.cloudfront.net", "WebACLId": "arn:aws:wafv2:edge" if sound else "",
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "origin.acme.example", "CustomHeaders": secret}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "redirect-to-https" if sound else "allow-all"},
        "ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.2_2021", "CloudFrontDefaultCertificate": False} if sound else {
            "MinimumProtocolVersion": "TLSv1", "CloudFrontDefaultCertificate": True,
        },
    }  # fmt: skip


def _distribution_config(estate: Any, request: Request) -> dict[str, Any]:
    logging = {"Enabled": request.parameters["Id"] == "ESOUND", "IncludeCookies": False, "Bucket": "", "Prefix": ""}
    one = _distribution(request, request.parameters["Id"])
    return {
        "DistributionConfig": {
            "CallerReference": "r",
            "Logging": logging,
            "DefaultCacheBehavior": one["DefaultCacheBehavior"],
        }
    }


def _delivery_sources(estate: Any, request: Request) -> dict[str, Any]:
    source = {
        "name": "edge",
        "resourceArns": [distribution(request, "EMODERN")],
        "service": "cloudfront",
        "logType": "ACCESS_LOGS",
    }
    return {"deliverySources": [source]}


def _deliveries(estate: Any, request: Request) -> dict[str, Any]:
    return {"deliveries": [{"id": "d1", "deliverySourceName": "edge", "deliveryDestinationType": "S3"}]}


def _tags(estate: Any, request: Request) -> dict[str, Any]:
    sound = {
        "elasticloadbalancing:loadbalancer": [
            balancer(request, "app", "front"),
            f"arn:aws:elasticloadbalancing:{request.region}:{request.account}:loadbalancer/old-front",
        ],
        "lambda:function": [f"arn:aws:lambda:{request.region}:{request.account}:function:sound"],
        "acm:certificate": [f"arn:aws:acm:{request.region}:{request.account}:certificate/sound"],
        "cloudfront:distribution": [f"arn:aws:cloudfront::{request.account}:distribution/ESOUND"],
        "wafv2": [firewall(request)],
        "ecr:repository": [f"arn:aws:ecr:{request.region}:{request.account}:repository/sound"],
        **stores.tagged(request),
    }
    entries = [
        {"ResourceARN": arn, "Tags": named("tagged")}
        for kind in request.parameters["ResourceTypeFilters"]
        for arn in sound.get(kind, ())
    ]
    return paged(request, "ResourceTagMappingList", entries, given="PaginationToken", asked="PaginationToken")


ANSWERS: dict[str, Any] = {
    "apigateway.GetResources": _resources,
    "apigateway.GetRestApis": _rest_apis,
    "apigateway.GetStages": _rest_stages,
    "apigatewayv2.GetApis": _http_apis,
    "apigatewayv2.GetRoutes": _routes,
    "apigatewayv2.GetStages": _http_stages,
    "cloudfront.GetDistributionConfig": _distribution_config,
    "cloudfront.ListDistributions": _distributions,
    "logs.DescribeDeliveries": _deliveries,
    "logs.DescribeDeliverySources": _delivery_sources,
    "elb.DescribeLoadBalancerAttributes": _classic_attributes,
    "elb.DescribeLoadBalancerPolicies": _classic_policies,
    "elb.DescribeLoadBalancers": _classics,
    "elbv2.DescribeListeners": _listeners,
    "elbv2.DescribeLoadBalancerAttributes": _attributes,
    "elbv2.DescribeLoadBalancers": _balancers,
    "elbv2.DescribeSSLPolicies": _policies,
    "resourcegroupstaggingapi.GetResources": _tags,
    "wafv2.ListResourcesForWebACL": _guarded,
}
"""What each operation is answered with."""
