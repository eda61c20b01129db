"""One complete letter of every kind, with made-up people and bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from gongkai.foi.letters import AgencyFacts, FeeFacts, LetterFacts
from gongkai.rules.decision import Decision, SearchRecord, SeveredPart
from gongkai.rules.letter_types import document_number, letter_types
from gongkai.rules.remedies import RemedyBody

AGENCY = AgencyFacts(
    "谯城区教育局", "0558-0000000", "谯城区示范路1号", office="谯城区教育局办公室", contact_person="王示例"
)
REQUEST = "2025年度全区义务教育阶段学校校舍维修改造项目的中标合同（含工程量清单）。\n请以电子邮件方式提供。"
PERSON, FIRM = "张示例", "亳州市示例建筑有限公司"

DECISIONS: Mapping[str, Decision] = {
    "already_public": Decision(
        "disclosed", "already_public", ("already_public",), url="https://www.example.gov.cn/items/123456/",
        venue="谯城区政务服务中心政府信息查阅点",
    ),
    "disclosed": Decision(
        "disclosed", "disclosed", ("may_be_disclosed",), findings="您申请公开的合同由本机关签订并保存，共3份",
        delivery_way="电子邮件", third_party_opinion="同意公开",
        content="2025年度校舍维修改造项目共签订合同3份，合同金额合计486.2万元。", attachments=("校舍维修改造项目合同（3份）",),
    ),
    "partially_disclosed": Decision(
        "partially_disclosed", "partially_disclosed", ("severance", "personal_privacy"),
        findings="您申请公开的合同由本机关签订并保存，其中载有施工人员的身份证件号码和联系电话",
        reasoning="施工人员的身份证件号码、联系电话属于个人隐私，公开会对其合法权益造成损害，且与工程量清单的公开没有关联",
        delivery_way="电子邮件", attachments=("校舍维修改造项目合同（遮盖后）",),
        severed=(
            SeveredPart("合同附件二《项目管理人员名册》中的身份证件号码、联系电话", "personal_privacy"),
            SeveredPart("合同第十二条所附投标报价的单价分析表", "trade_secret"),
            SeveredPart("夹在卷内的与合同无关的便条", "not_government_information"),
        ),
    ),
    "withheld": Decision(
        "third_party_rights", "withheld", ("trade_secret", "decided_to_withhold"),
        findings="您申请公开的单价分析表由中标单位在投标时提交，本机关在履行合同管理职能中获取",
        reasoning="单价分析表反映中标单位的成本构成和定价方法，不为公众所知悉，能带来经济利益，中标单位采取了保密措施，属于商业秘密",
        third_party_opinion="不同意公开，理由为该表属于其商业秘密", third_party_assessment="第三方的理由合理",
        public_interest="合同总价、工程量、中标单位已经主动公开，不公开单价分析表不会对公共利益造成重大影响",
    ),
    "nonexistent": Decision(
        "not_held", "nonexistent", ("nonexistent",),
        search_record=SearchRecord(
            "本机关综合档案室2015年至2025年文书档案和基建档案、公文管理系统、基建股业务台账", "目录检索、全文检索，逐卷查阅基建档案",
            ("校舍维修", "改造", "工程量清单"), "经办人", date(2026, 11, 18),
        ),
    ),
    "other_agency": Decision(
        "not_held", "other_agency", ("other_agency",), reasoning="该项目由谯城区重点工程建设中心组织实施，合同由该中心签订并保存",
        competent_agency="谯城区重点工程建设中心", competent_agency_contact="0558-0000001，谯城区示范路9号",
    ),
    "requires_creation": Decision(
        "requires_creation", "requires_creation", ("requires_creation",), findings="本机关保存的是各校分别签订的合同，没有按年度汇总的单价对比表",
        reasoning="制作该表需要从各份合同中摘取数据并进行比较、分析",
    ),
    "still_unclear": Decision(
        "still_unclear", "still_unclear", ("unclear_description",), reasoning="补正后仍未写明学校、项目名称或者合同的任何特征",
    ),
    "registry_enquiry": Decision(
        "registry_enquiry", "registry_enquiry", ("registry_enquiry",), special_rule="《不动产登记暂行条例》第二十七条",
        special_rule_counter="谯城区政务服务中心不动产登记查询窗口，0558-0000002",
    ),
    "petition_matter": Decision(
        "petition_matter", "petition_matter", ("petition_matter",), reasoning="您的申请内容是反映某校舍维修工程质量问题并要求查处，属于投诉、举报",
        channel="12345政务服务便民热线，或者向谯城区住房和城乡建设局反映（0558-0000003）",
    ),
    "repeated_request": Decision(
        "repeated_request", "repeated_request", ("repeated_request",), earlier_reply_number="谯教公复〔2026〕1号",
        earlier_reply_date=date(2026, 3, 2),
    ),
    "public_publication": Decision(
        "public_publication", "public_publication", ("public_publication",), publication_source="《谯城年鉴（2025）》可以在谯城区图书馆查阅，也可以在书店购买",
    ),
    "excessive_requests": Decision(
        "excessive_requests", "excessive_requests", ("excessive_requests",), findings="您自2026年10月1日至11月2日向本机关提出申请46件，其中31件内容相同或者相近",
        reasoning="您说明的理由是“了解情况”，不足以说明上述数量和频次的必要性",
    ),
    "reconfirmation": Decision(
        "reconfirmation", "reconfirmation", ("reconfirmation",), findings="您已于2026年3月2日从本机关获取该合同的复印件",
        reasoning="您要求本机关在复印件上逐页确认并重新出具，不是申请获取政府信息",
    ),
    "deemed_abandonment": Decision("uncorrected", "deemed_abandonment", ("uncorrected",)),
    "termination": Decision("other", "termination", findings="您于2026年11月20日书面撤回申请"),
}  # fmt: skip

FIELDS: Mapping[str, Mapping[str, str]] = {
    "correction_notice": {
        "unclear_points": "1.未写明申请公开的是哪一个项目的合同。\n2.未写明项目的年度或者所在学校。",
        "guidance": "可以提供项目名称、合同编号、学校名称和年度；不清楚名称的，可以写明施工地点和大致时间。",
    },
    "reason_request": {"frequency_facts": "您自2026年10月1日至11月2日向本机关提出申请46件，其中31件内容相同或者相近。"},
    "extension_notice": {"extension_reason": "申请涉及27所学校的基建档案，需要逐卷查找。"},
    "deferral_notice": {"deferral_reason": "申请涉及27所学校十年的基建档案"},
    "third_party_consultation": {"information": "你单位在2025年校舍维修改造项目投标时提交的单价分析表。", "interest": "商业秘密"},
    "coproducer_consultation": {"information": "《关于2025年度校舍安全排查情况的通报》（谯教〔2025〕18号）。"},
    "agency_consultation": {
        "information": "2025年度校舍维修改造项目的财政评审报告。",
        "questions": "1.报告是否已经主动公开；\n2.报告是否含有不宜公开的内容。",
    },
    "fee_notice": {
        "fee_basis_note": "您申请提供的合同和附件共计120页",
        "payment_method": "凭非税收入缴款码到代收银行或者通过非税缴款平台缴纳，执收单位：谯城区教育局。",
    },
    "third_party_notice": {
        "public_scope": "2025年度校舍维修改造项目合同正文和工程量清单，不含单价分析表。",
        "disclosure_reasons": "合同正文和工程量清单属于使用财政资金的公共工程信息，中标结果已经公示，公开不会损害你单位的商业秘密。",
        "third_party_opinion": "不同意公开，但未说明理由。",
    },
    "record_correction": {
        "record": "《2025年学生资助名册》中本人出生年份记为1903年。", "verification": "经与户籍登记核对，您的出生年份为1905年，名册记录有误。",
        "correction_made": "出生年份由“1903年”更正为“1905年”，更正日期为2026年11月20日。",
    },
    "transfer_notice": {
        "transfer_matter": "随函转送不动产登记簿复印件1份。",
        "transfer_consent": "申请人已于2026年11月3日电话同意转送。",
        "transfer_reason": "不动产登记由你单位负责，更正登记簿不属于本机关职能。",
    },
    "assignment_notice": {
        "assignment_matter": "查找2025年度校舍维修改造项目合同，说明是否已经公开。",
        "assignment_demand": "1.提供全部合同文本；\n2.涉及第三方商业秘密、个人隐私的，逐处标明。",
    },
    "supplement": {
        "supplement_reason": "又在基建档案中查找到一份补充协议",
        "supplement_content": "2025年度校舍维修改造项目另有补充协议1份，随本答复以电子邮件方式提供。",
    },
    "service_receipt": {"served_documents": "政府信息公开申请答复书（谯教公复〔2026〕3号）", "service_way": "直接送达"},
    "supervision_notice": {
        "supervision_matter": "该申请的法定答复期限为2026年11月30日，截至今日尚未送审。",
        "supervision_demand": "于法定期限届满前答复，并书面说明未按内部期限送审的原因。",
    },
    "supervision_reply": {
        "supervision_measures": "已于2026年11月25日送审，11月26日答复申请人。", "supervision_cause": "档案移交期间查找耗时较长。",
    },
}  # fmt: skip

_EXTENDED = "原答复期限至2026年11月30日，自次日起算，第10个工作日为2026年12月14日"
_FIRM_LETTERS = ("third_party_consultation", "third_party_notice")
_BODIES = {
    "coproducer_consultation": "谯城区住房和城乡建设局",
    "agency_consultation": "谯城区财政局",
    "transfer_notice": "谯城区自然资源和规划局",
    "assignment_notice": "局基建股",
    "supervision_notice": "谯城区教育局",
    "supervision_reply": "谯城区人民政府办公室",
}


def sample_letter(code: str, **changes: Any) -> LetterFacts:
    """A complete letter; ``changes`` replace its facts."""
    kind = letter_types()[code]
    firm = code in _FIRM_LETTERS
    letter = LetterFacts(
        letter=code,
        agency=replace(AGENCY, name="谯城区人民政府办公室", office="") if code == "supervision_notice" else AGENCY,
        recipient=_BODIES.get(code, FIRM if firm else PERSON),
        addressee="organisation" if firm or code in _BODIES else "person",
        applicant=PERSON,
        registration_number="2026-0017",
        received_on=date(2026, 11, 2),
        received_way="online",
        request_text=REQUEST,
        document_number=document_number(kind.mark, "谯教", 2026, 3) if kind.mark else "",
        decided_on=date(2026, 11, 26),
        decision=DECISIONS["disclosed" if code == "supplement" else code]
        if code in DECISIONS or code == "supplement"
        else None,
        fields=FIELDS.get(code, {}),
        result="corrected" if code == "record_correction" else "",
        due_on=date(2026, 12, 14) if code == "extension_notice" else date(2026, 11, 30),
        due_derivation=_EXTENDED if code == "extension_notice" else "自2026年11月3日起算，第20个工作日为2026年11月30日",
        deadline=date(2026, 12, 10),
        corrected_on=date(2026, 11, 10) if code == "still_unclear" else None,
        consulted_on=date(2026, 11, 5) if code in ("consultation_notice", "third_party_notice", "withheld") else None,
        consulted_whom="第三方" if code in ("consultation_notice", "withheld") else "",
        extension_days=10 if code == "extension_notice" else 0,
        notice_number="谯教公告知〔2026〕2号",
        notice_served_on=date(2026, 11, 5),
        query_code="K7M2-9Q4X" if code == "receipt_notice" else "",
        fee=FeeFacts("pages", 120) if code == "fee_notice" else None,
        remedy_body=RemedyBody("department", "谯城区教育局"),
    )
    return replace(letter, **changes)
