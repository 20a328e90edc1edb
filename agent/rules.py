"""Faults of meaning: what a programme of the right shape still gets wrong. Each rule is one function over the raw document.

Rules run beside the schema, over whatever has the right type, so that one reading shows every fault of a file.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from fractions import Fraction
from zoneinfo import available_timezones

import msgspec

from agent.addresses import is_own, is_private
from agent.committed import committed_by
from agent.shape import dotted, meant, shape, shown
from agent.strict import Document, Fault, Path
from agent.units import duration, share

Found = Iterator[tuple[Path, str]]
"""A path and what is wrong there."""

SHORTEST_SWEEP = timedelta(hours=1)
LONGEST_SWEEP = timedelta(days=31)
NO_ZONES = {"localtime", "Factory", "posixrules"}
"""What zone databases hold beside zones: each machine's own."""
LAST_PORT = 65535
ORDER = ("seal_within", "review_within", "publish_within")
EXTERNAL_ID = ("scope", "aws", "external_id")
VARIABLE = re.compile(r"\$\{([A-Z_][A-Z0-9_]*)\}")
AWS_EXTERNAL_ID = re.compile(r"[A-Za-z0-9_+=,.@:/-]{2,1224}")
SEVERITIES = ("critical", "high", "medium", "low")


Rule = Callable[[Document], Found]


def faults(document: Document, root: type[msgspec.Struct], rules: Iterable[Rule]) -> list[Fault]:
    """Of reading, of shape and of meaning; none where an earlier one has spoken of the same line or value already."""
    found = list(document.faults)
    lines = {fault.line for fault in found}
    shaped = list(shape(document, root))
    found += [fault for _, fault in shaped if fault.line not in lines]
    said = {path for path, _ in shaped}
    for rule in rules:
        for path, words in rule(document):
            if path not in said and document.line(path) not in lines:
                found.append(document.fault(path, words))
    return found


def owners_are_known(document: Document) -> Found:
    """Everybody named as an owner stands under `owners`."""
    owners = document.at(dict, "owners") or {}
    places = (
        ("services", "*", "owner"),
        ("services", "*", "specifications", "*", "owner"),
        ("scope", "aws", "exclude", "*", "owner"),
        ("scope", "gcp", "exclude", "*", "owner"),
        ("scope", "azure", "exclude", "*", "owner"),
    )
    for place in places:
        for path, owner in document.each(str, *place):
            if owner and owner not in owners:
                yield (
                    path,
                    f"{shown(owner)} is not under `owners`"
                    + meant(owner, list(owners), "; add it there, with an e-mail address"),
                )


KEYS_OF_ROUTE = {"webhook": ("url", "key_from"), "chat": ("url_from",)}
WISHES = {
    "url": "add it: an https address",
    "key_from": "add it: the name of the environment variable that holds the signing secret",
    "url_from": "add it: the name of the environment variable that holds the chat's address, which is a secret",
}


def routes_are_known(document: Document) -> Found:
    """Each route that an owner names stands under `routes`, and each route is private: https, or this machine itself."""
    routes = document.at(dict, "routes") or {}
    for path, route in document.each(str, "owners", "*", "webhook"):
        if route.strip() and route not in routes:
            yield (
                path,
                f"{shown(route)} is not under `routes`" + meant(route, list(routes), "; add it there, with a url"),
            )
    for path, url in document.each(str, "routes", "*", "url"):
        if url.strip() and not is_private(url):
            yield path, f"{dotted(path)} is {shown(url)}; write an https address (http only for this machine itself)"
        elif "?" in url or "@" in url:
            yield (
                path,
                f"{dotted(path)} holds a query or a name, and this file is kept as evidence; sign with key_from instead",
            )


def routes_are_whole(document: Document) -> Found:
    """Each kind of route has what it needs, and nothing of another kind."""
    for path, given in document.each(dict, "routes", "*"):
        kind = given.get("kind", "webhook")
        for key in KEYS_OF_ROUTE.get(kind, ()):
            if key not in given:
                yield path, f"{dotted(path)} lacks {key!r}; {WISHES[key]}"
        for key in sorted({"url", "key_from", "url_from"} & set(given)):
            if key not in KEYS_OF_ROUTE.get(kind, (key,)):
                yield (*path, key), f"{dotted((*path, key))} is not for a {kind}; remove it"


def mail_is_private(document: Document) -> Found:
    """Nobody in between reads it, and who logs in has a name and a password."""
    for path, server in document.each(str, "mail", "server"):
        if document.at(str, "mail", "security") == "none" and not is_own(server.rpartition(":")[0]):
            yield path, f"{dotted(path)} is {shown(server)}, and mail.security none; write starttls or tls"
    holder = document.at(dict, "mail") or {}
    for one, other in (("user_from", "password_from"), ("password_from", "user_from")):
        if holder.get(one) and not holder.get(other):
            yield ("mail", one), f"mail.{one} stands without {other}; write both or none"


