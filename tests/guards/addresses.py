"""Every address the URL resolver knows, by its qualified name."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Address:
    """One URL pattern: its qualified name (`office:item`), its route from the root, and the names of its arguments."""

    name: str
    route: str
    arguments: tuple[str, ...]


def addresses(*prefixes: str) -> dict[str, Address]:
    """All addresses under one of `prefixes` (`office/`), by name. A pattern without a name is an error of its own."""
    found = {}
    for address in _walk(get_resolver(), "", ""):
        if address.route.startswith(prefixes):
            assert address.name, f"{address.route} has no name"
            found[address.name] = address
    return found


def _walk(resolver: URLResolver, route: str, namespace: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, here, inner)
        elif isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name}" if pattern.name else ""
            yield Address(name, here, tuple(pattern.pattern.regex.groupindex))
