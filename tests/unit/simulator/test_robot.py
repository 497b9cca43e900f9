"""What a robot understands of what it hears and reads."""

import pytest

from emergency.simulator.robot import requested_code, requested_key

pytestmark = pytest.mark.no_servers


@pytest.mark.parametrize(
    ("spoken", "key"),
    [
        ("Drücken Sie die 7, um zu übernehmen.", "7"),
        ("Das war eine andere Taste. Drücken Sie die 4.", "4"),
        ("Bitte drücken Sie jetzt die Taste 5.", "5"),
        ("Wenn Sie 3 Mal gefragt wurden, die 6 drücken.", "6"),
        ("Press 8 to confirm that you heard this.", "8"),
        ("Please press the * key.", "*"),
        ("Emergency 4 2 7. The promise ends at 02:41.", None),
        ("Nobody pressed a key.", None),
        ("No key was pressed. We go on trying, 3 times.", None),
        ("", None),
    ],
)
def test_a_key_is_understood_only_where_one_is_asked_for(
    spoken: str, key: str | None
) -> None:
    assert requested_key(spoken) == key


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NOTFALL NF-20417, web01. Antworten Sie 48310, um zu übernehmen.", "48310"),
        ("EMERGENCY NF-7, web01. Reply 48310 to take it. http://h:38211/x", "48310"),
        ("Ihr Code ist 48310.", "48310"),
        ("48310", "48310"),
        ("Server 10.0.12345 in rack-20417", None),
        ("http://127.0.0.1:38211/desk/12345/", None),
        ("Call +43664 12345678 now", None),
        ("Anna has it. Nothing to do for you.", None),
    ],
)
def test_a_code_is_found_only_where_one_stands(text: str, code: str | None) -> None:
    assert requested_code(text) == code
