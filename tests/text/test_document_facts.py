"""The facts of a document from its text: one short document of our own for each trap."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.document_facts import DocumentFacts, document_facts

ON = date(2025, 6, 1)


def facts_of(text: str, title: str = "", **metadata: str) -> DocumentFacts:
    return document_facts(text, title=title, metadata=metadata, on=ON)


def value(facts: DocumentFacts, name: str) -> str | None:
    fact = getattr(facts, name)
    return fact.value if fact else None


NOTICE = """青原市财政局文件
青财〔2024〕12号
青原市财政局关于印发青原市
公用经费管理办法的通知
各县（区）财政局，市直各单位：
《青原市公用经费管理办法》已经局务会议研究通过，现印发给你们，请遵照执行。
青原市财政局
2024年3月5日
（此件公开发布）
青原市公用经费管理办法
第一条 根据《会计办法》（财会〔2019〕1号）制定本办法。
第九条 本办法自2024年4月1日起施行，有效期5年。《青原市经费规定》（青财〔2018〕3号）同时废止。
附件：使用承诺书
青原市某某单位
2019年1月1日
"""

ENACTED = "《青原市犬只管理办法》已经2024年1月8日市人民政府第3次常务会议通过，现予公布，自2024年3月1日起施行。"

NUMBERS = [
    (NOTICE, "", "青财〔2024〕12号", "red head: a line of its own"),
    ("青财〔2024〕12号各县财政局：\n请报送。", "", "青财〔2024〕12号", "joined to the addressees"),
    (
        "青原市人民政府关于设立工业园区的批复青政〔2024〕5号丰谷县人民政府：你县请示收悉。",
        "",
        "青政〔2024〕5号",
        "a text that lost every line break",
    ),
    (
        "关于同意建立联席会议制度的函青政办函〔2024〕7号市教育局：你局《关于建立联席会议的请示》（青教〔2024〕1号）收悉。",
        "",
        "青政办函〔2024〕7号",
        "函 ends the title and is no part of the mark",
    ),
    (
        "关于规范停车收费的通知\n（青发改规〔2024〕3号）\n各县（区）发展改革局：\n现通知如下。",
        "",
        "青发改规〔2024〕3号",
        "in brackets below the title",
    ),
    (
        "索引号：113416000031/202401-00012\n文号：青医保〔2024〕2号\n发布日期：2024-02-01\n关于调整缴费的通知\n各单位：\n现通知如下。",
        "",
        "青医保〔2024〕2号",
        "a labelled line of the portal's head",
    ),
    (
        "丰谷县人民政府：\n你县《关于调整行政村的请示》（丰政〔2024〕26号）收悉。现批复如下：\n一、同意。\n青原市人民政府\n2024年9月9日",
        "",
        None,
        "批复: the number in the body is the request's",
    ),
    (
        "各镇人民政府：\n根据青政发〔2024〕1号文件精神，现通知如下。\n谷川县民政局\n2024年5月6日",
        "",
        None,
        "a number introduced by 根据",
    ),
    (
        "关于贯彻《青原市养老办法》（青政发〔2023〕8号）的通知\n各单位：\n请贯彻执行。",
        "",
        None,
        "a cited number inside the title",
    ),
    ("本意见自下发之日起施行，青政发〔2011〕97号文件同时废止。", "", None, "a repealed number"),
    (
        "各单位：\n现将名单公布。\n青原市教育局\n2024年5月6日\n青教〔2024〕9号青原市教育局关于公布名单的通知.docx",
        "",
        "青教〔2024〕9号",
        "the file offered bears the document's own number",
    ),
    (
        "青原市财政局公告\n2024年第3号\n现将名单公布如下。",
        "",
        "青原市财政局公告2024年第3号",
        "a public notice numbered by the year",
    ),
    (
        "索 引 号：113416/2024-0012 发文机关：青原市人民政府 成文日期：2024年3月1日 "
        "标  题：关于防汛的通知 发文字号：青政〔2024〕4号\n"
        "关于防汛的通知\n各县人民政府：\n根据省汛〔2024〕1号文件，现通知如下。",
        "",
        "青政〔2024〕4号",
        "the portal's facts in one row",
    ),
    (
        "",
        "青原市水利局关于防汛工作的通知（青水〔2024〕6号）",
        "青水〔2024〕6号",
        "at the end of the title, no text at all",
    ),
    ("", "青原市水利局关于防汛工作的通知青水〔2024〕6号", "青水〔2024〕6号", "joined to the title without brackets"),
    ("", "关于转发《防汛工作规定》（国汛〔2024〕6号）的通知", None, "a title that cites"),
    (
        f"青原市人民政府令\n第12号\n{ENACTED}\n市长 甲一\n2024年1月10日",
        "",
        "青原市人民政府令第12号",
        "an order: two lines, no year",
    ),
    (
        "青原市人民政府决定废止《甲办法》（2009年7月1日青原市人民政府令第105号发布）。",
        "",
        None,
        "the order of the repealed rules",
    ),
]


@pytest.mark.parametrize(("text", "title", "expected", "reason"), NUMBERS, ids=[case[3] for case in NUMBERS])
def test_the_number_is_the_documents_own_or_none(text: str, title: str, expected: str | None, reason: str) -> None:
    assert value(facts_of(text, title), "document_number") == expected, reason


AGENCIES = [
    (NOTICE, "", "青原市财政局", "signature, before the rules it hands on and before the attachment's signature"),
    (
        "各单位：\n现通知如下。\n青原市教育局      青原市财政局\n2024年5月6日",
        "",
        "青原市教育局、青原市财政局",
        "joint signature on one line",
    ),
    (
        "各单位：\n现通知如下。\n青原市教育局\n青原市财政局\n中共青原市委宣传部\n2024年5月6日",
        "",
        "青原市教育局、青原市财政局、中共青原市委宣传部",
        "joint signature on several lines",
    ),
    ("", "青原市教育局青原市财政局关于做好资助工作的通知", "青原市教育局、青原市财政局", "joint title without a blank"),
    ("", "青原市教育局 青原市财政局关于做好资助工作的通知", "青原市教育局、青原市财政局", "joint title with a blank"),
    (
        "……请认真落实。附件：1.成员名单青原市人民政府办公室2024年8月17日（此件公开发布）附件1成员名单",
        "青原市人民政府办公室关于成立专班的通知",
        "青原市人民政府办公室",
        "signature joined to the attachment list in a text without line breaks",
    ),
    (
        "各单位：\n现通知如下。\n市人社局\n2024年5月6日",
        "青原市人社局关于社保缴费的通知",
        "青原市人社局",
        "the title says the place that the signature leaves out",
    ),
    (
        "鄂教函〔2024〕3号\n省教育厅关于公布名单的通知\n各市教育局：\n现予公布。",
        "",
        "湖北省教育厅",
        "the mark tells the province",
    ),
    (
        f"{ENACTED}　　市长 甲一　　2024年1月10日",
        "",
        "青原市人民政府",
        "an order signed by the mayor",
    ),
    (
        "各单位：\n市财政局2024年5月6日决定拨付资金，请查收。",
        "",
        None,
        "a body and a date within a sentence are no signature",
    ),
    ("今年以来，全市各部门积极行动。", "", None, "nobody signs"),
]


@pytest.mark.parametrize(("text", "title", "expected", "reason"), AGENCIES, ids=[case[3] for case in AGENCIES])
def test_the_issuing_agencies_are_those_that_sign_or_head_the_title(
    text: str, title: str, expected: str | None, reason: str
) -> None:
    assert value(facts_of(text, title), "issuing_agencies") == expected, reason


DATES = [
    (NOTICE, "2024-03-05", "the signature, not 施行, not the attachment's date"),
    ("各单位：\n请执行。\n青原市民政局\n二〇一一年六月八日", "2011-06-08", "Chinese numerals"),
    (
        "各单位：\n请执行。\n青原市民政局\n2024年5月6日\n抄送：市纪委。\n青原市民政局办公室　　2024年5月8日印发",
        "2024-05-06",
        "not the date of 印发 in the last line",
    ),
    (
        "青原市湿地条例\n（2019年3月28日青原市第六届人大常委会第二次会议通过）\n第一条 为了保护湿地，制定本条例。",
        "2019-03-28",
        "the history line under the title",
    ),
    (
        "各单位：\n现印发给你们，请执行。\n2024年5月6日\n（此件公开发布）\n实施方案\n为推进工作，制定本方案。",
        "2024-05-06",
        "a date without a signature",
    ),
    ("第五条 本办法自2024年5月6日起施行。", None, "a date of force is no date of writing"),
    ("经2024年5月6日市政府常务会议研究决定，同意实施。", None, "a meeting's date within a sentence"),
    ("序号\n日期\n1\n2024.5.6\n2\n2024.5.7", None, "dates in a table"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), DATES, ids=[case[2] for case in DATES])
def test_the_document_date_is_that_of_the_signature_or_adoption(text: str, expected: str | None, reason: str) -> None:
    assert value(facts_of(text), "document_date") == expected, reason


TITLES = [
    (NOTICE, "青原市财政局关于印发青原市公用经费管理办法的通知", "two lines joined, red head and number left out"),
    (
        "首页 > 政策\n【字体：大 中 小】\n青原市住建局关于物业管理的通知\n来源：市住建局\n"
        "青原市住建局关于物业管理的通知\n各单位：\n请执行。",
        "青原市住建局关于物业管理的通知",
        "portal furniture and a title printed twice",
    ),
    (
        "青原市教育局 青原市财政局\n关于资助工作的通知\n各单位：\n请执行。",
        "青原市教育局 青原市财政局关于资助工作的通知",
        "issuing bodies on a line of their own",
    ),
    (
        "关于印发《青原市数据\n共享办法》的通知\n各单位：\n请执行。",
        "关于印发《青原市数据共享办法》的通知",
        "broken inside the marks",
    ),
    (
        "《青原市犬只管理办法》已经市人民政府常务会议通过，现予公布，自2024年3月1日起施行。",
        "青原市犬只管理办法",
        "the words of enactment name the document",
    ),
    (
        "青原市湿地条例\n（2019年3月28日青原市人大常委会通过）\n目 录\n第一章 总则\n第一条 为了保护湿地，制定本条例。",
        "青原市湿地条例",
        "a regulation with history line and table of contents",
    ),
    (
        "青建函〔2024〕15号\n对市政协第102号提案的答复\n甲某委员：\n您提出的提案收悉。",
        "对市政协第102号提案的答复",
        "a letter to a person",
    ),
    ("第一条 为了保护湿地，制定本条例。", None, "rules without their title"),
    ("详细请见附件：\n工作总结.pdf", None, "a pointer to an attachment is no title"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), TITLES, ids=[case[2] for case in TITLES])
def test_the_title_is_read_from_the_head(text: str, expected: str | None, reason: str) -> None:
    assert value(facts_of(text), "title") == expected, reason


def test_a_title_put_together_from_the_first_sentence_is_marked_as_a_guess() -> None:
    facts = facts_of("各单位：\n《青原市公用经费办法》已经市政府同意，现印发给你们。\n青原市财政局\n2024年3月5日")
    assert facts.title is not None
    assert facts.title.value == "青原市财政局关于印发《青原市公用经费办法》的通知"
    assert facts.title.confidence <= 0.5
    assert facts.title.source == "据正文首段和落款推定"


SIGNED = "\n青原市民政局\n2024年5月6日\n"
TERMS = [
    (
        "本办法自2024年9月1日起施行，有效期5年。",
        "2024-09-01",
        "2029-08-31",
        "a term counts from the first day of force",
    ),
    ("本办法自2024年9月1日起施行，有效期至2026年12月31日。", "2024-09-01", "2026-12-31", "a last day given"),
    ("本意见自印发之日起施行，试行两年。", "2024-05-06", "2026-05-05", "印发之日 is the document's date"),
    ("本通知自发布之日起30日后施行。", "2024-06-05", None, "so many days after publication"),
    ("本方案自2024年7月1日起试行，试行期为一年。", "2024-07-01", "2025-06-30", "试行期"),
    ("许可证有效期为3年。本办法自2024年9月1日起施行。", "2024-09-01", None, "a permit's term is not the document's"),
    ("《青原市旧办法》自2019年1月1日起施行，有效期3年。", None, None, "another document's dates"),
    ("补贴标准自2020年1月1日起执行。", None, None, "dates long before the document are another's"),
    ("各单位要按时完成。", None, None, "the text says nothing"),
]


@pytest.mark.parametrize(("sentence", "effective", "expires", "reason"), TERMS, ids=[case[3] for case in TERMS])
def test_dates_of_force_are_those_of_the_document_itself(
    sentence: str, effective: str | None, expires: str | None, reason: str
) -> None:
    facts = facts_of(f"各单位：\n现通知如下。{SIGNED}{sentence}")
    assert (value(facts, "effective_from"), value(facts, "expires_on")) == (effective, expires), reason


def test_a_revised_text_keeps_its_first_day_of_force() -> None:
    facts = facts_of("第五条 本条例自2007年1月1日起施行。", "青原市燃气管理条例", 成文日期="2020-09-24")
    assert value(facts, "effective_from") == "2007-01-01"


def test_a_day_of_force_counted_from_a_guessed_date_is_no_surer_than_the_guess() -> None:
    facts = facts_of("第五条 本办法自公布之日起施行。", "青原市燃气办法", PubDate="2024-04-09")
    assert facts.effective_from is not None
    assert facts.effective_from.confidence <= 0.4


VALIDITY = [
    ("本办法自2024年9月1日起施行，有效期5年。", date(2024, 8, 31), "尚未生效"),
    ("本办法自2024年9月1日起施行，有效期5年。", date(2029, 8, 31), "现行有效"),
    ("本办法自2024年9月1日起施行，有效期5年。", date(2029, 9, 1), "失效"),
]


@pytest.mark.parametrize(("sentence", "on", "label"), VALIDITY)
def test_validity_is_computed_for_the_day_asked(sentence: str, on: date, label: str) -> None:
    fact = document_facts(sentence, on=on).validity
    assert fact is not None
    assert fact.value == label
    assert "推算" in fact.source


def test_a_status_printed_at_the_title_is_taken() -> None:
    assert value(facts_of("", "关于停车收费的通知（已废止）"), "validity") == "废止"


SUBJECTS = [
    ("青原市教育局关于做好义务教育招生入学工作的通知", "11", "education"),
    ("关于调整青原市最低工资标准和失业保险金的通知", "15", "labour"),
    ("青原市人民政府关于加强河道采砂和水库防汛管理的通告", "06", "water; 人民政府 is not 民政"),
    ("青原市财政局关于下达草原防火资金预算的通知", "04", "a department's own field weighs"),
    ("关于同意调整行政村规模和社区居委会的批复", "17", "civil affairs"),
]


@pytest.mark.parametrize(("title", "code", "reason"), SUBJECTS, ids=[case[2] for case in SUBJECTS])
def test_the_subject_rests_on_weighed_words_named_in_its_source(title: str, code: str, reason: str) -> None:
    fact = facts_of("", title).subject
    assert fact is not None
    assert fact.value == code, reason
    assert "用词：" in fact.source
    assert fact.confidence <= 0.85


GENRES = [
    ("关于印发《青原市公用经费管理办法》的通知", "通知", "handed-on rules do not change the kind"),
    ("青原市犬只管理办法（试行）", "办法", "a remark behind the kind"),
    ("关于同意设立园区的批复", "批复", "reply"),
    ("青原市财政局召开会议", None, "a headline has no kind"),
]


@pytest.mark.parametrize(("title", "label", "reason"), GENRES, ids=[case[2] for case in GENRES])
def test_the_genre_is_what_the_title_ends_in(title: str, label: str | None, reason: str) -> None:
    assert value(facts_of("", title), "genre") == label, reason


def test_usable_metadata_wins_and_names_its_source() -> None:
    facts = facts_of(
        NOTICE, 文号="青财[2024]12号", 成文日期="2024-03-05", 发文机关="青原市财政局", 主题分类="财政、金融、审计/财政"
    )
    assert facts.document_number is not None
    assert facts.document_number.value == "青财〔2024〕12号"
    assert facts.document_number.source.startswith("页面元数据“文号”")
    assert facts.document_number.confidence >= 0.98
    assert value(facts, "subject") == "0401"


@pytest.mark.parametrize("nothing", ["无", "-", "", "522-03-02-08-0841", "（年度方案）"])
def test_metadata_that_says_nothing_gives_way_to_the_text(nothing: str) -> None:
    assert value(facts_of(NOTICE, 文号=nothing), "document_number") == "青财〔2024〕12号"


def test_a_text_that_contradicts_metadata_lowers_the_confidence_and_is_told() -> None:
    fact = facts_of(NOTICE, 成文日期="2024-04-09").document_date
    assert fact is not None
    assert fact.value == "2024-04-09"
    assert fact.confidence < 0.9
    assert "2024-03-05" in fact.source


def test_a_date_in_the_future_is_not_believed() -> None:
    assert value(facts_of(NOTICE, 成文日期="2031-01-01"), "document_date") == "2024-03-05"


def test_the_publication_date_is_a_weak_stand_in_for_the_document_date() -> None:
    fact = facts_of("简讯一则", PubDate="2024-04-09 10:00").document_date
    assert fact is not None
    assert (fact.value, fact.source) == ("2024-04-09", "页面元数据“PubDate”")
    assert fact.confidence <= 0.5


def test_facts_printed_above_the_document_are_read_with_their_labels() -> None:
    facts = facts_of(
        "发文机关：青原市人民政府\n成文日期：2024年3月1日\n发布日期：2024年4月1日\n有效性：有效\n"
        "关于防汛的通知\n各县人民政府：\n现通知如下。"
    )
    assert facts.document_date is not None
    assert (facts.document_date.value, facts.document_date.source) == ("2024-03-01", "正文首部“成文日期”")
    assert value(facts, "issuing_agencies") == "青原市人民政府"
    assert value(facts, "title") == "关于防汛的通知"
    assert value(facts, "validity") == "现行有效"


def test_the_source_tells_people_where_a_fact_stands() -> None:
    facts = facts_of(NOTICE)
    assert facts.document_number is not None
    assert facts.document_number.source == "正文首部第2行"
    assert facts.title is not None
    assert facts.title.source == "正文首部第3至4行"
    assert facts.issuing_agencies is not None
    assert facts.issuing_agencies.source == "落款，与标题一致"
    assert facts.document_date is not None
    assert facts.document_date.source == "落款日期"


def test_an_empty_document_has_no_facts() -> None:
    assert facts_of("").present() == {}


@given(
    st.text(alphabet="甲市财政局关于的通知〔2024〕1号：。，年月日《》（）\n　 各单位附件有效期自起施行", max_size=400)
)
def test_no_text_breaks_it_and_every_fact_is_well_formed(text: str) -> None:
    for fact in facts_of(text).present().values():
        assert fact.value
        assert fact.source
        assert 0 < fact.confidence <= 1


@pytest.mark.parametrize(
    "piece", ["甲市财政局2024年3月5日", "《甲", "各单位：", "附件1.", "青财〔2024〕1号", "（", "甲乙丙丁戊己"]
)
def test_time_grows_about_linearly_with_a_text_without_line_breaks(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        begin = time.process_time()
        facts_of(text)
        return time.process_time() - begin

    seconds(1_000)
    short = min(seconds(10_000) for _ in range(3))
    assert min(seconds(80_000) for _ in range(2)) < max(short, 0.005) * 8 * 4
