"""The product's processes: one table for ``make run`` and for docker-compose.yml."""

from collections.abc import Mapping
from types import MappingProxyType

# What follows the name of the Python interpreter; {host}, {port} and {data} are filled
# in by whoever starts them.
PROCESSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "web": (
            *("-m", "granian", "--interface", "wsgi"),
            *("--host", "{host}", "--port", "{port}"),
            *("--workers", "2", "--blocking-threads", "4", "--no-ws"),
            *("--respawn-failed-workers", "--respawn-interval", "1"),
            *("--workers-kill-timeout", "5", "--log-level", "warning"),
            "emergency.wsgi:application",
        ),
        "worker": (
            *("-m", "celery", "-q", "-A", "emergency", "worker"),
            *("--pool", "threads", "--concurrency", "8", "-Q", "default,pages"),
            *("-n", "worker@%h", "--without-gossip", "--without-mingle"),
            *("--loglevel", "WARNING"),
        ),
        "documents": (
            *("-m", "celery", "-q", "-A", "emergency", "worker"),
            *("--pool", "prefork", "--concurrency", "1", "-Q", "documents"),
            *("--max-tasks-per-child", "200", "-n", "documents@%h"),
            *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
        ),
        # Without a file of its own, so that any number of them may run anywhere.
        "beat": (
            *("-m", "celery", "-q", "-A", "emergency", "beat"),
            *("-S", "celery.beat:Scheduler", "--loglevel", "WARNING"),
        ),
        "watcher": ("manage.py", "watch"),
    }
)
SIMULATOR = ("-m", "emergency.simulator")


def arguments(name: str, *, host: str, port: int, data: str) -> list[str]:
    """The arguments of the process ``name``; KeyError when there is none."""
    return [
        part.format(host=host, port=port, data=data) if "{" in part else part
        for part in PROCESSES[name]
    ]
