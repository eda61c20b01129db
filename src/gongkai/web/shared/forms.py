"""The one form renderer: labels, help and errors from our own templates, all errors at once, each with a link to its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.forms.renderers import Jinja2
from django.template import engines
from django.utils.functional import cached_property

from gongkai.rules.reasons import Reason

OURS = "shared/forms/"


class FormRenderer(Jinja2):
    """Renders forms and fields with our templates and the framework's widgets with its own Jinja2 ones."""

    form_template_name = f"{OURS}form.html"
    field_template_name = f"{OURS}field.html"

    @cached_property
    def _pages(self) -> Any:
        """The template engine of the pages, so that forms know the same filters and links."""
        return engines["jinja2"]

    def get_template(self, template_name: str) -> Any:
        """Ours from the pages' folder, everything else from the framework."""
        if template_name.startswith(OURS):
            return self._pages.get_template(template_name)
        return super().get_template(template_name)


class Form(forms.Form):
    """Base of all our forms: no colon after labels, and reasons of the rules shown at their fields."""

    label_suffix = ""
    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"
            if isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField)):
                field.error_messages["required"] = f"请选择{field.label}。"
                field.error_messages["invalid_choice"] = "所选内容不在可选范围内，请重新选择。"

    def add_reasons(self, reasons: Iterable[Reason], names: Mapping[str, str] | None = None) -> None:
        """Show each reason at the field it belongs to, or above the form; `names` maps names of rules to fields."""
        for reason in reasons:
            field = (names or {}).get(reason.field, reason.field)
            if not hasattr(self, "cleaned_data"):
                self.cleaned_data = {}
            self.add_error(field if field in self.fields else None, str(reason))

    @property
    def error_links(self) -> list[tuple[str, str, str]]:
        """(address within the page, label of the field, message) of every error, in the order of the fields."""
        links = [("", "", str(message)) for message in self.non_field_errors()]
        for name in self.fields:
            for message in self.errors.get(name, ()):
                bound = self[name]
                links.append((f"#{bound.id_for_label or bound.auto_id}", str(bound.label), str(message)))
        return links


class DateInput(forms.DateInput):
    """A date picker of the browser; without one, a text field for 2026-01-29."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DateTimeInput(forms.DateTimeInput):
    """A picker for day and minute."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class DateField(forms.DateField):
    """A day."""

    widget = DateInput
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": "请填写日期，格式为 2026-01-29。"}


class DateTimeField(forms.DateTimeField):
    """A moment in Chinese time."""

    widget = DateTimeInput
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": "请填写日期和时间，格式为 2026-01-29 09:30。"}


class ListInput(forms.TextInput):
    """Several short texts in one line, joined by 、."""

    def format_value(self, value: Any) -> str:
        """Show a stored list as it is typed."""
        return "、".join(value) if isinstance(value, (list, tuple)) else (value or "")


class ListField(forms.CharField):
    """Several short texts, separated by 、，, or ; as people type them."""

    widget = ListInput

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The texts in order, each once."""
        text = "、".join(value) if isinstance(value, (list, tuple)) else (value or "")
        for separator in "，,；;\n":
            text = text.replace(separator, "、")
        return list(dict.fromkeys(part.strip() for part in text.split("、") if part.strip()))

    def validate(self, value: Any) -> None:
        """An empty list counts as nothing given."""
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        """Length limits of text do not concern lists."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare lists, not their spelling."""
        return self.to_python(initial) != self.to_python(data)


class PickList(forms.CheckboxSelectMultiple):
    """A long list of boxes to tick, folded away under what is chosen; groups fold one by one. Works without script."""

    template_name = f"{OURS}pick_list.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Plain groups of (value, label, ticked): the framework's own option objects cost 0.1 ms each, and lists have hundreds."""
        ticked = {str(one) for one in value or ()}
        groups: list[tuple[str, list[tuple[str, str, bool]]]] = []
        for key, label in self.choices:
            inner = label if isinstance(label, (list, tuple)) else [(key, label)]
            options = [(str(one), str(text), str(one) in ticked) for one, text in inner]
            if isinstance(label, (list, tuple)):
                groups.append((str(key), options))
            elif groups and not groups[-1][0]:
                groups[-1][1].extend(options)
            else:
                groups.append(("", options))
        chosen = [text for _, options in groups for _, text, on in options if on]
        return {"widget": {"name": name, "groups": groups, "chosen": chosen}}


class MultipleFileInput(forms.ClearableFileInput):
    """A file field that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/input.html"


class MultipleFileField(forms.FileField):
    """Several files; what each may be is checked where it is stored."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The uploaded files in order."""
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(MultipleFileField, self).clean(one, initial) for one in files]
