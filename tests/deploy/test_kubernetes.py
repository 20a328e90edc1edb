"""Kubernetes: what lies in deploy/ is valid, restricted, the same by chart and by overlay, and runs as it is written."""

import copy
import dataclasses
import itertools
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from agent.keys import make_salt_key, make_signing_key
from tests.deploy.dockerfile import ROOT
from tests.deploy.jail import Container, contained
from tests.deploy.manifests import VERSIONS, Volumes, as_written, careless, faults, plain, read, templates, unrestricted
from tests.deploy.test_image import PROGRAMME

CHART = ROOT / "deploy/helm/starcadence"
FORMS = ("daemon", "cronjob", "indexed", "job")
IDENTITIES = {
    "ambient": {},
    "aws": {"aws": {"roleArn": "arn:aws:iam::111122223333:role/starcadence"}},
    "gcp": {"gcp": {"serviceAccount": "starcadence@example-project.iam.gserviceaccount.com"}},
    "azure": {
        "azure": {
            "clientId": "00000000-0000-0000-0000-000000000001",
            "tenantId": "00000000-0000-0000-0000-000000000002",
        }
    },
}
MONITORS = {
    "unseen": {},
    "service": {"serviceMonitor": True, "prometheusRule": True, "labels": {"release": "prometheus"}},
    "pod": {"podMonitor": True, "dashboard": True},
}
STORES = {"claim": {}, "existing": {"existingClaim": "evidence"}, "bucket": {"volume": False}}
PROGRAMMES = {
    "theirs": {"exceptions": ["legacy-upload.yaml"]},
    "ours": {"text": PROGRAMME, "exceptionTexts": {"legacy-upload.yaml": "id: legacy-upload\n"}},
}
MATRIX = tuple(itertools.product(FORMS, IDENTITIES, MONITORS, STORES, PROGRAMMES))


