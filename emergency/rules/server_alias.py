"""Other words for a server, in the form in which they are compared."""

from ipaddress import ip_address

from emergency.rules.joining import is_full_name, normalised

ALIAS_KINDS = ("address", "domain", "service")
LONGEST_ALIAS = 253


def alias_of(typed: str) -> tuple[str, str]:
    """The kind and compared form of an alias: ``kind:value``, or a value that tells its
    kind. Raises ValueError for one that cannot be compared."""
    kind, found, value = typed.partition(":")
    if not found or kind.strip().lower() not in ALIAS_KINDS:
        kind, value = _guessed(typed), typed
    kind, value = kind.strip().lower(), value.strip()
    if kind == "address":
        return kind, str(ip_address(value.strip("[]")))
    word = normalised(value)
    if not any(map(str.isalnum, word)) or len(word) > LONGEST_ALIAS:
        raise ValueError(typed)
    if kind == "domain" and not is_full_name(word):
        raise ValueError(typed)
    return kind, word


def _guessed(typed: str) -> str:
    try:
        ip_address(typed.strip().strip("[]"))
    except ValueError:
        return "domain" if is_full_name(typed) else "service"
    return "address"


def compared(typed: str) -> str:
    """What somebody typed, as an alias or name of a server would be kept; addresses in
    their shortest form. Empty where nothing is named."""
    word = normalised(typed)
    if not any(map(str.isalnum, word)):
        return ""
    try:
        return str(ip_address(word.strip("[]")))
    except ValueError:
        return word
