"""Faults of meaning in the scope: what is looked at, what is left out, and whether the two agree."""

from agent.rules import Found, Rule
from agent.shape import shown
from agent.strict import Document, Path


def scope_names_something(document: Document) -> Found:
    """There is a place to look."""
    scope = document.at(dict, "scope")
    if scope is not None and scope.get("aws") is None and not scope.keys() & {"gcp", "azure"}:
        path: Path = ("scope", "aws") if "aws" in scope else ("scope",)
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


def accounts_stand_once(document: Document) -> Found:
    """No account or region twice in one list."""
    lists = (("scope", "aws", "accounts"), ("scope", "aws", "regions"), ("services", "*", "scope", "accounts"))
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
    listed = document.at(list, "scope", "aws", "accounts")
    excluded = [
        one.get("account")
        for _, one in document.each(dict, "scope", "aws", "exclude", "*")
        if one.get("region") is None
    ]
    for path, account in document.each(str, "services", "*", "scope", "accounts", "*"):
        if account in excluded:
            yield path, f"account {shown(account)} is left out under scope.aws.exclude; remove it here or there"
        elif listed and account not in listed:
            yield path, f"account {shown(account)} is not under scope.aws.accounts; add it there or remove it here"


RULES: tuple[Rule, ...] = (
    scope_names_something,
    exclusions_say_what,
    nothing_is_both_in_and_out,
    accounts_stand_once,
    selectors_lie_in_scope,
)
