"""Every letter says what it must: the table of contents each kind owes its reader, in Word and PDF alike (《条例》§30–42)."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pypdfium2 as pdfium
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from tests.foi.letters.sample_letters import DECISIONS, REQUEST, sample_letter

from gongkai.documents import OfficialDocument, document_facts, render_docx, render_pdf, to_html, to_text
from gongkai.documents.__main__ import document_from
from gongkai.foi.letters import FeeFacts, LetterFacts, compose, letter_reasons, letter_remedy
from gongkai.foi.letters.money import LARGEST, in_capitals
from gongkai.rules.decision import Decision, SeveredPart
from gongkai.rules.letter_types import LetterRemedy, letter_types
from gongkai.rules.reasons import Refused
from gongkai.rules.remedies import RemedyBody, RemedyPath

ALL = list(letter_types())
TEXT_A = "或者自知道或者应当知道作出"
TEXT_B = "应当先自收到"

MUST_CONTAIN = [
    ("receipt_notice", ["2026-0017", "2026年11月2日", "以双方确认之日为收到申请之日", "K7M2-9Q4X", "在2026年11月30日前", "第20个工作日"], "§31: receipt date, how confirmed, query code, due date"),
    ("correction_notice", ["未写明申请公开的是哪一个项目", "可以提供项目名称", "本机关将予以指导和释明", "一次性告知", "于2026年12月10日前", "视为放弃申请", "自本机关收到补正的申请之日起计算"], "§30: points, guidance, period, consequence"),
    ("reason_request", ["申请46件", "于2026年12月10日前", "书面说明申请的理由"], "§35: number and frequency, period"),
    ("extension_notice", ["需要逐卷查找", "经本机关政府信息公开工作机构负责人同意", "延长10个工作日", "于2026年12月14日前"], "§33: reason, consent, new day"),
    ("deferral_notice", ["理由，本机关审查后认为合理", "确定延迟至2026年11月30日前"], "§35: reasonable, but later"),
    ("third_party_consultation", ["单价分析表", "自收到本意见书之日起15个工作日内", "既不视为同意公开，也不视为不同意公开", "征求意见回执", "□不同意公开"], "§32: what, 15 days, silence, form of reply"),
    ("coproducer_consultation", ["自收到本函之日起15个工作日内", "逾期未提出意见的，视为同意公开", "征求意见回执"], "§34: silence is consent"),
    ("agency_consultation", ["报告是否已经主动公开", "于2026年12月10日前", "不计算在本机关的答复期限内"], "§33(3)"),
    ("consultation_notice", ["已于2026年11月5日发出书面征求意见文书", "不计算在前款规定的期限内"], "§33(3): time not counted"),
    ("fee_notice", ["第四十二条第一款", "国办函〔2020〕109号", "101—200页", "第31—100页", "人民币1100元", "壹仟壹佰元整", "执收单位", "次日起20个工作日内", "视为放弃申请", "从完成缴费次日起重新计算"], "109号 §6: basis, tariff, reckoning, amount, way, period, consequence"),
    ("already_public", ["https://www.example.gov.cn/items/123456/", "政府信息查阅点", "第三十六条第一项"], "§36(1): exact address or place"),
    ("disclosed", ["以电子邮件的方式向您提供", "486.2万元", "附件：校舍维修改造项目合同（3份）", "第三十六条第二项"], "§36(2): the content"),
    ("partially_disclosed", ["身份证件号码", "《条例》第十五条", "《条例》第二条", "第三十七条", "不予公开的内容和理由"], "§37: reasons, an article for each part"),
    ("withheld", ["属于商业秘密", "第三方的意见为：不同意公开", "关于公共利益", "第三十六条第三项", "决定对您申请公开的信息不予公开"], "§36(3): reason, article, opinion, public interest"),
    ("third_party_notice", ["决定公开的内容", "决定公开的理由", "2026年12月10日公开", "第三十二条"], "§32: content, reasons, day"),
    ("nonexistent", ["检索范围", "综合档案室", "检索方式", "逐卷查阅", "检索词", "“校舍维修”", "该政府信息不存在"], "§36(4): the search"),
    ("other_agency", ["由该中心签订并保存", "谯城区重点工程建设中心", "0558-0000001", "不属于本机关负责公开"], "§36(5): reason, agency, contact"),
    ("requires_creation", ["第三十八条", "需要本机关对现有政府信息进行加工、分析"], "§38"),
    ("still_unclear", ["2026年11月10日，本机关收到您补正后的申请", "仍不明确", "第二十九条第二款"], "§30"),
    ("registry_enquiry", ["《不动产登记暂行条例》第二十七条", "查询窗口", "第三十六条第七项"], "§36(7): law and counter"),
    ("petition_matter", ["12345政务服务便民热线", "不作为政府信息公开申请处理"], "§39(1): the proper channel"),
    ("repeated_request", ["谯教公复〔2026〕1号", "2026年3月2日", "不予重复处理"], "§36(6): earlier number and date"),
    ("public_publication", ["谯城区图书馆", "第三十九条第二款"], "§39(2): how to obtain"),
    ("excessive_requests", ["申请46件", "申请理由不合理", "不予处理"], "§35"),
    ("reconfirmation", ["2026年3月2日从本机关获取", "不予处理"], "r20"),
    ("deemed_abandonment", ["2026年11月5日", "谯教公告知〔2026〕2号", "2026年12月10日", "视为您放弃申请"], "§30: facts and dates"),
    ("termination", ["书面撤回申请", "终止办理"], "r23"),
    ("record_correction", ["由“1903年”更正为“1905年”", "第四十一条"], "§41: the correction made"),
    ("supplement", ["谯教公告知〔2026〕2号", "又在基建档案中查找到一份补充协议", "另有补充协议1份", "其他内容不变"], "an answer is made whole"),
    ("transfer_notice", ["现转送你单位依法处理", "不动产登记簿复印件1份", "电话同意转送", "不动产登记由你单位负责"], "§36(5), §41"),
    ("assignment_notice", ["内部办理期限", "2026年12月10日", "逐处标明"], "§45"),
    ("service_receipt", ["政府信息公开申请答复书（谯教公复〔2026〕3号）", "直接送达", "受送达人签收", "交邮当日"], "235号: signed on the day"),
    ("supervision_notice", ["第四十七条第一款", "截至今日尚未送审", "于2026年12月10日前"], "§47"),
    ("supervision_reply", ["谯教公告知〔2026〕2号", "办理情况：已于", "原因说明：档案"], "§47"),
]  # fmt: skip


def squeezed(text: str) -> str:
    return "".join(text.split())


def pdf_pages(document: OfficialDocument) -> list[str]:
    rendered = render_pdf(document)
    assert rendered.warnings == ()
    return [squeezed(page.get_textpage().get_text_range()) for page in pdfium.PdfDocument(io.BytesIO(rendered.content))]


def word_text(document: OfficialDocument) -> str:
    opened = Document(io.BytesIO(render_docx(document).content))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return squeezed("".join([*(one.text for one in opened.paragraphs), *cells]))


@pytest.mark.parametrize(("code", "sentences", "why"), MUST_CONTAIN, ids=[row[0] for row in MUST_CONTAIN])
def test_a_letter_says_what_it_must_in_word_and_in_pdf(code: str, sentences: list[str], why: str) -> None:
    document = compose(sample_letter(code))
    # Figures and signs may be parted by a line; numbers of pages stand between pages.
    pdf, word = "".join(pdf_pages(document)), word_text(document)
    for sentence in map(squeezed, sentences):
        assert sentence in word, (sentence, why)
        assert sentence in pdf or all(piece in pdf for piece in sentence.split("，")), (sentence, why)


def test_the_table_above_names_every_letter() -> None:
    assert [row[0] for row in MUST_CONTAIN] == ALL


@pytest.mark.parametrize("code", ALL)
def test_a_complete_letter_lacks_nothing(code: str) -> None:
    assert letter_reasons(sample_letter(code)) == []


@pytest.mark.parametrize("code", [code for code, kind in letter_types().items() if kind.procedural])
def test_a_letter_of_procedure_tells_no_remedy_whatever_else_is_known(code: str) -> None:
    text = to_text(compose(sample_letter(code, decision=DECISIONS["withheld"])))
    assert "复议" not in text
    assert "诉讼" not in text


REMEDIES = [
    ("disclosed", {}, RemedyPath.DIRECT, "谯城区人民政府", "a department"),
    ("withheld", {}, RemedyPath.RECONSIDERATION_FIRST, "谯城区人民政府", "§15: first"),
    ("withheld", {"remedy_body": RemedyBody("district_government")}, RemedyPath.RECONSIDERATION_FIRST, "亳州市人民政府", "the government"),
    ("withheld", {"decided_on": date(2023, 12, 31)}, RemedyPath.DIRECT, "谯城区人民政府或者上一级主管部门", "before the law was changed"),
    ("partially_disclosed", {}, RemedyPath.MIXED, "谯城区人民政府", "§15 for a part"),
    ("nonexistent", {}, RemedyPath.DIRECT, "谯城区人民政府", "§36(4)"),
    ("supplement", {}, RemedyPath.DIRECT, "谯城区人民政府", "what was disclosed is made whole"),
    ("supplement", {"decision": DECISIONS["withheld"]}, RemedyPath.RECONSIDERATION_FIRST, "谯城区人民政府", "as the decision it belongs to"),
    ("third_party_notice", {}, RemedyPath.DIRECT, "谯城区人民政府", "the third party"),
    ("extension_notice", {}, RemedyPath.NONE, "", "procedure"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "changes", "path", "organ", "why"), REMEDIES, ids=[row[4] for row in REMEDIES])
def test_the_remedy_of_a_letter_follows_the_rules(code, changes, path, organ, why) -> None:
    letter = sample_letter(code, **changes)
    notice = letter_remedy(letter)
    assert (notice.path, notice.organ) == (path, organ), why
    text = to_text(compose(letter))
    assert (TEXT_A in text) is (path in (RemedyPath.DIRECT, RemedyPath.MIXED))
    assert (TEXT_B in text) is (path in (RemedyPath.RECONSIDERATION_FIRST, RemedyPath.MIXED))


def test_the_clause_comes_after_the_decision_and_before_the_signature() -> None:
    text = to_text(compose(sample_letter("withheld")))
    decision, clause, signature = (text.index(words) for words in ("决定对您申请公开", TEXT_B, "2026年11月26日\n"))
    assert decision < clause < signature


HOSTILE = [
    ("谯城区人民政府办公室\n2026年1月1日", "looks like a signature"),
    ("附件：名单\n附件\n名单", "looks like attachments"),
    ("李示例：\n各乡镇人民政府：", "looks like recipients"),
    ("一、总则\n第一条 目的", "looks like headings"),
    ("<p>甲</p><script>alert(1)</script>&amp;", "markup"),
    ("{agency}{0}{you!r}%s$x", "blanks of a text"),
    ("#set text(red) *b* _i_ $x$ @ref \\", "marks of the typesetter"),
    ("甲\x00\x1b乙\u202e丙\ufeff丁\ud800戊", "control and direction signs, half a character"),
    ("https://www.example.gov.cn/" + "a" * 150, "a word without an end"),
]


@pytest.mark.parametrize(("words", "why"), HOSTILE, ids=[row[1] for row in HOSTILE])
def test_what_somebody_wrote_changes_nothing_that_is_locked(words: str, why: str) -> None:
    """In the clerk's fields and in the applicant's own words: all locked sentences, the signature and the remedy stay, each once."""
    letter = sample_letter("withheld", request_text=words)
    letter = replace(letter, decision=replace(DECISIONS["withheld"], findings=words, reasoning=words, public_interest=words))  # fmt: skip
    document = compose(letter)
    text = squeezed(to_text(document))
    for passage in letter.type.body:
        for piece in passage.locked:
            condition = passage.when.removeprefix("!")
            if not passage.when or condition in ("consulted", "public_interest", "third_party_opinion"):
                assert squeezed(piece) in text, piece
    assert text.count(TEXT_B) == 1
    assert text.endswith("谯城区教育局2026年11月26日（联系机构：谯城区教育局办公室；联系人：王示例；联系电话：0558-0000000；地址：谯城区示范路1号）")  # fmt: skip
    pages = pdf_pages(document)
    assert TEXT_B in "".join(pages)
    word_text(document)


@settings(max_examples=80, deadline=None)
@given(st.text(min_size=1, max_size=120), st.sampled_from([code for code in ALL if letter_types()[code].fields]))
def test_whatever_is_written_the_signature_and_the_remedy_stand_and_the_files_are_whole(words: str, code: str) -> None:
    """Any text at all in every field of any letter, in all four editions."""
    sample = sample_letter(code, request_text=f"申请{words}", recipient=f"张{words[:50]}", due_derivation=words)
    if sample.decision is not None:
        texts = {field.name: f"甲{words}" for field in letter_types()[code].fields if isinstance(getattr(sample.decision, field.name, None), str)}  # fmt: skip
        letter = replace(sample, decision=replace(sample.decision, **texts))
    else:
        letter = replace(sample, fields={field.name: f"甲{words}" for field in letter_types()[code].fields})
    plain = replace(letter, fields=sample.fields, decision=sample.decision, request_text="申请", recipient="张")
    document = compose(letter)
    assert letter_remedy(letter) == letter_remedy(plain)
    assert [type(block) for block in (document.blocks or ())[-2:]] == [type(block) for block in (compose(plain).blocks or ())[-2:]]  # fmt: skip
    text = to_text(document)
    assert text.count("复议决定书之日起15日内") == to_text(compose(plain)).count("复议决定书之日起15日内")
    Document(io.BytesIO(render_docx(document).content))
    assert not html.fromstring(f"<main>{to_html(document)}</main>").xpath("//script | //img | //@onerror")
    assert render_pdf(document).content.startswith(b"%PDF")


def test_markup_and_blanks_are_printed_as_they_were_written() -> None:
    words = "<b>甲</b>{agency}"
    letter = sample_letter("withheld", decision=replace(DECISIONS["withheld"], findings=words))
    assert words in to_text(compose(letter))
    assert words in word_text(compose(letter))


def test_a_name_over_two_lines_does_not_tear_a_sentence_apart() -> None:
    letter = sample_letter("disclosed", registration_number="2026\n如不服\n0017", recipient="张\n示例")
    text = to_text(compose(letter))
    assert "（登记编号：2026 如不服 0017）。您申请公开的内容为：" in text
    assert "\n张 示例：\n" in text


@pytest.mark.parametrize("code", ["disclosed", "withheld", "record_correction"])
def test_a_very_long_letter_is_set_and_its_signature_is_not_alone_on_a_page(code: str) -> None:
    """Whatever the length, the page with the signature has words of the letter before it (GB/T 9704-2012 7.3.5.4)."""
    for length in range(0, 700, 28):
        letter = sample_letter(code, request_text=REQUEST + "长" * length)
        pages = pdf_pages(compose(letter))
        signed = next(page for page in pages if "2026年11月26日（联系机构" in page)
        assert signed.index("谯城区教育局2026年11月26日") > 20, length


def test_ten_thousand_words_are_set() -> None:
    decision = replace(DECISIONS["disclosed"], content="很长的内容。\n" * 2500)
    pages = pdf_pages(compose(sample_letter("disclosed", decision=decision)))
    assert len(pages) > 100
    assert TEXT_A in pages[-1]


WRONG = [
    ("extension_notice", {"fields": {}}, [("missing_field", "extension_reason")], "no reason"),
    ("extension_notice", {"extension_days": 21}, [("extension_days", "extension_days")], "§33: at most twenty"),
    ("extension_notice", {"extension_days": 0}, [("missing_fact", "extension_days")], "by how much?"),
    ("extension_notice", {"fields": {"extension_reason": "长" * 501}}, [("too_long", "extension_reason")], "a line is a line"),
    ("extension_notice", {"fields": {"extension_reason": "原因", "findings": "查明"}}, [("unknown_field", "findings")], "no such blank"),
    ("correction_notice", {"deadline": None}, [("missing_fact", "deadline")], "§30: a reasonable period"),
    ("correction_notice", {"document_number": " "}, [("document_number", "document_number")], "no number"),
    ("consultation_notice", {"consulted_on": None}, [("missing_fact", "consulted")], "when was it sent?"),
    ("fee_notice", {"fee": None}, [("missing_fact", "fee")] , "nothing to pay"),
    ("fee_notice", {"fee": FeeFacts("items", 3, 9)}, [], "three after nine: one is charged"),
    ("fee_notice", {"fee": FeeFacts("pages", 0)}, [("fee", "fee")], "no page"),
    ("fee_notice", {"fee": FeeFacts("items", -1)}, [("fee", "fee")], "less than nothing"),
    ("fee_notice", {"fee": FeeFacts("pages", 3, 2)}, [("fee", "fee")], "pages of another answer"),
    ("disclosed", {"decision": None}, [("decision", "decision"), ("missing_field", "delivery_way")], "nothing decided"),
    ("disclosed", {"decision": DECISIONS["withheld"]}, [("letter", "letter"), ("missing_field", "delivery_way")], "another letter"),
    ("disclosed", {"recipient": ""}, [("missing_fact", "recipient")], "to nobody"),
    ("disclosed", {"request_text": "\n "}, [("missing_fact", "request_text")], "§29: what was asked for"),
    ("disclosed", {"received_on": None}, [("missing_fact", "received")], "§31"),
    ("disclosed", {"received_way": "pigeon"}, [("missing_fact", "received_way"), ("received_way", "received_way")], "no such way"),
    ("disclosed", {"decided_on": None}, [("decided_on", "decided_on")], "no date"),
    ("disclosed", {"remedy_body": None}, [("remedy_body", "remedy_body")], "who decides on the reconsideration?"),
    ("disclosed", {"online": True}, [("online_channel", "online_reconsideration_channel")], "行政复议法 §22"),
    ("disclosed", {"recipient": "长" * 101}, [("too_long", "recipient")], "longer than a name"),
    ("withheld", {"decision": replace(DECISIONS["withheld"], grounds=("gone",))}, [("ground_unknown", "grounds")], "an article that is gone"),
    ("partially_disclosed", {"decision": replace(DECISIONS["partially_disclosed"], severed=(SeveredPart("甲", "gone"),))}, [("ground_unknown", "grounds")], "a part without an article"),
    ("record_correction", {"result": ""}, [("result", "result")], "what became of it?"),
    ("record_correction", {"result": "transferred"}, [("missing_field", "transfer_agency"), ("missing_field", "transfer_contact")], "to whom?"),
    ("receipt_notice", {"registration_number": ""}, [("missing_fact", "registration")], "§45: no number"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "changes", "expected", "why"), WRONG, ids=[row[3] for row in WRONG])
def test_what_a_letter_lacks_is_named_and_nothing_is_printed(code, changes, expected, why) -> None:
    letter = sample_letter(code, **changes)
    found = letter_reasons(letter)
    assert sorted({(one.code, one.field) for one in found}) == sorted(expected), why
    assert all(one.message.endswith("。") for one in found)
    if expected:
        with pytest.raises(Refused):
            compose(letter)


@pytest.mark.parametrize("code", ALL)
def test_a_draft_is_printed_with_its_blanks_open(code: str) -> None:
    kind = letter_types()[code]
    reply = kind.remedy in (LetterRemedy.OUTCOME, LetterRemedy.CASE)
    sample = sample_letter(code)
    bare = LetterFacts(code, sample.agency, decision=Decision(sample.decision.outcome, code) if reply else None)  # type: ignore[union-attr]
    text = to_text(compose(bare, draft=True))
    assert text.startswith(f"谯城区教育局{kind.title}") or code == "supervision_notice"
    if kind.fields and code not in (
        "already_public",
        "service_receipt",
        "nonexistent",
        "disclosed",
        "assignment_notice",
    ):
        assert "〔待填写：" in text
    if not kind.procedural:
        assert "〔救济告知在签发时按成文日期确定〕" in text


def test_a_letter_of_no_kind_is_refused_even_as_a_draft() -> None:
    with pytest.raises(Refused, match="没有这种文书"):
        compose(LetterFacts("circular", sample_letter("disclosed").agency), draft=True)


VARIANTS = [
    ({"result": "declined"}, "不能证明该记录不准确，本机关不予更正", "已经予以更正"),
    ({"result": "transferred", "fields": {"transfer_agency": "谯城区公安局", "transfer_contact": "0558-0000009"}}, "已将您的申请转送谯城区公安局处理", "予以更正："),
    ({"result": "referred", "fields": {"transfer_agency": "谯城区公安局", "transfer_contact": "0558-0000009"}}, "请您向谯城区公安局提出", "转送谯城区公安局"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "printed", "left_out"), VARIANTS, ids=["declined", "transferred", "referred"])
def test_a_correction_has_four_ends_and_prints_one(changes, printed: str, left_out: str) -> None:
    sample = sample_letter("record_correction")
    fields = {**sample.fields, **changes.get("fields", {})}
    text = to_text(compose(replace(sample, result=changes["result"], fields=fields)))
    assert printed in text
    assert left_out not in text


def test_unpaid_fees_close_a_case_with_their_own_words() -> None:
    decision = Decision("unpaid", "deemed_abandonment", ("unpaid",))
    letter = sample_letter("deemed_abandonment", decision=decision, notice_number="谯教公收费〔2026〕1号")
    text = to_text(compose(letter))
    assert "《政府信息公开信息处理费收费通知书》（谯教公收费〔2026〕1号），缴纳期限至2026年12月10日" in text
    assert "补正期限" not in text
    assert "国办函〔2020〕109号）第六条规定" in text


def test_an_organisation_is_addressed_as_one() -> None:
    text = to_text(compose(sample_letter("extension_notice", addressee="organisation", recipient="示例公司")))
    assert "本机关收到你单位通过互联网渠道提交" in text
    assert "您" not in text


def test_the_third_party_does_not_learn_who_asked() -> None:
    for code in ("third_party_consultation", "third_party_notice", "coproducer_consultation", "agency_consultation"):
        assert "张示例" not in to_text(compose(sample_letter(code))), code


def test_history_is_told_where_it_happened_and_only_there() -> None:
    plain = to_text(compose(sample_letter("disclosed")))
    assert "延长至" not in plain and "补正" not in plain and "征求第三方意见" not in plain
    told = sample_letter(
        "disclosed", corrected_on=date(2026, 11, 10), extended_to=date(2026, 12, 20),
        consulted_on=date(2026, 11, 12), consulted_whom="第三方",
    )  # fmt: skip
    text = to_text(compose(told))
    assert "2026年11月10日，本机关收到您补正后的申请" in text
    assert "答复期限延长至2026年12月20日" in text
    assert "已于2026年11月12日书面征求第三方意见" in text


def test_a_silent_third_party_is_said_to_have_been_silent_and_nothing_more() -> None:
    decision = replace(DECISIONS["withheld"], third_party_opinion="")
    text = to_text(compose(sample_letter("withheld", decision=decision, third_party_silent=True)))
    assert "第三方在法定期限内没有提出意见，由本机关依照条例的规定决定是否公开" in text
    assert "第三方的意见为" not in text
    assert "视为同意" not in text


def test_the_law_that_forbids_a_part_is_named() -> None:
    severed = (SeveredPart("涉税信息", "prohibited_by_law"),)
    decision = replace(DECISIONS["partially_disclosed"], severed=severed, prohibiting_law="《中华人民共和国税收征收管理法》第八条")  # fmt: skip
    text = to_text(compose(sample_letter("partially_disclosed", decision=decision)))
    assert "禁止公开有关内容的法律、行政法规为：《中华人民共和国税收征收管理法》第八条。" in text


def test_the_two_files_and_their_bytes_are_the_same_for_the_same_letter() -> None:
    document = compose(sample_letter("withheld"))
    assert render_docx(document).content == render_docx(compose(sample_letter("withheld"))).content
    assert render_pdf(document).content == render_pdf(document).content
    with zipfile.ZipFile(io.BytesIO(render_docx(document).content)) as package:
        assert package.testzip() is None


@pytest.mark.parametrize("code", ["withheld", "partially_disclosed", "third_party_consultation"])
def test_a_letter_travels_to_the_typesetter_s_process_unchanged(code: str) -> None:
    document = compose(sample_letter(code))
    carried = document_from(json.loads(json.dumps(document_facts(document))))
    assert carried == document


AMOUNTS = [
    (0, "零元整"),
    (10, "壹拾元整"),
    (380, "叁佰捌拾元整"),
    (1005, "壹仟零伍元整"),
    (2200, "贰仟贰佰元整"),
    (10_000, "壹万元整"),
    (10_010, "壹万零壹拾元整"),
    (205_000, "贰拾万伍仟元整"),
    (100_000_001, "壹亿零壹元整"),
    (101_001_000, "壹亿零壹佰万壹仟元整"),
]


@pytest.mark.parametrize(("yuan", "words"), AMOUNTS)
def test_an_amount_is_written_in_capitals(yuan: int, words: str) -> None:
    assert in_capitals(yuan) == words


@pytest.mark.parametrize("yuan", [-1, LARGEST + 1])
def test_an_amount_that_cannot_be_written_is_refused(yuan: int) -> None:
    with pytest.raises(ValueError, match="amount"):
        in_capitals(yuan)
