"""How long a page waits for the database."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from emergency.database.patience import patience

# A customer in need gets the telephone number to call instead; a technician asks again.
PATIENCE = 3.0
# Long lists and exports may take what the installation allows.
MAY_TAKE_LONGER = ("/billing/", "/admin/", "/desk/accounts/import/", "/desk/audit/")

Answer = Callable[[HttpRequest], HttpResponse]


class ShortWaits:
    """Middleware: a database that hangs keeps no customer and no technician waiting."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(MAY_TAKE_LONGER):
            return self.get_response(request)
        with patience(PATIENCE):
            return self.get_response(request)
