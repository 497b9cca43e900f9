"""Trouble made to order: what it meets, how often, and by which dice."""

import threading

import pytest

from emergency.simulator.faults import (
    AFTER,
    BEFORE,
    CALLBACKS,
    CLOSED,
    KINDS,
    Fault,
    Faults,
    ordered,
)
from emergency.simulator.providers import network_of

pytestmark = pytest.mark.no_servers


def made(*forms: dict[str, str]) -> Faults:
    faults = Faults(threading.Condition())
    for form in forms:
        faults.add(ordered(form))
    return faults


def met(fault: Fault | None) -> str:
    return fault.kind if fault else ""


def test_a_form_is_read_with_its_defaults() -> None:
    fault = ordered({"kind": "throttled", "count": "2", "only": "", "seconds": ""})
    state = fault.state()
    assert (state["network"], state["left"], state["share"]) == ("twilio", 2, 1.0)
    assert (state["seconds"], state["status"], state["active"]) == (1.0, 503, True)
    assert ordered({"kind": "gone"}).count is None


def test_every_kind_has_its_place() -> None:
    assert sorted(KINDS) == sorted(BEFORE | AFTER | CALLBACKS | {CLOSED})


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({}, "kind is one of"),
        ({"kind": "lost", "network": "radio"}, "network is one of"),
        ({"kind": "lost", "only": "faxes"}, "only is one of"),
        ({"kind": "lost", "method": "PUT"}, "method is one of"),
        ({"kind": "lost", "count": "0"}, "count is 1 to"),
        ({"kind": "lost", "count": "nan"}, "count is 1 to"),
        ({"kind": "lost", "share": "2"}, "share is 0 to 1"),
        ({"kind": "lost", "seconds": "-1"}, "seconds is 0 to"),
        ({"kind": "error", "status": "200"}, "status is 500 to 599"),
        ({"kind": "lost", "sahre": "1"}, "no field of a fault"),
    ],
)
def test_a_mistake_in_a_form_is_named(form: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        ordered(form)


def test_a_count_runs_out_and_the_next_fault_takes_over() -> None:
    faults = made({"kind": "gone", "count": "2"}, {"kind": "slow"})
    kinds = [met(faults.of_request("twilio", "calls", "POST")) for _ in range(4)]
    assert kinds == ["gone", "gone", "slow", "slow"]
    assert [fault.met for fault in faults.all()] == [2, 2]


def test_trouble_meets_only_what_it_was_made_for() -> None:
    faults = made(
        {"kind": "error", "only": "calls", "method": "post"},
        {"kind": "lost", "network": "gateway"},
        {"kind": "timeout_after"},
    )
    assert met(faults.of_request("twilio", "calls", "POST")) == "error"
    assert met(faults.of_request("twilio", "calls", "GET")) == ""
    assert met(faults.of_request("twilio", "messages", "POST")) == "timeout_after"
    assert met(faults.of_request("gateway", "messages", "POST")) == ""
    assert met(faults.of_report("gateway", "messages")) == "lost"
    assert met(faults.of_report("twilio", "messages")) == ""


def test_dice_with_a_seed_fall_the_same_every_time() -> None:
    def thrown(seed: int) -> list[str]:
        faults = made({"kind": "lost", "share": "0.3", "seed": str(seed)})
        return [met(faults.of_report("twilio", "calls")) for _ in range(200)]

    assert thrown(1) == thrown(1) != thrown(2)
    assert 30 < thrown(1).count("lost") < 90


def test_a_cleared_fault_is_over_at_once() -> None:
    faults = made({"kind": "gone"}, {"kind": "slow", "network": "push"})
    first, _ = faults.all()
    assert faults.clear(network="twilio") == 1
    assert (first.active, first.cleared) == (False, True)
    assert met(faults.of_request("twilio", "", "GET")) == ""
    assert met(faults.of_request("push", "", "POST")) == "slow"
    assert faults.clear(number=2) == 1
    assert faults.all() == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2010-04-01/Accounts/AC0/Calls.json", ("twilio", "calls")),
        ("/2010-04-01/Accounts/AC0/Calls/CA0.json", ("twilio", "calls")),
        ("/2010-04-01/Accounts/AC0/Messages.json", ("twilio", "messages")),
        ("/2010-04-01/Accounts/AC0.json", ("twilio", "")),
        ("/gateway/messages/GW0", ("gateway", "messages")),
        ("/push/anna", ("push", "")),
        ("/x", ("twilio", "")),
        ("*", ("twilio", "")),
    ],
)
def test_a_request_belongs_to_a_network(path: str, expected: tuple[str, str]) -> None:
    assert network_of(path) == expected
