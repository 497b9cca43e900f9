#!/usr/bin/env python3
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line

# These run by themselves or must answer soon; other commands may take their time.
LIMITED = {"watch", "tick", "on_call", "doctor"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emergency.settings")
    if not LIMITED.intersection(sys.argv[1:2]):
        os.environ.setdefault("DATABASE_STATEMENT_SECONDS", "0")
    execute_from_command_line(sys.argv)
