"""What the daemon answers over HTTP: `/metrics`, `/healthz`, `/readyz` and the status page at `/`.

Everything is made from the loop's pulse and from the outlook. No path names anything in the store, and no error's words leave the house.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.openmetrics import exposition as openmetrics

from agent.canonical import encode
from agent.endpoint import Answer
from agent.errors import AgentError
from agent.health import Samples
from agent.lookout import Lookout
from agent.pulse import Pulse, alive, findings
from agent.rhythm import Beats
from agent.vitals import vitals

OPENMETRICS = "application/openmetrics-text"
JSON = "application/json"


class Front:
    """The answers to all paths."""

    def __init__(
        self, *, pulse: Callable[[], Pulse], lookout: Lookout, ticks: Callable[[], float], page: Callable[[], Answer]
    ) -> None:
        """`page` makes the status page; it may raise `AgentError`."""
        self._pulse, self._lookout, self._ticks = pulse, lookout, ticks
        self._paths: dict[str, Callable[[str], Answer]] = {
            "/": lambda _: page(), "/metrics": self._metrics, "/healthz": self._healthz, "/readyz": self._readyz,
        }  # fmt: skip

    def __call__(self, path: str, accept: str) -> Answer | None:
        """The answer to a path; `None` if it is none of ours."""
        found = self._paths.get(path)
        if found is None:
            return None
        try:
            return found(accept)
        except AgentError:
            return Answer(body=b"the store cannot be read; the log says more\n", status=503)

    def _metrics(self, accept: str) -> Answer:
        """All series; without a store those of the loop alone, for what is not known has no sample."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(Beats(self._pulse()))
        try:
            registry.register(Samples(vitals(self._lookout.outlook(), self._lookout.now)))
        except AgentError:
            registry.register(Samples(vitals(None, self._lookout.now)))
        if OPENMETRICS in accept:
            return Answer(body=_openmetrics(registry), kind=openmetrics.CONTENT_TYPE_LATEST)
        return Answer(body=generate_latest(registry), kind=CONTENT_TYPE_PLAIN_0_0_4)

    def _healthz(self, _: str) -> Answer:
        living = alive(self._pulse(), self._ticks())
        return Answer(body=encode({"alive": living}) + b"\n", kind=JSON, status=200 if living else 503)

    def _readyz(self, _: str) -> Answer:
        try:
            self._lookout.outlook()
            readable = True
        except AgentError:
            readable = False
        found = findings(self._pulse(), store=readable)
        ready = all(one.ok for one in found)
        return Answer(body=encode({"ready": ready, "findings": found}) + b"\n", kind=JSON, status=200 if ready else 503)


def _openmetrics(registry: CollectorRegistry) -> bytes:
    text: bytes = openmetrics.generate_latest(registry)  # type: ignore[no-untyped-call]
    return text
