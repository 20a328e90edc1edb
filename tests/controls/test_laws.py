"""The design's laws of judging and counting, as properties."""

import inspect
import itertools
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import NoneType
from typing import Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.resource import FAR, AccessKey, Entitlement, Identity, Key, PortRange, Resource, Trail
from collectors.resources import TYPES, AnyResource
from controls.assess import Judge
from controls.catalogue import CHECKS
from controls.tally import COUNTED, Result, Tally, against, merged, worst
from controls.unproven import untold
from controls.verdict import Outcome

NOW = datetime(2026, 3, 31, 6, tzinfo=UTC)
KINDS = (
    "volume", "snapshot", "database", "database snapshot", "object store", "role", "policy", "user", "machine", "machine group",
    "function", "subnet", "vulnerability", "threat detection", "vulnerability scanning",
)  # fmt: skip
JUDGE = Judge(CHECKS)
RICH = (Identity, Entitlement, Trail, Key)
"""Types whose checks read several facts: drawn more often."""
DETERMINED = settings(derandomize=True, deadline=None)

DAY = 24
FUTURE = (NOW + timedelta(days=20), NOW + timedelta(days=200))
hours = st.sampled_from(
    [-200 * DAY, -20 * DAY, -5, 0, 1, DAY - 1, DAY, DAY + 1, 60 * DAY, 89 * DAY, 90 * DAY, 91 * DAY, 400 * DAY]
)
instants = hours.map(lambda ago: NOW - timedelta(hours=ago))
ENDS = ("expires", "version_ends", "runtime_ends")
"""Facts that may be `FAR`."""
keys = st.builds(AccessKey, active=st.booleans(), created=st.none() | instants)
first, last = st.sampled_from([0, 22, 80, 3306]), st.sampled_from([22, 443, 65535])
ranges = st.builds(PortRange, protocol=st.sampled_from(["tcp", "udp", "any"]), first=first, last=last)
words = st.sets(st.sampled_from(["*", "data", "keys", "logging", "444455556666"])).map(
    lambda found: tuple(sorted(found))
)
NEVER = (
    ("never_active", "last_active"), ("never_used", "last_used"), ("never_backed_up", "last_backup"),
    ("never_seen", "last_seen"), ("never_restored", "last_restore"), ("never_checked", "drift_checked"),
)  # fmt: skip
ALGORITHMS = ("AES-256", "RSA-1024", "RSA-2048", "EC-P256", "HMAC-256", "other")
tallies = st.builds(
    Tally, **dict.fromkeys(("passed", "failed", "unknown", "not_applicable", "unseen"), st.integers(0, 3))
)
slos = st.sampled_from([Fraction(1), Fraction(995, 1000), Fraction(1, 2), Fraction(0)])


def fact(hint):
    """Any value of a fact, `None` among them."""
    (plain,) = (each for each in get_args(hint) if each is not NoneType)
    if get_origin(plain) is Literal:
        return st.none() | st.sampled_from(get_args(plain))
    if plain is int:
        return st.none() | st.sampled_from([0, 1, 6, 7, 13, 14, 365, 366])
    known = {bool: st.booleans(), datetime: instants, tuple[str, ...]: words, str: st.sampled_from(ALGORITHMS)}
    known |= {
        tuple[AccessKey, ...]: st.lists(keys, max_size=3).map(tuple),
        tuple[PortRange, ...]: st.lists(ranges, max_size=3).map(tuple),
    }
    return st.none() | known[plain]


@st.composite
def resources(draw):
    """Any resource whose facts do not contradict one another: who was never active has no last activity."""
    of = draw(st.sampled_from((*TYPES, *RICH, *RICH)))
    hints = get_type_hints(of)
    facts = {name: draw(fact(hints[name])) for name in of.__struct_fields__ if name not in Resource.__struct_fields__}
    for name in set(ENDS) & set(facts):
        facts[name] = draw(st.just(facts[name]) | st.just(FAR))
    for never, last in NEVER:
        if facts.get(never):
            facts[last] = None
    return of(
        id="arn:aws:x:::one", provider="aws", account="111122223333", region="eu-west-1", kind=draw(st.sampled_from(KINDS)),
        created=draw(st.none() | instants), managed_by=draw(st.sampled_from([None, None, "customer", "customer", "provider"])), **facts,
    )  # fmt: skip


def outcomes(resource, now=NOW):
    return {check.name: verdict.outcome for check, verdict in JUDGE(resource, now)}