def owned_specifications_exist(document: Document) -> Found:
    """What an owner answers for stands for something, in one of the CCM versions."""
    for path, reference in document.each(str, "owners", "*", "specifications", "*"):
        faults = [committed_by(reference, ccm)[1] for ccm in ("4.1.0", "4.0.13")]
        if reference.strip() and all(faults):
            yield path, faults[reference.startswith("CCM:4.0:")]


def publications_are_distinct(document: Document) -> Found:
    """No two publications go to one folder, and none into the store."""
    first: dict[str, int] = {}
    store = (document.at(str, "store") or "store").rstrip("/")
    for path, folder in document.each(str, "publish", "*", "to"):
        name = folder.rstrip("/")
        if f"{name}/".startswith(f"{store}/"):
            yield path, f"{dotted(path)} is {shown(folder)}, which lies in the store; give it a folder of its own"
        if name in first:
            yield (
                path,
                f"a second publication to {shown(folder)} (first at line {first[name]}); give each its own folder",
            )
        first.setdefault(name, document.line(path))


@functools.cache
def _zones() -> frozenset[str]:
    """The names that this machine knows: it does not learn new ones while it runs."""
    return frozenset(available_timezones() - NO_ZONES)


def time_zone_is_known(document: Document) -> Found:
    """The time zone is one of the IANA database, on this machine."""
    for path, name in document.each(str, "cadence", "time_zone"):
        zones = _zones()
        if name.strip() and name not in zones:
            yield (
                path,
                f"{shown(name)} is no time zone"
                + meant(name, sorted(zones), "; write an IANA name, e.g. Europe/Berlin"),
            )


def sweeps_are_spaced(document: Document) -> Found:
    """A sweep is due at least once a month and at most once an hour."""
    for path, text in document.each(str, "cadence", "sweep_every"):
        every = _duration(text)
        if every is not None and not SHORTEST_SWEEP <= every <= LONGEST_SWEEP:
            yield path, f"cadence.sweep_every is {text}; write something from 1h to 31d, e.g. 24h"
    for path, text in document.each(str, "services", "*", "specifications", "*", "sweep_every"):
        every = _duration(text)
        if every is not None and not SHORTEST_SWEEP <= every <= LONGEST_SWEEP:
            yield path, f"{dotted(path)} is {text}; write something from 1h to 31d, e.g. 1h"


def deadlines_are_in_order(document: Document) -> Found:
    """Sealed, then reviewed, then published; the more severe, the sooner mended."""
    yield from _ascending(
        document, ("cadence",), ORDER, {"seal_within": "2d", "review_within": "10d", "publish_within": "15d"}
    )
    yield from _ascending(document, ("remediate_within",), SEVERITIES, {})


def _ascending(document: Document, parent: Path, names: tuple[str, ...], defaults: dict[str, str]) -> Found:
    holder = document.at(dict, *map(str, parent)) or {}
    before: tuple[str, timedelta] | None = None
    for name in names:
        text = holder.get(name, defaults.get(name)) if holder else None
        within = _duration(text) if isinstance(text, str) else None
        if within is None:
            continue
        if before and within < before[1]:
            words = f"{dotted((*parent, name))} ({text}) is sooner than {before[0]} ({holder.get(before[0], defaults.get(before[0]))})"
            yield (*parent, name), f"{words}; give it the same time or more"
        before = (name, within)


def _duration(text: str) -> timedelta | None:
    try:
        return duration(text)
    except ValueError:
        return None


def objectives_mean_something(document: Document) -> Found:
    """No objective that everything meets."""
    for path, text in document.each(str, "services", "*", "specifications", "*", "slo"):
        if _share(text) == 0:
            yield path, f"{dotted(path)} is {text}, which everything meets; write the share that must pass, e.g. 99.5%"
    for path, text in document.each(str, "services", "*", "specifications", "*", "tolerance"):
        if _share(text) == 1:
            yield path, f"{dotted(path)} is {text}, which tolerates every sweep; write a smaller share, e.g. 5%"


def _share(text: str) -> Fraction | None:
    try:
        return share(text)
    except ValueError:
        return None


def findings_name_services(document: Document) -> Found:
    """Exports speak for services that there are."""
    known = [name for _, name in document.each(str, "services", "*", "id")]
    for path, name in document.each(str, "findings", "*", "services", "*"):
        if name not in known:
            yield path, f"{shown(name)} is no service" + meant(name, known, f"; known here: {', '.join(known)}")


