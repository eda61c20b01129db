"""The search dictionaries in the office, as the district office uses them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.rules.access import Role
from gongkai.search.indexer import reindex
from gongkai.search.models import DictionaryEntry, DictionaryVersion
from tests import factories
from tests.web.office.conftest import Bureau

LIST = reverse("office:dictionary", kwargs={"dictionary": "synonyms"})
ENTRY = reverse("office:dictionary-entry", kwargs={"dictionary": "synonyms"})
WORD = reverse("office:dictionary-entry", kwargs={"dictionary": "words"})
GROUP = {"kind": "equal", "terms": "魏武大道 亳芜大道", "active": "on", "reason": "路名改了"}


@pytest.fixture
def office(bureau: Bureau, settings, tmp_path):
    settings.GONGKAI_DATA_DIR = tmp_path
    return bureau[Role.DISTRICT_OFFICE]


def test_the_overview_names_both_dictionaries(office):
    page = office.get(reverse("office:dictionaries")).content.decode()
    assert "检索同义词" in page and "政务词表" in page


def test_an_entry_is_found_changed_and_shown_with_its_history(office):
    assert "最低生活保障" in office.get(LIST, {"q": "低保"}).content.decode()
    assert office.post(ENTRY, {**GROUP, "do": "save"}).status_code == 302
    page = office.get(LIST, {"q": "魏武"}).content.decode()
    assert "魏武大道 = 亳芜大道" in page and "本地新增" in page
    history = office.get(reverse("office:dictionary-history", kwargs={"dictionary": "synonyms"})).content.decode()
    assert "路名改了" in history and "魏武大道 = 亳芜大道" in history
    assert "路名改了" in office.get(reverse("office:dictionaries")).content.decode()


def test_what_comes_with_the_program_is_switched_off_and_restored(office):
    address = f"{ENTRY}?key=低保"
    office.post(address, {"kind": "equal", "terms": "低保 最低生活保障", "reason": "试", "do": "save"})
    assert "停用" in office.get(LIST, {"q": "低保"}).content.decode()
    assert "恢复为软件自带内容" in office.get(address).content.decode()
    office.post(address, {"do": "restore"})
    assert not DictionaryEntry.objects.exists()


def test_a_preview_compares_before_and_after_and_writes_nothing(office):
    body = factories.body()
    factories.published(body, kind="notice", title="亳芜大道施工公告", document_number="")
    reindex()
    short = {**GROUP, "terms": "魏武 亳芜", "reason": "", "do": "preview"}  # a longer word would be looked for in parts
    page = office.post(ENTRY, short).content.decode()
    assert "修改前 0 条，修改后 1 条" in page and "亳芜大道施工公告" in page
    assert not DictionaryEntry.objects.exists()


def test_a_preview_of_a_word_shows_how_it_is_cut(office):
    page = office.post(WORD, {"terms": "魏武王路", "active": "on", "do": "preview"}).content.decode()
    assert "修改前 魏武王 / 路；修改后 魏武王路" in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({**GROUP, "reason": ""}, "请填写修改原因"),
        ({**GROUP, "terms": "低保"}, "至少填写两个不同的词"),
        ({**GROUP, "terms": "低保！ 救助"}, "不能作为检索词"),
        ({**GROUP, "kind": "other"}, "不在可选范围内"),
        ({}, "请填写"),
    ],
)
def test_bad_input_is_answered_with_the_field_and_the_remedy(office, values, said):
    answer = office.post(ENTRY, {**values, "do": "save"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not DictionaryVersion.objects.exists()


def test_a_table_is_written_out_and_read_in(office):
    answer = office.get(reverse("office:dictionary-export", kwargs={"dictionary": "synonyms"}))
    content = b"".join(answer)
    assert "低保 最低生活保障".encode() in content
    address = reverse("office:dictionary-import", kwargs={"dictionary": "synonyms"})
    table = SimpleUploadedFile("同义词.csv", content + "同义词,魏武大道 亳芜大道,启用,\n".encode())
    assert office.post(address, {"file": table, "reason": "导入"}).status_code == 302
    assert [entry.key for entry in DictionaryEntry.objects.all()] == ["魏武大道"]
    bad = SimpleUploadedFile("坏.csv", b"\xff\x00\x01")
    refused = office.post(address, {"file": bad, "reason": "导入"})
    assert refused.status_code == 422 and "不是文本表格" in refused.content.decode()


@pytest.mark.parametrize(
    "address", ["/office/dictionaries/other/", f"{ENTRY}?key=没有这个词", "/office/dictionaries/a/entry/"]
)
def test_what_does_not_exist_is_not_found(office, address):
    assert office.get(address).status_code == 404


def test_a_clerk_is_refused(bureau):
    assert bureau[Role.CLERK].post(ENTRY, {**GROUP, "do": "save"}).status_code == 403
    assert not DictionaryEntry.objects.exists()


def test_later_pages_of_a_long_list(office):
    first = office.get(LIST).content.decode()
    following = first.split("after=")[1].split('"')[0]
    second = office.get(f"{LIST}?after={following}").content.decode()
    assert "上一页" in second and second != first
