"""Our side of `tests.bench.prowler`, a process of its own: discover one account, visit it with some collectors, judge what is seen.

`python -m tests.bench.looking OUT COLLECTOR...` writes for each check how often it came to which outcome; cells that could not be listed
are counted as unknown of every check that reads their resources.
"""

import json
import sys
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from agent.programme import AwsScope
from agent.shards import paired
from agent.visiting import Visiting
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from collectors.collector import Cell
from controls.assess import Judge
from controls.catalogue import CHECKS


def look(target: Path, names: frozenset[str]) -> None:
    """Look at everything once."""
    chosen = tuple(one for one in COLLECTORS if one.name in names)
    aws = Aws(AwsScope(regions=("eu-west-1", "us-east-1")), session_name="bench", pseudonym_key=b"bench", rate=0.8)
    estate = aws.discover()
    judge, found = Judge(CHECKS), defaultdict[str, Counter[str]](Counter)
    sees = {one.name: one.sees for one in chosen}
    with ThreadPoolExecutor(16) as pool:
        visiting = Visiting(chosen, aws.cells(estate, chosen), pool, aws.visit, blind=bool(estate.gaps))
        for future in visiting.account(estate.members[0].account):
            visit = future.result()
            if not visit.complete:
                kind = sees[Cell.of(visit.cell).collector]
                found.update(
                    {check.name: found[check.name] + Counter(unknown=1) for check in CHECKS if check.judges is kind}
                )
            for _, resource in paired(visit.sightings, visit.readings):
                for check, verdict in judge(resource, datetime(2026, 11, 22, tzinfo=UTC)):
                    found[check.name][verdict.outcome.value] += 1
    aws.close()
    target.write_text(json.dumps(found))


if __name__ == "__main__":
    look(Path(sys.argv[1]), frozenset(sys.argv[2:]))
