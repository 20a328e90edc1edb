"""Google Cloud at a million assets: what listing, shelving and visiting cost, against decoding alone, by us and by Google's library.

The inventory is a process of its own that serves pages made beforehand, so that its work is not counted. Quotas are kept to on a clock
that nobody waits for, and the minutes that they would have taken are printed. Python looks for rings as rarely as it does in a sweep,
while decoding alone too.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

from agent.programme import GcpScope
from agent.tidying import rarely
from collectors.gcp.catalogue import COLLECTORS
from collectors.gcp.cloud import Gcp
from collectors.gcp.decoding import decoded
from collectors.gcp.disks import DISK
from collectors.gcp.places import OVERRIDE
from collectors.gcp.rates import MINUTE, PER_PROJECT

ASSETS = 1_000_000
PROJECTS = 2_000
VISITED = 100_000
MADE = 20_000
"""Disks that are made one by one; the rest are these again under other names."""
PAGE = 1_000
ORGANIZATION = "organizations/123456789012"
PROJECT = "cloudresourcemanager.googleapis.com/Project"


def google() -> Iterator[str]:
    """A sweep of a million disks in two thousand projects, a tenth of which are visited."""
    with serving(), rarely():
        now = [0.0]
        cloud = Gcp(
            GcpScope(organization=ORGANIZATION.split("/")[1]), session_name="bench", pseudonym_key=b"bench",
            clock=lambda: now[0], sleep=lambda delay: now.__setitem__(0, now[0] + delay),
        )  # fmt: skip
        estate = cloud.discover()
        page = cloud._wire.page(ORGANIZATION, DISK, "RESOURCE", "").page
        alone = timed(lambda: [decoded(asset) for asset in page.assets]) / len(page.assets)
        plainly = timed(lambda: [in_words(asset) for asset in page.assets]) / len(page.assets)
        inventory = cloud._inventory
        listing = timed(lambda: inventory.shelf(ORGANIZATION, DISK, "RESOURCE")) / ASSETS
        shelf = inventory.shelf(ORGANIZATION, DISK, "RESOURCE")
        reading = timed(lambda: sum(1 for owner in shelf.frames for _ in shelf.assets(owner))) / ASSETS
        (disks,) = [one for one in COLLECTORS if one.name == "gcp.disks"]
        cells = cloud.cells(estate, (disks,))[: PROJECTS * VISITED // ASSETS]
        seen: list[int] = []
        visiting = timed(lambda: seen.extend(len(cloud.visit(cell, disks, {}).sightings) for cell in cells)) / sum(seen)
        cloud.close()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    costs = (("list and shelve", listing), ("read", reading), ("visit", visiting))
    each = ", ".join(f"{name} {cost * 1e6:.1f} us" for name, cost in costs)
    whole = listing + visiting
    yield f"Google Cloud: {ASSETS:,} assets in {PROJECTS:,} projects, {most:.0f} MiB at most"
    yield (
        f"Google Cloud: {each} an asset, decoding alone {alone * 1e6:.1f} us, by the library {plainly * 1e6:.1f} us; listing and visiting "
        f"are {whole / alone:.1f} times the one, {whole / plainly:.1f} times the other"
    )
    yield f"Google Cloud: {len(shelf.calls):,} calls, {now[0] / 60:.0f} minutes at {PER_PROJECT} in {MINUTE:.0f} s"


def in_words(asset: Any) -> dict[str, Any]:
    """An asset as the library decodes it."""
    from google.protobuf.json_format import MessageToDict

    return dict(MessageToDict(asset))


def timed(work: Callable[[], Any]) -> float:
    """CPU seconds of this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


