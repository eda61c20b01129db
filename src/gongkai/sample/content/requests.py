"""Twenty-two information requests of the sample district's year: who asked for what, and what happened, day by day. All made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gongkai.sample.bodies import DISTRICT


@dataclass(frozen=True, slots=True)
class Step:
    """One event: so many working days after the receipt, by whom (a post of the body, or `office` for 区公开办), with what."""

    event: str
    after: int
    by: str = "clerk"
    data: Mapping[str, Any] = field(default_factory=dict)
    consultation: int | None = None
    """Which consultation it concerns, counted from 0."""


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """One application, `ago` working days before the day of loading, and its steps."""

    key: str
    body: str
    channel: str
    ago: int
    category: str
    name: str
    title: str
    description: str
    steps: tuple[Step, ...]
    delivery: str = "online"
    assist_need: str = ""
    same_as: str = ""
    """Key of an earlier request for the same."""


def _step(event: str, after: int, by: str = "clerk", /, *, nth: int | None = None, **data: Any) -> Step:
    return Step(event, after, by, data, nth)


_BEGUN = (_step("confirm_receipt", 0, how="phone"), _step("register", 0))
_AT_ONCE = (_step("register", 0),)


def _answered(after: int, decision: Mapping[str, Any], way: str = "online", proof: str = "") -> tuple[Step, ...]:
    """From the draft to the service."""
    served = {"way": way, "proof": proof} if proof else {"way": way}
    return (*_signed(after, decision), Step("serve", after + 1, "clerk", served))


def _signed(after: int, decision: Mapping[str, Any]) -> tuple[Step, ...]:
    return (*_reviewed(after, decision), _step("sign", after, "signer"))


def _reviewed(after: int, decision: Mapping[str, Any]) -> tuple[Step, ...]:
    return (*_handed_in(after, decision), _step("approve", after, "reviewer", opinion="同意。"))


def _handed_in(after: int, decision: Mapping[str, Any]) -> tuple[Step, ...]:
    return (Step("draft", after - 1, "clerk", {"decision": decision}), _step("send_for_review", after - 1))


def _search(result: str, by: str = "示例·档案管理员") -> dict[str, Any]:
    return {
        "scope": "本机关综合档案室、办公自动化系统、相关业务科室", "method": "按年度和关键词检索电子目录并人工核对纸质案卷",
        "keywords": "学区划分、方案", "result": result, "by": by,
    }  # fmt: skip


_SEARCH_RECORD = {
    "scope": "本机关综合档案室、办公自动化系统", "method": "电子目录检索并人工核对", "keywords": ["危房改造", "花名册"],
    "searched_by": "示例·档案管理员",
}  # fmt: skip
_GIVEN = "经检索，本机关制作并保存该信息。"

_NATURAL, _FIRM, _LAWYERS, _CHARITY, _RESEARCH = "natural", "enterprise", "legal_services", "charity", "research"

REQUESTS: tuple[SampleRequest, ...] = (
    SampleRequest(
        "districts", "jyj", "online", 190, _NATURAL, "示例·钱先生", "2025年城区小学学区划分方案", "2025年秋季学期城区公办小学学区划分的正式文件",
        (*_BEGUN, *_answered(8, {"outcome": "disclosed", "letter": "disclosed", "grounds": ["may_be_disclosed"], "findings": _GIVEN, "content": "2025年城区公办小学学区划分方案见附件，共涉及28所小学。", "delivery_way": "网上查询"}), _step("log_answer", 12, "signer", question="2025年城区公办小学学区划分方案", answer="2025年秋季学期城区公办小学学区划分方案已经公开，共涉及28所小学，可以在线查阅。")),
    ),
    SampleRequest(
        "enrolment", "jyj", "post", 176, _NATURAL, "示例·孙女士", "2026年义务教育招生入学工作意见", "2026年全区义务教育阶段招生入学的政策文件",
        (*_AT_ONCE, *_answered(5, {"outcome": "disclosed", "letter": "already_public", "grounds": ["already_public"], "findings": "该信息已经主动公开。", "venue": "谯城区政务公开网“政策文件库”"}, "post", "示例邮件1000000000001"), _step("log_answer", 9, "signer", question="2026年全区义务教育阶段招生入学的政策文件", answer="《2026年义务教育招生入学工作意见》已经主动公开，请在谯城区政务公开网“政策文件库”查阅。")),
        delivery="post",
    ),
    SampleRequest(
        "canteens", "jyj", "online", 165, _FIRM, "示例·谯城某餐饮公司", "学校食堂大宗食材采购情况", "学校食堂大宗食材采购的合同、供应商、单价",
        (
            *_BEGUN, _step("send_correction_notice", 3, items="一、请明确所需信息的年度和学校范围；二、“采购情况”请明确是采购公告、中标结果还是合同文本。", reply_in=15),
            _step("receive_correction", 9, content="2025年度，城区小学，采购合同文本。"),
            *_answered(20, {"outcome": "partially_disclosed", "letter": "partially_disclosed", "grounds": ["severance", "trade_secret"], "findings": "经检索，本机关保存2025年度城区小学食材采购合同12份。", "reasoning": "合同中的供应商报价明细涉及商业秘密，公开会损害第三方合法权益；其余内容可以公开。", "delivery_way": "网上查询", "severed": [{"what": "合同附件中的报价明细", "ground": "trade_secret"}], "content": "遮盖报价明细后的合同文本12份。"}),
        ),
    ),
    SampleRequest(
        "relief", "mzj", "online", 150, _NATURAL, "示例·周先生", "某村低保家庭享受金额明细", "某村2025年低保家庭的姓名、金额、家庭成员健康状况",
        (
            *_BEGUN, _step("send_consultation", 3, party="third_party", name="示例·有关家庭", asked="是否同意公开家庭成员健康状况和金额明细"),
            _step("serve_consultation", 5, nth=0), _step("receive_opinion", 12, nth=0, opinion="objects", content="涉及家庭成员健康状况，不同意公开。"),
            *_answered(24, {"outcome": "third_party_rights", "letter": "withheld", "grounds": ["decided_to_withhold", "personal_privacy", "third_party_consultation"], "findings": "申请公开的内容包括家庭成员健康状况和个人收入。", "reasoning": "健康状况属于个人隐私，第三方不同意公开且理由合理；低保对象名单已依法公示，可以查阅。", "third_party_opinion": "不同意公开。", "third_party_assessment": "第三方的理由合理，不公开不会对公共利益造成重大影响。"}),
        ),
    ),
    SampleRequest(
        "housing", "mzj", "counter", 140, _NATURAL, "示例·吴女士", "2012年某村危房改造花名册", "2012年某村危房改造补助的花名册和发放凭证",
        (*_AT_ONCE, _step("record_search", 4, **_search("未检索到2012年危房改造花名册。")), *_answered(9, {"outcome": "not_held", "letter": "nonexistent", "grounds": ["nonexistent"], "findings": "经检索，本机关未制作、未保存该信息。", "search_record": {**_SEARCH_RECORD, "searched_after": 4}}, "in_person", "申请人本人签收")),
        delivery="in_person",
    ),
    SampleRequest(
        "road", "gujing", "online", 132, _NATURAL, "示例·郑先生", "某省道改扩建工程的施工图", "途经本镇的省道改扩建工程施工图设计文件",
        (*_BEGUN, *_answered(6, {"outcome": "not_held", "letter": "other_agency", "grounds": ["other_agency"], "findings": "该工程由交通运输主管部门组织实施。", "reasoning": "施工图设计文件由项目建设单位制作，本机关未制作、未获取。", "competent_agency": "亳州市谯城区交通运输局", "competent_agency_contact": "0558-0000000（示例）"})),
    ),
    SampleRequest(
        "meeting", DISTRICT, "online", 120, _NATURAL, "示例·王先生", "某次专题会议讨论记录", "关于旧城改造专题会议的讨论记录和会议纪要草稿",
        (
            *_BEGUN, _step("request_extension", 15, days=10, reason="需要核对多个单位的会议材料。"), _step("approve_extension", 16, "signer"), _step("serve_extension", 17),
            *_answered(28, {"outcome": "deliberative_information", "letter": "withheld", "grounds": ["decided_to_withhold", "discussion_record"], "findings": "该会议形成讨论记录，未形成对外公布的决定。", "reasoning": "讨论记录属于履职过程中形成的过程性信息，法律、法规、规章没有规定应当公开。"}),
            _step("file_remedy", 45, kind="reconsideration", authority="亳州市人民政府", number="亳政复〔2026〕示例1号"),
            _step("decide_remedy", 90, remedy=True, result="upheld", note="维持原答复。"),
        ),
    ),
    SampleRequest(
        "land", DISTRICT, "post", 112, _LAWYERS, "示例·某律师事务所", "某地块征收补偿安置方案及听证材料", "2025年某地块征收补偿安置方案、听证笔录",
        (*_AT_ONCE, _step("assign", 1, body="mzj", lead="lead"), _step("give_opinion", 5, "unit", opinion="方案可以公开；听证笔录中的发言人信息应当遮盖。"), *_answered(14, {"outcome": "partially_disclosed", "letter": "partially_disclosed", "grounds": ["severance", "personal_privacy"], "findings": "本机关保存征收补偿安置方案和听证笔录。", "reasoning": "听证笔录中发言人的姓名、住址、电话属于个人隐私。", "delivery_way": "邮寄纸质复制件", "severed": [{"what": "听证笔录中发言人的姓名、住址、电话", "ground": "personal_privacy"}], "content": "征收补偿安置方案全文和遮盖后的听证笔录。"}, "post", "示例邮件1000000000002")),
        delivery="post",
    ),
    SampleRequest(
        "land-again", DISTRICT, "online", 80, _LAWYERS, "示例·某律师事务所", "某地块征收补偿安置方案", "2025年某地块征收补偿安置方案",
        (*_BEGUN, _step("link_same", 2, same="land"), *_answered(5, {"outcome": "repeated_request", "letter": "repeated_request", "grounds": ["repeated_request"], "findings": "申请人此前已就相同内容提出申请，本机关已经答复。", "earlier": "land"})),
        same_as="land",
    ),
    SampleRequest(
        "blind", "jyj", "oral", 100, _NATURAL, "示例·冯先生", "特殊教育学校招生和资助政策", "特殊教育学校招生范围、住宿条件和资助标准",
        (*_AT_ONCE, *_answered(4, {"outcome": "disclosed", "letter": "disclosed", "grounds": ["may_be_disclosed"], "findings": _GIVEN, "content": "特殊教育学校招生范围和资助标准见附件，已按申请人需要制作大字版并当面宣读。", "delivery_way": "当面提供大字版纸质件"}, "in_person", "申请人本人签收")),
        delivery="in_person", assist_need="视力障碍，需要代填申请和大字版答复",
    ),
    SampleRequest(
        "vague", "mzj", "online", 95, _NATURAL, "示例·陈先生", "全部民政资料", "民政局所有资料",
        (*_BEGUN, _step("send_correction_notice", 4, items="请写明所需信息的名称、文号，或者年度、事项等便于查找的特征。", reply_in=15), _step("correction_lapsed", 20, "system"), *_answered(23, {"outcome": "uncorrected", "letter": "deemed_abandonment", "grounds": ["uncorrected"], "findings": "申请人在补正期限内没有补正，也没有说明正当理由。"})),
    ),
    SampleRequest(
        "petition", DISTRICT, "online", 88, _NATURAL, "示例·褚女士", "要求处理邻里宅基地纠纷", "请政府处理我家与邻居的宅基地纠纷并说明理由",
        (*_BEGUN, *_answered(4, {"outcome": "petition_matter", "letter": "petition_matter", "grounds": ["petition_matter"], "findings": "所提内容是请求处理宅基地纠纷。", "reasoning": "该请求属于信访、投诉性质，不是申请获取政府信息。", "channel": "可以向区信访局提出，或者拨打12345政务服务便民热线。"})),
    ),
    SampleRequest(
        "statistics", "gujing", "online", 70, _RESEARCH, "示例·某研究院", "近十年外出务工人员按年龄、行业交叉统计表", "近十年本镇外出务工人员按年龄段和行业的交叉统计",
        (*_BEGUN, *_answered(9, {"outcome": "requires_creation", "letter": "requires_creation", "grounds": ["requires_creation"], "findings": "本机关保存历年汇总数，没有按年龄和行业交叉的统计表。", "reasoning": "该表需要对原始登记表重新加工、汇总、分析。"})),
    ),
    SampleRequest(
        "charity", "mzj", "online", 55, _CHARITY, "示例·某助老服务中心", "2026年养老服务补贴申报条件", "2026年社会组织申报养老服务补贴的条件和材料",
        (*_BEGUN, *_answered(6, {"outcome": "disclosed", "letter": "disclosed", "grounds": ["may_be_disclosed"], "findings": _GIVEN, "content": "2026年养老服务补贴申报通知见附件。", "delivery_way": "网上查询"})),
    ),
    SampleRequest(
        "withdrawn", "jyj", "online", 40, _NATURAL, "示例·卫女士", "某校教师招聘体检标准", "2026年教师招聘体检标准",
        (*_BEGUN, _step("withdraw", 3, statement="申请人来电表示已在网站查到，书面撤回申请。")),
    ),
    SampleRequest(
        "buses", "jyj", "online", 17, _NATURAL, "示例·蒋先生", "校车运行线路和安全检查记录", "2026年秋季学期校车线路、站点和安全检查记录",
        _BEGUN,
    ),
    SampleRequest(
        "kitchen", "jyj", "online", 14, _FIRM, "示例·某净水设备公司", "学校直饮水设备采购合同", "2026年学校直饮水设备采购合同及验收单",
        (*_BEGUN, _step("send_consultation", 4, party="third_party", name="示例·某设备供应商", asked="是否同意公开合同中的单价和技术参数"), _step("serve_consultation", 6, nth=0)),
    ),
    SampleRequest(
        "burial", "mzj", "post", 6, _NATURAL, "示例·沈女士", "殡葬服务收费", "殡葬服务收费的情况",
        (*_AT_ONCE, _step("send_correction_notice", 3, items="请明确所需信息是收费标准文件还是收费明细，以及年度。", reply_in=15)),
        delivery="post",
    ),
    SampleRequest(
        "budget", DISTRICT, "online", 12, _NATURAL, "示例·韩先生", "2026年某专项资金分配方案", "2026年乡村振兴专项资金分配方案",
        (*_BEGUN, *_handed_in(10, {"outcome": "disclosed", "letter": "disclosed", "grounds": ["may_be_disclosed"], "findings": _GIVEN, "content": "2026年乡村振兴专项资金分配方案见附件。", "delivery_way": "网上查询"})),
    ),
    SampleRequest(
        "market", "gujing", "online", 22, _FIRM, "示例·某商贸公司", "集镇农贸市场改造工程中标结果", "集镇农贸市场改造工程的招标文件和中标结果",
        (*_BEGUN, *_reviewed(18, {"outcome": "disclosed", "letter": "disclosed", "grounds": ["may_be_disclosed"], "findings": _GIVEN, "content": "农贸市场改造工程中标结果公告见附件。", "delivery_way": "网上查询"}), _step("supervise", 21, "office", content="该件答复期限已到，请立即签发并送达，说明逾期原因。", reply_in=2)),
    ),
    SampleRequest(
        "stipend", "mzj", "counter", 10, _NATURAL, "示例·杨女士", "高龄津贴发放标准", "2026年80周岁以上老年人高龄津贴标准",
        (*_AT_ONCE, *_signed(9, {"outcome": "disclosed", "letter": "disclosed", "grounds": ["may_be_disclosed"], "findings": _GIVEN, "content": "高龄津贴发放标准见附件。", "delivery_way": "当面领取"})),
        delivery="in_person",
    ),
    SampleRequest(
        "garden", DISTRICT, "online", 1, _NATURAL, "示例·朱先生", "某公园改造工程规划图", "城区某公园改造工程的规划总平面图",
        (),
    ),
)  # fmt: skip
"""In the order of the year. The last eight are still open on the day of loading."""
