"""Servers by what people call them: name, address, domain, service number."""

from collections.abc import Collection
from ipaddress import ip_address

from django.db.models import Q

from emergency.models import Account, Server, ServerAlias
from emergency.rules.server_alias import compared


def find_server(typed: str, *, account: Account | None = None) -> Server | None:
    """The server in service that is meant, if there is one only: by name, else by its
    address or an alias. With ``account`` only its servers are looked at."""
    word = compared(typed)
    if not word:
        return None
    serving = Server.objects.filter(retired_at__isnull=True).select_related("account")
    if account is not None:
        serving = serving.filter(account=account)
    named = serving.filter(name__iexact=word).first()
    if named is not None:
        return named
    called = Q(pk__in=ServerAlias.objects.filter(value=word).values("server"))
    if _is_address(word):
        called |= Q(address=word)
    found = list(serving.filter(called)[:2])
    return found[0] if len(found) == 1 else None


def words_of(servers: Collection[Server]) -> dict[int, frozenset[str]]:
    """The words that tell each of these servers, as they are compared. A word that
    another server in service shares tells none."""
    words: dict[int, set[str]] = {}
    for server in servers:
        own = {compared(server.name), compared(server.address or "")}
        words[server.pk] = own - {""}
    if not words:
        return {}
    aliases = ServerAlias.objects.filter(server__in=words)
    for pk, value in aliases.values_list("server", "value"):
        words[pk].add(value)
    return {pk: frozenset(own - _shared(own, pk)) for pk, own in words.items()}


def alike(typed: str) -> Q:
    """Servers of which a name or an alias contains these words."""
    aliases = ServerAlias.objects.filter(value__icontains=typed)
    return Q(name__icontains=typed) | Q(pk__in=aliases.values("server"))


def under_domain(domain: str) -> Q:
    """Servers that have this domain, or a name or alias below it."""
    below = f".{domain}"
    aliases = ServerAlias.objects.filter(Q(value=domain) | Q(value__endswith=below))
    return (
        Q(name__iexact=domain)
        | Q(name__iendswith=below)
        | Q(pk__in=aliases.values("server"))
    )


def _shared(words: Collection[str], own: int) -> set[str]:
    serving = Server.objects.filter(retired_at__isnull=True).exclude(pk=own)
    aliases = ServerAlias.objects.filter(value__in=words, server__in=serving)
    addresses = [word for word in words if _is_address(word)]
    addressed = serving.filter(address__in=addresses)
    return {
        *aliases.values_list("value", flat=True),
        *(str(one) for one in addressed.values_list("address", flat=True)),
    }


def _is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True
