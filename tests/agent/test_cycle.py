from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cycle import Kind, cycle_after, cycle_at, days, days_of, slot_at, slots

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
]
instants = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001 (hypothesis asks for naive bounds)
    lambda one: one.replace(tzinfo=UTC, microsecond=0)
)
kinds = st.sampled_from(["monthly", "quarterly"])
zones = st.sampled_from(ZONES).map(ZoneInfo)
spans = st.integers(60, 60 * 24 * 10).map(lambda minutes: timedelta(minutes=minutes))


@given(instants, kinds, zones)
def test_law_5_cycles_partition_time_in_every_zone(instant: datetime, kind: Kind, zone: ZoneInfo) -> None:
    cycle = cycle_at(kind, instant, zone)
    following = cycle_at(kind, cycle.end, zone)
    assert cycle.start <= instant < cycle.end
    assert following.start == cycle.end and following.id != cycle.id
    assert cycle_at(kind, cycle.start, zone) == cycle
    assert cycle_at(kind, cycle.end - timedelta(seconds=1), zone) == cycle


@given(instants, kinds, zones, spans)
def test_slots_partition_their_cycle(instant: datetime, kind: Kind, zone: ZoneInfo, every: timedelta) -> None:
    cycle = cycle_at(kind, instant, zone)
    found = slots(cycle, every)
    assert found[0].start == cycle.start and found[-1].end == cycle.end
    assert all(one.end == other.start for one, other in pairwise(found))
    assert slot_at(cycle, every, instant) in found
    assert slot_at(cycle, every, instant).start <= instant < slot_at(cycle, every, instant).end


def test_ids_are_calendar_names_in_the_programmes_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert cycle_at("monthly", datetime(2026, 9, 30, 22, tzinfo=UTC), berlin).id == "2026-10"
    assert cycle_at("quarterly", datetime(2026, 9, 30, 21, tzinfo=UTC), berlin).id == "2026-Q3"


def test_a_programme_that_begins_in_the_middle_is_due_from_the_slot_it_begins_in() -> None:
    cycle = cycle_at("monthly", datetime(2026, 9, 25, 9, tzinfo=UTC), ZoneInfo("UTC"))
    found = slots(cycle, timedelta(days=1), datetime(2026, 9, 25, 9, tzinfo=UTC))
    assert len(found) == 6
    assert found[0].start == datetime(2026, 9, 25, tzinfo=UTC)


def test_an_instant_outside_of_a_cycle_has_no_slot_in_it() -> None:
    cycle = cycle_at("monthly", datetime(2026, 9, 25, tzinfo=UTC), ZoneInfo("UTC"))
    with pytest.raises(ValueError, match="does not lie in cycle 2026-09"):
        slot_at(cycle, timedelta(days=1), cycle.end)


@given(instants, kinds, zones, zones)
def test_a_change_of_time_zone_leaves_no_gap_no_overlap_and_no_name_twice(
    instant: datetime, kind: Kind, old: ZoneInfo, new: ZoneInfo
) -> None:
    ended = cycle_at(kind, instant, old)
    following = cycle_after(kind, ended.end, new)
    assert following.start <= ended.end < following.end
    assert following.id != ended.id
    assert cycle_at(kind, following.end, new).start == following.end


@given(instants, kinds, kinds, zones, zones, spans, spans)
def test_no_slot_of_two_cycles_has_the_same_name_whatever_changes_between_them(
    instant: datetime,
    kind: Kind,
    next_kind: Kind,
    old: ZoneInfo,
    new: ZoneInfo,
    every: timedelta,
    next_every: timedelta,
) -> None:
    ended = cycle_at(kind, instant, old)
    following = cycle_after(next_kind, ended.end, new)
    before = {slot.start for slot in slots(ended, every)}
    after = slots(following, next_every, ended.end)
    assert before.isdisjoint(slot.start for slot in after)
    assert after[0].start == ended.end and after[-1].end == following.end


def test_a_cycle_cut_short_by_a_change_says_how_much_of_its_calendar_cycle_it_is() -> None:
    """From months to quarters in November: 61 of the 92 days. A commitment on the 15th: 17 of 31. A day more, where a zone left it over."""
    utc, berlin = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
    november = datetime(2026, 11, 1, tzinfo=UTC)
    quarter = cycle_after("quarterly", november, utc)
    assert (quarter.id, days(quarter.start, quarter.end, utc)) == ("2026-Q4", 61)
    assert days_of("quarterly", quarter.start, quarter.end, utc) == 92
    first = datetime(2026, 10, 15, 12, tzinfo=UTC)
    assert (days(first, november, utc), days_of("monthly", first, november, utc)) == (17, 31)
    left = cycle_after("monthly", datetime(2026, 9, 30, 22, tzinfo=UTC), utc)
    assert days(left.start, left.end, utc) == days_of("monthly", left.start, left.end, utc) == 32
    assert days_of("monthly", november, datetime(2026, 11, 30, 23, tzinfo=UTC), berlin) == 30
