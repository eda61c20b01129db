"""The search dictionaries in the office: look up, change, switch off, tables in and out, history, and what a change would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from gongkai.disclosure.public_cards import cards
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.search import SearchQuery, SearchUnavailable, dictionaries, dictionary_files, search
from gongkai.search.dictionaries import WORDS, EntryState, Listed
from gongkai.search.dictionary_actions import Change, change_dictionary, check
from gongkai.search.models import DictionaryName, DictionaryVersion
from gongkai.text.normalise import fold
from gongkai.text.segment import Cutter
from gongkai.web.office.dictionary_forms import EntryForm, ImportForm
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.pager import Page, paginate

PAGE = 50
SHOWN_HITS = 10
_SECTION = {"section": "dictionaries"}


@dataclass(frozen=True, slots=True)
class Overview:
    """One dictionary at a glance."""

    name: str
    label: str
    entries: int
    own: int
    last: DictionaryVersion | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a question finds, or how it is cut, before and after a change."""

    question: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    before_total: int = 0
    after_total: int = 0
    cuts: bool = False
    """True when the lines are words a text is cut into, not titles found."""

    @property
    def same(self) -> bool:
        """Whether nothing would change."""
        return (self.before, self.before_total) == (self.after, self.after_total)


@office_page()
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Both dictionaries."""
    _allow(actor)
    found = []
    for name in DictionaryName:
        listed = dictionaries.listed(name.value)
        own = sum(one.changed for one in listed)
        found.append(Overview(name.value, name.label, len(listed), own, dictionaries.last_change(name.value)))
    return show(request, actor, "dictionaries.html", {"dictionaries": found, **_SECTION})


@office_page()
def entry_list(request: HttpRequest, actor: Actor, dictionary: str) -> HttpResponse:
    """The entries of one dictionary, those changed here first."""
    _known(actor, dictionary)
    sought = fold(request.GET.get("q", "").strip()[:60])
    found = [one for one in dictionaries.listed(dictionary) if any(sought in fold(term) for term in one.state.terms)]
    context = {
        **_of(dictionary),
        "page": _page(found, request.GET),
        "total": len(found),
        "sought": request.GET.get("q", "").strip()[:60],
    }
    return show(request, actor, "dictionary.html", context)


@office_page("GET", "POST")
def entry_page(request: HttpRequest, actor: Actor, dictionary: str) -> HttpResponse:
    """One entry (``?key=``), or a new one: change it, or see first what the change would do."""
    _known(actor, dictionary)
    key = request.GET.get("key", "")[:60]
    listed = next((one for one in dictionaries.listed(dictionary) if one.state.key == key), None) if key else None
    if key and listed is None:
        raise Http404
    looking = request.POST.get("do") == "preview"
    preview = None
    if request.method == "POST":
        form = EntryForm(request.POST, dictionary=dictionary, key=key, preview=looking)
        try:
            if listed is not None and request.POST.get("do") == "restore":
                _made(request, actor, dictionary, Change(key, None), f"恢复为软件自带内容：{key}")
                return redirect("office:dictionary", dictionary=dictionary)
            if form.is_valid():
                change = form.change()
                if looking:
                    preview = _preview(dictionary, change, form.cleaned_data["trial"].strip() or change.key)
                else:
                    _made(request, actor, dictionary, change, form.cleaned_data["reason"])
                    return redirect("office:dictionary", dictionary=dictionary)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    else:
        form = EntryForm(dictionary=dictionary, key=key, initial=_initial(listed))
    context = {**_of(dictionary), "form": form, "entry": listed, "preview": preview}
    return show(request, actor, "dictionary_entry.html", context, 422 if form.is_bound and form.errors else 200)


@office_page("GET", "POST")
def import_page(request: HttpRequest, actor: Actor, dictionary: str) -> HttpResponse:
    """Read a table: every line that differs becomes part of one new version, or nothing does."""
    _known(actor, dictionary)
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    if form.is_valid():
        try:
            file = form.cleaned_data["file"]
            content = file.read(dictionary_files.LARGEST_FILE + 1)
            changes = dictionary_files.read(content, dictionary)
            made = change_dictionary(
                actor=actor, dictionary=dictionary, changes=changes, reason=form.cleaned_data["reason"]
            )
            count = len(made.changes) if made else 0
            messages.success(request, f"已导入，修改{count}条。" if count else "表格与现有词典一致，没有修改。")
            return redirect("office:dictionary", dictionary=dictionary)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    context = {**_of(dictionary), "form": form}
    return show(request, actor, "dictionary_import.html", context, 422 if form.is_bound else 200)


@office_page()
def export(request: HttpRequest, actor: Actor, dictionary: str) -> StreamingHttpResponse:
    """All entries as a table."""
    _known(actor, dictionary)
    lines = dictionary_files.written(dictionaries.listed(dictionary))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{dictionary}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@office_page()
def history(request: HttpRequest, actor: Actor, dictionary: str) -> HttpResponse:
    """Every version: who, when, why, and what was before and after."""
    _known(actor, dictionary)
    page = paginate(DictionaryVersion.objects.filter(dictionary=dictionary), ("-number",), request.GET, 20)
    lines = [(version, dictionaries.changes_in_words(version.changes[:50])) for version in page.rows]
    return show(request, actor, "dictionary_history.html", {**_of(dictionary), "page": page, "lines": lines})


def _known(actor: Actor, dictionary: str) -> None:
    _allow(actor)
    if dictionary not in DictionaryName.values:
        raise Http404


def _allow(actor: Actor) -> None:
    decision = can(actor, Action.MANAGE_DICTIONARY, Subject(None))
    if not decision:
        raise Refused(decision.reasons)


def _of(dictionary: str) -> dict[str, object]:
    return {
        "dictionary": dictionary,
        "dictionary_label": DictionaryName(dictionary).label,
        "is_words": dictionary == WORDS,
        **_SECTION,
    }


def _page(found: list[Listed], params: Mapping[str, str]) -> Page[Listed]:
    """A page of a list that is in memory anyway; its cursor is the key of the last entry before it."""
    keys = [one.state.key for one in found]
    start = keys.index(params["after"]) + 1 if params.get("after") in keys else 0
    rows = found[start : start + PAGE]
    before = keys[start - PAGE - 1] if start > PAGE else None
    return Page(tuple(rows), rows[-1].state.key if start + PAGE < len(found) else None, before)


def _initial(listed: Listed | None) -> dict[str, object]:
    if listed is None:
        return {"active": True}
    return {"kind": listed.state.kind, "terms": " ".join(listed.state.terms), "active": listed.state.active}


def _made(request: HttpRequest, actor: Actor, dictionary: str, change: Change, reason: str) -> None:
    made = change_dictionary(actor=actor, dictionary=dictionary, changes=[change], reason=reason)
    if made is None:
        messages.info(request, "内容没有变化。")
    else:
        messages.success(request, "已保存，检索时立即生效。")


def _preview(dictionary: str, change: Change, question: str) -> Preview:
    """What a change would do to a question; nothing is written. Raises `Refused` for a change that cannot be made."""
    if reasons := check(change, dictionary):
        raise Refused(reasons)
    now = dictionaries.entries(dictionary)
    then = {**now, change.key: change.state} if change.state else now
    if dictionary == WORDS:
        before, after = (_cut(states, question) for states in (now, then))
        return Preview(question, before, after, cuts=True)
    (before, before_total), (after, after_total) = (_found(states, question) for states in (now, then))
    return Preview(question, before, after, before_total, after_total)


def _cut(states: Mapping[str, EntryState], question: str) -> tuple[str, ...]:
    return tuple(Cutter(dictionaries.words_of(states.values())).cut(fold(question)))


def _found(states: Mapping[str, EntryState], question: str) -> tuple[tuple[str, ...], int]:
    query = SearchQuery(question, limit=SHOWN_HITS, synonyms=dictionaries.synonyms_of(states))
    try:
        results = search(query)
    except SearchUnavailable:
        return (), 0
    return tuple(card.title for card in cards(results.ids)), results.total
