"""Support PINs: how many wrong tries are let pass, and for how long the PIN then rests.

Eight digits and five tries a quarter of an hour leave a guesser one chance in two
hundred thousand a day.
"""

from datetime import datetime, timedelta

DIGITS = 8
TRIES = 5
REST = timedelta(minutes=15)


def cleaned(typed: str) -> str:
    """The digits of what was typed: a PIN is shown in groups and may be typed so."""
    return "".join(sign for sign in typed if sign.isdecimal() and sign.isascii())


def shown(pin: str) -> str:
    """The PIN in two groups, to be read aloud."""
    half = len(pin) // 2
    return f"{pin[:half]} {pin[half:]}"


def rests_until(wrong_tries: int, now: datetime) -> datetime | None:
    """Until when the PIN rests after so many wrong tries in a row; None: not at all."""
    return now + REST if wrong_tries and wrong_tries % TRIES == 0 else None
