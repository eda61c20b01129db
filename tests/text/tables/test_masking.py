"""What the public sees of a cell (rules.md 9.3, `masks.toml`)."""

from __future__ import annotations

import pytest

from gongkai.rules.table_kinds import Exposure, ValueType
from gongkai.text.tables.masking import clear_of_personal_data, shown

SHOWN, MASKED, HIDDEN = Exposure
CASES = [
    ("张三", ValueType.NAME, MASKED, "张*", "given name hidden"),
    ("欧阳大山", ValueType.NAME, MASKED, "欧阳**", "compound surname"),
    ("张三", ValueType.NAME, SHOWN, "张三", "where the list is published by name"),
    ("341602190001010011", ValueType.IDENTITY, MASKED, "341602********0011", "six and four stay"),
    ("341602900101001", ValueType.IDENTITY, MASKED, "341602*****1001", "the old numbers too"),
    ("341602********0011", ValueType.IDENTITY, MASKED, "341602********0011", "masked by its maker"),
    ("34160219000101001*", ValueType.IDENTITY, MASKED, "341602*******1001*", "one star is no mask"),
    ("6217000000000000004", ValueType.ACCOUNT, MASKED, "***************0004", "four stay"),
    ("621700000000000000*", ValueType.ACCOUNT, MASKED, "**************0000*", "one star is no mask"),
    ("13900001234", ValueType.PHONE, MASKED, "139****1234", "mobile"),
    ("05581234567", ValueType.PHONE, MASKED, "0558*******", "landline"),
    ("华佗镇大李村3组5号", ValueType.ADDRESS, MASKED, "华佗镇大李村", "cut behind the village"),
    ("341602190001010011", ValueType.IDENTITY, HIDDEN, "", "not there at all"),
    ("备注", ValueType.TEXT, SHOWN, "备注", "as it is"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "exposure", "expected", "reason"), CASES, ids=[c[-1] for c in CASES])
def test_cells_are_masked_as_the_policy_says(text, kind, exposure, expected, reason) -> None:
    assert shown(text, kind, exposure) == expected, reason


FREE = [
    ("代领人身份证341602190001010011", "代领人身份证341602********0011", ("身份证号",)),
    ("电话139 0000 1234，已核", "电话139 **** 1234，已核", ("手机号",)),
    ("二季度补发3个月", "二季度补发3个月", ()),
]


@pytest.mark.parametrize(("text", "expected", "found"), FREE)
def test_personal_data_in_free_text_is_masked_and_told(text, expected, found) -> None:
    assert clear_of_personal_data(text) == (expected, found)
