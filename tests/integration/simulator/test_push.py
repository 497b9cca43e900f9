"""Notifications: whatever JSON comes in under a name is kept and shown."""

import urllib.request

import apprise
import pytest

from tests.integration.simulator.exchange import Simulator, fetch

pytestmark = pytest.mark.no_servers


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_apprise_delivers_here(simulator: Simulator) -> None:
    address = simulator.url.replace("http://", "json://") + "/push/anna"
    notifier = apprise.Apprise()
    assert notifier.add(address)
    assert notifier.notify(title="Notfall NF-4711", body="Anruf bis 02:41")
    (push,) = simulator.state()["pushes"]
    assert push["name"] == "anna"
    assert push["content"]["title"] == "Notfall NF-4711"
    assert push["content"]["message"] == "Anruf bis 02:41"
    assert [entry["path"] for entry in simulator.logged()] == ["/push/anna"]


def test_notifications_of_different_names_stay_apart(simulator: Simulator) -> None:
    for name in ("anna", "bernd", "anna"):
        assert simulator.send_json(f"/push/{name}", {"n": name}) == (
            200,
            {"received": True},
        )
    names = [push["name"] for push in simulator.state()["pushes"]]
    assert names == ["anna", "bernd", "anna"]


@pytest.mark.parametrize("path", ["/push/", "/push/a/b", "/push/%20"])
def test_a_notification_needs_a_plain_name(simulator: Simulator, path: str) -> None:
    assert simulator.send_json(path, {})[0] == 404


def test_what_is_no_json_is_refused(simulator: Simulator) -> None:
    status, answer = simulator.post("/push/anna", title="x")
    assert (status, bool(answer["error"])) == (400, True)
    assert simulator.get("/push/anna")[0] == 405
    assert simulator.state()["pushes"] == []


def test_pages_of_other_sites_may_not_push(simulator: Simulator) -> None:
    request = urllib.request.Request(f"{simulator.url}/push/anna", data=b"{}")
    request.add_header("Origin", "http://evil.example")
    assert fetch(request)[0] == 403
    assert simulator.state()["pushes"] == []