def less_learned(resource):
    """The same resource with one fact less, for each fact, and for the date of each key."""
    for name in resource.__struct_fields__:
        if name not in Resource.__struct_fields__ and getattr(resource, name) is not None:
            yield msgspec.structs.replace(resource, **{name: None})
    for at, each in enumerate(getattr(resource, "keys", None) or ()):
        undated = msgspec.structs.replace(each, created=None)
        yield msgspec.structs.replace(resource, keys=(*resource.keys[:at], undated, *resource.keys[at + 1 :]))


@pytest.mark.parametrize("of", TYPES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_resource_of_which_nothing_was_learned_never_passes(of, kind, make):
    """Law 1, of facts."""
    assert {verdict.outcome for _, verdict in JUDGE(make(of, kind), NOW)} <= {Outcome.UNKNOWN, Outcome.NOT_APPLICABLE}


@given(tally=tallies, slo=slos)
@DETERMINED
def test_nothing_seen_or_something_unseen_is_never_met(tally, slo):
    """Law 1, of counts."""
    empty = msgspec.structs.replace(tally, passed=0, failed=0, unknown=0)
    assert against(empty, slo) in {Result.NOTHING, Result.NOT_SHOWN}
    assert against(msgspec.structs.replace(tally, unseen=tally.unseen + 1), slo) is not Result.MET
    assert worst([]) is Result.NOT_SHOWN


@given(resource=resources(), tally=tallies, slo=slos)
@DETERMINED
def test_a_fact_less_never_improves_a_result(resource, tally, slo):
    """Law 2, of facts: what was judged stays as it was or becomes unknown; no lower end rises, nothing turns to met.

    Of what the cloud tells nobody there is no fact to lose.
    """
    before = outcomes(resource)
    for poorer in less_learned(resource):
        for name, after in outcomes(poorer).items():
            if untold(resource.provider, name):
                continue
            assert after in {before[name], Outcome.UNKNOWN}, (name, resource)
            one, other = tally + COUNTED[before[name]], tally + COUNTED[after]
            if one.range is not None:
                assert other.range is not None
                assert other.range[0] <= one.range[0]
                assert against(other, slo) is not Result.MET or against(one, slo) is Result.MET


def grid(check):
    """Values for each fact that a check reads, few enough to try all combinations."""
    near = [None, *(NOW - timedelta(hours=ago) for ago in (1, 60 * DAY, 100 * DAY, 400 * DAY))]
    dated = [AccessKey(active=True, created=created) for created in near]
    off = AccessKey(active=False, created=near[-1])
    known = {bool: [None, True, False], int: [None, 0, 1, 13, 14, 400], datetime: [*near, *FUTURE]}
    known[str] = [None, *ALGORITHMS]
    known[tuple[AccessKey, ...]] = [
        None,
        (),
        (off,),
        *((one,) for one in dated),
        *itertools.permutations(dated, 2),
        (off, dated[1]),
    ]
    known[tuple[PortRange, ...]] = [
        None,
        (),
        *((PortRange(protocol="tcp", first=port, last=port),) for port in (22, 443)),
    ]
    known[tuple[str, ...]] = [None, (), ("*",), ("data",), ("data", "keys")]
    hints = get_type_hints(check.judges)
    plain = {name: next(each for each in get_args(hints[name]) if each is not NoneType) for name in check.reads}
    values = {name: [None, *get_args(of)] if get_origin(of) is Literal else known[of] for name, of in plain.items()}
    values |= {name: [*values[name], FAR] for name in set(ENDS) & set(values)}
    return {**values, "created": near} if "created" in inspect.getsource(check.function) else values


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_combination_of_facts_obeys_the_laws(check, make):
    """Laws 2 and 4 for each check over all of its small grid, where hypothesis only samples."""
    values = grid(check)
    for facts in map(dict, itertools.product(*([(name, value) for value in found] for name, found in values.items()))):
        if any(facts.get(never) and facts[last] for never, last in NEVER):
            continue
        resource = make(check.judges, check.kinds[0] if check.kinds else "thing", **facts)
        verdict = check.judge(resource, now=NOW)
        for poorer in less_learned(resource):
            assert check.judge(poorer, now=NOW).outcome in {verdict.outcome, Outcome.UNKNOWN}, facts
        for later in (NOW + timedelta(days=days) for days in (1, 30, 300)):
            if verdict.holds_until is None or later < verdict.holds_until:
                assert check.judge(resource, now=later) == verdict, facts
        if facts.get("keys"):
            turned = msgspec.structs.replace(resource, keys=facts["keys"][::-1])
            assert check.judge(turned, now=NOW) == verdict, facts


@given(tally=tallies, slo=slos, more=st.integers(1, 3))
@DETERMINED
def test_an_unseen_cell_never_improves_a_result(tally, slo, more):
    """Law 2, of cells."""
    poorer = msgspec.structs.replace(tally, unseen=tally.unseen + more)
    assert poorer.range == tally.range
    assert against(poorer, slo) in {against(tally, slo), Result.NOT_SHOWN}


@given(tally=tallies, slo=slos, excepted=st.integers(0, 3), carried=st.integers(0, 3))
@DETERMINED
def test_an_exception_never_changes_a_result(tally, slo, excepted, carried):
    """Law 2, of approved exceptions: an excepted failure stays a failure."""
    covered = msgspec.structs.replace(tally, excepted=min(excepted, tally.failed), carried=min(carried, tally.failed))
    assert against(covered, slo) is against(tally, slo)
    assert covered.range == tally.range


@given(
    seen=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(list(Outcome)), st.integers(0, 3)), max_size=30),
    order=st.randoms(),
)
@DETERMINED
def test_sharding_repeating_and_order_never_change_a_sum(seen, order):
    """Law 3: cells judged anywhere, in any order, some of them twice, merge to the same map and the same sum."""
    whole: dict[int, Tally] = {}
    for cell, outcome, _ in seen:
        whole[cell] = whole.get(cell, Tally()) + COUNTED[outcome]
    home = {cell: shard for cell, _, shard in seen}
    shards = [{cell: tally for cell, tally in whole.items() if home[cell] == shard} for shard in range(4)]
    shards += [dict(order.choice(shards)), {}]
    order.shuffle(shards)
    union: dict[int, Tally] = {}
    for shard in shards:
        union = merged(union, shard)
    assert union == whole
    assert sum(union.values(), Tally()) == sum((COUNTED[outcome] for _, outcome, _ in seen), Tally())


