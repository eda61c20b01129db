"""解读质量 as the review and the office see it: findings with their places, what stops a publication, whose texts are read."""

import pytest
from tests import factories
from tests.disclosure.test_lifecycle import Desk

from gongkai.disclosure import actions, findings
from gongkai.disclosure.interpretation_quality import quality_of
from gongkai.review.models import RecordedFinding
from gongkai.rules.reasons import Refused
from gongkai.rules.relations import RelationKind

pytestmark = pytest.mark.django_db

RULES = "供热单位应当于每年十一月一日前完成供热设施的检修和试运行，并向社会公布服务电话和收费标准，未按期完成的由区住房和城乡建设局责令限期改正。"
DOCUMENT = (
    f"<p>{RULES}</p><p>用户应当按时交纳采暖费，逾期不交的，供热单位可以书面催告，经催告仍不交纳的可以中止供热。</p>"
)
COMPLETE = (
    "<h2>一、制定背景</h2><p>根据《安徽省供热条例》的规定，区政府出台了这个办法。</p>"
    "<h2>二、目标任务</h2><p>让老百姓冬天暖和。</p><h2>三、适用范围</h2><p>城区所有小区。</p>"
    "<h2>四、主要内容和执行标准</h2><p>每平方米22元。低保户免收。</p><h2>五、名词解释</h2><p>采暖期是指供热的月份。</p>"
    "<h2>六、注意事项</h2><p>请按时交费。</p>"
)


@pytest.fixture
def desk():
    return Desk()


def interpretation(desk, body: str, *, form: str = "department", of=None, kind: str = "interpretation"):
    document = of or factories.published(desk.body, body=DOCUMENT, title="谯城区供热办法")
    item = actions.create_item(
        actor=desk.clerk,
        organisation_id=desk.body.pk,
        kind=kind,
        values=factories.values(title="《谯城区供热办法》解读", body=body),
        tags=[f"form.{form}"] if form else [],
    )
    factories.relation(item, RelationKind.INTERPRETS, document)
    findings.recheck(actor=desk.clerk, item_id=item.pk)
    item.refresh_from_db()
    return item


def rules_of(item) -> list[str]:
    found = RecordedFinding.objects.filter(edition_id=item.working_id, state="open", rule__startswith="interpretation.")
    return sorted(found.values_list("rule", flat=True))


CASES = [
    # body, form, rules found, why
    (COMPLETE, "department", [], "a whole interpretation in plain words"),
    (COMPLETE.replace("<h2>六、注意事项</h2><p>请按时交费。</p>", ""), "department", ["interpretation.element-missing"], "one element is missing"),
    ("", "infographic", ["interpretation.element-missing"] * 5 + ["interpretation.text-alternative"], "a picture without a word"),
    (COMPLETE, "infographic", [], "a picture with all said in words"),
    (COMPLETE, "video", [], "a film with its words"),
    (COMPLETE + "<p>利率按LPR计算。</p>", "department", ["interpretation.unexplained"], "an abbreviation"),
    (COMPLETE + f"<p>{'供热要做好' * 20}</p>", "department", ["interpretation.long-sentence"], "a sentence of a hundred characters"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "form", "rules", "why"), CASES, ids=[row[3] for row in CASES])
def test_what_the_review_finds_in_an_interpretation(desk, body, form, rules, why):
    picture = f'<p><img src="{"a" * 64}.png" alt=""></p>' if not body else ""
    assert rules_of(interpretation(desk, body + picture, form=form)) == rules, why


def test_excerpts_are_pointed_out_where_they_stand(desk):
    item = interpretation(desk, COMPLETE + DOCUMENT * 3)
    copied = RecordedFinding.objects.filter(edition_id=item.working_id, rule="interpretation.excerpts").order_by(
        "start"
    )
    assert copied
    body = quality_of(item, item.working).body
    for one in copied:
        assert body[one.start : one.end].startswith(one.text[:100])
    assert "的文字与所解读的文件相同" in "".join(one.message for one in copied)


def test_only_a_missing_text_alternative_stops_the_publication(desk):
    item = interpretation(desk, DOCUMENT * 3 + "<p>利率按LPR计算。</p>", form="department")
    assert len(set(rules_of(item))) >= 3
    assert not RecordedFinding.objects.filter(edition_id=item.working_id, serious=True, state="open").exists()
    picture = interpretation(desk, "<p>一图读懂。</p>", form="infographic")
    actions.submit(actor=desk.clerk, item_id=picture.pk)
    with pytest.raises(Refused) as refusal:
        actions.approve(actor=desk.reviewer, item_id=picture.pk, secrecy_basis="可以公开")
    assert "blocking_findings" in refusal.value.codes


def test_the_words_of_a_picture_count_as_text_alternative(desk):
    words = "供热费每平方米22元" * 12
    item = interpretation(desk, "<p>图</p>", form="infographic")
    item.working.body = f'<p><img src="x.png" alt="{words}"></p>'
    assert not quality_of(item, item.working).lacks_text_alternative


def test_new_and_old_are_compared_only_when_the_document_changes_another(desk):
    old = factories.published(desk.body, title="旧供热办法")
    new = factories.published(desk.body, body=DOCUMENT, title="谯城区供热办法")
    item = interpretation(desk, COMPLETE, of=new)
    assert not quality_of(item, item.working).missing
    factories.relation(new, RelationKind.REPLACES, old)
    assert [one.element.label for one in quality_of(item, item.working).missing] == ["新旧差异"]


def test_a_known_abbreviation_is_explained_by_one_click(desk):
    item = interpretation(desk, COMPLETE + "<p>利率按LPR计算。</p>")
    finding = RecordedFinding.objects.get(edition_id=item.working_id, rule="interpretation.unexplained")
    findings.mend(actor=desk.clerk, item_id=item.pk, finding_id=finding.pk)
    item.refresh_from_db()
    assert "LPR（贷款市场报价利率）计算" in item.working.body
    assert rules_of(item) == []


def test_drafts_of_other_bodies_are_not_read(desk):
    other = Desk()
    foreign = other.draft(body=DOCUMENT)
    item = interpretation(desk, COMPLETE, of=foreign)
    assert quality_of(item, item.working).similarity is None
    own = desk.draft(body=DOCUMENT)
    assert quality_of(interpretation(desk, COMPLETE, of=own), item.working).similarity is not None


@pytest.mark.parametrize("kind", ["policy_document", "press_conference", "nil_statement"])
def test_what_explains_nothing_is_not_judged(desk, kind):
    item = factories.published(desk.body, kind=kind, body=DOCUMENT)
    assert quality_of(item, item.current) is None


def test_questions_and_answers_are_judged_too(desk):
    item = interpretation(desk, "<p>问：谁能办？</p><p>答：城区用户。</p>", form="", kind="policy_qa")
    quality = quality_of(item, item.working)
    assert quality.form == "questions"
    assert [one.element.label for one in quality.missing] == ["执行标准"]
