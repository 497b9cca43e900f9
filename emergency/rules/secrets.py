"""Passwords, tokens and keys that somebody typed are made unreadable.

Text that leaves by SMS, push, speech or e-mail, and every line of the log, goes through
here. A harmless word too many is bearable; a password on a lock screen is not.
"""

import re

HIDDEN = "***"

# Words that announce a secret, also as a part of a name such as DB_PASSWORD.
_LONG = (
    r"pass?word|passwort|passwd|passphrase|kennwort|secret|geheimnis|token|credential"
    r"|zugangscode|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key"
)
# These are parts of too many other words.
_SHORT = r"pw|pwd|pass|pin|puk"
# What a sentence says about a secret without telling it.
_SAID_OF_IT = (
    r"not|missing|wrong|set|valid|invalid|expired|needed|required|unknown|in|the|an?"
    r"|nicht|falsch|gesetzt|ungültig|gültig|abgelaufen|nötig|unbekannt|kein\w*|eine?s?"
)
_ANNOUNCED = re.compile(
    rf"(?P<name>(?<![^\W_])(?:[\w-]{{0,40}}(?:{_LONG})[\w-]{{0,20}}|{_SHORT})\b[\"']?)"
    r"(?P<sign>\s{0,3}(?:[:=]|=>|\b(?:is|ist|lautet)\b"
    # A whole word: "A/7xK2" is a password that begins like an article.
    rf"(?!\s{{1,3}}(?:{_SAID_OF_IT})(?:[.!?]?(?:\s|$)|[,;])))\s{{0,3}}:?\s{{0,3}})"
    r"(?P<value>\*{3}|\"[^\"\n]*\"?|'[^'\n]*'?|[^\s,;]+)",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)[^\s/@]{1,200}@", re.IGNORECASE)
_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]{1,40}-----.*?(?:-----END [A-Z0-9 ]{1,40}-----|\Z)", re.DOTALL
)
# Tokens that show by their form what they open.
_BY_FORM = re.compile(
    r"\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}"
    r"|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|(?:sk|rk|pk|whsec)_(?:live_|test_)?\w{12,}|sk-[\w-]{20,}"
    r"|xox[abeprs]-[\w-]{10,}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)"
)


def masked(text: str) -> str:
    """The text with every secret that shows itself replaced by ``***``.

    Masking twice changes nothing more.
    """
    text = _BLOCK.sub(HIDDEN, text)
    text = _IN_ADDRESS.sub(rf"\1{HIDDEN}@", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _BY_FORM.sub(HIDDEN, text)
    return _ANNOUNCED.sub(rf"\g<name>\g<sign>{HIDDEN}", text)