def metrics_are_known(document: Document) -> Found:
    """An objective is set for a metric of CSA's catalogue."""
    from controls.metering import METRICS

    known = [one.id for one in METRICS]
    for name in document.at(dict, "metrics") or {}:
        if name not in known:
            yield (
                ("metrics", name),
                f"{shown(name)} is no metric" + meant(name, known, "; `starcadence catalog metrics` lists them"),
            )


def services_are_distinct(document: Document) -> Found:
    """No two services with one id."""
    first: dict[str, int] = {}
    for path, name in document.each(str, "services", "*", "id"):
        if name in first:
            yield path, f"a second service with the id {shown(name)} (first at line {first[name]}); give each its own"
        first.setdefault(name, document.line(path))


def specifications_exist(document: Document) -> Found:
    """Every reference is qualified, of the service's version, and stands for something; a service commits to something."""
    for path, service in document.each(dict, "services", "*"):
        references = service.get("specifications")
        if references == {}:
            yield (
                (*path, "specifications"),
                "this service commits to no specification; write at least one, e.g. CCM:4.1:CEK-03",
            )
        if not isinstance(references, dict) or service.get("ccm") not in ("4.0.13", "4.1.0"):
            continue
        for reference in references:
            fault = committed_by(reference, service["ccm"])[1]
            if fault:
                yield (*path, "specifications", reference), fault


def health_is_guarded(document: Document) -> Found:
    """A port that exists, and no auditor's page for whoever happens to reach it."""
    for path, text in document.each(str, "health", "listen"):
        host, _, port = text.rpartition(":")
        if port.isdecimal() and int(port) > LAST_PORT:
            yield path, f"{dotted(path)} is {shown(text)}; write a port up to {LAST_PORT}"
        guarded = document.at(str, "health", "tls", "clients") or is_own(host)
        if document.at(str, "health", "tier") == "auditor" and not guarded:
            words = "anybody may ask for the auditor's page there; add health.tls.clients, or listen on 127.0.0.1"
            yield path, f"{dotted(path)} is {shown(text)}: {words}"


def substitution_is_bounded(document: Document) -> Found:
    """Only the external id comes from the environment, so that the programme's digest speaks for all the rest."""
    for path, text in document.texts():
        if "${" in text and path != EXTERNAL_ID:
            yield (
                path,
                f"{dotted(path)} is {shown(text)}; only scope.aws.external_id may come from the environment: write the value",
            )
    for path, text in document.each(str, *EXTERNAL_ID):
        if "${" in text and not VARIABLE.fullmatch(text):
            yield (
                path,
                f"{dotted(path)} is {shown(text)}; write ${{NAME}} and nothing else, in capitals, digits and underscores",
            )


def external_id_is_taken(document: Document, environment: Mapping[str, str]) -> Found:
    """The external id, or the variable that it is taken from, holds what AWS takes. Its value is never shown."""
    for path, text in document.each(str, *EXTERNAL_ID):
        variable = VARIABLE.fullmatch(text)
        value = environment.get(variable[1], "") if variable else text
        if variable and not value:
            yield path, f"the environment variable {variable[1]} is not set; export it, or write the external id here"
        elif (variable or "${" not in value) and not AWS_EXTERNAL_ID.fullmatch(value):
            whose = f"the value of {variable[1]}" if variable else "scope.aws.external_id"
            yield path, f"{whose} is no external id; AWS takes 2 to 1224 letters, digits and _+=,.@:/-"


def parameters_are_known(document: Document) -> Found:
    """Each is a check's and a parameter of it; looser only with a reason. Those of packages are held when they are loaded."""
    said = document.at(dict, "parameters")
    if not said:
        return
    from agent.parameters import faults as amiss
    from agent.plugins import Named
    from controls.catalogue import CHECKS

    known = {one.name: one for one in CHECKS}
    for name, moved in said.items():
        values = moved.get("values") if isinstance(moved, dict) else None
        if name in known and isinstance(values, dict):
            numbers = {key: value for key, value in values.items() if type(value) is int}
            for key, words in amiss(known[name], numbers, moved.get("because")):
                yield ("parameters", name, "values", key), words
        elif name not in Named(known):
            yield (
                ("parameters", name),
                f"{shown(name)} is no check{meant(name, known, '; `starcadence catalog checks` lists them')}",
            )


RULES: tuple[Rule, ...] = (
    parameters_are_known,
    owners_are_known,
    routes_are_known,
    routes_are_whole,
    mail_is_private,
    owned_specifications_exist,
    publications_are_distinct,
    time_zone_is_known,
    sweeps_are_spaced,
    deadlines_are_in_order,
    objectives_mean_something,
    metrics_are_known,
    findings_name_services,
    services_are_distinct,
    specifications_exist,
    health_is_guarded,
    substitution_is_bounded,
)
