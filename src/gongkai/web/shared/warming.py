"""Loading at the start of a web process what the first visitor would otherwise wait for."""

from django.urls import get_resolver

from gongkai.search import SearchUnavailable, engine
from gongkai.text.analysis import words


def warm_up() -> None:
    """Import the pages, load the dictionary of the segmenter and open the index; an index that is not there yet is no fault."""
    _ = get_resolver().url_patterns
    words("政务公开")
    try:
        engine()
    except SearchUnavailable:
        return
