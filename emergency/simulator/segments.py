"""How many parts a text message is cut into."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def segments(body: str) -> int:
    """Return the number of segments of the body, at least 1.

    GSM-7 holds 160 characters (153 in each of several parts), anything else is
    sent as UCS-2 with 70 (67). Source: 3GPP TS 23.038.
    """
    if all(char in _BASIC or char in _EXTENDED for char in body):
        length = sum(2 if char in _EXTENDED else 1 for char in body)
        single, part = 160, 153
    else:
        length = len(body.encode("utf-16-be")) // 2
        single, part = 70, 67
    return 1 if length <= single else -(-length // part)
