"""What is safe to repeat is repeated when its connection turns out to be dead."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)
T = TypeVar("T")


def once_more(work: Callable[[], T]) -> T:
    """What ``work`` returns; after a lost connection it is done again on a new one.

    Only for work that may be done twice: the first commit may have happened. A
    connection that outlived a restart of its server fails just once. Raises what the
    second try raises.
    """
    try:
        return work()
    except (OperationalError, InterfaceError) as error:
        if connection.in_atomic_block:
            raise
        logger.warning("the database is asked again after %s", type(error).__name__)
        connection.close()
        return work()
