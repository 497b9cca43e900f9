"""What a call says and asks, in Twilio's markup, and where it reports to."""

from django.conf import settings
from twilio.twiml.voice_response import Gather, VoiceResponse

from emergency.pagers.base import PageOrder
from emergency.pagers.wording import no_key, spoken, wrong_key

ROUNDS_OF_SPEECH = 3
SECONDS_FOR_THE_KEY = 6


def callback_url(kind: str, token: str, what: str) -> str:
    """The absolute address the provider reports to; the token names the attempt."""
    return f"{settings.PUBLIC_BASE_URL}/webhooks/twilio/{kind}/{token}/{what}"


def bridge_url(token: str, what: str) -> str:
    """As ``callback_url``, for a call over the bridge."""
    return callback_url("bridge", token, what)


def twiml_for(order: PageOrder) -> str:
    """The call: the case, read up to three times, each time asking for the key."""
    language, voice = voice_of(order.language)
    said, request = spoken(order)
    response = VoiceResponse()
    for _ in range(ROUNDS_OF_SPEECH):
        gather = Gather(
            input="dtmf",
            num_digits=1,
            timeout=SECONDS_FOR_THE_KEY,
            action=callback_url("voice", order.token, "key"),
            method="POST",
        )
        # Inside the Gather, so that a key pressed during the speech counts.
        gather.say(said, language=language, voice=voice)
        gather.say(request, language=language, voice=voice)
        response.append(gather)
    response.say(no_key(order), language=language, voice=voice)
    response.hangup()
    return str(response)


def ask_again(*, token: str, digit: str, language: str, asked: int) -> str:
    """TwiML after a wrong key: the same question, for the time ``asked`` + 1."""
    speech_language, voice = voice_of(language)
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        num_digits=1,
        timeout=SECONDS_FOR_THE_KEY,
        action=f"{callback_url('voice', token, 'key')}?asked={asked}",
        method="POST",
    )
    gather.say(
        wrong_key(digit=digit, language=language),
        language=speech_language,
        voice=voice,
    )
    response.append(gather)
    response.hangup()
    return str(response)


def menu(text: str, *, action: str, language: str) -> str:
    """TwiML that says the choices twice and reports the key to ``action``, a path of
    ours."""
    speech_language, voice = voice_of(language)
    response = VoiceResponse()
    for _ in range(2):
        gather = Gather(
            input="dtmf",
            num_digits=1,
            timeout=SECONDS_FOR_THE_KEY,
            action=f"{settings.PUBLIC_BASE_URL}{action}",
            method="POST",
        )
        gather.say(text, language=speech_language, voice=voice)
        response.append(gather)
    response.hangup()
    return str(response)


def goodbye(text: str, language: str) -> str:
    """TwiML that says a last sentence and hangs up."""
    speech_language, voice = voice_of(language)
    response = VoiceResponse()
    response.say(text, language=speech_language, voice=voice)
    response.hangup()
    return str(response)


def voice_of(language: str) -> tuple[str, str]:
    """Language code and voice for calls in this language."""
    voices: dict[str, tuple[str, str]] = settings.VOICE_LANGUAGES
    return voices.get(language, voices["en"])
