"""Members of IAM bindings: who they are, whose they are, and who made them."""

import re

from collectors.gcp.lineage import PUBLIC
from collectors.gcp.territory import Territory

_OWN_DOMAIN = re.compile(r"([a-z0-9-]+)\.iam\.gserviceaccount\.com")
_COMPUTE = re.compile(r"(\d+)-compute@developer\.gserviceaccount\.com")
_AGENT = re.compile(
    r"(?:service-\d+@[a-z0-9-]+\.iam\.gserviceaccount\.com|\d+@cloudservices\.gserviceaccount\.com|"
    r"[^@]+@(?:cloudbuild|container-engine-robot|[a-z0-9-]*system|gcp-sa-[a-z0-9-]+)\.(?:iam\.)?gserviceaccount\.com)"
)
_POOL = re.compile(r"principal(?:Set)?://iam\.googleapis\.com/projects/(\d+)/.+")
_KUBERNETES = re.compile(r"([a-z0-9-]+)\.svc\.id\.goog")


def is_agent(member: str) -> bool:
    """A service agent: an identity that Google made and manages for a service."""
    kind, _, address = member.partition(":")
    return kind == "serviceAccount" and _AGENT.fullmatch(address) is not None


def foreigner(member: str, territory: Territory) -> str | None:
    """Whose a member from outside is: a domain, a project, or `*`; empty for our own. `None` if that cannot be told."""
    kind, _, address = member.partition(":")
    if member in PUBLIC:
        return "*"
    if kind in {"projectOwner", "projectEditor", "projectViewer", "deleted"}:
        return ""
    if kind == "serviceAccount":
        return _of_project(project_of(address), territory)
    if pool := _POOL.fullmatch(member):
        return _of_project(f"projects/{pool[1]}", territory)
    return _of_domain(address.rpartition("@")[2].lower(), territory) if kind in {"user", "group", "domain"} else None


def project_of(address: str) -> str | None:
    """The project that an account is made in, by id or as `projects/<number>`; `None` for one of Google's own domains."""
    if address.endswith("@appspot.gserviceaccount.com"):
        return address.partition("@")[0]
    domain = address.partition("[")[0].rpartition("@")[2]
    for known in (_OWN_DOMAIN.fullmatch(domain), _KUBERNETES.fullmatch(domain)):
        if known:
            return known[1]
    if default := _COMPUTE.fullmatch(address):
        return f"projects/{default[1]}"
    return None


def _of_project(project: str | None, territory: Territory) -> str | None:
    if project is None:
        return None
    named = territory.ids.get(project if project.startswith("projects/") else f"projects/{project}")
    if named is not None:
        return ""
    return None if territory.projects is None else project


def _of_domain(domain: str, territory: Territory) -> str | None:
    if territory.domains is None or not domain:
        return None
    return "" if domain in territory.domains else domain
