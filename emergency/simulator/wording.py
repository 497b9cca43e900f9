"""The words of the page, in English and German."""

WORDS = {
    "title": ("Phones", "Telefone"),
    "intro": (
        "This page stands in for the telephone network. Nobody is really called.",
        "Diese Seite ersetzt das Telefonnetz. Niemand wird wirklich angerufen.",
    ),
    "no_phones": (
        "No phones yet. A phone appears here as soon as its number is called or "
        "texted, or when it stands in phones.json.",
        "Noch keine Telefone. Ein Telefon erscheint hier, sobald seine Nummer "
        "angerufen wird oder eine SMS erhält oder in phones.json steht.",
    ),
    "technician": ("Technician", "Techniker:in"),
    "duty_manager": ("Duty manager", "Einsatzleitung"),
    "rings_now": ("{who} is being called", "{who} wird angerufen"),
    "show": ("Show", "Anzeigen"),
    "ringing": ("Ringing", "Es klingelt"),
    "queued": ("Being connected", "Verbindung wird aufgebaut"),
    "in-progress": ("In a call", "Im Gespräch"),
    "mailbox_on": ("Mailbox has answered", "Mailbox hat abgehoben"),
    "call_from": ("Call from {number}", "Anruf von {number}"),
    "answer": ("Answer", "Abheben"),
    "decline": ("Decline", "Ablehnen"),
    "hang_up": ("Hang up", "Auflegen"),
    "transcript": ("What is said", "Gesprochener Text"),
    "keypad": ("Keypad", "Tastatur"),
    "key": ("Key {key}", "Taste {key}"),
    "key_star": ("Key star", "Stern-Taste"),
    "key_hash": ("Key hash", "Raute-Taste"),
    "waits_for_one": ("Waits for one key.", "Wartet auf eine Taste."),
    "waits_for_keys": ("Waits for keys.", "Wartet auf Tasten."),
    "not_waiting": ("No key is expected now.", "Gerade wird keine Taste erwartet."),
    "pressed": ("You press {keys}", "Sie drücken {keys}"),
    "pressed_unheard": (
        "You press {keys} – no key was expected",
        "Sie drücken {keys} – es wurde keine Taste erwartet",
    ),
    "dials": ("Connecting to {number}", "Verbindung zu {number} wird aufgebaut"),
    "connected": ("Connected with {number}", "Verbunden mit {number}"),
    "error": ("Error: {text}", "Fehler: {text}"),
    "quiet": ("No call.", "Kein Anruf."),
    "earlier": ("Earlier calls", "Frühere Anrufe"),
    "completed": ("ended after {seconds} s", "beendet nach {seconds} s"),
    "completed_machine": (
        "mailbox answered, {seconds} s",
        "Mailbox hat abgehoben, {seconds} s",
    ),
    "busy": ("busy or declined", "besetzt oder abgelehnt"),
    "no-answer": ("not answered", "nicht abgehoben"),
    "failed": ("could not be connected", "keine Verbindung möglich"),
    "canceled": (
        "ended before it was answered",
        "vor dem Abheben beendet",
    ),
    "messages": ("SMS", "SMS"),
    "no_messages": ("No SMS yet.", "Noch keine SMS."),
    "from": ("from {number}", "von {number}"),
    "sent_to": ("to {number}", "an {number}"),
    "sms_queued": ("on its way", "unterwegs"),
    "sms_accepted": ("on its way", "unterwegs"),
    "sms_sending": ("on its way", "unterwegs"),
    "sms_sent": ("on its way", "unterwegs"),
    "sms_delivered": ("delivered", "zugestellt"),
    "sms_failed": ("failed", "gescheitert"),
    "sms_undelivered": ("not delivered", "nicht zugestellt"),
    "sms_received": ("sent", "gesendet"),
    "problem": ("Not received: {text}", "Nicht angekommen: {text}"),
    "reply": ("SMS to {number}", "SMS an {number}"),
    "reply_first": ("SMS to", "SMS an"),
    "reply_none": (
        "A reply is possible once somebody has called or texted this phone.",
        "Antworten ist möglich, sobald dieses Telefon angerufen wurde oder eine SMS "
        "erhalten hat.",
    ),
    "send": ("Send SMS", "SMS senden"),
    "behaviour": ("This phone", "Dieses Telefon"),
    "apply": ("Apply", "Übernehmen"),
    "manual": ("waits for you", "wartet auf Sie"),
    "b_robot": ("does what it is asked (robot)", "tut, was verlangt wird (Roboter)"),
    "b_busy": ("is busy", "ist besetzt"),
    "b_no_answer": ("rings unanswered", "klingelt vergeblich"),
    "b_mailbox": ("answers with a mailbox", "hebt mit der Mailbox ab"),
    "b_machine_start": ("is found a machine", "wird als Maschine erkannt"),
    "b_machine_end_beep": (
        "is a machine, beep heard",
        "ist eine Maschine, Signalton gehört",
    ),
    "b_machine_end_silence": (
        "is a machine, then silence",
        "ist eine Maschine, danach Stille",
    ),
    "b_machine_end_other": (
        "is a machine, end unclear",
        "ist eine Maschine, Ende unklar",
    ),
    "b_fax": ("answers with a fax", "hebt mit einem Fax ab"),
    "b_unknown": (
        "answers, person or machine unknown",
        "hebt ab, Mensch oder Maschine unklar",
    ),
    "b_answers": (
        "answers after {number} s and is silent",
        "hebt nach {number} s ab und schweigt",
    ),
    "b_declines": ("declines after {number} s", "lehnt nach {number} s ab"),
    "b_failed": (
        "cannot be connected (SIP {number})",
        "Verbindung scheitert (SIP {number})",
    ),
    "b_refused": (
        "is refused by the network ({number})",
        "wird vom Netz abgelehnt ({number})",
    ),
    "b_sms_sent": (
        "gets SMS, nobody confirms it",
        "bekommt SMS, niemand bestätigt es",
    ),
    "b_sms_failed": ("SMS fail ({number})", "SMS scheitern ({number})"),
    "script": ("Script", "Ablauf"),
    "script_calls": ("The next calls", "Die nächsten Anrufe"),
    "script_messages": ("The next SMS", "Die nächsten SMS"),
    "script_hint": (
        "One after the other, with commas; the last one stays. "
        "For example: busy, declines:2, manual.",
        "Der Reihe nach, mit Komma getrennt; der letzte Wert bleibt. "
        "Zum Beispiel: busy, declines:2, manual.",
    ),
    "over_gateway": ("gateway", "Gateway"),
    "b_unreachable": ("cannot be called", "ist nicht erreichbar"),
    "b_sms_undelivered": (
        "receives no SMS ({number})",
        "empfängt keine SMS ({number})",
    ),
    "refreshes": (
        "Without JavaScript this page refreshes every 2 seconds.",
        "Ohne JavaScript lädt diese Seite alle 2 Sekunden neu.",
    ),
    "pause": ("Pause, to type in peace", "Anhalten, um in Ruhe zu tippen"),
    "paused": ("The page does not refresh now.", "Die Seite lädt gerade nicht neu."),
    "resume": ("Go on refreshing", "Wieder neu laden"),
    "problems": ("Requests nobody took", "Nicht angenommene Anfragen"),
    "lost": (
        "The simulator does not answer. This page shows the last state.",
        "Der Simulator antwortet nicht. Diese Seite zeigt den letzten Stand.",
    ),
    "no_webhook": (
        "SIMULATOR_SMS_WEBHOOK_URL is not set.",
        "SIMULATOR_SMS_WEBHOOK_URL ist nicht gesetzt.",
    ),
    "no_answer": ("no answer", "keine Antwort"),
}
LANGUAGES = ("en", "de")


def word(language: str, code: str, **values: object) -> str:
    """Return the words for a code, with the values put in; not escaped."""
    return WORDS[code][LANGUAGES.index(language)].format(**values)
