"""The server of `tests.bench.prowler`, a process of its own: one account of moto's, whose answers are kept by what was asked.

What is kept costs the server next to nothing, so that both tools are measured and not moto; each is let run once before, to fill it. Counts
what is asked, answers after a latency, and refuses what it is told to.
"""

import asyncio
import io
import json
import re
import sys
import threading
from collections import Counter
from typing import Any

import boto3
from moto.core.request import Request as MotoRequest
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.server import DomainDispatcherApplication, create_backend_app

from agent.demo.wire import Answer, Connection, Request
from tests.fakes.aws import Refusal, _refused, _service

ACCOUNT = "123456789012"
"""moto's own."""
REGIONS = ("eu-west-1", "us-east-1")
MIX = {"volumes": 75, "snapshots": 30, "groups": 60, "keys": 40, "databases": 20, "secrets": 20}
"""Resources in each region, at size 1."""
ELSEWHERE = {"buckets": 200, "users": 75, "roles": 110, "policies": 100}
"""Resources of the account, at size 1; with a trail, an attached policy for each user, and what moto puts into every region."""
ANEW = frozenset({"iam.GenerateCredentialReport", "iam.GetCredentialReport"})
"""What answers otherwise when it is asked again."""
_SIGNED = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


class Account:
    """moto behind a memory of its answers."""

    def __init__(self) -> None:
        self.app = DomainDispatcherApplication(create_backend_app)
        self.latency = 0.0
        self.denied: frozenset[str] = frozenset()
        self.asked: Counter[str] = Counter()
        self.kept: dict[Any, Answer] = {}
        self.names: dict[Any, tuple[str, str]] = {}

    def answer(self, request: Request) -> Answer:
        """One answer, new or kept."""
        signed = _SIGNED.search(request.headers.get("authorization", ""))
        service, region = (signed[3], signed[2]) if signed else ("", "")
        target = request.headers.get("x-amz-target", "")
        key = (service, region, request.method, request.target, target, request.body)
        if key not in self.names:
            self.names[key] = self.named(request, service)
        name, protocol = self.names[key]
        self.asked[name] += 1
        if name in self.denied:
            body = _refused(name.partition(".")[0], protocol, Refusal("AccessDenied", 403))
            return Answer(403, [("content-type", "application/x-amz-json-1.1")], body)
        if key not in self.kept or name in ANEW:
            try:
                self.kept[key] = self.made(request)
            except Exception:  # noqa: BLE001 - what moto breaks on is answered as what it does not have
                body = _refused(name.partition(".")[0], protocol, Refusal("InvalidAction"))
                self.kept[key] = Answer(400, [("content-type", "application/x-amz-json-1.1")], body)
        return self.kept[key]

    def named(self, request: Request, signed: str) -> tuple[str, str]:
        """`service.Operation` and protocol; what moto does not know is told by its path."""
        try:
            service = _service(signed, request.target, request.body)
            asked = MotoRequest.from_primitives(
                request.method, f"http://localhost{request.target}", request.headers, request.body
            )
            operation, _ = get_service_router(service).match(asked)
            return f"{service}.{operation.name}", str(get_service_model(service).resolved_protocol)
        except Exception:  # noqa: BLE001 - a measure's server must not end where moto's router does not know a service
            return f"{signed}.{request.headers.get('x-amz-target') or request.method}", "json"

    def made(self, request: Request) -> Answer:
        """What moto answers."""
        path, _, query = request.target.partition("?")
        environ = {
            "REQUEST_METHOD": request.method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False, "CONTENT_LENGTH": str(len(request.body)), "CONTENT_TYPE": request.headers.get("content-type", ""),
            "RAW_URI": request.target, "REQUEST_URI": request.target,
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()},
        }  # fmt: skip
        begun: list[Any] = []
        chunks = self.app(environ, lambda status, headers, _=None: begun.extend((status, headers)))
        body = b"".join(chunks)
        headers = [(name, value) for name, value in begun[1] if name.lower() not in {"content-length", "connection"}]
        return Answer(int(begun[0].split()[0]), headers, body)


