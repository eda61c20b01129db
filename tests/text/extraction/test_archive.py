"""Zips: every file comes out under its right name, whatever is wrong with the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.text.extraction import samples

from gongkai.text.extraction import Limits, Unreadable, extract, iter_archive


def test_files_come_out_with_their_names_and_bytes_and_are_gone_afterwards(tmp_path: Path) -> None:
    samples.zipped(tmp_path / "a.zip", {"文件/防火.txt": "防火".encode(), "文件/": b"", "b.txt": b"b"})
    seen: dict[str, bytes] = {}
    paths = []
    for member in iter_archive(tmp_path / "a.zip"):
        seen[member.name] = member.path.read_bytes()
        paths.append(member.path)
    assert seen == {"文件/防火.txt": "防火".encode(), "b.txt": b"b"}
    assert not any(path.exists() or path.parent.exists() for path in paths)
    assert paths[0].suffix == ".txt"


def test_names_written_in_gbk_are_read_right(tmp_path: Path) -> None:
    samples.gbk_zip(tmp_path / "a.zip", "谯城区/通知.txt", b"x")
    assert [member.name for member in iter_archive(tmp_path / "a.zip")] == ["谯城区/通知.txt"]


def test_junk_of_operating_systems_is_left_out(tmp_path: Path) -> None:
    names = ("__MACOSX/._a.txt", ".DS_Store", "x/Thumbs.db", "~$通知.docx", "a.txt")
    samples.zipped(tmp_path / "a.zip", dict.fromkeys(names, b"x"))
    assert [member.name for member in iter_archive(tmp_path / "a.zip")] == ["a.txt"]


def _nested(path: Path, depth: int) -> bytes:
    data = b"text"
    name = "a.txt"
    for level in range(depth):
        data = samples.zipped(path / f"{level}.zip", {name: data}).read_bytes()
        name = f"{level}.zip"
    return data


def test_nested_archives_are_opened_to_the_second_level_and_refused_below(tmp_path: Path) -> None:
    (tmp_path / "two.zip").write_bytes(_nested(tmp_path, 2))
    assert [member.name for member in iter_archive(tmp_path / "two.zip")] == ["0.zip/a.txt"]
    (tmp_path / "three.zip").write_bytes(_nested(tmp_path, 3))
    (member,) = iter_archive(tmp_path / "three.zip")
    assert member.name == "1.zip/0.zip"
    assert member.problem is not None
    assert member.problem.code == "huge"
    assert "嵌套层数" in member.problem.message


def test_one_bad_member_does_not_stop_the_rest(tmp_path: Path) -> None:
    samples.locked_zip(tmp_path / "locked.zip", {"x": b"x"})
    members = {"1.txt": b"first file" * 9, "锁.zip": (tmp_path / "locked.zip").read_bytes(), "3.txt": b"third"}
    samples.zipped(tmp_path / "a.zip", members)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[data.find(b"1.txt") + 7] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)
    found = {member.name: member.problem.code if member.problem else "" for member in iter_archive(tmp_path / "a.zip")}
    assert found == {"1.txt": "damaged", "锁.zip": "encrypted", "3.txt": ""}


def test_nested_archives_share_the_limits_of_the_outer_one(tmp_path: Path) -> None:
    inner = samples.zipped(tmp_path / "inner.zip", {"a": bytes(range(256)) * 2000}).read_bytes()
    samples.zipped(tmp_path / "a.zip", {f"{i}.zip": inner for i in range(4)})
    problems = [member.problem for member in iter_archive(tmp_path / "a.zip", Limits(unpacked_size=1_200_000))]
    assert [problem is None for problem in problems] == [True, True, False, False]


def test_an_archive_that_must_be_refused_is_refused_as_a_whole(tmp_path: Path) -> None:
    samples.zipped(tmp_path / "a.zip", {"ok.txt": b"x", "../up.txt": b"x"})
    with pytest.raises(Unreadable) as refusal:
        list(iter_archive(tmp_path / "a.zip"))
    assert refusal.value.code == "unsafe"
    assert not (tmp_path.parent / "up.txt").exists()


def test_members_are_read_like_files(tmp_path: Path) -> None:
    word = samples.word(tmp_path / "x.docx").read_bytes()
    samples.zipped(tmp_path / "a.zip", {"通知.docx": word})
    assert [extract(member.path).title for member in iter_archive(tmp_path / "a.zip")] == [samples.TITLE]
