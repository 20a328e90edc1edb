"""HTTP and WebSocket APIs of API Gateway. They serve nothing without TLS 1.2 (developer guide, "Security policies"), and no firewall of AWS
can stand before them. A WebSocket's callers are asked who they are when they connect. An API without a stage cannot be called and is
nobody's endpoint.
"""

from collections.abc import Iterator

import msgspec

from collectors.aws.elements import instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.rest_apis import GONE, PREFLIGHT, all_ask, deployed
from collectors.aws.tagging import mapped
from collectors.collector import Item, collector
from collectors.serving import Endpoint


@collector(
    "aws.http_apis",
    sees=Endpoint,
    kinds=("api",),
    learns=("public", "transport_encrypted", "oldest_tls", "filtered", "access_logged", "callers_known"),
    redacts=("StageVariables",),
    grants=("apigateway:GET",),
    counted=("AWS::ApiGatewayV2::Api",),
    where="region",
)
class HttpApis:
    """Every HTTP or WebSocket API of the account in the region that is deployed somewhere."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `GetApis`."""
        return session.pages("apigatewayv2.GetApis", "Items", MaxResults="500")

    def describe(self, session: CellSession, item: Item) -> Endpoint:
        """Its stages and its routes. Where the stages were refused nothing is learned: it may not be callable."""
        name = item["ApiId"]
        stages = deployed(session.every("apigatewayv2.GetStages", "Items", gone=GONE, ApiId=name, MaxResults="500"))
        api = Endpoint(
            id=f"arn:{session.partition}:apigateway:{session.region}::/apis/{name}", provider="aws", account=session.account,
            region=session.region, kind="api", name=text(item, "Name"), tags=mapped(item.get("Tags", {})), managed_by="customer",
            created=instant(item, "CreatedDate"),
        )  # fmt: skip
        if stages is None:
            return api
        routes = session.every("apigatewayv2.GetRoutes", "Items", gone=GONE, ApiId=name, MaxResults="500")
        return msgspec.structs.replace(
            api, public=True, transport_encrypted=True, oldest_tls="1.2", filtered=False,
            access_logged=all(text(one.get("AccessLogSettings"), "DestinationArn") for one in stages),
            callers_known=None if routes is None else callers_known(item, routes),
        )  # fmt: skip


def callers_known(api: Item, routes: tuple[Item, ...]) -> bool | None:
    """Every route asks who calls, of a WebSocket the one that connects; an API without routes proves nothing."""
    socket = text(api, "ProtocolType") == "WEBSOCKET"
    asking = [one for one in routes if (one.get("RouteKey") == "$connect" if socket else not preflight(one))]
    if socket and routes and not asking:
        return False
    return all_ask(text(one, "AuthorizationType") for one in asking)


def preflight(route: Item) -> bool:
    """The route answers only a browser's question of what it may ask."""
    return (text(route, "RouteKey") or "").startswith(f"{PREFLIGHT} ")
