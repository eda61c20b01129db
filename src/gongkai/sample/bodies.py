"""The publishing bodies of the sample district: the government, its departments, towns, parks and public enterprises."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from gongkai.sample.records import SampleBody

DATA = Path(__file__).parent / "data"
DISTRICT = "qzfb"
"""Code of the district government, parent of all but the enterprises."""
DIVISION_CODE = "341602"

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_REGISTRAR = {
    "district_government": "11",
    "department": "11",
    "township": "11",
    "park": "11",
    "public_enterprise_institution": "91",
}
_INSTITUTIONS = frozenset({"qyy", "sxx"})
"""Public institutions are registered as such (12), not as firms (91)."""


def uscc(registrar: str, division: str, serial: int) -> str:
    """Return a 统一社会信用代码 with both check digits right (GB 11714, GB 32100) from the artificial base ``DEMA``.

    `registrar` is the two leading characters, `division` six digits, `serial` below 10,000.
    """
    base = f"DEMA{serial:04d}"
    organisation_sum = sum(int(c, 36) * w for c, w in zip(base, _ORGANISATION_WEIGHTS, strict=True))
    organisation_check = (11 - organisation_sum % 11) % 11
    first17 = f"{registrar}{division}{base}{'X' if organisation_check == 10 else organisation_check}"
    total = sum(_USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return first17 + _USCC_ALPHABET[(31 - total % 31) % 31]


@cache
def bodies() -> tuple[SampleBody, ...]:
    """Return every body, parents first, in the order in which a directory lists them."""
    with (DATA / "bodies.toml").open("rb") as stream:
        sections = tomllib.load(stream)
    found: list[SampleBody] = []
    for kind in _REGISTRAR:
        for row in sections[kind]["rows"]:
            found.append(_body(kind, row, len(found) + 1))
    return tuple(found)


@cache
def by_code() -> dict[str, SampleBody]:
    """Return the bodies by their code."""
    return {body.code: body for body in bodies()}


def of_kind(*kinds: str) -> tuple[SampleBody, ...]:
    """Return the bodies of the given kinds, in directory order."""
    return tuple(body for body in bodies() if body.kind in kinds)


def _body(kind: str, row: list[str], order: int) -> SampleBody:
    code, name, short, mark, address, *rest = row
    local = kind in ("township", "park")
    enterprise = kind == "public_enterprise_institution"
    registrar = "12" if code in _INSTITUTIONS else _REGISTRAR[kind]
    phone = f"0558-{order * 10:07d}"
    return SampleBody(
        code=code,
        name=name,
        short_name=short,
        kind=kind,
        parent_code=None if code == DISTRICT else rest[0] if enterprise else DISTRICT,
        uscc=uscc(registrar, DIVISION_CODE, order),
        aliases=() if local or enterprise else tuple(rest),
        division_code=rest[0] if local else DIVISION_CODE,
        address=f"安徽省亳州市谯城区{address}",
        office_hours=_hours(code),
        phone=phone,
        fax=f"0558-{order * 10 + 1:07d}",
        email=f"{code}@qiaocheng.example",
        postcode="236800",
        enquiry=f"{short}政务公开咨询窗口受理公众咨询，电话：{phone}（示例号码）。",
        order=order,
        agency_mark=mark,
    )


def _hours(code: str) -> str:
    if code == "qyy":
        return "门诊每日8:00—12:00、14:00—17:30，急诊24小时"
    if code == "gongjiao":
        return "每日6:00—21:00（客服热线）"
    return "工作日8:00—12:00、14:30—17:30（冬季14:00—17:00），法定节假日除外"
