"""`manage.py price`, as a person or a program runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import run
from tests.unit.billing.night_shift import case, entry

pytestmark = pytest.mark.no_servers

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(__file__).with_name("samples.json")


def as_process(path, *options):
    """The command without a single variable of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", "price", str(path), *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def price(path, *options):
    return run("price", str(path), *options)


def assert_expected(path, door=price):
    done = door(path, "--json")
    assert done.returncode == 0, done.stderr
    answers = {item["id"]: item["result"] for item in json.loads(done.stdout)}
    cases = json.loads(path.read_text("utf-8"))["cases"]
    assert answers == {item["id"]: item["expected"] for item in cases}
    assert answers


def test_it_answers_the_projects_own_samples():
    assert_expected(SAMPLES, as_process)


def test_it_answers_the_shared_samples():
    folder = os.environ.get("EMERGENCY_TEST_DATA")
    path = Path(folder or "/nowhere") / "billing" / "cases.json"
    if not path.is_file():
        pytest.skip("EMERGENCY_TEST_DATA names no folder with billing/cases.json")
    assert_expected(path)


def test_one_case_is_answered_with_its_result_alone(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case(entry(10, 50))))
    done = price(path, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["gross"] == "280.00"


def test_it_speaks_to_people_without_the_option(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case(entry(10, 50))))
    done = price(path)
    assert done.returncode == 0
    assert "support_beyond_included" in done.stdout
    assert "10 min x 200.00/60" in done.stdout


def test_an_invalid_case_exits_2_and_names_the_field(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case(entry(20, 10))))
    done = price(path, "--json")
    assert done.returncode == 2
    assert "entries[0].ended_at" in done.stderr
    assert "entries[0].ended_at" in json.loads(done.stdout)["error"]


def test_a_file_with_one_invalid_case_still_answers_the_others(tmp_path):
    cases = [
        {"id": "good", "input": case()},
        {"id": "bad", "input": case(cause="weather")},
        {"id": "empty"},
    ]
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": cases}))
    done = price(path, "--json")
    assert done.returncode == 2
    good, bad, empty = json.loads(done.stdout)
    assert good["result"]["gross"] == "240.00"
    assert bad == {"id": "bad", "error": bad["error"]}
    assert bad["error"].startswith("cause:")
    assert empty["error"].startswith("input:")
    assert "bad: cause" in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", '{"cases": 5}', "[]", '{"terms": NaN}', '{"input": 5}'),
        '{"cases": [], "currency": "CHF"}',
        "[" * 100_000,
    ],
)
def test_what_is_no_case_exits_2_without_a_traceback(tmp_path, text):
    path = tmp_path / "case.json"
    path.write_text(text)
    done = price(path, "--json")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["error"]


def test_a_missing_file_exits_2(tmp_path):
    done = as_process(tmp_path / "none.json", "--json")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "none.json" in done.stderr


def test_the_policy_of_a_file_reads_all_its_cases(tmp_path):
    path = tmp_path / "cases.json"
    own = case(entry(10, 41), policy={"increment": "hour"})
    document = {
        "policy": {"A1": "started quarter hour", "maintenance": "charge"},
        "cases": [
            {"id": "around", "input": case(entry(10, 41), maintenance="overrun")},
            {"id": "own", "input": own},
        ],
    }
    path.write_text(json.dumps(document))
    done = price(path, "--json")
    assert done.returncode == 0, done.stderr
    around, inside = (item["result"] for item in json.loads(done.stdout))
    assert (around["net"], around["review"]) == ("250.00", [])
    assert inside["net"] == "400.00"


def test_the_policy_beside_a_single_input_reads_it(tmp_path):
    path = tmp_path / "case.json"
    given = {"policy": {"A1": "started hour"}, "input": case(entry(10, 41))}
    path.write_text(json.dumps(given))
    assert json.loads(price(path, "--json").stdout)["net"] == "400.00"


def test_a_policy_that_is_not_offered_prices_nothing(tmp_path):
    path = tmp_path / "cases.json"
    document = {"policy": {"A1": "exact seconds"}, "cases": [{"input": case()}]}
    path.write_text(json.dumps(document))
    done = price(path, "--json")
    assert done.returncode == 2
    assert "policy.A1" in done.stderr
    assert "policy.A1" in json.loads(done.stdout)["error"]


def test_a_name_that_stands_twice_is_named_and_neither_value_is_taken(tmp_path):
    path = tmp_path / "case.json"
    text = json.dumps(case())
    path.write_text(text[:-1] + ', "cause": "infrastructure"}')
    done = price(path, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"].startswith("cause: ")


def test_terms_and_policy_of_one_case_of_a_file_win_over_the_files(tmp_path):
    path = tmp_path / "cases.json"
    own = {"terms": {"initial_fee": "90.00"}, "policy": {"A1": "started hour"}}
    document = {
        "terms": {"initial_fee": "100.00", "vat_rate": "10.00"},
        "policy": {"A1": "started quarter hour", "A3": "any kind of work"},
        "cases": [
            {"id": "file", "input": case(entry(10, 41))},
            {"id": "case", **own, "input": case(entry(10, 41))},
        ],
    }
    # As some programs write it: with a mark before the text.
    path.write_text(json.dumps(document), "utf-8-sig")
    done = price(path, "--json")
    assert done.returncode == 0, done.stderr
    results = [item["result"] for item in json.loads(done.stdout)]
    assert [result["gross"] for result in results] == ["165.00", "319.00"]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_no_terminal_can_show_breaks_nothing_off(tmp_path, options):
    path = tmp_path / "cases.json"
    half = "\ud800"
    twice = [entry(10, 20, technician=half), entry(15, 25, technician=half)]
    cases = [{"id": half, "input": case()}, {"id": "bad", "input": case(*twice)}]
    path.write_text(json.dumps({"cases": cases}))
    done = as_process(path, *options)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "240.00" in done.stdout
    assert "overlaps entries[0]" in done.stdout
