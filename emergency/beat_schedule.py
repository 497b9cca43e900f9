"""What beat asks for, and how often; and in which queue a task waits.

Losing any of it costs time, never a page.
"""

from datetime import timedelta

from celery.schedules import crontab

from emergency.environment import flag

TICK_INTERVAL = timedelta(seconds=1)
# Pages never wait behind documents; what is not named waits in the default queue.
CELERY_TASK_ROUTES = {
    "emergency.send_page": {"queue": "pages"},
    "emergency.place_bridge": {"queue": "pages"},
    "emergency.tick": {"queue": "pages"},
    "billing.render_document": {"queue": "documents"},
    "billing.run_batch": {"queue": "documents"},
    "billing.transmit_due": {"queue": "documents"},
    "billing.check_vat_ids": {"queue": "documents"},
    "billing.make_export": {"queue": "documents"},
    "billing.tend_payments": {"queue": "documents"},
}
# A periodic task that was not picked up before its next round is worth nothing.
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "emergency.tick",
        "schedule": TICK_INTERVAL,
        "options": {"expires": 5},
    },
    "sweep": {
        "task": "emergency.sweep",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},
    },
    "tell-of-ended-maintenance": {
        "task": "emergency.tell_of_ends",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 60},
    },
    "read-mailbox": {
        "task": "emergency.read_mailbox",
        "schedule": timedelta(seconds=20),
        "options": {"expires": 20},
    },
    "update-holidays": {
        "task": "emergency.update_holidays",
        "schedule": crontab(hour="2", minute="10"),
        "options": {"expires": 3600},
    },
    # The row says when it is due; this only looks.
    "import-accounts": {
        "task": "emergency.import_accounts",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "purge": {
        "task": "emergency.purge",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 3600},
    },
    # Before office hours, so that nobody is called at night because of a plan.
    "check-readiness": {
        "task": "emergency.check_readiness",
        "schedule": crontab(hour="6", minute="30"),
        "options": {"expires": 3600},
    },
    "refresh-status-sources": {
        "task": "status.refresh_due",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},
    },
    "collect-billable-work": {
        "task": "billing.collect",
        "schedule": timedelta(seconds=20),
        "options": {"expires": 20},
    },
    "check-vat-ids": {
        "task": "billing.check_vat_ids",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 60},
    },
    "transmit-documents": {
        "task": "billing.transmit_due",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    # Does nothing unless payments are switched on; reminders wait for the day.
    "tend-payments": {
        "task": "billing.tend_payments",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
}
# Only in the demo: its stories move on.
STAGE_SCHEDULE = {
    "direct-the-stage": {
        "task": "emergency.direct_the_stage",
        "schedule": timedelta(seconds=1),
        "options": {"expires": 2},
    },
}
if flag("DEMO"):
    CELERY_BEAT_SCHEDULE |= STAGE_SCHEDULE