@contextmanager
def serving() -> Iterator[None]:
    """The inventory in a process of its own, and the environment that leads there."""
    server = subprocess.Popen([sys.executable, "-m", "tests.bench.google"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    before = os.environ.get(OVERRIDE)
    os.environ[OVERRIDE] = f"http://127.0.0.1:{server.stdout.readline().strip()}"
    try:
        yield
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
        os.environ.pop(OVERRIDE)
        if before is not None:
            os.environ[OVERRIDE] = before


def disk(number: int) -> dict[str, Any]:
    """A disk of about a kilobyte."""
    url, project = "https://www.googleapis.com/compute/v1", number % PROJECTS
    place = f"projects/p{project:06d}/zones/europe-west1-b"
    data = {
        "name": f"disk-{number}", "id": str(10**18 + number), "creationTimestamp": "2026-01-10T00:00:00.000-08:00", "sizeGb": "100",
        "type": f"{url}/{place}/diskTypes/pd-ssd", "zone": f"{url}/{place}", "status": "READY", "labelFingerprint": "abc=",
        "selfLink": f"{url}/{place}/disks/disk-{number}", "labels": {"env": "prod", "team": f"team-{number % 9}"},
        "physicalBlockSizeBytes": "4096", "users": [f"{url}/{place}/instances/instance-{number}"],
        "guestOsFeatures": [{"type": "UEFI_COMPATIBLE"}, {"type": "VIRTIO_SCSI_MULTIQUEUE"}],
    }  # fmt: skip
    return {
        "name": f"//compute.googleapis.com/{place}/disks/disk-{number}", "assetType": "compute.googleapis.com/Disk",
        "ancestors": [f"projects/{900_000 + project}", ORGANIZATION], "updateTime": "2026-01-10T08:00:00Z",
        "resource": {"version": "v1", "parent": f"//cloudresourcemanager.googleapis.com/projects/{900_000 + project}",
                     "location": "europe-west1-b", "data": data},
    }  # fmt: skip


def project(number: int) -> dict[str, Any]:
    """A project."""
    name = f"projects/{900_000 + number}"
    return {
        "name": f"//cloudresourcemanager.googleapis.com/{name}", "assetType": PROJECT, "ancestors": [name, ORGANIZATION],
        "resource": {"data": {"projectId": f"p{number:06d}", "lifecycleState": "ACTIVE"}},
    }  # fmt: skip


def pages(make: Callable[[int], Any], count: int) -> list[bytes]:
    """Answers, ready to send."""
    from google.cloud.asset_v1.types import ListAssetsResponse
    from google.protobuf.timestamp_pb2 import Timestamp

    found = []
    for start in range(0, count, PAGE):
        end = min(count, start + PAGE)
        page = ListAssetsResponse.pb()(
            read_time=Timestamp(seconds=1_794_000_000), next_page_token=str(end) if end < count else ""
        )
        for number in range(start, end):
            page.assets.append(make(number))
        found.append(page.SerializeToString())
    return found


def serve() -> None:
    """Serve until killed; the port is the one line that is printed."""
    import grpc
    from google.cloud.asset_v1.types import Asset, ListAssetsRequest, ListAssetsResponse
    from google.protobuf.json_format import ParseDict
    from google.protobuf.timestamp_pb2 import Timestamp

    made = [ParseDict(disk(number), Asset.pb()()) for number in range(min(MADE, ASSETS))]

    def again(number: int) -> Any:
        asset = Asset.pb()()
        asset.CopyFrom(made[number % MADE])
        asset.name = f"{asset.name}-{number // MADE}"
        return asset

    answers = {
        DISK: pages(again, ASSETS),
        PROJECT: pages(lambda number: ParseDict(project(number), Asset.pb()()), PROJECTS),
    }
    nothing = ListAssetsResponse.pb()(read_time=Timestamp(seconds=1_794_000_000)).SerializeToString()

    def answer(request: Any, _: Any) -> bytes:
        known = answers.get(request.asset_types[0]) if request.content_type == 1 else None
        return known[int(request.page_token or 0) // PAGE] if known else nothing

    handler = grpc.unary_unary_rpc_method_handler(answer, ListAssetsRequest.pb().FromString, lambda sent: sent)
    server = grpc.server(futures.ThreadPoolExecutor(4), options=[("grpc.max_send_message_length", -1)])
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("google.cloud.asset.v1.AssetService", {"ListAssets": handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    serve()
