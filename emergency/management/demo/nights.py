"""The past of the fictional hoster: a year of nights, relative to now.

Each story is minutes after the order. Times of day and days ago are chosen so that
nights, a weekend, a holiday season and both clock changes occur.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Work:
    """Work by one technician, in minutes after the order."""

    technician: str
    kind: str
    start: int
    end: int
    waiver_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Night:
    """One emergency as it went."""

    days_ago: int
    hour: int
    minute: int
    server: str
    problem: str
    changes: str
    acknowledged: int
    reached: int
    cause: str
    resolution: str
    work: tuple[Work, ...]
    busy_at: int | None = None


def _support(technician: str, start: int, end: int) -> Work:
    return Work(technician=technician, kind="support", start=start, end=end)


def _analysis(technician: str, start: int, end: int) -> Work:
    return Work(
        technician=technician, kind="application_analysis", start=start, end=end
    )


NIGHTS = (
    Night(
        days_ago=352,
        hour=22,
        minute=41,
        server="web01.morgenrot.example",
        problem="Der Webshop zeigt seit 22:30 nur noch eine leere Seite.",
        changes="Nichts geändert.",
        acknowledged=2,
        reached=9,
        cause="infrastructure",
        resolution="Datenträger des Wirtssystems war voll. Platz geschaffen.",
        work=(_support("Anna", 9, 34),),
    ),
    Night(
        days_ago=331,
        hour=3,
        minute=12,
        server="shop.alpenblick.example",
        problem="Buchungen werden nicht gespeichert, Fehler 500.",
        changes="Gestern ein Update des Buchungsmoduls.",
        acknowledged=3,
        reached=14,
        cause="application",
        resolution="Update zurückgenommen, Ursache im Buchungsmodul gefunden.",
        work=(_support("Lukas", 14, 40), _analysis("Lukas", 40, 95)),
    ),
    Night(
        days_ago=300,
        hour=1,
        minute=55,
        server="app01.nordlicht.example",
        problem="Anmeldung schlägt fehl, Anfragen enden in einer Zeitüberschreitung.",
        changes="Zertifikat getauscht.",
        acknowledged=1,
        reached=7,
        cause="other",
        resolution="Zwischenzertifikat ergänzt.",
        work=(_support("Mira", 7, 55),),
    ),
    Night(
        days_ago=274,
        hour=20,
        minute=18,
        server="termine.praxis-sommer.example",
        problem="Die Terminbuchung ist nicht erreichbar.",
        changes="Keine.",
        acknowledged=4,
        reached=12,
        cause="infrastructure",
        resolution="Netzwerkkarte im Wirtssystem getauscht.",
        work=(_support("David", 12, 118),),
        busy_at=8,
    ),
    Night(
        days_ago=241,
        hour=2,
        minute=37,
        server="files.seeufer.example",
        problem="Freigaben sind nicht erreichbar, Anmeldung möglich.",
        changes="Neue Gruppenrichtlinie am Nachmittag.",
        acknowledged=2,
        reached=11,
        cause="other",
        resolution="Richtlinie angepasst, Freigaben wieder sichtbar.",
        work=(_support("Anna", 11, 72),),
    ),
    Night(
        days_ago=198,
        hour=23,
        minute=5,
        server="web01.lindner.example",
        problem="Website meldet Datenbankfehler.",
        changes="Plugin aktualisiert.",
        acknowledged=3,
        reached=16,
        cause="application",
        resolution="Plugin deaktiviert, Tabelle repariert.",
        work=(_support("Lukas", 16, 38), _analysis("Lukas", 38, 78)),
    ),
    Night(
        days_ago=167,
        hour=4,
        minute=29,
        server="mail.kanzlei-brandt.example",
        problem="Seit 4 Uhr kommen keine E-Mails mehr an.",
        changes="Keine.",
        acknowledged=2,
        reached=8,
        cause="infrastructure",
        resolution="Warteschlange blockiert, Dienst neu gestartet.",
        work=(_support("Mira", 8, 29),),
    ),
    Night(
        days_ago=139,
        hour=21,
        minute=50,
        server="shop.velo-zh.example",
        problem="Checkout fails with an error after the payment step.",
        changes="New payment plugin this morning.",
        acknowledged=5,
        reached=19,
        cause="application",
        resolution="Payment plugin rolled back, orders recovered.",
        work=(_support("David", 19, 45), _analysis("David", 45, 130)),
    ),
    Night(
        days_ago=112,
        hour=19,
        minute=33,
        server="blog.maria-huber.example",
        problem="Meine Seite zeigt eine Sicherheitswarnung.",
        changes="Nichts.",
        acknowledged=2,
        reached=10,
        cause="other",
        resolution="Domain war beim Registrar abgelaufen, verlängert.",
        work=(_support("Anna", 10, 31),),
    ),
    Night(
        days_ago=84,
        hour=0,
        minute=48,
        server="db01.nordlicht.example",
        problem="Datenbank nimmt keine Verbindungen mehr an.",
        changes="Lasttest am Abend.",
        acknowledged=1,
        reached=6,
        cause="application",
        resolution="Verbindungspool der Anwendung begrenzt, Datenbank neu gestartet.",
        work=(
            _support("Lukas", 6, 50),
            _analysis("Lukas", 50, 96),
            Work(
                technician="Mira",
                kind="support",
                start=20,
                end=50,
                waiver_reason="Einschulung, hat nur zugesehen",
            ),
        ),
    ),
    Night(
        days_ago=57,
        hour=2,
        minute=22,
        server="www.lindenhof.example",
        problem="Seite nicht erreichbar, ein Vortrag beginnt um 8 Uhr.",
        changes="Keine bekannt.",
        acknowledged=3,
        reached=13,
        cause="infrastructure",
        resolution="Fehlerhafte Regel in der Firewall entfernt.",
        work=(_support("David", 13, 58),),
    ),
    Night(
        days_ago=33,
        hour=5,
        minute=17,
        server="buchung.alpenblick.example",
        problem="Buchungsseite lädt sehr langsam und bricht ab.",
        changes="Neue Zimmerbilder hochgeladen.",
        acknowledged=2,
        reached=9,
        cause="application",
        resolution="Bilder verkleinert, Zwischenspeicher eingeschaltet.",
        work=(_support("Mira", 9, 30), _analysis("Mira", 30, 62)),
    ),
    Night(
        days_ago=19,
        hour=23,
        minute=44,
        server="cloud.jonas-weber.example",
        problem="Dateien lassen sich nicht mehr synchronisieren.",
        changes="App am Handy aktualisiert.",
        acknowledged=4,
        reached=15,
        cause="other",
        resolution="Speicherplatz war belegt, Papierkorb geleert.",
        work=(_support("Anna", 15, 47),),
    ),
    Night(
        days_ago=9,
        hour=3,
        minute=3,
        server="portfolio.studio-blau.example",
        problem="Alle Seiten zeigen Fehler 503.",
        changes="Keine.",
        acknowledged=2,
        reached=8,
        cause="undetermined",
        resolution="Webserver neu gestartet. Ursache noch offen.",
        work=(_support("Lukas", 8, 49),),
    ),
    Night(
        days_ago=2,
        hour=22,
        minute=26,
        server="web01.morgenrot.example",
        problem="Bestellungen für morgen früh kommen nicht an.",
        changes="Neues Bestellformular seit Mittag.",
        acknowledged=2,
        reached=11,
        cause="application",
        resolution="Formular schickte an eine falsche Adresse, korrigiert.",
        work=(_support("Mira", 11, 36), _analysis("Mira", 36, 58)),
    ),
    # The promise was broken: reached only in minute 41.
    Night(
        days_ago=1,
        hour=4,
        minute=6,
        server="termine.praxis-sommer.example",
        problem="Terminbuchung wieder nicht erreichbar.",
        changes="Keine.",
        acknowledged=12,
        reached=41,
        cause="infrastructure",
        resolution="Weiterleitung im Rechenzentrum war ausgefallen.",
        work=(_support("David", 41, 66),),
        busy_at=27,
    ),
)

TONIGHT = Night(
    days_ago=0,
    hour=0,
    minute=0,
    server="shop.alpenblick.example",
    problem="Der Shop ist nicht erreichbar. Gäste können nicht buchen.",
    changes="Am Nachmittag neue Preise eingespielt.",
    acknowledged=3,
    reached=0,
    cause="",
    resolution="",
    work=(),
    busy_at=9,
)
