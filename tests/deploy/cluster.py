"""A real Kubernetes without nodes: etcd, kube-apiserver and kube-controller-manager, built from their published modules.

k8s.io/kubernetes names its staging modules at v0.0.0, so it cannot be installed by `go install`: a module of ours maps them to the versions
under which they are published. No kubelet runs; tests say themselves how a pod ends.
"""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.servers.tools import MissingError, cache

VERSION = "34.4"
STAGING = (
    "api", "apiextensions-apiserver", "apimachinery", "apiserver", "cli-runtime", "client-go", "cloud-provider", "cluster-bootstrap",
    "code-generator", "component-base", "component-helpers", "controller-manager", "cri-api", "cri-client", "csi-translation-lib",
    "dynamic-resource-allocation", "endpointslice", "externaljwt", "kms", "kube-aggregator", "kube-controller-manager", "kube-proxy",
    "kube-scheduler", "kubectl", "kubelet", "metrics", "mount-utils", "pod-security-admission", "sample-apiserver", "sample-cli-plugin",
    "sample-controller",
)  # fmt: skip
PROGRAMS = (
    "go.etcd.io/etcd/server/v3",
    "k8s.io/kubernetes/cmd/kube-apiserver",
    "k8s.io/kubernetes/cmd/kube-controller-manager",
)
TOKEN = "administrator"
PATHS = {
    "Namespace": "api/v1/namespaces", "Pod": "api/v1/namespaces/{}/pods", "Service": "api/v1/namespaces/{}/services",
    "ServiceAccount": "api/v1/namespaces/{}/serviceaccounts", "ConfigMap": "api/v1/namespaces/{}/configmaps",
    "PersistentVolumeClaim": "api/v1/namespaces/{}/persistentvolumeclaims", "Deployment": "apis/apps/v1/namespaces/{}/deployments",
    "CronJob": "apis/batch/v1/namespaces/{}/cronjobs", "Job": "apis/batch/v1/namespaces/{}/jobs",
    "NetworkPolicy": "apis/networking.k8s.io/v1/namespaces/{}/networkpolicies",
    "PodDisruptionBudget": "apis/policy/v1/namespaces/{}/poddisruptionbudgets",
}  # fmt: skip


class RefusedError(Exception):
    """The API server said no; the message is its own."""


def programs() -> Path:
    """The folder with the three programs, built once. `MissingError` if they cannot be."""
    folder = cache() / f"kubernetes-v1.{VERSION}"
    go = shutil.which("go")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "bin/kube-apiserver").exists():
            if go is None:
                raise MissingError("kubernetes cannot be built: go is not installed")
            _build(folder, go)
    return folder / "bin"


