"""Links to other sites: remembered at each check, visited later, found dead after days of it, told to the items they stand in."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests import factories

from gongkai.disclosure import actions, findings
from gongkai.disclosure.link_sweep import sweep_links
from gongkai.jobs.tick import tick
from gongkai.review import links
from gongkai.review.models import EditionLink, Link, RecordedFinding
from gongkai.rules.access import Role
from gongkai.text.web_answers import Answer

pytestmark = pytest.mark.django_db
ALIVE, GONE, SILENT = Answer(True, "正常"), Answer(False, "页面不存在（404）", gone=True), Answer(False, "没有回应")
NOW = timezone.now()


def _body(*addresses):
    return "<p>详见" + "、".join(f'<a href="{address}">网页</a>' for address in addresses) + "</p>"


@pytest.fixture
def desk():
    body = factories.body()
    return body, factories.actor(body, Role.CLERK)


def _draft(desk, *addresses):
    body, clerk = desk
    item = actions.create_item(
        actor=clerk, organisation_id=body.pk, kind="notice", values=factories.values(body=_body(*addresses))
    )
    findings.recheck(actor=clerk, item_id=item.pk)
    return item


def _dead(item):
    open_ones = RecordedFinding.objects.filter(
        edition_id=item.working_id or item.current_id, rule="link.dead", state="open"
    )
    return [one.message for one in open_ones]


def _visit(days, answers):
    return list(links.visit(50, NOW + timedelta(days), lambda address: answers[address]))


A, B = "https://www.a.gov.cn/x.html", "https://www.b.gov.cn/"


def test_links_of_a_text_are_remembered_once_and_forgotten_with_it(desk):
    item = _draft(desk, A, B, A)
    other = _draft(desk, A, "/items/3/", "mailto:x@a.gov.cn", "http://oa/inner")
    assert sorted(Link.objects.values_list("address", flat=True)) == [A, B]
    assert EditionLink.objects.filter(edition_id=other.working_id).count() == 1
    actions.save_draft(actor=desk[1], item_id=item.pk, values={"body": _body(B)})
    findings.recheck(actor=desk[1], item_id=item.pk)
    assert [one.link.address for one in EditionLink.objects.filter(edition_id=item.working_id)] == [B]
    actions.discard(actor=desk[1], item_id=item.pk)
    assert not EditionLink.objects.filter(link__address=B).exists()


def test_a_page_that_is_gone_counts_after_two_days_and_a_silent_site_after_three(desk):
    item = _draft(desk, A, B)
    answers = {A: GONE, B: SILENT}
    for day, dead in ((0, set()), (1.1, {A}), (2.2, {A, B})):
        _visit(day, answers)
        assert set(Link.objects.filter(dead=True).values_list("address", flat=True)) == dead, day
    findings.recheck(actor=desk[1], item_id=item.pk)
    assert _dead(item) == [f"“{A}”打不开：页面不存在（404）。", f"“{B}”打不开：没有回应。"]


def test_two_visits_on_one_day_are_one_day(desk):
    _draft(desk, A, B)
    _visit(0, {A: GONE, B: ALIVE})
    Link.objects.update(visited_at=NOW)
    link = Link.objects.get(address=A)
    links._recorded(link, GONE, NOW + timedelta(seconds=1))
    assert Link.objects.get(address=A).failures == 1


def test_what_answers_again_is_alive_again_and_left_alone_for_a_week(desk):
    item = _draft(desk, A, B)
    for day in (0, 1.1):
        _visit(day, {A: GONE, B: ALIVE})
    findings.recheck(actor=desk[1], item_id=item.pk)
    assert len(_dead(item)) == 1
    changed = [visit.link.address for visit in _visit(2.2, {A: ALIVE, B: ALIVE}) if visit.changed]
    assert changed == [A]
    findings.recheck(actor=desk[1], item_id=item.pk)
    assert _dead(item) == []
    assert _visit(3, {}) == [], "nothing is due"


def test_without_a_network_nothing_is_recorded(desk):
    _draft(desk, *(f"https://www.site{n}.gov.cn/" for n in range(9)))
    asked = []

    def silent(address):
        asked.append(address)
        return SILENT

    with pytest.raises(links.Offline):
        list(links.visit(50, NOW, silent))
    assert len(asked) == links.OFFLINE_AFTER, "and not the whole list is tried"
    assert not Link.objects.exclude(visited_at=None).exists()


def test_the_body_of_a_published_item_learns_of_it(desk, monkeypatch):
    item = factories.published(desk[0], body=_body(A, B))
    findings.rescan(item_id=item.pk)
    answers = {A: GONE, B: ALIVE}
    monkeypatch.setattr(links.visit, "__defaults__", (answers.__getitem__,))
    first = sweep_links(NOW)
    second = sweep_links(NOW + timedelta(1.1))
    assert (first.visited, first.dead, first.checked_anew) == (2, 0, 0)
    assert (second.visited, second.dead, second.checked_anew) == (1, 1, 1)
    assert _dead(item) == [f"“{A}”打不开：页面不存在（404）。"]


def test_the_command_says_what_it_did_or_why_it_could_not(desk, monkeypatch, capsys):
    _draft(desk, A, B)
    monkeypatch.setattr(links.visit, "__defaults__", (lambda address: ALIVE,))
    call_command("links")
    assert "已访问 2 个链接，其中 0 个打不开" in capsys.readouterr().out
    Link.objects.update(visited_at=None)
    monkeypatch.setattr(links.visit, "__defaults__", (lambda address: SILENT,))
    with pytest.raises(CommandError, match="请检查本机网络"):
        call_command("links")
    Link.objects.filter(address=A).update(dead=True, answer="没有回应")
    call_command("links", "--list")
    assert capsys.readouterr().out == f"{A}\t没有回应\n"


@pytest.mark.parametrize("wished", [False, True])
def test_the_tick_has_it_done_once_a_day_where_it_is_wished(settings, wished):
    settings.GONGKAI_CHECK_LINKS = wished
    for days in (0, 0, 1):
        tick(NOW + timedelta(days))
    queued = DBTaskResult.objects.filter(task_path__endswith=".visit_links").count()
    assert queued == (2 if wished else 0)
