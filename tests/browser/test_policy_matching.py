"""政策匹配 in the browser: the same rules as on the server, and nothing leaves the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from gongkai.rules.eligibility import judge
from gongkai.rules.eligibility_fields import eligibility_fields
from gongkai.rules.eligibility_reading import read_answers, read_conditions, to_json
from gongkai.rules.eligibility_words import deciding_words
from tests.browser.conftest import OpenPage
from tests.rules.real_policies import APPLICANTS, conditions

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TABLE = json.loads((Path(__file__).parents[1] / "rules/data/eligibility_cases.json").read_text("utf-8"))


def known_fields() -> dict[str, dict[str, Any]]:
    """The fields as the page gives them to the script."""
    return {
        code: {
            "label": one.label, "type": one.type.value, "multiple": one.multiple, "unit": one.unit, "choices": dict(one.choices),
        }
        for code, one in eligibility_fields().items()
    }  # fmt: skip


def test_the_browser_judges_every_case_of_the_table_as_the_rules_do_and_says_it_alike(open_page: OpenPage, server: str):
    fields, known = eligibility_fields(), known_fields()
    policies = {one["policy"]: read_conditions(one, fields) for one in TABLE["policies"]}
    page, _ = open_page()
    page.goto(f"{server}/policy-matching/person/")
    for case in TABLE["cases"]:
        conditions, answers = policies[case["policy"]], read_answers(case["answers"], fields)
        judgement = judge(conditions, answers)
        clause = judgement.deciding.clause
        expected = [
            case["verdict"],
            case["deciding"],
            deciding_words(judgement.deciding, fields[clause.field], answers.get(clause.field)),
        ]
        said = page.evaluate(
            """([policy, answers, fields]) => {
                 const found = gongkaiMatching.judge(policy, answers), clause = found.deciding.clause;
                 return [found.verdict, clause.field + " " + clause.operator,
                         gongkaiMatching.decidingWords(found.deciding, fields[clause.field], answers[clause.field])];
               }""",
            [to_json(conditions), case["answers"], known],
        )
        assert said == expected, case


def test_the_browser_judges_every_applicant_by_every_real_policy_as_the_rules_do(
    open_page: OpenPage, server: str, shared_data: Path
):
    fields, policies = eligibility_fields(), conditions(shared_data)
    pairs = [(who, one) for who in APPLICANTS for one in policies.values() if who["party"] == one.party]
    page, _ = open_page()
    page.goto(f"{server}/policy-matching/person/")
    said = page.evaluate(
        """([pairs, policies, fields]) => pairs.map(([answers, policy]) => {
             const found = gongkaiMatching.judge(policies[policy], answers), clause = found.deciding.clause;
             return [found.verdict, clause.field + " " + clause.operator, clause.source,
                     gongkaiMatching.decidingWords(found.deciding, fields[clause.field], answers[clause.field])];
           })""",
        [
            [[who["answers"], one.policy] for who, one in pairs],
            {key: to_json(one) for key, one in policies.items()},
            known_fields(),
        ],
    )
    assert len(said) == len(pairs) == 780
    for (who, one), told in zip(pairs, said, strict=True):
        answers = read_answers(who["answers"], fields)
        judgement = judge(one, answers)
        clause = judgement.deciding.clause
        words = deciding_words(judgement.deciding, fields[clause.field], answers.get(clause.field))
        assert told == [judgement.verdict.value, clause.key, clause.source, words], (who["note"], one.policy)


def test_answers_are_judged_in_the_page_and_nothing_is_sent(open_page: OpenPage, server: str):
    page, _ = open_page()
    page.goto(f"{server}/policy-matching/person/", wait_until="networkidle")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    address = page.url
    age = page.locator("[data-question=age] input")
    age.fill("70")
    page.locator("[data-question=household_here] input[value=true]").check()
    page.get_by_role("button", name="查看结果").click()
    result = page.locator("#match-result")
    expect(result).to_be_visible()
    expect(result.locator("[data-verdict=met]")).to_contain_text("老年人等群体乘坐城乡公交")
    for line in result.locator("li.match").all():
        assert (
            line.locator("[data-deciding]").inner_text().startswith(("符合：", "不符合：", "相差不多：", "还需回答："))
        )
        assert line.locator("[data-source]").inner_text().startswith("“")
    age.fill("59.5")
    page.get_by_role("button", name="查看结果").click()
    expect(result.locator("[data-verdict=not_met], [data-verdict=nearly]").first).to_be_visible()
    age.fill("-1")
    page.get_by_role("button", name="查看结果").click()
    expect(page.locator("[data-question=age] [data-wrong]")).to_be_visible()
    assert page.url == address
    assert sent == []


def test_without_script_the_same_form_is_answered_by_the_server(open_page: OpenPage, server: str):
    page, _ = open_page(java_script_enabled=False)
    page.goto(f"{server}/policy-matching/enterprise/")
    page.locator("[data-question=registered_here] input[value=true]").check()
    page.get_by_role("button", name="查看结果").click()
    expect(page.locator("#match-result")).to_contain_text("您没有回答")
