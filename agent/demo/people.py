"""What people do in the story: on the fifth of October somebody answers the deviations of September, and signs."""

from datetime import date

from agent.answers import Response, deviation_key
from agent.demo.estate import day
from agent.journal import Entry
from agent.report import Deviation
from agent.reviewing import sealed_cycle, sign
from agent.running import Agent

REVIEWS = day("2026-10-05")
"""Four days after the seal, six before the review is overdue. The second cycle is left for whoever watches."""
REVIEWER = "Ada Beispiel"


def review(agent: Agent, cycle: str) -> tuple[Entry, ...]:
    """Answer every deviation of a sealed cycle of each service, and sign. The next run publishes it."""
    entries = []
    for service in agent.loaded.programme.services:
        sealed = sealed_cycle(agent.store, agent.journal, cycle, service.id)
        answers = tuple(
            sorted((answer(one, service.owner) for one in sealed.report.deviations), key=lambda one: one.key)
        )
        signer = agent.press.signer
        entries.append(
            sign(
                agent.store, agent.journal, sealed, answers, reviewer=REVIEWER, programme=signer, own=None, now=agent.clock()
            )
        )  # fmt: skip
    return tuple(entries)


def answer(one: Deviation, owner: str) -> Response:
    """A plan; for what an approved exception covers, the exception."""
    cause = f"approved exception {one.exception}" if one.exception else "made before the template was the only way"
    return Response(
        key=deviation_key(one.check, one.resource), check=one.check, resource=one.resource, account=one.account,
        cause=cause, action=one.remediation, owner=owner, due=date(2026, 10, 31), disputed_because=None,
    )  # fmt: skip
