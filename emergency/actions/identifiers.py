"""Random names, made before anything is written."""

import secrets

# No vowels and nothing that looks or sounds like another sign when read aloud.
READABLE = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_reference() -> str:
    """A public code such as NF-7K3Q-9PXM; random, so it tells nothing."""
    signs = "".join(secrets.choice(READABLE) for _ in range(8))
    return f"NF-{signs[:4]}-{signs[4:]}"


def new_token() -> str:
    """A secret for an address: 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def new_digit() -> str:
    """The key to press in one call; differs per call so that no greeting can hit it."""
    return secrets.choice("123456789")


def new_code() -> str:
    """The word to answer in one SMS: five digits, no meaning."""
    return "".join(secrets.choice("0123456789") for _ in range(5))


def new_pin(digits: int) -> str:
    """A support PIN of so many digits."""
    return "".join(secrets.choice("0123456789") for _ in range(digits))
