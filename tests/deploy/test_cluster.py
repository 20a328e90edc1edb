"""A real Kubernetes API server with its controllers takes what the chart makes, and does with it what we say."""

import os
from datetime import UTC, datetime

import pytest

from tests.deploy.cluster import Cluster, RefusedError, running, until
from tests.deploy.test_kubernetes import FORMS, MONITORS, of_form, rendered
from tests.servers.tools import MissingError

pytestmark = [pytest.mark.slow, pytest.mark.whole]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    try:
        with running(tmp_path_factory.mktemp("cluster")) as found:
            yield found
    except MissingError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


def restricted(cluster: Cluster, name: str) -> str:
    """A namespace in which no pod may do more than the standard `restricted` allows."""
    labels = {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "latest",
    }
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}, name)
    until(lambda: cluster.list("ServiceAccount", name))
    return name


def installed(cluster: Cluster, helm, namespace: str, values: dict) -> None:
    for manifest in rendered(helm, values=values):
        manifest["metadata"].pop("namespace", None)
        cluster.apply(manifest, namespace)


def pods(cluster: Cluster, namespace: str) -> list[dict]:
    return [one for one in cluster.list("Pod", namespace) if "deletionTimestamp" not in one["metadata"]]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_taken_under_the_restricted_standard(cluster, helm, form):
    namespace = restricted(cluster, f"takes-{form}")
    installed(cluster, helm, namespace, {**of_form(form), "monitoring": {**MONITORS["unseen"], "dashboard": True}})
    if form not in {"cronjob", "indexed"}:
        (pod,) = until(lambda: pods(cluster, namespace))
        assert pod["spec"]["securityContext"]["runAsUser"] == 65532
        assert pod["spec"]["automountServiceAccountToken"] is False


def test_a_pod_that_wants_more_is_refused(cluster):
    namespace = restricted(cluster, "refuses")
    pod = {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "root"},
        "spec": {"containers": [{"name": "root", "image": "x"}]},
    }  # fmt: skip
    with pytest.raises(RefusedError, match="violates PodSecurity"):
        cluster.apply(pod, namespace)


def test_a_key_that_kubernetes_does_not_know_is_refused(cluster, helm):
    namespace = restricted(cluster, "strict")
    (job,) = (one for one in rendered(helm, values={"form": "job"}) if one["kind"] == "Job")
    job["metadata"].pop("namespace", None)
    job["spec"]["backofLimit"] = 1
    with pytest.raises(RefusedError, match="backofLimit"):
        cluster.apply(job, namespace)


def test_the_cronjob_makes_its_job_on_time_and_no_second_while_it_runs(cluster, helm):
    namespace = restricted(cluster, "on-time")
    installed(cluster, helm, namespace, {"form": "cronjob", "cronjob": {"schedule": "* * * * *"}})
    (job,) = until(lambda: cluster.list("Job", namespace), seconds=75)
    made = datetime.fromisoformat(job["metadata"]["creationTimestamp"])
    assert made.second <= 10
    (pod,) = until(lambda: pods(cluster, namespace))
    assert pod["spec"]["restartPolicy"] == "Never"
    until(
        lambda: (datetime.now(UTC) - made).total_seconds() > 70, seconds=90
    )  # the next minute has passed, and the first still runs
    assert len(cluster.list("Job", namespace)) == 1
    cluster.end(pod, 0)
    until(lambda: len(cluster.list("Job", namespace)) == 2, seconds=75)
    assert until(lambda: [one for one in cluster.list("Job", namespace) if one["status"].get("succeeded") == 1])


def indices(pods: list[dict]) -> list[str]:
    return sorted(one["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"] for one in pods)


def test_the_indexed_job_makes_its_indices_and_makes_up_for_each_that_is_lost(cluster, helm):
    namespace = restricted(cluster, "indexed")
    installed(cluster, helm, namespace, {**of_form("indexed"), "cronjob": {"schedule": "* * * * *"}})
    first = until(lambda: len(found := pods(cluster, namespace)) == 4 and found, seconds=75)
    assert indices(first) == ["0", "1", "2", "3"]
    by_index = {one["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"]: one for one in first}
    told = {one["name"]: one for one in by_index["2"]["spec"]["containers"][0]["env"]}
    assert told["STARCADENCE_SHARDS"]["value"] == "4"
    assert "job-completion-index" in told["JOB_COMPLETION_INDEX"]["valueFrom"]["fieldRef"]["fieldPath"]
    cluster.end(by_index["2"], 137)
    again = until(lambda: len(found := pods(cluster, namespace)) == 5 and found, seconds=90)
    assert indices(again) == ["0", "1", "2", "2", "3"]
    for pod in again:
        if pod["status"]["phase"] != "Failed":
            cluster.end(pod, 0)

    def complete() -> list[str]:
        ends = [one.get("status", {}).get("conditions", ()) for one in cluster.list("Job", namespace)]
        return [one["type"] for conditions in ends for one in conditions if one["type"] == "Complete"]

    assert until(complete)


@pytest.mark.parametrize(("status", "tries"), [(0, 1), (3, 1), (1, 2)])
def test_a_job_tries_again_only_what_trying_again_may_mend(cluster, helm, status, tries):
    namespace = restricted(cluster, f"ends-{status}")
    installed(cluster, helm, namespace, {"form": "job"})
    (pod,) = until(lambda: pods(cluster, namespace))
    cluster.end(pod, status)
    if status == 1:
        until(lambda: len(pods(cluster, namespace)) == tries, seconds=90)
        return

    def ended() -> list[str]:
        (job,) = cluster.list("Job", namespace)
        return [one["type"] for one in job["status"].get("conditions", ()) if one["status"] == "True"]

    wanted = "Complete" if status == 0 else "Failed"
    until(lambda: wanted in ended())
    assert len(pods(cluster, namespace)) == tries


def test_a_drained_node_is_no_failure_of_the_job(cluster, helm):
    namespace = restricted(cluster, "drained")
    installed(cluster, helm, namespace, {"form": "job", "job": {"backoffLimit": 0}})
    (pod,) = until(lambda: pods(cluster, namespace))
    cluster.end(pod, 137, disrupted=True)
    until(lambda: len(pods(cluster, namespace)) == 2, seconds=90)
    (job,) = cluster.list("Job", namespace)
    assert job["status"].get("failed", 0) == 0
