"""Kubernetes manifests as values: reading them, what they must be, and the pods in them as containers of `tests.deploy.jail`."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

from tests.deploy.dockerfile import ROOT
from tests.deploy.jail import NOBODY, Container, Mount

VERSIONS = ("1.31", "1.33", "1.35", "1.37")
Manifest = dict[str, Any]


def read(text: str) -> list[Manifest]:
    """Every document that says something."""
    return [one for one in yaml.safe_load_all(text) if one]


def faults(manifest: Manifest, versions: tuple[str, ...] = VERSIONS) -> Iterator[str]:
    """What Kubernetes' own schemas find wrong, in any of some versions; kinds of an operator are not Kubernetes' own."""
    if manifest["apiVersion"].startswith("monitoring.coreos.com/"):
        return
    for version in versions:
        try:
            kubernetes_validate.validate(manifest, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{version}: {manifest['kind']}: {error.message} at {'.'.join(map(str, error.path))}"


def templates(manifests: Iterable[Manifest]) -> Iterator[Manifest]:
    """Every pod template."""
    for one in manifests:
        spec = one.get("spec", {})
        yield from (
            found
            for found in (spec.get("template"), spec.get("jobTemplate", {}).get("spec", {}).get("template"))
            if found
        )


def unrestricted(pod: Manifest) -> Iterator[str]:
    """What the Pod Security standard `restricted` forbids in a pod's spec."""
    allowed = {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
    yield from (f"volume {one['name']}" for one in pod.get("volumes", ()) if not (one.keys() - {"name"}) <= allowed)
    yield from (name for name in ("hostNetwork", "hostPID", "hostIPC") if pod.get(name))
    above = pod.get("securityContext", {})
    for one in (*pod["containers"], *pod.get("initContainers", ())):
        own = {**above, **one.get("securityContext", {})}
        if own.get("runAsNonRoot") is not True or own.get("runAsUser", 1) == 0:
            yield "may run as root"
        if own.get("seccompProfile", {}).get("type") not in {"RuntimeDefault", "Localhost"}:
            yield "no seccomp profile"
        if own.get("allowPrivilegeEscalation") is not False or own.get("privileged"):
            yield "may gain privileges"
        capabilities = own.get("capabilities", {})
        if capabilities.get("drop") != ["ALL"] or set(capabilities.get("add", ())) - {"NET_BIND_SERVICE"}:
            yield "keeps capabilities"
        if any("hostPort" in port for port in one.get("ports", ())):
            yield "host port"


def careless(pod: Manifest) -> Iterator[str]:
    """What we ask beyond the standard."""
    for one in pod["containers"]:
        if not one["securityContext"].get("readOnlyRootFilesystem"):
            yield "the root may be written"
        if "memory" not in one["resources"].get("limits", {}):
            yield "no limit of memory"
    if pod.get("automountServiceAccountToken") is not False:
        yield "holds a token of the cluster"


class Volumes:
    """The volumes of pods, as a kubelet would make them in a folder: a projected one has root's files behind the link `..data`."""

    def __init__(self, folder: Path, given: dict[str, dict[str, str]]) -> None:
        self.folder, self.given = folder, given
        """Name of a ConfigMap or Secret -> key -> text."""

    def path(self, volume: Manifest) -> tuple[Path, bool]:
        """Where it lies, and whether it may be written."""
        where = self.folder / volume["name"]
        if "projected" in volume:
            if not where.exists():
                self._projected(volume["projected"], where)
            return where, False
        where.mkdir(exist_ok=True)
        os.chown(where, 0, NOBODY)
        where.chmod(0o2775)
        return where, True

    def _projected(self, projected: Manifest, where: Path) -> None:
        data = where / "..2026_11_22_04_00_00.1"
        data.mkdir(parents=True)
        (where / "..data").symlink_to(data.name)
        for source in projected["sources"]:
            ((_, one),) = source.items()
            for item in one["items"]:
                path = data / item["path"]
                path.parent.mkdir(exist_ok=True)
                path.write_text(self.given[one["name"]][item["key"]])
                os.chown(path, 0, NOBODY)
                path.chmod(projected["defaultMode"])
        for name in (path.name for path in data.iterdir()):
            (where / name).symlink_to(f"..data/{name}")


def as_written(pod: Manifest, volumes: Volumes, until: tuple[str, ...] = ()) -> Container:
    """The container of a pod: its arguments, environment and mounts as they stand in the manifest."""
    (one,) = pod["containers"]
    assert "command" not in one, "the image's entrypoint is what runs"
    paths = {volume["name"]: volumes.path(volume) for volume in pod["volumes"]}
    mounts = tuple(
        Mount(
            source=str(paths[each["name"]][0]),
            target=each["mountPath"],
            writable=paths[each["name"]][1] and not each.get("readOnly"),
        )
        for each in one["volumeMounts"]
    )
    environment = {each["name"]: each["value"] for each in one["env"]}
    return Container(arguments=tuple(one["args"]), environment=environment, mounts=mounts, until=until)


def plain(form: str) -> list[Manifest]:
    """The manifests of one overlay as they lie in deploy/kubernetes, before kustomize."""
    folder = ROOT / "deploy/kubernetes"
    paths = (*sorted((folder / "base").glob("*.yaml")), *sorted((folder / "overlays" / form).glob("*.yaml")))
    return [one for path in paths if path.stem != "kustomization" for one in read(path.read_text())]
