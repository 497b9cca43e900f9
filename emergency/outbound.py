"""HTTP to the outside that is not a page: the heartbeat of a healthy engine."""

import logging

import requests

logger = logging.getLogger(__name__)


def report_heartbeat(url: str) -> bool:
    """The outside watcher heard from us. Never raises: silence is the message."""
    try:
        return requests.get(url, timeout=(2, 3)).ok
    except requests.RequestException as error:
        logger.warning("the heartbeat was not heard: %s", type(error).__name__)
        return False
