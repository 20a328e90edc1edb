"""Faults of meaning in the scope: what is looked at, what is left out, and whether the two agree."""

import re

from agent.rules import Found, Rule
from agent.shape import shown
from agent.strict import Document, Path

CLOUDS = ("aws", "gcp", "azure")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An Azure subscription's id."""


def scope_names_something(document: Document) -> Found:
    """There is a place to look."""
    scope = document.at(dict, "scope")
    if scope is not None and all(scope.get(cloud) is None for cloud in CLOUDS):
        named = next((cloud for cloud in CLOUDS if cloud in scope), None)
        path: Path = ("scope", named) if named else ("scope",)
        yield (
            path,
            "scope names no place to look; write `aws: {}` for the account of the ambient credentials, or more under aws",
        )


def exclusions_say_what(document: Document) -> Found:
    """An exclusion names an account, a region, or both; and nothing twice."""
    first: dict[tuple[object, object], int] = {}
    for path, exclusion in document.each(dict, "scope", "aws", "exclude", "*"):
        what = (exclusion.get("account"), exclusion.get("region"))
        if what == (None, None):
            yield path, "this exclusion leaves out nothing; write account: or region: beside its reason"
        elif all(isinstance(part, str | None) for part in what):
            if what in first:
                yield path, f"the same exclusion a second time (first at line {first[what]}); keep one"
            first.setdefault(what, document.line(path))
    for path, exclusion in document.each(dict, "scope", "gcp", "exclude", "*"):
        what = (exclusion.get("project"), exclusion.get("folder"))
        if (what[0] is None) == (what[1] is None):
            yield path, "this exclusion names not one thing; write either project: or folder: beside its reason"
        elif all(isinstance(part, str | None) for part in what):
            if what in first:
                yield path, f"the same exclusion a second time (first at line {first[what]}); keep one"
            first.setdefault(what, document.line(path))


def nothing_is_both_in_and_out(document: Document) -> Found:
    """What is excluded is not listed as well."""
    for path, exclusion in document.each(dict, "scope", "aws", "exclude", "*"):
        account, region = exclusion.get("account"), exclusion.get("region")
        if region is None and account in (document.at(list, "scope", "aws", "accounts") or []):
            yield (
                (*path, "account"),
                f"account {shown(account)} is excluded and listed under accounts; keep one of the two",
            )
        if account is None and region in (document.at(list, "scope", "aws", "regions") or []):
            yield (*path, "region"), f"region {shown(region)} is excluded and listed under regions; keep one of the two"


def rate_leaves_room(document: Document) -> Found:
    """Something is asked, and others keep a fifth at least of what the provider grants."""
    for path, rate in document.each(str, "scope", "aws", "rate"):
        if re.fullmatch(r"\d{1,3}(\.\d+)?%", rate) and not 0 < float(rate.rstrip("%")) <= 80:
            yield path, f"rate {shown(rate)} is none or leaves too little to others; write more than 0% and at most 80%"


def google_scope_agrees(document: Document) -> Found:
    """An organisation holds its folders; what is excluded is not listed as well."""
    scope = document.at(dict, "scope", "gcp") or {}
    if scope.get("organization") and scope.get("folders"):
        words = "folders lie in the organization, all of which is looked at; keep one of the two, or exclude the other folders"
        yield ("scope", "gcp", "folders"), words
    for path, exclusion in document.each(dict, "scope", "gcp", "exclude", "*"):
        project, folder = exclusion.get("project"), exclusion.get("folder")
        if project is not None and project in (document.at(list, "scope", "gcp", "projects") or []):
            yield (
                (*path, "project"),
                f"project {shown(project)} is excluded and listed under projects; keep one of the two",
            )
        if folder is not None and folder in (document.at(list, "scope", "gcp", "folders") or []):
            yield (*path, "folder"), f"folder {shown(folder)} is excluded and listed under folders; keep one of the two"


def azure_scope_agrees(document: Document) -> Found:
    """Nothing is excluded twice, or excluded and listed."""
    first: dict[str, int] = {}
    listed = document.at(list, "scope", "azure", "subscriptions") or []
    for path, subscription in document.each(str, "scope", "azure", "exclude", "*", "subscription"):
        if subscription in first:
            yield path, f"the same exclusion a second time (first at line {first[subscription]}); keep one"
        elif subscription in listed:
            yield (
                path,
                f"subscription {shown(subscription)} is excluded and listed under subscriptions; keep one of the two",
            )
        first.setdefault(subscription, document.line(path))


def accounts_stand_once(document: Document) -> Found:
    """No account or region twice in one list."""
    lists = (
        ("scope", "aws", "accounts"), ("scope", "aws", "regions"), ("scope", "gcp", "projects"), ("scope", "gcp", "folders"),
        ("scope", "azure", "subscriptions"), ("services", "*", "scope", "accounts"),
    )  # fmt: skip
    for place in lists:
        for path, listed in document.each(list, *place):
            seen: set[str] = set()
            for index, one in enumerate(listed):
                if isinstance(one, str) and one in seen:
                    yield (*path, index), f"{shown(one)} stands in this list twice; keep one"
                elif isinstance(one, str):
                    seen.add(one)


def selectors_lie_in_scope(document: Document) -> Found:
    """A service selects only accounts that are looked at."""
    for path, account in document.each(str, "services", "*", "scope", "accounts", "*"):
        cloud, plural = _place(account)
        if account == document.at(str, "scope", "azure", "tenant"):
            continue  # users and applications are the tenant's own
        listed = document.at(list, "scope", cloud, plural)
        if account in _left_out(document, cloud, plural.removesuffix("s")):
            yield path, f"account {shown(account)} is left out under scope.{cloud}.exclude; remove it here or there"
        elif listed and account not in listed:
            yield path, f"account {shown(account)} is not under scope.{cloud}.{plural}; add it there or remove it here"


def _place(account: str) -> tuple[str, str]:
    """The cloud that an account's id is of, and the key under which its scope lists such ids."""
    if account.isdecimal():
        return "aws", "accounts"
    return ("azure", "subscriptions") if UUID.fullmatch(account) else ("gcp", "projects")


def _left_out(document: Document, cloud: str, key: str) -> list[object]:
    """Accounts that are excluded whole."""
    excluded = document.each(dict, "scope", cloud, "exclude", "*")
    return [one.get(key) for _, one in excluded if one.get("region") is None]


RULES: tuple[Rule, ...] = (
    scope_names_something,
    exclusions_say_what,
    nothing_is_both_in_and_out,
    rate_leaves_room,
    google_scope_agrees,
    azure_scope_agrees,
    accounts_stand_once,
    selectors_lie_in_scope,
)
