"""The order of visits: whoever joins is looked at after what it joins, whatever the pool's size."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from agent.visiting import Visiting, in_turn, joined_everywhere
from collectors.collector import Cell, Collector, Item, Session, collector
from collectors.gap import Gap, Reason
from collectors.resource import DataStore
from collectors.sighting import Sighting, Visit


def one(name: str, needs: tuple[str, ...] = (), beside: tuple[str, ...] = ()) -> Collector:
    class Steps:
        def list(self, session: Session):
            yield {"Region": session.region}

        def describe(self, session: Session, item: Item) -> DataStore:
            raise NotImplementedError

    settings = {"sees": DataStore, "kinds": ("volume",), "learns": (), "grants": (), "where": "region"}
    made: Collector = collector(name, needs=needs, beside=beside, **settings)(Steps)
    return made


CHAIN = (one("aws.a", needs=("aws.c",)), one("aws.c", beside=("aws.b",)), one("aws.b"), one("aws.d", beside=("aws.a",)))
PLACES = [("111122223333", "eu-west-1"), ("111122223333", "us-east-1"), ("222233334444", "eu-west-1")]
CELLS = [
    Cell(provider="aws", account=account, region=region, collector=each.name)
    for each in CHAIN
    for account, region in PLACES
]


def looking(broken: str = ""):
    met: list[tuple[Cell, dict[str, tuple[str, ...] | None]]] = []

    def look(cell, collector, seen):
        met.append((cell, {name: each and tuple(one.id for one in each) for name, each in seen.items()}))
        store = DataStore(id=cell.key, provider="aws", account=cell.account, region=cell.region, kind="volume")
        gap = Gap(cell=cell.key, operation="x", subject="", reason=Reason.DENIED, detail="")
        sighting = Sighting(cell=cell.key, resource=store, evidence=())
        gaps = (gap,) if cell.key == broken else ()
        return Visit(cell=cell.key, sightings=(sighting,), readings=(), gaps=gaps, calls=())

    return met, look


@pytest.mark.parametrize("size", [1, 2, 16])
def test_every_join_has_what_it_waits_for_in_a_pool_of_any_size(size: int) -> None:
    met, look = looking()
    with ThreadPoolExecutor(size) as pool:
        visiting = Visiting(CHAIN, CELLS, pool, look, blind=False)
        for account in ("111122223333", "222233334444"):
            visits = [future.result() for future in visiting.account(account)]
            assert [visit.cell for visit in visits] == sorted(cell.key for cell in CELLS if cell.account == account)
    assert sorted(cell.key for cell, _ in met) == sorted(cell.key for cell in CELLS)
    for cell, seen in met:
        if cell.collector == "aws.a":  # over the whole organisation
            assert seen == {"aws.c": tuple(sorted(each.key for each in CELLS if each.collector == "aws.c"))}
        if cell.collector == "aws.d":  # in its own account
            mine = (each.key for each in CELLS if (each.collector, each.account) == ("aws.a", cell.account))
            assert seen == {"aws.a": tuple(sorted(mine))}


def test_a_gap_beside_concerns_its_own_account_only() -> None:
    broken = "aws/111122223333/us-east-1/aws.b"
    met, look = looking(broken)
    with ThreadPoolExecutor(4) as pool:
        visiting = Visiting(CHAIN, CELLS, pool, look, blind=False)
        for account in ("111122223333", "222233334444"):
            [future.result() for future in visiting.account(account)]
    unknown = {cell.account for cell, seen in met if cell.collector == "aws.c" and seen["aws.b"] is None}
    assert unknown == {"111122223333"}


def test_a_blind_discovery_joins_nothing_over_the_whole() -> None:
    met, look = looking()
    with ThreadPoolExecutor(4) as pool:
        [future.result() for future in Visiting(CHAIN, CELLS, pool, look, blind=True).account("222233334444")]
    assert [seen for cell, seen in met if cell.collector == "aws.a"] == [{"aws.c": None}]


def test_what_is_joined_over_the_whole_takes_along_what_it_joins_itself() -> None:
    assert joined_everywhere(CHAIN) == {"aws.c", "aws.b"}


def test_collectors_that_wait_for_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="wait for each other"):
        in_turn((one("aws.a", needs=("aws.b",)), one("aws.b", beside=("aws.a",))))
