"""The clouds' endpoints, and the one way to be sent elsewhere."""

import pytest

from collectors.azure.places import ENDPOINT_VARIABLE, PLACES, BadEndpoint, is_plain, is_provider_host, place_of
from collectors.hosts import is_provider_host as is_any_providers


def test_the_rows_are_those_of_the_sdk():
    from azure.core import AzureClouds
    from azure.identity import AzureAuthorityHosts
    from azure.mgmt.core.tools import get_arm_endpoints

    clouds = {
        "AzureCloud": (AzureClouds.AZURE_PUBLIC_CLOUD, AzureAuthorityHosts.AZURE_PUBLIC_CLOUD),
        "AzureUSGovernment": (AzureClouds.AZURE_US_GOVERNMENT, AzureAuthorityHosts.AZURE_GOVERNMENT),
        "AzureChinaCloud": (AzureClouds.AZURE_CHINA_CLOUD, AzureAuthorityHosts.AZURE_CHINA),
    }
    assert PLACES.keys() == clouds.keys()
    for name, (cloud, authority) in clouds.items():
        said = get_arm_endpoints(cloud)
        assert said == {
            "resource_manager": f"{PLACES[name].manager}/",
            "credential_scopes": [PLACES[name].manager_scope],
        }
        assert PLACES[name].authority == authority
        assert PLACES[name].directory_scope.startswith(PLACES[name].directory)


@pytest.mark.parametrize(
    ("host", "real"),
    [
        ("management.azure.com", True),
        ("graph.microsoft.us", True),
        ("MANAGEMENT.chinacloudapi.cn", True),
        ("management.azure.com.evil.example", False),
        ("evil-management.azure.com", False),
        ("127.0.0.1:8080", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_the_providers_own_hosts_are_known(host, real):
    assert is_provider_host(host) is is_any_providers(host) is real


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://localhost:1/", "http://[::1]:8080", "https://fake.example"]
)
def test_an_endpoint_of_ones_own_is_taken(url):
    place = place_of("AzureUSGovernment", {ENDPOINT_VARIABLE: url})
    assert place.manager == place.directory == url.rstrip("/")
    assert place.manager_scope == PLACES["AzureUSGovernment"].manager_scope
    assert is_plain(place) is url.startswith("http:")


@pytest.mark.parametrize(
    "url",
    [
        "http://fake.example",
        "http://10.0.0.1",
        "http://127.0.0.1.evil.example",
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "http://",
    ],
)
def test_no_token_travels_in_the_clear(url):
    with pytest.raises(BadEndpoint, match="https address"):
        place_of("AzureCloud", {ENDPOINT_VARIABLE: url})


def test_without_a_word_it_is_the_real_cloud():
    assert place_of("AzureCloud", {}) == PLACES["AzureCloud"]