class Late(Connection):
    """A connection whose answers come after the account's latency."""

    account: Account

    def data_received(self, data: bytes) -> None:
        """Answer later."""
        self.buffer += data
        while request := self.next_request():
            asyncio.get_running_loop().call_later(self.account.latency, self._answer, request)

    def _answer(self, request: Request) -> None:
        answer = self.respond(request)
        if self.transport and not self.transport.is_closing():
            head = [f"HTTP/1.1 {answer.status} OK", *(f"{name}: {value}" for name, value in answer.headers)]
            if request.method != "HEAD":
                head.append(f"content-length: {len(answer.body)}")
            body = b"" if request.method == "HEAD" else answer.body
            self.transport.write("\r\n".join([*head, "", ""]).encode("latin-1") + body)


def seed(url: str, size: int) -> int:
    """Put everything into the account, `size` times the mix; how many resources there are."""

    def client(service: str, region: str = "us-east-1") -> Any:
        return boto3.client(
            service, region_name=region, endpoint_url=url, aws_access_key_id="seed", aws_secret_access_key="seed"
        )

    s3, iam = client("s3"), client("iam")
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
    machine = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [machine]}
    for number in range(ELSEWHERE["buckets"] * size):
        s3.create_bucket(Bucket=f"bucket-{number}")
    policies = [
        iam.create_policy(PolicyName=f"policy-{number}", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
        for number in range(ELSEWHERE["policies"] * size)
    ]
    for number in range(ELSEWHERE["users"] * size):
        iam.create_user(UserName=f"user-{number}")
        iam.attach_user_policy(UserName=f"user-{number}", PolicyArn=policies[number])
    for number in range(ELSEWHERE["roles"] * size):
        iam.create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument=json.dumps(trust))
    for region in REGIONS:
        _seed_region(lambda service, here=region: client(service, here), region, size)
    client("cloudtrail").create_trail(Name="all", S3BucketName="bucket-0", IsMultiRegionTrail=True)
    client("cloudtrail").start_logging(Name="all")
    return 1 + size * (sum(ELSEWHERE.values()) + len(REGIONS) * sum(MIX.values()))


def _seed_region(client: Any, region: str, size: int) -> None:
    ec2, kms, rds, secrets = client("ec2"), client("kms"), client("rds"), client("secretsmanager")
    volumes = [
        ec2.create_volume(AvailabilityZone=f"{region}a", Size=8, Encrypted=number % 2 == 0)["VolumeId"]
        for number in range(MIX["volumes"] * size)
    ]
    for number in range(MIX["snapshots"] * size):
        ec2.create_snapshot(VolumeId=volumes[number])
    network = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    for number in range(MIX["groups"] * size):
        ec2.create_security_group(GroupName=f"group-{number}", Description="bench", VpcId=network)
    for _ in range(MIX["keys"] * size):
        kms.create_key()
    for number in range(MIX["databases"] * size):
        rds.create_db_instance(
            DBInstanceIdentifier=f"db-{number}", DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20,
            MasterUsername="bench", MasterUserPassword="not-a-secret",
        )  # fmt: skip
    for number in range(MIX["secrets"] * size):
        secrets.create_secret(Name=f"secret-{number}", SecretString="x")


def serve() -> None:
    """Print the port; then obey lines of JSON: `seed`, `latency`, `deny`, `asked` (and forget it)."""
    account = Account()
    Late.account = account

    async def listen() -> None:
        connections: set[Connection] = set()
        made = asyncio.get_running_loop().create_server(
            lambda: Late(account.answer, connections), "127.0.0.1", 0, backlog=512
        )
        port = (await made).sockets[0].getsockname()[1]
        print(port, flush=True)
        threading.Thread(target=obey, args=(f"http://127.0.0.1:{port}",), daemon=True).start()
        await asyncio.Event().wait()

    def obey(url: str) -> None:
        for line in sys.stdin:
            print(json.dumps(told(url, json.loads(line))), flush=True)

    def told(url: str, order: dict[str, Any]) -> Any:
        match order:
            case {"seed": size}:
                made = seed(url, size)
                account.kept.clear()
                return made
            case {"latency": seconds}:
                account.latency = seconds
            case {"deny": operations}:
                account.denied = frozenset(operations)
            case {"asked": _}:
                asked, account.asked = account.asked, Counter()
                return asked
        return None

    asyncio.run(listen())


if __name__ == "__main__":
    serve()
