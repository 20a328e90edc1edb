"""A trend over a change of the CCM version: what an earlier cycle said of a specification, found again under its present id.

The way between the versions is the catalogue's. A specification that the present version does not have carries nothing on, and one that is
new in it has no past. Where the words of a specification changed, the trend says so by naming the id that was judged.
"""

from collections.abc import Mapping

from agent.material import Past
from controls import ccm
from controls.tally import Result


def carried(results: Mapping[str, Result], version: ccm.Version) -> dict[str, Result]:
    """The results of an earlier cycle by the ids of a version."""
    found = {ccm.translate(name, version).target: result for name, result in results.items()}
    return {name: result for name, result in found.items() if name is not None}


def earlier(past: Past, specification: str) -> tuple[str, Result] | None:
    """What an earlier cycle said of a specification, under the cycle's name, which says as what it was judged if that was another id."""
    if specification in past.results:
        return past.cycle, past.results[specification]
    version = ccm.specification(specification).version
    was = ccm.translate(specification, "4.0" if version == "4.1" else "4.1").target
    return (f"{past.cycle} as {was}", past.results[was]) if was in past.results else None
