"""The forms of the signature and of taking it back; of a normative document both ask for the interpretation (三同步)."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from gongkai.disclosure.three_syncs import Tied
from gongkai.rules.three_syncs import NOTE_LIMIT, Resting
from gongkai.web.shared.forms import DateTimeField, Form


def _interpretation_note() -> forms.CharField:
    """Why a document goes or went out without an interpretation."""
    return forms.CharField(
        label="未同步解读的说明",
        required=False,
        max_length=NOTE_LIMIT,
        help_text="不能与解读同步的，写明原因和解读的安排；在“解读覆盖情况”中列出，不对外公开。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SignForm(Form):
    """Signing off, at once or for later."""

    scheduled_for = DateTimeField(label="定时发布时间", required=False, help_text="不填则签发后立即发布。")
    with_interpretations = forms.BooleanField(
        label="解读一并签发",
        required=False,
        help_text="上列待签发的解读与文件一并签发，发布时间相同；有一件不能签发的，均不签发。",
    )
    interpretation_note = _interpretation_note()
    asked = False
    """Whether this signature is asked about the interpretations of the document."""
    tied: tuple[Tied, ...] = ()
    """These interpretations."""

    def ask(self, asked: bool, tied: Iterable[Tied], waiting: bool) -> None:
        """Leave only the questions that this signature is asked (`rules.three_syncs`)."""
        self.asked, self.tied = asked, tuple(tied)
        if not waiting:
            del self.fields["with_interpretations"]
        if not asked or any(one.ready for one in self.tied):
            del self.fields["interpretation_note"]


class ReturnForm(Form):
    """Taking a signed edition back."""

    remark = forms.CharField(
        label="撤回签发的原因", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    interpretation_note = _interpretation_note()
    left: tuple[Resting, ...] = ()
    """The documents that would be left without an interpretation."""

    def ask(self, documents: Iterable[Resting]) -> None:
        """Ask for the explanation only where a document needs one (`rules.three_syncs`)."""
        self.left = tuple(one for one in documents if one.left)
        if not self.left:
            del self.fields["interpretation_note"]
