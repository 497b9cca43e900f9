"""Which roles do what in billing. Roles themselves belong to emergency.

Source: the separation that an audit expects (BAO § 131): who reads the books cannot
change them, and nobody who works at the desk touches what is charged.
"""

AUDITOR = "auditor"
# Who decides about documents.
ACCOUNTING = frozenset({"accounting", "administrator"})
# Who may look at every page of billing.
LOOKERS = ACCOUNTING | {AUDITOR}
# Whoever speaks with the customer may also read what the customer got.
READERS = LOOKERS | {"technician", "duty_manager"}
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def may(role: str | None, roles: frozenset[str], method: str | None) -> bool:
    """Whether this role may ask this of a page for these roles: an auditor only reads,
    whatever page it is."""
    if role not in roles:
        return False
    return role != AUDITOR or method in READING
