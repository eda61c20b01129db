"""邮件订阅 on the site: asking to follow a list, the links of the letters, all that one address follows. No session, no account.

A link of a letter opened by GET changes nothing, because programs that look through mail open every link; the button does. The one-click
leave of mail programs is a POST without a form of ours (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.foi import tallies
from gongkai.organisations.names import name_of
from gongkai.participation import actions, links
from gongkai.participation.actions import SUBSCRIBER, ListToFollow
from gongkai.participation.models import Subscription
from gongkai.participation.selectors import digest_of, of_address
from gongkai.policies.library import GROUP_FACET, LIBRARY_FACETS, SITE_FACETS, FacetSpec
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.subscriptions import Frequency, parameters
from gongkai.rules.validity import Status
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.portal import questions
from gongkai.web.portal import request_guard as guard
from gongkai.web.portal.lists import UNFOLLOWED, ItemList, list_at
from gongkai.web.portal.pages import in_mode, render
from gongkai.web.shared.addresses import client_address
from gongkai.web.shared.forms import Form
from gongkai.web.shared.templating import stable_query

MOST_FROM_ONE_PLACE = 20
"""Requests from one network address in an hour."""
MOST_TO_ONE_ADDRESS = 5
"""Letters with a link to one e-mail address in a day; further requests look the same and send nothing."""
DAY = 24 * 3600
_BOTH = ["GET", "HEAD", "POST"]
_FACETS = (*LIBRARY_FACETS, *SITE_FACETS, GROUP_FACET)


class AddressForm(Form):
    """The e-mail address."""

    use_required_attribute = False
    email = forms.CharField(label="电子邮箱", max_length=254, help_text="只用于发送订阅邮件，加密保存；退订后立即删除。", widget=forms.EmailInput(attrs={"autocomplete": "email"}))  # fmt: skip


class FollowForm(AddressForm):
    """The e-mail address and how often."""

    frequency = forms.ChoiceField(label="接收频率", initial=Frequency.DAILY.value, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["frequency"].choices = frequencies()  # type: ignore[attr-defined]


def frequencies() -> list[tuple[str, str]]:
    """The frequencies and when letters go out."""
    return [(one.value, parameters().says(one)) for one in Frequency]


# --- which list ------------------------------------------------------------------------------------------------------------
def _followed(address: str) -> ListToFollow:
    """The list at an address of this site. Raises `Http404` for none, and for one that cannot be followed."""
    parts = urlsplit(address)
    params = QueryDict(parts.query)
    found = None if parts.scheme or parts.netloc or len(address) > 2000 else list_at(parts.path, params)
    if not settings.GONGKAI_SUBSCRIPTIONS or not isinstance(found, ItemList) or found.as_of:
        raise Http404
    path = parts.path + stable_query(params, without=UNFOLLOWED)
    return ListToFollow(found.title + _conditions(params, found.title), path, found.query)


def _conditions(params: QueryDict, title: str) -> str:
    """What a list is narrowed by, in words: （检索词：医保；主题分类：卫生）."""
    text = questions.text_of(params)
    said = [f"检索词：{text}"] if text and not title.startswith(text) else []
    specs = {spec.parameter: spec for spec in _FACETS}.values()
    for name, values in questions.selected(params, specs).items():
        spec = next(one for one in specs if one.parameter == name)
        said.append(f"{spec.label}：{'、'.join(_label(spec, value) for value in values)}")
    return f"（{'；'.join(said)}）" if said and "（" not in title else ""


def _label(spec: FacetSpec, value: str) -> str:
    if spec.vocabulary:
        return vocabulary(spec.vocabulary).label(value)
    if spec.facet == "validity":
        return Status(value).label if value in list(Status) else value
    if spec.facet == "organisation" and value.isdecimal():
        return name_of(int(value)) or value
    return value


# --- asking --------------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(_BOTH)
def new(request: HttpRequest) -> HttpResponse:
    """The form to follow a list; posted, everything that is wrong at once, or the page that says to look into the mailbox."""
    address = str((request.POST if request.method == "POST" else request.GET).get("list", ""))
    followed = _followed(address)
    form = FollowForm(request.POST or None)
    title = f"订阅：{followed.title}"

    def done(email: str) -> None:
        actions.ask(actor=SUBSCRIBER, email=email, followed=followed, frequency=form.cleaned_data["frequency"])

    return _asking(request, form, done, title=title, followed=followed, address=address)


@never_cache
@require_http_methods(_BOTH)
def mine(request: HttpRequest) -> HttpResponse:
    """Ask for the link to all that an address follows."""
    if not settings.GONGKAI_SUBSCRIPTIONS:
        raise Http404
    form = AddressForm(request.POST or None)
    return _asking(request, form, lambda email: actions.ask_for_link(email=email), title="我的邮件订阅")


def _asking(request: HttpRequest, form: AddressForm, done: Any, **context: Any) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, form, guard.new_form(), guard.Person(), **context)
    token = guard.read_form(request.POST.get("form", ""))
    held = token or guard.new_form()
    if token and tallies.counted("subscription-form", token.digest):
        return HttpResponseRedirect(in_mode(request, reverse("portal:subscription-sent")))
    person = guard.person(request.POST.dict(), held)
    good = form.is_valid()
    reasons = [*guard.reasons_against(request, token), *_person_reasons(request, person)]
    if good and not reasons:
        email = form.cleaned_data["email"]
        try:
            if tallies.counted("subscription-letter", digest_of(email)) < MOST_TO_ONE_ADDRESS:
                done(email)
        except Refused as refusal:
            reasons = list(refusal.reasons)
        else:
            tallies.count("subscription-form", held.digest, seconds=guard.FORM_SECONDS)
            tallies.count("subscription-letter", digest_of(email), seconds=DAY)
            tallies.count("subscription", client_address(request), seconds=guard.HOUR)
            return HttpResponseRedirect(in_mode(request, reverse("portal:subscription-sent")))
    form.add_reasons(reasons)
    fresh = guard.new_form(held.client_token) if held.expired else held
    return _form_page(request, form, fresh, person, status=422, **context)


def _person_reasons(request: HttpRequest, person: guard.Person) -> list[Reason]:
    if not person.how:
        return [Reason("person", "回答有误，请回答新的问题。" if person.wrong else "请回答“安全验证”中的问题。")]
    if tallies.counted("subscription", client_address(request)) >= MOST_FROM_ONE_PLACE:
        return [Reason("limit", f"同一网络地址一小时内最多提交 {MOST_FROM_ONE_PLACE} 次，请稍后再试。")]
    return []


def _form_page(request: HttpRequest, form: AddressForm, token: guard.FormToken, person: guard.Person, status: int = 200, **context: Any) -> HttpResponse:  # fmt: skip
    return render(
        request,
        "subscription_form.html",
        status,
        form=form,
        token=token,
        person=person.kept(token),
        challenge=guard.challenge(token),
        question=guard.question(token),
        **context,
    )


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Look into the mailbox: the same words whoever asked for whatever."""
    hours = parameters().confirm_hours
    lines = (
        f"如果邮箱地址无误，几分钟内会收到一封邮件，请在 {hours} 小时内打开其中的链接。",
        "没有收到的，请查看垃圾邮件箱；仍然没有的，请核对邮箱地址后重新提交。",
    )
    return _told(request, "请查收邮件", lines)


