"""What stands behind a web application firewall in one region: asked of the firewalls, which are few, not of what they guard.

Firewalls of AWS WAF are read, those that Firewall Manager puts into the account too; those of WAF Classic are not.
"""

from typing import Any, Literal

from collectors.aws.gathered import CellSession
from collectors.collector import Item

Scope = Literal["REGIONAL", "CLOUDFRONT"]
Guarded = Literal["APPLICATION_LOAD_BALANCER", "API_GATEWAY"]


def filtered(session: CellSession, arn: str, kind: Guarded) -> bool | None:
    """Some firewall of the region guards the resource of that ARN."""
    firewalls = listed(session)
    if firewalls is None:
        return None
    said = [guards(session, firewall, arn, kind) for firewall in firewalls]
    return True if True in said else None if None in said else False


def listed(session: CellSession, scope: Scope = "REGIONAL") -> tuple[str, ...] | None:
    """ARNs of the region's firewalls, or of the edge's, which live in one region."""
    found = marked(session, "wafv2.ListWebACLs", "WebACLs", Scope=scope)
    return None if found is None else tuple(one["ARN"] for one in found)


def marked(session: CellSession, operation: str, key: str, **parameters: Any) -> tuple[Item, ...] | None:
    """Elements of a listing that the SDK does not page: it ends where no marker, or the same one, is given."""
    found: list[Item] = []
    marker: dict[str, Any] = {}
    while True:
        page = session.common(operation, Limit=100, **parameters, **marker)
        if page is None or not isinstance(page.get(key), list):
            return None
        found += page[key]
        following = page.get("NextMarker")
        if not following or not page[key] or following == marker.get("NextMarker"):
            return tuple(found)
        marker = {"NextMarker": following}


def guards(session: CellSession, firewall: str, arn: str, kind: Guarded) -> bool | None:
    """One firewall stands before the resource; one that was deleted meanwhile stands before nothing."""
    answer = session.common(
        "wafv2.ListResourcesForWebACL", absent=("WAFNonexistentItemException",), WebACLArn=firewall, ResourceType=kind
    )
    return None if answer is None else arn in answer.get("ResourceArns", ())
