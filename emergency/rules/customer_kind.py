"""Whether somebody orders as a business or as a consumer.

Source: KSchG § 1, FAGG § 1: the rules for consumers hold unless the contract belongs to
a business. Whoever is not known to be one is treated as a consumer.
"""

BUSINESS, CONSUMER = "business", "consumer"
BUSINESSES_ONLY = "businesses"


def is_asked(*, sells_to: str, account_kind: str) -> bool:
    """Whether the form must ask: neither the operator's rule nor a verified account
    says it."""
    return sells_to != BUSINESSES_ONLY and account_kind not in {BUSINESS, CONSUMER}


def ordered_as(*, sells_to: str, account_kind: str, said: str) -> str:
    """``business`` or ``consumer``. ``account_kind`` is that of the verified account
    and goes before what was ``said``; an operator who sells to businesses only has
    nobody else."""
    if sells_to == BUSINESSES_ONLY:
        return BUSINESS
    known = account_kind if account_kind in {BUSINESS, CONSUMER} else said
    return BUSINESS if known == BUSINESS else CONSUMER
