"""What an application says (《条例》§29): who applies, what is asked for and how it should be given; what is missing or wrong about it.

There is no field for a purpose: the law asks for none (§27).
"""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.rules.applicants import Category, Paper, paper_reasons
from gongkai.rules.reasons import Reason

MEDIA = {"paper": "纸质", "electronic": "电子", "copy": "复制件", "other": "其他"}
DELIVERIES = {
    "in_person": "当面领取", "post": "邮寄", "mail": "电子邮件", "online": "网上查询", "fax": "传真", "inspection": "现场查阅、抄录",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GivenApplicant:
    """Who applies, as given (§29（一）)."""

    category: str
    name: str
    id_kind: str = ""
    id_number: str = ""
    representative: str = ""
    contact_person: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    agent_name: str = ""
    agent_phone: str = ""
    agent_id_number: str = ""
    assist_need: str = ""


@dataclass(frozen=True, slots=True)
class GivenContent:
    """What is asked for, and how it should be given (§29（二）（三）)."""

    title: str
    wanted_number: str = ""
    description: str = ""
    medium: str = "electronic"
    delivery: str = "online"


def applicant_reasons(given: GivenApplicant, *, as_given: bool = False) -> list[Reason]:
    """What is missing or wrong about the applicant, all at once.

    `as_given`: staff enter what came on paper. What that lacks is asked for by 补正 (§30) and keeps nothing from being registered.
    """
    found: list[Reason] = []
    if given.category not in {one.value for one in Category}:
        found.append(Reason("category", "请选择申请人类别。", "《条例》§29", "category"))
    if not given.name.strip():
        found.append(Reason("name", "请填写姓名或者名称。", "《条例》§29", "name"))
    if as_given and not (given.id_kind or given.id_number.strip()):
        pass
    elif given.id_kind not in {one.value for one in Paper}:
        found.append(Reason("id_kind", "请选择证件类型。", "《条例》§29", "id_kind"))
    else:
        found += paper_reasons(Paper(given.id_kind), given.id_number)
    if given.agent_id_number:
        found += paper_reasons(Paper.IDENTITY_CARD, given.agent_id_number, "agent_id_number")
    if not as_given and not (given.phone.strip() or given.email.strip() or given.address.strip()):
        found.append(Reason("contact", "请至少填写一种联系方式：电话、电子邮箱或者通信地址。", "《条例》§29", "phone"))
    if not as_given and given.agent_name.strip() and not given.agent_phone.strip():
        found.append(Reason("agent_phone", "请填写代理人的联系电话。", "《条例》§29", "agent_phone"))
    return found


def content_reasons(given: GivenContent, applicant: GivenApplicant, *, as_given: bool = False) -> list[Reason]:
    """What is missing or wrong about what is asked for, all at once; `as_given` as for `applicant_reasons`."""
    found: list[Reason] = []
    if not given.title.strip():
        found.append(Reason("title", "请填写所需政府信息的名称。", "《条例》§29", "title"))
    if len(given.title) > 200:
        found.append(
            Reason("title", "所需信息的名称不能超过 200 字，更多内容请写在特征描述中。", "《条例》§29", "title")
        )
    if not as_given and not (given.wanted_number.strip() or given.description.strip()):
        message = "请填写文号，或者便于查找的其他特征描述（如时间、地点、内容、机关）。"
        found.append(Reason("description", message, "《条例》§29", "description"))
    if len(given.description) > 5000:
        found.append(
            Reason("description", "特征描述不能超过 5000 字，更多内容请作为附件提交。", "《条例》§29", "description")
        )
    if given.medium not in MEDIA and not (as_given and not given.medium):
        found.append(Reason("medium", "请选择提供信息的载体形式。", "《条例》§29", "medium"))
    if given.delivery not in DELIVERIES and not (as_given and not given.delivery):
        found.append(Reason("delivery", "请选择获取信息的方式。", "《条例》§29", "delivery"))
    needed = {"post": ("address", "通信地址"), "mail": ("email", "电子邮箱")}.get(given.delivery)
    if not as_given and needed and not getattr(applicant, needed[0]).strip():
        message = f"您选择了“{DELIVERIES[given.delivery]}”，请填写{needed[1]}。"
        found.append(Reason("delivery_contact", message, "《条例》§40", needed[0]))
    return found
