"""What the simulator reads from its environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_ORIGIN = re.compile(r"https?://[\w.-]+(:\d+)?")


class ConfigurationError(Exception):
    """The environment does not describe a network that can be started."""


@dataclass(frozen=True)
class Configuration:
    """One network: its account, its port and its folder.

    `seconds_per_word` is how long one spoken word lasts, in seconds; `pace` stretches
    the moments that connecting and delivering take. The product shows the SMS gateway
    `gateway_token`; the gateway shows the product `gateway_secret`. With a `shared_key`
    callbacks carry the newer signature. Pages of the origins in `framed_by`, with
    spaces between them, may show the page of phones in a frame.
    """

    account_sid: str
    auth_token: str
    port: int = 8900
    directory: Path = Path("var/simulator")
    sms_webhook_url: str | None = None
    own_number: str | None = None
    seconds_per_word: float = 0.05
    pace: float = 1.0
    shared_key: str = ""
    gateway_token: str = ""
    gateway_secret: str = ""
    gateway_inbound_url: str | None = None
    framed_by: str = ""


def from_environment(environ: Mapping[str, str]) -> Configuration:
    """Read the configuration; raise ConfigurationError naming what is wrong."""
    auth_token = _required(environ, "TWILIO_AUTH_TOKEN")
    gateway_token = _secret(environ, "SIMULATOR_GATEWAY_TOKEN") or auth_token
    return Configuration(
        account_sid=_required(environ, "TWILIO_ACCOUNT_SID"),
        auth_token=auth_token,
        port=_port(environ.get("SIMULATOR_PORT") or "8900"),
        directory=Path(environ.get("SIMULATOR_DIR") or "var/simulator"),
        sms_webhook_url=environ.get("SIMULATOR_SMS_WEBHOOK_URL") or None,
        own_number=environ.get("TWILIO_FROM_NUMBER") or None,
        seconds_per_word=_number(environ, "SIMULATOR_SPEECH_SECONDS_PER_WORD", 0.05),
        pace=_number(environ, "SIMULATOR_PACE", 1.0),
        shared_key=_secret(environ, "SIMULATOR_SHARED_KEY"),
        gateway_token=gateway_token,
        gateway_secret=_secret(environ, "SIMULATOR_GATEWAY_SECRET") or gateway_token,
        gateway_inbound_url=environ.get("SIMULATOR_GATEWAY_INBOUND_URL") or None,
        framed_by=_origins(environ.get("SIMULATOR_FRAMED_BY", "")),
    )


def _required(environ: Mapping[str, str], name: str) -> str:
    value = _secret(environ, name)
    if not value:
        raise ConfigurationError(f"{name} is not set; the network needs an account.")
    return value


def _secret(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    path = environ.get(f"{name}_FILE", "")
    if not value and path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            message = f"{name}_FILE: cannot read {path}: {error.strerror}"
            raise ConfigurationError(message) from error
    return value


def _origins(text: str) -> str:
    wrong = [word for word in text.split() if not _ORIGIN.fullmatch(word)]
    if wrong:
        raise ConfigurationError(f"SIMULATOR_FRAMED_BY names no origin: {wrong[0]!r}")
    return " ".join(text.split())


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ConfigurationError(f"SIMULATOR_PORT is not a port: {text!r}")
    return int(text)


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name) or str(default)
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 10:
        raise ConfigurationError(f"{name} is not 0 to 10: {text!r}")
    return number
