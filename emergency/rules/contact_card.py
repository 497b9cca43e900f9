"""A contact card (vCard 3.0, RFC 2426) that telephones of all makes import."""

from collections.abc import Iterable

# RFC 2426, 2.6: lines are folded at 75 octets.
LONGEST_LINE = 75


def contact_card(*, name: str, numbers: Iterable[str], email: str = "") -> str:
    """The card with these numbers (E.164) under one name, with CRLF line ends."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{_escaped(name)}",
        f"N:{_escaped(name)};;;;",
        f"ORG:{_escaped(name)}",
        *(
            f"TEL;TYPE=WORK,VOICE{',PREF' if place == 0 else ''}:{number}"
            for place, number in enumerate(dict.fromkeys(numbers))
        ),
        *([f"EMAIL;TYPE=INTERNET:{_escaped(email)}"] if email else []),
        "END:VCARD",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _escaped(text: str) -> str:
    for sign, written in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r", ""),
        ("\n", "\\n"),
    ):
        text = text.replace(sign, written)
    return text


def _folded(line: str) -> list[str]:
    """The line in pieces; all but the first begin with a blank."""
    pieces, piece = [], ""
    for sign in line:
        if len((piece + sign).encode()) > LONGEST_LINE:
            pieces.append(piece)
            piece = " "
        piece += sign
    return [*pieces, piece]
