"""Two processes at the same work at the same time: nothing is lost, nothing is doubled, exactly one of two contradicting acts wins."""

from __future__ import annotations

import pytest

from tests.faults.installation import PATIENCE, Installation
from tests.faults.material import write_material

pytestmark = pytest.mark.xdist_group("processes")


def test_two_processes_creating_a_thousand_items_each_get_serials_without_gap_or_double(
    installation: Installation,
) -> None:
    assert installation.at_once(("create", {"count": 1000}), ("create", {"count": 1000})) == [1000, 1000]
    facts = installation.work("facts")
    assert (facts["items"], facts["distinct_numbers"], facts["counter"]) == (2000, 2000, 2000)
    assert facts["gapless"], "serials are not 1…2000"
    assert facts["audited"]["item.create"] == 2000
    assert facts["audit_broken_at"] is None
    assert installation.doctor() == {}


def test_of_two_saves_of_the_same_revision_exactly_one_is_taken(installation: Installation) -> None:
    items = installation.work("drafts", count=100)
    mine, yours = installation.at_once(
        ("save", {"title": "甲的标题", "items": items}), ("save", {"title": "乙的标题", "items": items})
    )
    assert mine.get("", 0) + yours.get("", 0) == 100
    assert mine.get("conflict", 0) + yours.get("conflict", 0) == 100
    assert installation.work("facts")["audited"]["item.edit"] == 100
    assert installation.work("revisions") == {"1": 100}


@pytest.mark.parametrize(
    ("before", "act", "event", "reason"),
    [
        ((), ("submit", "submit"), "item.submit", "a draft is handed in once"),
        (("submit",), ("approve", "approve"), "item.approve", "one reviewer's secrecy record stands, not two"),
        (("submit", "approve"), ("sign", "sign"), "item.publish", "an edition is published once"),
        (("submit", "approve", "sign"), ("correct", "correct"), "item.correct", "one new edition is begun"),
    ],
)
def test_of_two_people_taking_the_same_step_exactly_one_wins(
    installation: Installation, before: tuple[str, ...], act: tuple[str, str], event: str, reason: str
) -> None:
    items = installation.work("prepared", count=60, steps=before)
    people = ("reviewer", "second_reviewer")
    given = [
        {"items": items, **({"by": who} if name == "approve" else {})} for name, who in zip(act, people, strict=True)
    ]
    first, second = installation.at_once((act[0], given[0]), (act[1], given[1]))
    assert first.get("", 0) + second.get("", 0) == 60, reason
    assert sum(first.values()) == sum(second.values()) == 60
    facts = installation.work("facts")
    assert facts["audited"][event] == 60
    assert facts["published_twice"] == []
    assert facts["inconsistent"] == {}


def test_of_two_people_taking_the_two_interpretations_of_a_document_back_one_is_asked_to_explain_it(
    installation: Installation,
) -> None:
    """Else each of them sees the interpretation of the other still there, and the document is left with none."""
    first, second = installation.work("interpreted", count=60)
    mine, yours = installation.at_once(("take_back", {"items": first}), ("take_back", {"items": second}))
    assert mine.get("", 0) + yours.get("", 0) == 60
    assert mine.get("three_syncs", 0) + yours.get("three_syncs", 0) == 60
    facts = installation.work("facts")
    assert facts["states"] == {"published": 60, "scheduled": 60, "draft": 60}
    assert facts["inconsistent"] == {}


def test_two_ticks_publish_what_is_due_once(installation: Installation) -> None:
    installation.work("due", count=80)
    assert sum(installation.at_once(("tick_once", {}), ("tick_once", {}))) == 80
    facts = installation.work("facts")
    assert facts["states"] == {"published": 80}
    assert facts["audited"]["item.publish"] == 80
    assert facts["published_twice"] == []


def test_two_imports_of_the_same_directory_take_each_document_once(installation: Installation) -> None:
    directory = installation.data.parent / "旧站导出"
    expected = write_material(directory, documents=300)
    processes = [installation.start("import", str(directory), "--batch", "20") for _ in range(2)]
    for process in processes:
        out, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, error[-3000:]
        assert "未导入 0" in out
    facts = installation.work("facts")
    assert facts["titles"] == sorted(expected)
    assert facts["audited"]["item.import"] == facts["imported"] == len(expected)
    installation.run("index", "--once")
    assert installation.doctor() == {}
    assert installation.work("found") == len(expected)


def test_an_import_while_clerks_write_into_the_same_body(installation: Installation) -> None:
    directory = installation.data.parent / "旧站导出"
    expected = write_material(directory, documents=200)
    importing = installation.start("import", str(directory), "--batch", "20", "--organisation", "body")
    installation.at_once(("create", {"count": 100}), ("create", {"count": 100}))
    _, error = importing.communicate(timeout=PATIENCE)
    assert importing.returncode == 0, error[-3000:]
    facts = installation.work("facts")
    assert facts["items"] == facts["counter"] == len(expected) + 200
    assert facts["gapless"]
    installation.run("index", "--once")
    assert installation.doctor() == {}
