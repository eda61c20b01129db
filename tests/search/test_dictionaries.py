"""The dictionaries: laid over the program's own, kept in versions, in force at once (synonyms) or with the next index (words)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongkai.audit import generation
from gongkai.audit.models import AuditRecord
from gongkai.rules.access import Actor, Role
from gongkai.rules.reasons import Refused
from gongkai.search import SearchQuery, dictionaries, dictionary_files, search
from gongkai.search.dictionaries import SYNONYMS, WORD_KIND, WORDS, EntryState, in_force, listed
from gongkai.search.dictionary_actions import Change, change_dictionary
from gongkai.search.indexer import index_pending, reindex
from gongkai.search.models import DictionaryEntry, DictionaryVersion
from gongkai.search.service import engine
from gongkai.search.synonyms import builtin, builtin_groups
from gongkai.text.segment import segment
from tests.search import domain

pytestmark = pytest.mark.django_db

OFFICE = Actor(1, "李四", {1: frozenset({Role.DISTRICT_OFFICE})})
CLERK = Actor(2, "张三", {1: frozenset({Role.CLERK})})


def group(*terms: str, kind: str = "equal", active: bool = True) -> Change:
    return Change(terms[0], EntryState(kind, terms, active))


def word(text: str, *, active: bool = True) -> Change:
    return Change(text, EntryState(WORD_KIND, (text,), active))


def change(*changes: Change, dictionary: str = SYNONYMS, actor: Actor = OFFICE) -> DictionaryVersion | None:
    return change_dictionary(actor=actor, dictionary=dictionary, changes=changes, reason="试一试")


@pytest.fixture
def wired(settings: Any, tmp_path: Path) -> None:
    settings.GONGKAI_DATA_DIR = tmp_path
    settings.GONGKAI_SEARCH_PROVIDER = "tests.search.domain.load"
    settings.GONGKAI_SEARCH_ALL_IDS = "tests.search.domain.all_ids"
    settings.GONGKAI_AFTER_INDEX = "tests.search.domain.after_index"


# --- synonyms ----------------------------------------------------------------------------------------------------------
def test_the_program_brings_more_than_three_hundred_groups() -> None:
    assert len(builtin_groups()) >= 300
    assert {one.kind.value for one in builtin_groups()} == {"equal", "abbreviation", "everyday"}


def test_a_change_is_in_force_with_the_next_question_and_nothing_before_it_was_lost(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    assert "魏武大道" not in in_force()
    with django_capture_on_commit_callbacks(execute=True):
        change(group("魏武大道", "亳芜大道"))
    assert in_force().alternatives("魏武大道") == ("亳芜大道",)
    assert in_force().alternatives("低保") == builtin().alternatives("低保")


def test_asking_again_costs_no_query(
    django_capture_on_commit_callbacks: Callable[..., Any], django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change(group("魏武大道", "亳芜大道"))
    in_force()
    generation.current()
    with django_assert_num_queries(0):
        in_force()


def test_the_generation_moves_so_that_every_process_and_every_cached_page_notices() -> None:
    before = generation.current()
    change(group("魏武大道", "亳芜大道"))
    generation.forget()
    assert generation.current() > before


def test_an_entry_of_the_program_can_be_changed_switched_off_and_restored() -> None:
    before = builtin().alternatives("低保")
    change(group("低保", "低保障"))
    assert dictionaries.synonyms_of(dictionaries.entries(SYNONYMS)).alternatives("低保") == ()  # it contains the word
    change(group("低保", "困难补助", active=False))
    assert "低保" not in dictionaries.synonyms_of(dictionaries.entries(SYNONYMS))
    [own] = [one for one in listed(SYNONYMS) if one.changed]
    assert (own.origin, own.state.active) == ("本地修改", False)
    change(Change("低保", None))
    assert dictionaries.synonyms_of(dictionaries.entries(SYNONYMS)).alternatives("低保") == before
    assert not DictionaryEntry.objects.exists()


def test_every_change_is_a_version_with_who_why_before_and_after() -> None:
    change(group("魏武大道", "亳芜大道"))
    change(group("魏武大道", "亳芜大道", "药都大道"))
    second, first = DictionaryVersion.objects.all()
    assert (first.number, second.number, second.actor_name, second.reason) == (1, 2, "李四", "试一试")
    assert dictionaries.changes_in_words(first.changes) == [("", "魏武大道 = 亳芜大道")]
    assert dictionaries.changes_in_words(second.changes) == [("魏武大道 = 亳芜大道", "魏武大道 = 亳芜大道 = 药都大道")]
    assert AuditRecord.objects.filter(action="dictionary.change").count() == 2


def test_a_change_that_changes_nothing_leaves_no_version() -> None:
    change(group("魏武大道", "亳芜大道"))
    assert change(group("魏武大道", "亳芜大道")) is None
    assert DictionaryVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "reason", "fault"),
    [
        ([group("低保")], "原因", "at least two words"),
        ([group("低保", "低 保")], "原因", "a blank in a word"),
        ([group("低保", "低保！")], "原因", "punctuation"),
        ([group("低保", *(f"低保{n}号" for n in range(20)))], "原因", "too many words"),
        ([group("低保", "救助", kind="other")], "原因", "unknown kind"),
        ([Change("低保", EntryState("equal", ("救助", "低保")))], "原因", "the head is another"),
        ([group("低保", "救助")], " ", "no reason given"),
    ],
)
def test_what_cannot_be_an_entry_is_refused_and_nothing_is_written(
    changes: list[Change], reason: str, fault: str
) -> None:
    with pytest.raises(Refused):
        change_dictionary(actor=OFFICE, dictionary=SYNONYMS, changes=[group("好词", "良词"), *changes], reason=reason)
        pytest.fail(fault)
    assert not DictionaryEntry.objects.exists()
    assert not DictionaryVersion.objects.exists()


def test_only_the_district_office_and_administrators_may_change_them() -> None:
    with pytest.raises(Refused):
        change(group("魏武大道", "亳芜大道"), actor=CLERK)


# --- tables ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("dictionary", [SYNONYMS, WORDS])
def test_what_is_written_out_reads_back_as_no_change(dictionary: str) -> None:
    content = "".join(dictionary_files.written(listed(dictionary))).encode()
    changes = dictionary_files.read(content, dictionary)
    assert len(changes) == len(listed(dictionary))
    assert change_dictionary(actor=OFFICE, dictionary=dictionary, changes=changes[:40], reason="导入") is None


def test_a_table_saved_by_an_old_spreadsheet_program_is_read() -> None:
    content = "类别,词语,状态\n同义词,魏武大道 亳芜大道,启用\n口语词和规范词,逛街 > 购物,停用\n".encode("gb18030")
    first, second = dictionary_files.read(content, SYNONYMS)
    assert first.state == EntryState("equal", ("魏武大道", "亳芜大道"))
    assert second.state == EntryState("everyday", ("逛街", "购物"), False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "第一行应当是列名"),
        ("甲,乙\n".encode(), "第一行应当是列名"),
        ("类别,词语,状态\n别的,低保 救助,启用\n".encode(), "第2行：类别应填"),
        ("类别,词语,状态\n同义词,低保 救助,开\n".encode(), "第2行：状态应填"),
        ("类别,词语\n同义词,低保 救助\n同义词,低保 困难\n".encode(), "第3行：与第2行的主词相同"),
        (b"\xff\xfe\x00\x01\x00", "不是文本表格"),
        (b"a" * (dictionary_files.LARGEST_FILE + 1), "超过2 MB"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(content: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        dictionary_files.read(content, SYNONYMS)
    assert said in "".join(str(reason) for reason in refused.value.reasons)


# --- words -------------------------------------------------------------------------------------------------------------
def test_a_changed_word_is_in_force_at_once_and_changes_no_index(wired: None) -> None:
    domain.save({1: "魏武王路改造公告", 2: "低保公告"})
    reindex()
    digests = dict(engine().digests())
    generation.forget()  # within the same second
    assert dictionaries.in_force() and segment("魏武王路") == ["魏武王", "路"]
    change(word("魏武王路"), dictionary=WORDS)
    generation.forget()  # within the same second
    assert dictionaries.in_force() and segment("魏武王路") == ["魏武王路"]
    assert search(SearchQuery("魏武王路")).ids == (1,)
    index_pending()
    assert dict(engine().digests()) == digests


def test_a_word_switched_off_and_on_again_leaves_no_trace(wired: None) -> None:
    for active, cut in ((False, ["政务", "公开"]), (True, ["政务公开"])):
        change(word("政务公开", active=active), dictionary=WORDS)
        generation.forget()  # within the same second
        assert dictionaries.in_force()
        assert segment("政务公开") == cut


@pytest.mark.parametrize("text", ["路", "A12", "魏武 王路", "字" * 21])
def test_what_is_no_word_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        change(word(text), dictionary=WORDS)