def _build(folder: Path, go: str) -> None:
    replaced = "\n".join(f"  k8s.io/{name} => k8s.io/{name} v0.{VERSION}" for name in STAGING)
    imports = "\n".join(f'  _ "{name}"' for name in PROGRAMS)
    head = f"module starcadence.example/kubernetes\n\ngo 1.24.0\n\nrequire k8s.io/kubernetes v1.{VERSION}\n"
    (folder / "go.mod").write_text(f"{head}\nreplace (\n{replaced}\n)\n")
    (folder / "tools.go").write_text(f"//go:build tools\n\npackage tools\n\nimport (\n{imports}\n)\n")
    (folder / "made").mkdir(exist_ok=True)
    environment = {**os.environ, "GOFLAGS": "-mod=mod"}
    for command in (["mod", "tidy"], ["build", "-trimpath", "-ldflags=-s -w", "-o", "made/", *PROGRAMS]):
        done = subprocess.run(
            [go, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=1800
        )
        if done.returncode:
            raise MissingError(f"kubernetes cannot be built: {done.stderr.strip()[-500:]}")
    (folder / "made").rename(folder / "bin")


class Cluster:
    """Its API, as an administrator."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> Any:
        """One request. Raises `RefusedError`."""
        request = urllib.request.Request(
            f"{self.address}/{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": kind},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, context=_UNVERIFIED, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise RefusedError(json.loads(error.read() or b'{"message": ""}').get("message")) from None

    def apply(self, manifest: dict, namespace: str) -> Any:
        """Server-side apply with strict validation."""
        path = PATHS[manifest["kind"]].format(namespace)
        query = "fieldManager=tests&fieldValidation=Strict"
        return self.ask(
            "PATCH", f"{path}/{manifest['metadata']['name']}?{query}", manifest, "application/apply-patch+yaml"
        )

    def list(self, kind: str, namespace: str) -> list[dict]:
        """Every object of a kind."""
        return self.ask("GET", PATHS[kind].format(namespace))["items"]

    def end(self, pod: dict, status: int, *, disrupted: bool = False) -> None:
        """What a kubelet would say when the container has ended, by itself or because its node was drained."""
        terminated = {"exitCode": status, "reason": "Completed" if status == 0 else "Error"}
        ended = {
            "name": "starcadence",
            "state": {"terminated": terminated},
            "ready": False,
            "restartCount": 0,
            "image": "x",
            "imageID": "x",
        }
        said = {"phase": "Failed" if status else "Succeeded", "containerStatuses": [ended]}
        if disrupted:
            said["conditions"] = [{"type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI"}]
        path = f"{PATHS['Pod'].format(pod['metadata']['namespace'])}/{pod['metadata']['name']}/status"
        self.ask("PATCH", path, {"status": said}, "application/merge-patch+json")


def _context() -> Any:
    import ssl

    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = (
        False,
        ssl.CERT_NONE,
    )  # its certificate is its own, and it is on loopback
    return context


_UNVERIFIED = _context()


def until(found: Callable[[], Any], *, seconds: float = 60) -> Any:
    """What is found, as soon as it is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if value := found():
                return value
        except (OSError, RefusedError):
            pass
        time.sleep(0.25)
    raise AssertionError("it did not come about")


def _port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """A cluster of its own, on loopback."""
    binaries = programs()
    client, peer, secure, manager = (_port() for _ in range(4))
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (folder / "accounts.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "tokens.csv").write_text(f"{TOKEN},administrator,administrator,system:masters\n")
    address = f"https://127.0.0.1:{secure}"
    configuration = {
        "apiVersion": "v1", "kind": "Config", "current-context": "here",
        "clusters": [{"name": "here", "cluster": {"server": address, "insecure-skip-tls-verify": True}}],
        "users": [{"name": "here", "user": {"token": TOKEN}}],
        "contexts": [{"name": "here", "context": {"cluster": "here", "user": "here"}}],
    }  # fmt: skip
    (folder / "kubeconfig").write_text(json.dumps(configuration))
    etcd, server = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
    commands = (
        [
            binaries / "server", f"--data-dir={folder / 'etcd'}", f"--listen-client-urls={etcd}", f"--advertise-client-urls={etcd}",
            f"--listen-peer-urls={server}", f"--initial-advertise-peer-urls={server}", f"--initial-cluster=default={server}",
            "--unsafe-no-fsync",
        ],
        [
            binaries / "kube-apiserver", f"--etcd-servers={etcd}", f"--secure-port={secure}", "--bind-address=127.0.0.1",
            f"--cert-dir={folder / 'certificates'}", f"--token-auth-file={folder / 'tokens.csv'}", "--authorization-mode=RBAC",
            "--service-account-issuer=https://here.example", f"--service-account-key-file={folder / 'accounts.pem'}",
            f"--service-account-signing-key-file={folder / 'accounts.pem'}", "--service-cluster-ip-range=10.0.0.0/24",
            "--endpoint-reconciler-type=none", "--watch-cache=true",
        ],
        [
            binaries / "kube-controller-manager", f"--kubeconfig={folder / 'kubeconfig'}", f"--secure-port={manager}",
            "--bind-address=127.0.0.1", f"--cert-dir={folder / 'certificates'}", "--leader-elect=false",
            "--controllers=cronjob-controller,job-controller,deployment-controller,replicaset-controller,serviceaccount-controller",
            f"--authentication-kubeconfig={folder / 'kubeconfig'}", f"--authorization-kubeconfig={folder / 'kubeconfig'}",
        ],
    )  # fmt: skip
    cluster = Cluster(address)
    with ExitStack() as stack:
        for number, command in enumerate(commands):
            log = stack.enter_context((folder / f"{number}.log").open("w"))
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
            stack.callback(lambda one=process: (one.terminate(), one.wait(timeout=30)))
            if number == 1:
                until(lambda: cluster.ask("GET", "api/v1/namespaces/kube-system"), seconds=120)
        yield cluster


if __name__ == "__main__":
    print(programs())
