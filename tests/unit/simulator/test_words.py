"""Small rules of the simulator: segments, numbers, languages."""

import pytest

from emergency.simulator.pages import choose
from emergency.simulator.parameters import e164
from emergency.simulator.segments import segments
from emergency.simulator.wording import WORDS

pytestmark = pytest.mark.no_servers


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", 1),
        ("ä" * 160, 1),
        ("ä" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("–" * 70, 1),
        ("–" * 71, 2),
    ],
)
def test_a_text_is_cut_as_the_network_cuts_it(body: str, expected: int) -> None:
    assert segments(body) == expected


@pytest.mark.parametrize(
    ("number", "fine"),
    [
        ("+436641234567", True),
        ("06641234567", False),
        ("+43 664 1234567", False),
        ("+4306641234567", False),
        ("+12", False),
        ("client:anna", False),
    ],
)
def test_only_numbers_in_e164_are_called(number: str, fine: bool) -> None:
    assert e164(number) is fine


def test_every_text_of_the_page_exists_in_both_languages() -> None:
    for code, texts in WORDS.items():
        assert len(texts) == 2, code
        assert all(text.strip() for text in texts), code


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en", "de-AT", "en"),
        ("", "fr,en;q=0.5", "en"),
        ("xx", "", "en"),
    ],
)
def test_the_page_speaks_the_readers_language(
    asked: str, accepted: str, language: str
) -> None:
    assert choose(asked, accepted) == language
