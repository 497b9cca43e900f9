"""Counts for the operator's monitoring, and for nobody else."""

import pytest


@pytest.mark.django_db
def test_on_a_loopback_address_everybody_reads_the_counts(client):
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"emergency_incidents_open 0.0" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "header", "status"),
    [
        ("", {}, 403),
        ("", {"Authorization": "Bearer "}, 403),
        ("secret-word", {"Authorization": "Bearer other-word"}, 403),
        ("secret-word", {"Authorization": "Bearer secret-word"}, 200),
    ],
)
def test_a_public_installation_asks_for_the_word(
    client, settings, token, header, status
):
    settings.PUBLIC_BASE_URL = "https://notfall.example"
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers=header).status_code == status
