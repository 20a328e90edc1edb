"""Whom the policy on a store names besides its own project: other projects, ours too, and domains of strangers.

Everybody is not among them: what everybody reads is public. Rights that come from above are judged where they stand.
"""

from collections.abc import Mapping
from typing import Any

from collectors.gcp.lineage import PUBLIC
from collectors.gcp.members import foreigner, is_agent, project_of
from collectors.gcp.session import GcpSession
from collectors.gcp.territory import Territory


def foreign_access(session: GcpSession, policy: Mapping[str, Any] | None) -> tuple[str, ...] | None:
    """Projects and domains, sorted; `None` if the policy was not learned, or whose a member is."""
    if policy is None:
        return None
    found = {
        whose(member, session.account, session.territory)
        for binding in policy.get("bindings", ())
        for member in binding.get("members", ())
        if member not in PUBLIC and not is_agent(member)
    } - {""}
    if None in found:
        session.unlearned("whose a member is")
        return None
    return tuple(sorted(str(one) for one in found))


def whose(member: str, account: str, territory: Territory) -> str | None:
    """The project of a service account that is not of this one, the domain of a stranger, or nothing."""
    kind, _, address = member.partition(":")
    project = project_of(address) if kind == "serviceAccount" else None
    if project is None:
        return foreigner(member, territory)
    known = territory.ids.get(project if project.startswith("projects/") else f"projects/{project}", project)
    return "" if known == account else known
