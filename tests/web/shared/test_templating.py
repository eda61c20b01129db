"""Links keep the mode and have one address; dates and sizes are printed one way."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse
from django.urls.converters import IntConverter

from gongkai.web.portal import urls
from gongkai.web.shared import dates
from gongkai.web.shared.templating import address_of


def rendered(source: str, address: str = "/policy-library/", **context) -> str:
    return engines["jinja2"].from_string(source).render(context, RequestFactory().get(address))


LINKS = (
    ("{{ url('portal:item', 5) }}", "/", "/items/5/", "plain"),
    ("{{ url('portal:item', 5) }}", "/?v=elder", "/items/5/?v=elder", "elder mode is kept"),
    (
        "{{ url('portal:search', query={'text': '医保', 'kind': none}) }}",
        "/",
        "/search/?text=%E5%8C%BB%E4%BF%9D",
        "empty left out",
    ),
    ("{{ url('portal:search', query={'kind': 'notice'}) }}", "/?v=elder", "/search/?kind=notice&amp;v=elder", "both"),
    (
        "{{ toggler()('subject', '02') }}",
        "/l/?year=2026&subject=01",
        "/l/?subject=01&amp;subject=02&amp;year=2026",
        "added in order",
    ),
    ("{{ toggler()('subject', '01') }}", "/l/?subject=01&year=2026", "/l/?year=2026", "taken away"),
    (
        "{{ toggler()('subject', '01') }}",
        "/l/?after=n1&v=elder",
        "/l/?subject=01&amp;v=elder",
        "the place lapses, the mode stays",
    ),
    ("{{ toggler()('subject', '01') }}", "/l/?subject=01", "/l/", "nothing left"),
    ("{{ same_page(after='n2') }}", "/l/?b=2&a=1&before=n1", "/l/?a=1&amp;after=n2&amp;b=2", "one place at a time"),
    ("{{ same_page(after='n2', before=none) }}", "/l/?before=n1", "/l/?after=n2", "the other place is named as none"),
    ("{{ same_page(v='elder') }}", "/l/?after=n2", "/l/?after=n2&amp;v=elder", "the mode keeps the place"),
    ("{{ same_page(v=none) }}", "/l/?v=elder", "/l/", "leaving the mode"),
    ("{{ without('as-of') }}", "/l/?as-of=2026-01-01&after=n1&q=1", "/l/?q=1", "one condition less"),
)


@pytest.mark.parametrize(("source", "address", "expected", "reason"), LINKS, ids=[case[3] for case in LINKS])
def test_links(source, address, expected, reason):
    assert rendered(source, address) == expected, reason


NUMBERED = {
    f"portal:{pattern.name}": len(converters)
    for pattern in urls.urlpatterns
    if (converters := pattern.pattern.converters.values())
    and all(isinstance(converter, IntConverter) for converter in converters)
}


@pytest.mark.parametrize("name", NUMBERED)
def test_an_address_of_numbers_is_the_one_the_framework_gives(name):
    for first in (0, 7, 2**40):
        numbers = [first + place for place in range(NUMBERED[name])]
        assert address_of(name, *numbers) == reverse(name, args=numbers)


def test_there_are_addresses_of_one_two_and_three_numbers():
    assert {1, 2, 3} <= set(NUMBERED.values())


def test_other_values_go_through_the_framework():
    assert address_of("portal:document", 5, "docx") == "/items/5/document.docx"
    assert address_of("portal:attachment", 5, 6, "表 1.xlsx") == "/items/5/attachments/6/%E8%A1%A8%201.xlsx"
    assert address_of("portal:home") == "/"


def test_the_order_of_parameters_makes_no_second_address():
    source = "{{ toggler()('subject', '01') }}"
    assert rendered(source, "/l/?b=1&a=2") == rendered(source, "/l/?a=2&b=1")


def test_what_is_put_into_a_page_is_escaped():
    assert rendered("{{ text }}", text="<b>") == "&lt;b&gt;"


def test_labels_come_from_the_vocabularies():
    assert rendered("{{ label('genres', '08') }} {{ label('audiences', ['citizen', 'farmer']) }}") == "通知 公民、农民"
    assert rendered("{{ path_labels('subjects', '0201') }}") == "综合政务\\政务公开"
    assert rendered("{{ label('genres', 'unknown') }}") == "unknown"


MOMENT = datetime(2026, 1, 28, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "expected", "reason"),
    [
        (dates.day(date(2026, 1, 9)), "2026-01-09", "a date in a table"),
        (dates.day(MOMENT), "2026-01-29", "a moment is shown in Chinese time: already the next day"),
        (dates.moment(MOMENT), "2026-01-29 01:30", "with its time"),
        (dates.long_day(MOMENT), "2026年1月29日", "in a sentence"),
        (dates.day(None), "—", "nothing in a table"),
        (dates.long_day(None), "", "nothing in a sentence"),
        (dates.file_size(900), "900 B", "bytes"),
        (dates.file_size(15_360), "15 KB", "kilobytes"),
        (dates.file_size(1_300_000), "1.2 MB", "megabytes"),
    ],
)
def test_dates_and_sizes(shown, expected, reason):
    assert shown == expected, reason


@pytest.mark.parametrize("text", ["", None, "never", "2026-13-01", "2026-1-1x"])
def test_what_is_no_date_is_none(text):
    assert dates.parse_day(text) is None
