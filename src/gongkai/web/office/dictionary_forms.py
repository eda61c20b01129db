"""Forms of the search dictionaries."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.search.dictionaries import SYNONYMS, WORD_KIND, EntryState
from gongkai.search.dictionary_actions import LONGEST_REASON, Change
from gongkai.search.synonyms import SynonymKind, read_group
from gongkai.web.shared.forms import Form

_REASON_HELP = "写明为什么改，供以后查看，如“群众反映搜不到”。"


class ReasonForm(Form):
    """Why something is changed."""

    reason = forms.CharField(label="修改原因", max_length=LONGEST_REASON, help_text=_REASON_HELP)


class EntryForm(ReasonForm):
    """One entry of a dictionary, and a question to try it on."""

    kind = forms.ChoiceField(label="类别", choices=[(kind.value, kind.label) for kind in SynonymKind])
    terms = forms.CharField(
        label="词语",
        max_length=400,
        help_text="用空格或者“=”隔开，第一个为主词。口语词和规范词一类，只在检索主词时加入其余各词。",
    )
    active = forms.BooleanField(label="启用", required=False)
    trial = forms.CharField(
        label="试检索",
        max_length=200,
        required=False,
        help_text="填写一个检索词，点击“预览影响”，比较修改前后的检索结果；不填则用主词。",
    )

    field_order = ("kind", "terms", "active", "reason", "trial")

    def __init__(self, *args: Any, dictionary: str, key: str = "", preview: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dictionary, self._key = dictionary, key
        if dictionary != SYNONYMS:
            del self.fields["kind"]
            self.fields["terms"].label = "词"
            self.fields["terms"].help_text = "2至20个汉字。停用表示今后不作为一个词切分。"
        if preview:  # looking needs no reason
            self.fields["reason"].required = False

    def change(self) -> Change:
        """What the valid form asks for."""
        typed, active = self.cleaned_data["terms"], self.cleaned_data["active"]
        if self._dictionary != SYNONYMS:
            state = EntryState(WORD_KIND, (typed.strip(),), active)
        else:
            kind = SynonymKind(self.cleaned_data["kind"])
            group = read_group(kind, typed)
            state = EntryState(kind.value, group.terms if group else (typed,), active)
        return Change(self._key or state.key, state)


class ImportForm(ReasonForm):
    """A table with entries."""

    file = forms.FileField(label="CSV文件", help_text="先导出现有词典，在表格中修改后再导入；没有变化的行不受影响。")
    field_order = ("file", "reason")