# --- links of letters ------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(_BOTH)
def confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """The button that confirms; posted, the subscription holds."""
    try:
        if request.method == "POST":
            found = actions.confirm(actor=SUBSCRIBER, signed=signed)
            lines = (f"今后“{found.title}”有新发布的信息，将按{found.get_frequency_display()}发送到您的邮箱。", "每封邮件中都有退订链接。")  # fmt: skip
            return _told(request, "订阅成功", lines)
        subscription_id, frequency = links.read_confirm(signed)
        waiting = Subscription.objects.filter(pk=subscription_id).first()
        if waiting is None:
            raise Refused([Reason("gone", "该订阅已不存在：可能已经退订，或者未在规定时间内确认。需要时请重新订阅。")])
    except Refused as refusal:
        return _refused(request, "确认订阅", refusal)
    lines = (f"列表：{waiting.title}", f"接收频率：{parameters().says(frequency)}")
    return _told(request, "确认订阅", lines, button="确认订阅")


@never_cache
@require_http_methods(_BOTH)
def leave(request: HttpRequest, signed: str) -> HttpResponse:
    """The button that leaves; posted, by it or by a mail program in one click, it is done."""
    try:
        if request.method == "POST":
            actions.leave(actor=SUBSCRIBER, signed=signed)
            return _told(request, "已退订", ("不再向您发送该列表的邮件，您的邮箱地址已从该订阅中删除。",))
        found = Subscription.objects.filter(pk=links.read_leave(signed)).first()
    except Refused as refusal:
        return _refused(request, "退订", refusal)
    if found is None:
        return _told(request, "已退订", ("该订阅已经退订，不需要再次操作。",))
    return _told(request, "退订", (f"列表：{found.title}",), button="确认退订")


@never_cache
@require_http_methods(_BOTH)
def manage(request: HttpRequest, signed: str) -> HttpResponse:
    """All that one address follows: change how often, or leave."""
    try:
        digest = links.read_manage(signed)
        if request.method == "POST":
            chosen = request.POST.get("subscription", "")
            frequency = "" if request.POST.get("step") == "leave" else request.POST.get("frequency", "?")
            number = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 18 else 0
            actions.change(actor=SUBSCRIBER, signed=signed, subscription_id=number, frequency=frequency)
            return HttpResponseRedirect(in_mode(request, request.path))
    except Refused as refusal:
        return _refused(request, "我的邮件订阅", refusal)
    context = {"subscriptions": list(of_address(digest)), "frequencies": frequencies()}
    return render(request, "subscriptions.html", title="我的邮件订阅", **context)


def _refused(request: HttpRequest, title: str, refusal: Refused) -> HttpResponse:
    return _told(request, title, [str(reason) for reason in refusal.reasons], status=422)


def _told(request: HttpRequest, title: str, lines: Sequence[str], *, button: str = "", status: int = 200) -> HttpResponse:  # fmt: skip
    return render(request, "subscription_told.html", status, title=title, lines=lines, button=button)
