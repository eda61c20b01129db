"""省市优秀解读: what may be listed, and that links are visited and hidden while they do not answer."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import factories

from gongkai.audit import generation
from gongkai.audit.models import AuditRecord
from gongkai.disclosure.link_sweep import sweep_links
from gongkai.disclosure.models import Edition
from gongkai.organisations.actors import NotVisible
from gongkai.policies.exemplary import ORDER, add_exemplary, exemplary, lines, remove_exemplary
from gongkai.policies.models import ExemplaryInterpretation
from gongkai.review import links
from gongkai.review.models import Link
from gongkai.rules.access import Role
from gongkai.rules.exemplary import Level
from gongkai.rules.reasons import Refused
from gongkai.text.web_answers import Answer

pytestmark = pytest.mark.django_db
ADDRESS = "https://www.ah.gov.cn/zcjd/1.html"
WHOLE = {
    "level": "province", "address": ADDRESS, "title": "一图读懂就业补贴", "source": "安徽省人社厅",
    "published_on": date(2026, 1, 5), "form": "infographic",
}  # fmt: skip


@pytest.fixture
def office(db):
    return factories.actor(factories.body(), Role.DISTRICT_OFFICE)


def shown(level: Level = Level.PROVINCE) -> list[str]:
    return [one.title for one in lines(list(exemplary(level).order_by(*ORDER)))]


def refused(office, **given) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refusal:
        add_exemplary(actor=office, **{**WHOLE, **given})
    return [(reason.field, reason.message) for reason in refusal.value.reasons]


def test_a_page_of_another_site_is_listed_and_visited_from_then_on(office):
    before = generation.current()
    add_exemplary(actor=office, **WHOLE)
    generation.forget()
    assert generation.current() > before, "cached pages must lapse"
    [one] = lines(list(exemplary(Level.PROVINCE)))
    assert (one.title, one.address, one.source, one.item_id, one.hidden) == (
        WHOLE["title"],
        ADDRESS,
        "安徽省人社厅",
        None,
        False,
    )
    assert shown(Level.CITY) == []
    assert Link.objects.get().kept
    assert list(AuditRecord.objects.values_list("action", flat=True)) == ["exemplary.add"]


@pytest.mark.parametrize(
    ("given", "field", "words", "reason"),
    [
        ({"title": ""}, "title", "请填写标题", "a link without a name"),
        ({"source": ""}, "source", "请填写来源", "转载须注明来源"),
        ({"published_on": None}, "published_on", "请填写发布日期", "no day"),
        ({"published_on": date(2100, 1, 1)}, "published_on", "晚于今天", "a slip"),
        ({"form": ""}, "form", "请选择解读形式", "no form"),
        ({"form": "opera"}, "form", "不在可选范围内", "a form there is not"),
        ({"level": "state"}, "level", "请选择层级", "a level there is not"),
        ({"address": ""}, "address", "请填写网址", "no address"),
        ({"address": "无此号"}, "address", "http://", "neither a number of ours nor an address"),
        ({"address": "javascript:alert(1)"}, "address", "http://", "no web address"),
        ({"address": "http://192.168.1.1/a"}, "address", "内部网络", "nobody outside can open it"),
        ({"address": "https://example.com/a"}, "address", "不在允许链接的网站范围内", "a site of no authority"),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(office, given, field, words, reason):
    [(where, message)] = refused(office, **given)
    assert where == field and words in message, reason
    assert not ExemplaryInterpretation.objects.exists()


def test_an_own_interpretation_needs_its_number_only_and_follows_the_register(office):
    item = factories.published(factories.body("谯城区教育局"), kind="interpretation", title="入学政策解读")
    add_exemplary(actor=office, level="district", address=item.index_number)
    [one] = lines(list(exemplary(Level.DISTRICT)))
    assert (one.title, one.source, one.item_id) == ("入学政策解读", "谯城区教育局", item.pk)
    assert refused(office, level="district", address=f"/items/{item.pk}/")[0][1].startswith("该解读已在")
    Edition.objects.filter(item=item).update(state="withdrawn")
    assert shown(Level.DISTRICT) == []
    assert [one.title for one in lines(list(exemplary()))] == ["（该信息已不公开）"]


def test_only_interpretations_are_good_interpretations(office):
    document = factories.published(factories.body())
    assert refused(office, address=document.index_number)[0][1].startswith("该信息不是政策解读")


def test_another_sites_address_is_never_taken_for_one_of_ours(office):
    item = factories.published(factories.body(), kind="interpretation")
    made = add_exemplary(actor=office, **{**WHOLE, "address": f"https://www.ah.gov.cn/items/{item.pk}/"})
    assert made.item is None and made.link is not None


def test_the_sweep_hides_what_does_not_answer_and_shows_it_again(office, monkeypatch):
    add_exemplary(actor=office, **WHOLE)
    now, silent = timezone.now(), Answer(False, "没有回应")
    answers = iter([Answer(True, "正常"), silent, silent, Answer(True, "正常")])
    monkeypatch.setattr(links.visit, "__defaults__", (lambda address: next(answers),))
    seen = []
    for days in (0, 8, 9.5, 11):
        before = generation.current()
        assert sweep_links(now + timedelta(days=days)).visited == 1
        assert generation.current() > before
        seen.append((shown(), [one.hidden for one in lines(list(exemplary()))]))
    assert seen == [([WHOLE["title"]], [False])] * 2 + [([], [True]), ([WHOLE["title"]], [False])]


def test_what_is_removed_is_visited_no_more(office):
    first = add_exemplary(actor=office, **WHOLE)
    second = add_exemplary(actor=office, **{**WHOLE, "level": "city"})
    remove_exemplary(actor=office, exemplary_id=first.pk)
    assert Link.objects.get().kept, "the city still lists it"
    remove_exemplary(actor=office, exemplary_id=second.pk)
    assert not Link.objects.get().kept
    with pytest.raises(NotVisible):
        remove_exemplary(actor=office, exemplary_id=second.pk)


def test_only_the_district_office_chooses(office):
    head = factories.actor(factories.body(), Role.HEAD)
    with pytest.raises(Refused):
        add_exemplary(actor=head, **WHOLE)
    made = add_exemplary(actor=office, **WHOLE)
    with pytest.raises(Refused):
        remove_exemplary(actor=head, exemplary_id=made.pk)


def test_pages_mark_what_leads_outside_and_the_form_keeps_what_was_typed(client, office):
    factories.exemplary()
    own = factories.exemplary(
        factories.published(factories.body(), kind="interpretation", title="本区的解读"), "district"
    )
    text = client.get("/interpretations/exemplary/").text
    assert 'href="https://www.ah.gov.cn/1.html" rel="noopener noreferrer external"' in text
    assert "外部链接" in text and "来源：安徽省人民政府" in text and "本区的解读" not in text
    text = client.get("/interpretations/exemplary/?level=district").text
    assert f'href="/items/{own.item_id}/"' in text and '<span class="badge">外部链接' not in text
    client.force_login(factories.member(factories.body(), Role.DISTRICT_OFFICE))
    page = client.post("/office/exemplary-interpretations/", {"level": "city", "address": ADDRESS, "title": "写了一半"})
    assert page.status_code == 422 and "写了一半" in page.text and "请填写来源" in page.text
    assert client.post("/office/exemplary-interpretations/", {**WHOLE, "published_on": "2026-01-05"}).status_code == 302
    assert "尚未检查" in client.get("/office/exemplary-interpretations/").text
