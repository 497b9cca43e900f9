"""Help for somebody who lost their telephone where no administrator can sign in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from emergency.actions.second_factors import reset_second_factor
from emergency.models import Staff


class Command(BaseCommand):
    help = "Somebody sets up a second factor anew; every session of theirs has ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address with which they sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Staff.objects.filter(email=options["email"].lower()).first()
        if person is None:
            raise CommandError("nobody signs in with this address")
        reset_second_factor(staff_id=person.pk, by=None, now=timezone.now())
        self.stdout.write(
            f"{person.full_name} is signed out everywhere and sets up a second factor"
            " at the next sign-in."
        )
