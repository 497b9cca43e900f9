"""Which reader belongs to which kind."""

from status.sources.base import Parser
from status.sources.statuspage import parse as parse_statuspage

PARSERS: dict[str, Parser] = {"statuspage": parse_statuspage}
