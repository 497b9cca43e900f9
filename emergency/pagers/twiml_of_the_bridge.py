"""A call over the bridge in Twilio's markup: the key, the customer, the question."""

from datetime import timedelta

from django.conf import settings
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from emergency.pagers import twiml
from emergency.pagers.sentences import of_the_bridge as words
from emergency.pagers.twiml import bridge_url, goodbye, voice_of
from emergency.rules.bridge import LONGEST_TALK, RINGS_FOR

ROUNDS_OF_SPEECH = 3
# An extension is dialled once its switchboard has answered; each w waits half a second.
PAUSE_BEFORE_THE_EXTENSION = "wwww"


def ask_for_the_key(token: str, digit: str, language: str) -> str:
    """The call as it begins: up to three times the question, then the end."""
    return _asking(
        words.asks_for_the_key(digit, language),
        action=bridge_url(token, "key"),
        language=language,
        rounds=ROUNDS_OF_SPEECH,
        at_last=words.last_words("no_key", language),
    )


def ask_for_the_key_again(token: str, digit: str, language: str, asked: int) -> str:
    """After a wrong key, for the time ``asked`` + 1."""
    return _asking(
        words.after_another_key(digit, language),
        action=f"{bridge_url(token, 'key')}?asked={asked}",
        language=language,
        rounds=1,
        at_last=words.last_words("no_key", language),
    )


def dial_the_customer(
    token: str, *, number: str, extension: str, caller_id: str, language: str
) -> str:
    """The customer's telephone rings; what becomes of it is reported leg by leg, and
    the technician is asked when that leg is over."""
    speech_language, voice = voice_of(language)
    response = VoiceResponse()
    response.say(words.connecting(language), language=speech_language, voice=voice)
    dial = Dial(
        caller_id=caller_id,
        timeout=_seconds(RINGS_FOR),
        time_limit=_seconds(LONGEST_TALK),
        hangup_on_star=True,
        action=bridge_url(token, "done"),
        method="POST",
    )
    more = {"send_digits": PAUSE_BEFORE_THE_EXTENSION + extension} if extension else {}
    dial.number(
        number,
        status_callback=bridge_url(token, "leg"),
        status_callback_event="initiated ringing answered completed",
        status_callback_method="POST",
        **more,
    )
    response.append(dial)
    return str(response)


def ask_how_it_ended(token: str, language: str, *, asked: int = 0) -> str:
    """After the customer's leg; ``asked`` is how often a wrong key was pressed."""
    return _asking(
        words.asks_how_it_ended(language, again=asked > 0),
        action=f"{bridge_url(token, 'outcome')}?asked={asked}",
        language=language,
        rounds=ROUNDS_OF_SPEECH,
        at_last=words.last_words("desk", language),
    )


def last_words(code: str, language: str) -> str:
    """The sentence of this code, then the end of the call."""
    return goodbye(words.last_words(code, language), language)


def caller_id() -> str:
    """The number that the customer sees."""
    return settings.BRIDGE_CALLER_ID or settings.TWILIO_FROM_NUMBER


def _asking(text: str, *, action: str, language: str, rounds: int, at_last: str) -> str:
    speech_language, voice = voice_of(language)
    response = VoiceResponse()
    for _round in range(rounds):
        gather = Gather(
            input="dtmf",
            num_digits=1,
            timeout=twiml.SECONDS_FOR_THE_KEY,
            action=action,
            method="POST",
        )
        # Inside the Gather, so that a key pressed during the speech counts.
        gather.say(text, language=speech_language, voice=voice)
        response.append(gather)
    response.say(at_last, language=speech_language, voice=voice)
    response.hangup()
    return str(response)


def _seconds(duration: timedelta) -> int:
    return round(duration.total_seconds())
