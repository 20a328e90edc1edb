"""Azure at half a million rows: what streaming and visiting them cost, against decoding alone.

The server is a process of its own, so that its work is not counted. Quotas are kept to on a clock that nobody waits for, and the minutes
that they would have taken are printed. No subscription begins with a page, as none would. Rows are visited while Python looks for rings
as rarely as it does in a sweep; decoding alone is measured so too, and while it looks as often as by itself.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

from agent.programme import AzureScope
from agent.tidying import rarely
from collectors.azure.catalogue import COLLECTORS
from collectors.azure.cloud import Azure
from collectors.azure.places import ENDPOINT_VARIABLE
from collectors.azure.rates import QUERIES, WINDOW

ROWS = 500_000
SUBSCRIPTIONS = 500
VISITED = 50_000
PAGE = 1_000
ALONE = 50
"""Pages that are decoded and nothing else."""
EACH = ROWS // SUBSCRIPTIONS
ASKEW = PAGE * 3 // 10
"""Rows that the first subscription has fewer than the others."""


def azure() -> Iterator[str]:
    """A sweep of half a million disks in five hundred subscriptions, a tenth of which are visited as cells."""
    alone, plainly = decoding(msgspec.json.decode), decoding(json.loads)
    with serving(), rarely():
        now = [0.0]
        cloud = Azure(
            AzureScope(credentials="managed identity"), pseudonym_key=b"bench", clock=lambda: now[0],
            sleep=lambda delay: now.__setitem__(0, now[0] + delay),
        )  # fmt: skip
        estate = cloud.discover()
        least = decoding(msgspec.json.decode)
        (disks,) = [one for one in COLLECTORS if one.name == "azure.disks"]
        cells = cloud.cells(estate, (disks,))
        tenth = SUBSCRIPTIONS * VISITED // ROWS
        seen: list[int] = []
        visiting = timed(lambda: seen.extend(len(cloud.visit(cell, disks, {}).sightings) for cell in cells[:tenth]))
        read: list[int] = []
        reading = timed(lambda: read.extend(rows(cloud, cell.account) for cell in cells[tenth:]))
        cloud.close()
    assert (sum(seen), sum(read)) == (VISITED - ASKEW, ROWS - VISITED + ASKEW)
    visit, stream = visiting / sum(seen), reading / sum(read)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"Azure: {ROWS:,} rows in {SUBSCRIPTIONS} subscriptions, {most:.0f} MiB at most"
    yield (
        f"Azure: stream {stream * 1e6:.1f} us, visit {visit * 1e6:.1f} us a row; a visit is {visit / alone:.1f} times decoding with "
        f"msgspec ({alone * 1e6:.1f} us; {visit / least:.1f} times the {least * 1e6:.1f} us without looking for rings), "
        f"{visit / plainly:.1f} times decoding with json ({plainly * 1e6:.1f} us)"
    )
    yield f"Azure: {ROWS // PAGE} queries, {now[0] / 60:.1f} minutes at {QUERIES} in {WINDOW:.0f} s, none refused"


def decoding(decode: Callable[[bytes], Any]) -> float:
    """CPU seconds that a row takes, of pages that were not decoded before."""
    pages = (page_of(start) for start in range(0, ALONE * PAGE, PAGE))
    return sum(timed(lambda page=page: len(decode(page))) for page in pages) / (ALONE * PAGE)  # type: ignore[misc]


def rows(cloud: Azure, subscription: str) -> int:
    """How many rows a subscription has, each decoded."""
    return sum(1 for _ in cloud._inventory.rows("graph.Disks", subscription, []))


def timed(work: Callable[[], Any]) -> float:
    """CPU seconds of this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


@contextmanager
def serving() -> Iterator[None]:
    """The server in a process of its own, and the environment that leads there."""
    server = subprocess.Popen([sys.executable, "-m", "tests.bench.azure"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
    said = {ENDPOINT_VARIABLE: url, "IDENTITY_ENDPOINT": f"{url}/msi/token", "IDENTITY_HEADER": "bench"}
    before = {name: os.environ.get(name) for name in said}
    os.environ.update(said)
    try:
        yield
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def subscription(number: int) -> str:
    """A subscription's id."""
    return f"{number:08d}-0000-4000-8000-000000000000"


def disk(number: int) -> dict[str, Any]:
    """A row of about a kilobyte."""
    owner = subscription(min((number + ASKEW) // EACH, SUBSCRIPTIONS - 1))
    return {
        "id": f"/subscriptions/{owner}/resourceGroups/main/providers/Microsoft.Compute/disks/disk-{number:07d}",
        "name": f"disk-{number:07d}",
        "type": "microsoft.compute/disks", "subscriptionId": owner, "location": "westeurope", "kind": None,
        "sku": {"name": "Premium_LRS", "tier": "Premium"}, "tags": {"env": "prod", "team": f"team-{number % 9}"}, "zones": ["1"],
        "properties": {
            "osType": "Linux", "hyperVGeneration": "V2", "diskSizeGB": 128, "diskSizeBytes": 137438953472, "diskIOPSReadWrite": 500,
            "diskMBpsReadWrite": 100, "networkAccessPolicy": "AllowAll", "publicNetworkAccess": "Enabled", "diskState": "Attached",
            "provisioningState": "Succeeded", "tier": "P10", "timeCreated": "2026-03-04T05:06:07.1234567+00:00",
            "encryption": {"type": "EncryptionAtRestWithPlatformKey"}, "uniqueId": "00000000-0000-4000-8000-00000000000f",
            "creationData": {"createOption": "FromImage", "imageReference": {
                "id": f"/Subscriptions/{owner}/Providers/Microsoft.Compute/Locations/westeurope/Publishers/example/Offers/linux/Skus/1"}},
        },
    }  # fmt: skip


def page_of(start: int) -> bytes:
    """The page that begins with a row, ready to send."""
    end = min(ROWS, start + PAGE)
    answer: dict[str, Any] = {
        "totalRecords": ROWS,
        "count": end - start,
        "resultTruncated": "false",
        "data": [disk(one) for one in range(start, end)],
    }
    if end < ROWS:
        answer["$skipToken"] = str(end)
    return json.dumps(answer, separators=(",", ":")).encode()


class Answering(BaseHTTPRequestHandler):
    """As much of Azure as the figures need."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        if self.path.startswith("/msi"):
            answer: dict[str, Any] = {
                "access_token": "t",
                "expires_on": str(int(time.time()) + 86400),
                "resource": "r",
                "token_type": "Bearer",
            }
        elif "permissions" in self.path:
            answer = {"value": [{"actions": ["*/read"], "notActions": []}]}
        else:
            listed = (subscription(number) for number in range(SUBSCRIPTIONS))
            answer = {"value": [{"subscriptionId": one, "state": "Enabled", "tenantId": "t"} for one in listed]}
        self._say(json.dumps(answer).encode())

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._say(page_of(int(asked["options"].get("$skipToken", "0"))))

    def _say(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of http.server
        """Silence."""


def serve() -> None:
    """Serve until killed; the port is the one line that is printed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve()
