"""Scripts of phones and what they mean."""

import pytest

from emergency.simulator.behaviours import (
    NUMBERED,
    PLAIN,
    Behaviour,
    behaviour,
    script,
)
from emergency.simulator.conduct import described
from emergency.simulator.scripts import Scripts

pytestmark = pytest.mark.no_servers


def codes(behaviours: tuple[Behaviour, ...]) -> list[str]:
    return [each.code for each in behaviours]


def test_a_script_is_read_in_order() -> None:
    read = script(" busy,sms_undelivered:30005 , declines, manual")
    assert codes(read) == ["busy", "sms_undelivered:30005", "declines", "manual"]
    assert read[1].message_error == 30005
    assert read[2].declines_after == 3


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "is no behaviour"),
        ("asleep", "is no behaviour"),
        ("busy:1", "is no behaviour"),
        ("declines:", "takes 0 to 600"),
        ("declines:-1", "takes 0 to 600"),
        ("declines:1.5", "takes 0 to 600"),
        ("failed:200", "takes 400 to 699"),
        ("refused:٢١٢١١", "takes 10000 to 99999"),
    ],
)
def test_what_is_no_behaviour_is_refused_with_the_reason(
    code: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        script(f"busy,{code}")


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_behaviour_has_words(language: str) -> None:
    for code in [*PLAIN, *NUMBERED]:
        words = described(code, language)
        assert words
        assert "{" not in words
    assert "484" in described("failed:484", language)


@pytest.mark.parametrize(
    ("code", "seconds"),
    [("manual", float("inf")), ("answers:2", 2), ("declines:0", 0), ("robot", 0.1)],
)
def test_a_phone_does_something_by_itself_after_that_time(
    code: str, seconds: float
) -> None:
    assert behaviour(code).reacts_after == seconds


def test_the_last_behaviour_of_a_script_stays() -> None:
    scripts = Scripts(lambda number: script("manual"))
    scripts.write("+1", ("calls",), "busy,robot")
    played = [scripts.play("+1", "calls").code for _ in range(3)]
    assert played == ["busy", "robot", "robot"]
    assert scripts.play("+1", "messages").code == "manual"
    scripts.clear()
    assert codes(scripts.ahead("+1", "calls")) == ["manual"]


def test_a_script_that_cannot_be_read_changes_nothing() -> None:
    scripts = Scripts(lambda number: script("manual"))
    scripts.write("+1", ("calls",), "busy")
    with pytest.raises(ValueError, match="asleep"):
        scripts.write("+1", ("calls",), "robot,asleep")
    assert codes(scripts.ahead("+1", "calls")) == ["busy"]
