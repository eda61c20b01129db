"""The one form renderer and the fields of our own."""

import pytest
from django import forms

from gongkai.rules.reasons import Reason
from gongkai.web.shared.forms import DateField, Form, ListField, MultipleFileField, PickList


class Trial(Form):
    title = forms.CharField(label="标题", help_text="不超过20字", max_length=20)
    agencies = ListField(label="发文机关", required=False)
    day = DateField(label="日期", required=False)
    subjects = forms.MultipleChoiceField(
        label="主题", required=False, widget=PickList, choices=[("综合", [("01", "政务公开"), ("02", "信访")])]
    )


def test_all_errors_stand_above_the_form_each_with_a_link_to_its_field():
    form = Trial({"title": "", "day": "昨天"})
    page = str(form)
    assert page.index("form-errors") < page.index('name="title"')
    assert '<a href="#id_title">标题</a>：请填写标题。' in page
    assert '<a href="#id_day">日期</a>：请填写日期' in page
    assert 'aria-invalid="true"' in page and 'id="id_title_helptext"' in page


def test_reasons_of_the_rules_go_to_their_fields_and_the_rest_above_the_form():
    form = Trial({"title": "通知"})
    assert form.is_valid()
    form.add_reasons(
        [
            Reason("a", "标题重复。", "《条例》§12", "title"),
            Reason("b", "状态不对。"),
            Reason("c", "主题要改。", field="subject"),
        ],
        {"subject": "subjects"},
    )
    assert form.errors["title"] == ["标题重复。（《条例》§12）"]
    assert form.non_field_errors() == ["状态不对。"]
    assert form.errors["subjects"] == ["主题要改。"]


def test_what_was_typed_is_shown_again_and_never_as_markup():
    page = str(Trial({"title": '"><script>x</script>', "day": "x"}))
    assert "<script>x" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("typed", "stored", "reason"),
    [
        ("教育局、财政局", ["教育局", "财政局"], "the Chinese enumeration comma"),
        ("教育局，财政局;民政局", ["教育局", "财政局", "民政局"], "other commas and semicolons"),
        (" 教育局 、、教育局", ["教育局"], "blanks and repetitions fall away"),
        ("", [], "nothing"),
    ],
)
def test_several_names_in_one_field(typed, stored, reason):
    assert ListField(required=False).clean(typed) == stored, reason


def test_a_stored_list_is_shown_as_it_is_typed():
    assert 'value="教育局、财政局"' in str(Trial(initial={"agencies": ["教育局", "财政局"]})["agencies"])


def test_a_folded_list_says_what_is_chosen():
    page = str(Trial(initial={"subjects": ["02"]})["subjects"])
    assert (
        '<span class="pick-chosen">信访</span>' in page
        and page.count("checked") == 1
        and "<legend>综合</legend>" in page
    )


def test_a_file_field_without_files_is_an_empty_list():
    assert MultipleFileField(required=False).clean([]) == []