def rendered(helm: Path, *arguments: str, values: dict | None = None) -> list[dict]:
    done = subprocess.run(
        [helm, "template", "starcadence", CHART, "--namespace", "compliance", "--values", "-", *arguments],
        input=json.dumps(values or {}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return read(done.stdout)


def values_of(form: str, identity: str, monitors: str, store: str, programme: str) -> dict:
    return {
        **of_form(form), "identity": IDENTITIES[identity], "monitoring": MONITORS[monitors],
        "store": {**STORES[store], **of_form(form).get("store", {})}, "programme": PROGRAMMES[programme],
    }  # fmt: skip


def of_form(form: str) -> dict:
    """What must be said with a form: the pods of an indexed one may lie on several nodes."""
    return {"form": form, **({"store": {"accessMode": "ReadWriteMany"}} if form == "indexed" else {})}


def pods(manifests: list[dict]) -> list[dict]:
    return [one["spec"] for one in templates(manifests)]


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("form", FORMS)
def test_the_plain_manifests_are_valid_and_restricted(form):
    manifests = plain(form)
    assert [fault for one in manifests for fault in faults(one)] == []
    assert [fault for pod in pods(manifests) for fault in (*unrestricted(pod), *careless(pod))] == []
    assert len(pods(manifests)) == 1


def test_an_indexed_job_tells_its_pods_how_many_they_are_and_loses_none_for_another():
    (cronjob,) = (one for one in plain("indexed") if one["kind"] == "CronJob")
    job = cronjob["spec"]["jobTemplate"]["spec"]
    (pod,) = pods([cronjob])
    assert cronjob["spec"]["concurrencyPolicy"] == "Forbid"
    assert job["completionMode"] == "Indexed"
    told = {one["name"]: one["value"] for one in pod["containers"][0]["env"]}
    assert told["STARCADENCE_SHARDS"] == str(job["completions"]) == str(job["parallelism"])
    assert job["backoffLimitPerIndex"] == 2
    assert "backoffLimit" not in job
    assert [rule["action"] for rule in job["podFailurePolicy"]["rules"]] == ["Ignore", "FailIndex"]


SPOILT = {
    "root": ("securityContext", {"runAsUser": 0}),
    "a host path": ("volumes", [{"name": "host", "hostPath": {"path": "/"}}]),
    "the host's network": ("hostNetwork", True),
}


@pytest.mark.parametrize(("key", "value"), SPOILT.values(), ids=SPOILT.keys())
def test_the_check_for_restricted_pods_bites(key, value):
    (pod,) = pods(plain("job"))
    assert list(unrestricted({**pod, key: value})) != []


def test_the_check_against_the_schemas_bites():
    (job,) = (one for one in plain("job") if one["kind"] == "Job")
    spoilt = copy.deepcopy(job)
    spoilt["spec"]["backofLimit"] = 1
    assert len(list(faults(spoilt))) == 4


def test_a_cronjob_is_green_on_a_normal_day_and_never_runs_twice():
    (cronjob,) = (one for one in plain("cronjob") if one["kind"] == "CronJob")
    job = cronjob["spec"]["jobTemplate"]["spec"]
    (pod,) = pods([cronjob])
    assert cronjob["spec"]["concurrencyPolicy"] == "Forbid"
    assert pod["restartPolicy"] == "Never"
    assert pod["containers"][0]["args"] == ["run"]  # without --fail-on: findings are results, and the status is 0
    assert cronjob["spec"]["startingDeadlineSeconds"] < 3600
    ignored, ended = job["podFailurePolicy"]["rules"]
    assert ignored["action"] == "Ignore"
    assert ended["onExitCodes"]["values"] == [2, 3, 4, 5]


@pytest.mark.parametrize("name", ["alerts", "recording"])
def test_the_chart_holds_the_rules_of_prometheus(name):
    assert (CHART / f"files/rules/{name}.yaml").read_text() == (ROOT / f"deploy/prometheus/{name}.yaml").read_text(), (
        f"copy it again: cp deploy/prometheus/{name}.yaml deploy/helm/starcadence/files/rules/"
    )


def test_the_chart_is_of_the_version_that_it_installs():
    (chart,) = read((CHART / "Chart.yaml").read_text())
    command = [Path(sys.executable).with_name("starcadence"), "--version"]
    version = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert version.split()[-1].startswith(chart["appVersion"])


@pytest.mark.slow
@pytest.mark.whole
def test_helm_lints_the_chart(helm):
    done = subprocess.run([helm, "lint", "--strict", CHART], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


CASES = random.Random(5).sample(MATRIX, 48)


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_whatever_the_values_the_chart_is_valid_and_restricted(helm, case):
    form, identity, monitors, store, _ = case
    manifests = rendered(helm, values=values_of(*case))
    assert [fault for one in manifests for fault in faults(one, (VERSIONS[0], VERSIONS[-1]))] == []
    (pod,) = pods(manifests)
    assert [*unrestricted(pod), *careless(pod)] == []
    (account,) = (one for one in manifests if one["kind"] == "ServiceAccount")
    assert ("annotations" in account["metadata"]) == (identity != "ambient")
    kinds = [one["kind"] for one in manifests]
    assert len(kinds) == len(set(kinds) - {"ConfigMap"}) + kinds.count("ConfigMap")
    assert ("PersistentVolumeClaim" in kinds) == (store == "claim")
    assert ("store" in {one["name"] for one in pod["volumes"]}) == (store != "bucket")
    assert ("ServiceMonitor" in kinds) == (monitors == "service" and form == "daemon")
    assert ("PodMonitor" in kinds) == (monitors == "pod" and form == "daemon")
    items = next(one for one in pod["volumes"] if one["name"] == "programme")["projected"]["sources"][0]["configMap"][
        "items"
    ]
    assert {item["path"] for item in items} == {"programme.yaml", "exceptions/legacy-upload.yaml"}


@pytest.mark.slow
@pytest.mark.whole
def test_the_rules_of_the_chart_are_rules(helm, tmp_path):
    (rule,) = (
        one for one in rendered(helm, values={"monitoring": MONITORS["service"]}) if one["kind"] == "PrometheusRule"
    )
    (tmp_path / "rules.json").write_text(json.dumps(rule["spec"]))
    done = subprocess.run(
        ["promtool", "check", "rules", tmp_path / "rules.json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


REFUSED = {
    "an unknown key": {"storre": {}},
    "an unknown form": {"form": "sharded"},
    "an indexed job on a volume of one node": {"form": "indexed"},
    "one shard": {"form": "indexed", "store": {"volume": False}, "indexed": {"shards": 1}},
    "two replicas on one volume": {"daemon": {"replicas": 2}},
    "no programme": {"programme": {"configMap": ""}},
    "a role that is none": {"identity": {"aws": {"roleArn": "starcadence"}}},
    "a schedule of six fields": {"cronjob": {"schedule": "0 17 * * * *"}},
}


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.parametrize("values", REFUSED.values(), ids=REFUSED.keys())
def test_values_that_mean_nothing_are_refused(helm, values):
    done = subprocess.run(
        [helm, "template", "x", CHART, "--values", "-"],
        input=json.dumps(values),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "values don't meet the specifications of the schema" in done.stderr


def essentials(manifests: list[dict]) -> dict:
    """What a manifest does: without labels of the tool that made it, and with YAML's ways of writing a default taken out."""

    def bare(value):
        if isinstance(value, dict):
            marks = (
                "helm.sh/",
                "app.kubernetes.io/instance",
                "app.kubernetes.io/version",
                "app.kubernetes.io/managed-by",
            )
            kept = {key: bare(one) for key, one in value.items() if not key.startswith(marks)}
            return {key: one for key, one in kept.items() if one not in ({}, [], None)}
        return [bare(one) for one in value] if isinstance(value, list) else value

    found = {one["kind"]: bare({"metadata": one["metadata"], "spec": one.get("spec", {})}) for one in manifests}
    for one in found.values():
        one["metadata"].pop("namespace", None)
    if "Deployment" not in found:
        found["NetworkPolicy"]["spec"].pop("ingress", None)  # nothing listens there
    return {
        kind: {**one, "metadata": {**one["metadata"], "labels": sorted(one["metadata"]["labels"])}}
        for kind, one in found.items()
    }


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.parametrize("form", FORMS)
def test_kustomize_and_helm_say_the_same(helm, kustomize, form):
    overlay = ROOT / "deploy/kubernetes/overlays" / form
    built = read(subprocess.run([kustomize, "build", overlay], capture_output=True, text=True, check=True).stdout)
    assert [fault for one in built for fault in faults(one)] == []
    assert essentials(built) == essentials(rendered(helm, values=of_form(form)))


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.parametrize("component", ["aws", "gcp", "azure", "monitoring"])
@pytest.mark.parametrize("form", FORMS)
def test_every_component_fits_every_form(kustomize, form, component, tmp_path):
    folder = ROOT / "deploy/kubernetes"
    paths = {name: os.path.relpath(folder / name, tmp_path) for name in (f"overlays/{form}", f"components/{component}")}
    here = {"resources": [paths[f"overlays/{form}"]], "components": [paths[f"components/{component}"]]}
    (tmp_path / "kustomization.yaml").write_text(json.dumps(here))
    done = subprocess.run(
        [kustomize, "build", "--load-restrictor", "LoadRestrictionsNone", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    manifests = read(done.stdout)
    assert [fault for one in manifests for fault in faults(one)] == []
    (account,) = (one for one in manifests if one["kind"] == "ServiceAccount")
    marks = account["metadata"].get("annotations", {}) | next(templates(manifests))["metadata"]["labels"]
    wanted = {
        "aws": "eks.amazonaws.com/role-arn",
        "gcp": "iam.gke.io/gcp-service-account",
        "azure": "azure.workload.identity/use",
    }
    assert component == "monitoring" or wanted[component] in marks


@pytest.mark.slow
@pytest.mark.whole
def test_the_pods_of_every_form_run_as_they_are_written(helm, image, tmp_path):
    make_signing_key(tmp_path / "signing.pem")
    make_salt_key(tmp_path / "salt.key")
    programme = PROGRAMME + "approved_exceptions: exceptions\nstore: /store\n"
    exception = (
        "{id: legacy-upload, check: data_is_encrypted_at_rest, requester: Ada Beispiel, approver: Bo Muster, rationale: a test,"
        ' created: 2026-01-15, expires: 2026-12-31, accounts: ["111122223333"]}\n'
    )
    given = {
        "starcadence-programme": {"programme.yaml": programme},
        "starcadence-keys": {name: (tmp_path / name).read_text() for name in ("signing.pem", "salt.key")},
    }
    values = {"programme": {"text": programme, "exceptionTexts": {"legacy-upload.yaml": exception}}}

    def written(form: str, *arguments: str, until: tuple[str, ...] = ()) -> Container:
        manifests = rendered(
            helm, values={**values, **of_form(form), **({"job": {"arguments": [*arguments]}} if arguments else {})}
        )
        config = {one["metadata"]["name"]: one["data"] for one in manifests if one["kind"] == "ConfigMap"}
        (pod,) = pods(manifests)
        return as_written(pod, Volumes(tmp_path / "volumes", given | config), until)

    def indexed(index: int) -> Container:
        """A pod of the Indexed Job, with what its controller adds; one after the other, they need not wait for each other."""
        pod = written("indexed")
        added = {"JOB_COMPLETION_INDEX": str(index), "STARCADENCE_PATIENCE": "0"}
        return dataclasses.replace(pod, environment=pod.environment | added)

    checked, committed, *shards, ran, again, interim, kept, verified = contained(
        image,
        tmp_path,
        written("job", "check"),
        written("job", "commit"),
        *map(indexed, (3, 0, 2, 1)),
        written("cronjob"),
        written("cronjob"),
        written("job", "run", "--interim", "/store/interim.zip"),
        written("daemon", until=("9464/healthz", "9464/readyz", "9464/metrics")),
        written("job", "verify", "--any-key", "--replay", "/store/interim.zip"),
    )
    assert "legacy-upload" in (tmp_path / "volumes/programme/exceptions/legacy-upload.yaml").read_text()
    assert checked.status == 0, checked.out + checked.err
    assert committed.status == 0, committed.err
    assert [one.status for one in shards] == [0, 0, 0, 0], shards
    assert ["waits for other shards" in one.out for one in shards] == [True, True, True, False]
    assert (ran.status, again.status) == (0, 0), ran.err
    assert interim.status == 0, interim.err
    assert kept.status == 0, kept.err
    assert all(kept.answered), kept.err
    assert "starcadence_last_sweep_cells" in kept.answered[2]
    assert verified.status == 0, verified.err
    assert not any("Traceback" in one.err for one in (checked, committed, *shards, ran, again, interim, kept, verified))