@given(maps=st.lists(st.sets(st.integers(0, 6)), min_size=3, max_size=3))
@DETERMINED
def test_merging_is_associative_commutative_and_idempotent(maps):
    """Law 3: any three maps that agree."""
    one, two, three = ({cell: Tally(passed=cell, unseen=1) for cell in cells} for cells in maps)
    assert merged(one, two) == merged(two, one)
    assert merged(merged(one, two), three) == merged(one, merged(two, three))
    assert merged(one, one) == one


def test_two_tallies_of_one_cell_that_differ_are_refused():
    with pytest.raises(ValueError, match="two different tallies for a"):
        merged({"a": Tally(passed=1)}, {"a": Tally(passed=2)})


@given(resource=resources())
@DETERMINED
def test_the_same_facts_give_the_same_bytes(resource):
    """Law 4: by another judge, after a round trip through the store, check by check, and in whatever order lists stand."""
    judged = [(check.name, msgspec.json.encode(verdict)) for check, verdict in JUDGE(resource, NOW)]
    again = msgspec.json.decode(msgspec.json.encode(resource), type=AnyResource)
    assert [(check.name, msgspec.json.encode(verdict)) for check, verdict in Judge(CHECKS)(again, NOW)] == judged
    alone = [
        (check.name, msgspec.json.encode(verdict))
        for each in CHECKS
        if each.judges is type(resource)
        for check, verdict in Judge((each,))(resource, NOW)
    ]
    assert alone == judged
    lists = {
        name: value[::-1] for name in resource.__struct_fields__ if isinstance(value := getattr(resource, name), tuple)
    }
    turned = msgspec.structs.replace(resource, **lists)
    assert [(check.name, msgspec.json.encode(verdict)) for check, verdict in JUDGE(turned, NOW)] == judged


@given(resource=resources(), ahead=st.integers(0, 500 * 24))
@DETERMINED
def test_a_verdict_stands_as_long_as_it_says(resource, ahead):
    """Law 4, over time: until `holds_until`, or for ever, the same facts are judged the same."""
    later = NOW + timedelta(hours=ahead)
    for (check, verdict), (_, then) in zip(JUDGE(resource, NOW), JUDGE(resource, later), strict=True):
        if verdict.holds_until is None or later < verdict.holds_until:
            assert then == verdict, (check.name, resource)
