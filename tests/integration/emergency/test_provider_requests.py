"""What the product asks of its provider fits the provider's own description."""

from tests.integration.simulator.description import read_description


def test_every_request_of_a_night_fits_twilios_description(night):
    description = read_description()
    log = night.network.directory / "requests.jsonl"
    log.unlink(missing_ok=True)
    night.phone("Anna").behave("busy")
    night.report()
    night.settle()
    night.phone("Eva").ringing()
    night.phone("Anna").text("EMERGENCY")

    requests = [
        request
        for request in night.network.requests()
        if request["path"].startswith("/2010-04-01/")
    ]
    kinds = {request["path"].rpartition("/")[2] for request in requests}
    assert {"Calls.json", "Messages.json"} <= kinds
    wrong = {
        problem
        for request in requests
        for problem in description.wrong_in_request(
            request["method"], request["path"], request["body"]
        )
    }
    assert wrong == set()
