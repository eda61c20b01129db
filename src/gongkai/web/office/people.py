"""People in the office: accounts, roles, first passwords. For those who may manage members."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.organisations import account_actions, actions, logins, selectors
from gongkai.organisations.models import IdentityLink, User
from gongkai.organisations.passwords import make_password_up
from gongkai.rules.access import Action, Actor, Role, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.web.office.account_views import described
from gongkai.web.office.login_watch import origin
from gongkai.web.office.organisation_forms import NewPersonForm, PasswordForm, PersonForm, ReasonForm, RoleForm
from gongkai.web.office.pages import office_page, say_refusal, show
from gongkai.web.shared.forms import Form
from gongkai.web.shared.pager import paginate

PAGE = 50


@office_page()
def person_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The people one manages."""
    _allow(actor)
    page = paginate(selectors.people_managed_by(actor), ("username", "id"), request.GET, PAGE)
    context = {"page": page, "roles": selectors.roles_of(page.rows), "section": "people"}
    return show(request, actor, "people.html", context)


@office_page("GET", "POST")
def create_person(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open an account with its first role."""
    _allow(actor)
    form = NewPersonForm(request.POST if request.method == "POST" else None, organisations=_choices(actor))
    if form.is_valid():
        values = dict(form.cleaned_data)
        role = (values.pop("organisation"), values.pop("role"))
        password = values.pop("password") or make_password_up()
        try:
            made = actions.create_user(actor=actor, roles=[role], password=password, **values)
            return _handed_over(request, actor, made, password, f"账号“{made.username}”已建立")
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    return show(
        request, actor, "create_person.html", {"form": form, "section": "people"}, 422 if form.is_bound else 200
    )


@office_page("GET", "POST")
def person_page(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """One person: name and contacts, roles, account."""
    person = selectors.person_for(actor, user_id)
    initial = {name: getattr(person, name) for name in actions.PERSON_FIELDS}
    form = PersonForm(request.POST) if request.method == "POST" else PersonForm(initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.update_user(actor=actor, user_id=person.pk, values=form.cleaned_data)
            messages.success(request, "已保存。")
            return redirect("office:person", user_id=person.pk)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    return _person(request, actor, person, form=form)


@office_page("POST")
def grant_role(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Give a role."""
    person = selectors.person_for(actor, user_id)
    form = RoleForm(request.POST, organisations=_choices(actor))
    if not form.is_valid():
        return _person(request, actor, person, role_form=form)
    values = form.cleaned_data
    try:
        actions.grant_role(
            actor=actor,
            user_id=person.pk,
            organisation_id=values["organisation"],
            role=values["role"],
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
        )
    except Refused as refusal:
        form.add_reasons(refusal.reasons)
        return _person(request, actor, person, role_form=form)
    messages.success(request, "角色已设置。")
    return redirect("office:person", user_id=person.pk)


@office_page("POST")
def revoke_role(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Take a role away."""
    person = selectors.person_for(actor, user_id)
    form = RoleForm(request.POST, organisations=_choices(actor))
    if not form.is_valid():
        return _person(request, actor, person, role_form=form)
    role: Role = form.cleaned_data["role"]
    try:
        actions.revoke_role(
            actor=actor, user_id=person.pk, organisation_id=form.cleaned_data["organisation"], role=role
        )
        messages.success(request, f"已取消“{role.label}”角色。")
    except Refused as refusal:
        say_refusal(request, refusal)
    if not selectors.people_managed_by(actor).filter(pk=person.pk).exists():  # it was his last role in one's own bodies
        messages.info(request, f"“{person}”在您管理的机构已没有角色；需要再次任职的，请联系上级系统管理员。")
        return redirect("office:people")
    return redirect("office:person", user_id=person.pk)


@office_page("POST")
def activate_person(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Close an account, or open it again; opening also lifts a lock after wrong passwords."""
    person = selectors.person_for(actor, user_id)
    active = request.POST.get("active") == "yes"
    try:
        actions.set_user_active(actor=actor, user_id=person.pk, active=active)
        if active:
            account_actions.lift_lock(actor=actor, user_id=person.pk, origin=origin(request))
        messages.success(request, "账号已启用，登录锁定已解除。" if active else "账号已停用，其全部登录已退出。")
    except Refused as refusal:
        say_refusal(request, refusal)
    return redirect("office:person", user_id=person.pk)


@office_page("POST")
def reset_password(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Set a temporary password, typed or made up, and lift a lock after wrong ones."""
    person = selectors.person_for(actor, user_id)
    form = PasswordForm(request.POST)
    if form.is_valid():
        password = form.cleaned_data["password"] or make_password_up()
        try:
            actions.reset_password(actor=actor, user_id=person.pk, password=password)
            account_actions.lift_lock(actor=actor, user_id=person.pk, origin=origin(request))
            return _handed_over(request, actor, person, password, "密码已重置，登录锁定已解除")
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    return _person(request, actor, person, password_form=form)


@office_page("POST")
def lift_lock(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Let somebody try again at once who mistyped his password or code too often."""
    person = selectors.person_for(actor, user_id)
    account_actions.lift_lock(actor=actor, user_id=person.pk, origin=origin(request))
    messages.success(request, "登录锁定已解除。")
    return redirect("office:person", user_id=person.pk)


@office_page("POST")
def reset_second_factor(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Take the second factor off somebody who lost it."""
    person = selectors.person_for(actor, user_id)
    form = ReasonForm(request.POST, auto_id="id_factor_%s")
    if form.is_valid():
        try:
            account_actions.reset_second_factor(actor=actor, user_id=person.pk, reason=form.cleaned_data["reason"])
            messages.success(request, "两步验证已重置，本人下次登录时须重新启用。")
            return redirect("office:person", user_id=person.pk)
        except Refused as refusal:
            if person.pk == actor.user_id:  # the page of oneself has no such form to say it at
                say_refusal(request, refusal)
                return redirect("office:person", user_id=person.pk)
            form.add_reasons(refusal.reasons)
    return _person(request, actor, person, factor_form=form)


@office_page("POST")
def unlink_identity(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Undo the binding to the identity provider; nothing bound is nothing to undo."""
    person = selectors.person_for(actor, user_id)
    if IdentityLink.objects.filter(user=person).exists():
        try:
            account_actions.unlink_identity(actor=actor, user_id=person.pk)
            messages.success(request, "已解除与统一身份认证的绑定，下次登录时重新绑定。")
        except Refused as refusal:
            say_refusal(request, refusal)
    return redirect("office:person", user_id=person.pk)


@office_page()
def person_sign_ins(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """The history of one person's sign-ins."""
    person = selectors.person_for(actor, user_id)
    page = paginate(logins.history_of(person), ("-at", "-id"), request.GET, PAGE)
    context = {
        "page": page,
        "lines": described(page.rows),
        "person": person,
        "days": settings.GONGKAI_LOGIN_HISTORY_DAYS,
    }
    return show(request, actor, "sign_ins.html", {**context, "section": "people"})


@office_page()
def sign_ins(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sign-ins of all people one manages."""
    _allow(actor)
    failures = request.GET.get("failures") == "1"
    page = paginate(logins.history_for(actor, failures_only=failures), ("-at", "-id"), request.GET, PAGE)
    context = {
        "page": page,
        "lines": described(page.rows, with_person=True),
        "failures": failures,
        "section": "sign-ins",
    }
    return show(request, actor, "sign_ins.html", {**context, "days": settings.GONGKAI_LOGIN_HISTORY_DAYS})


@office_page("GET", "POST")
def dormant_people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Accounts nobody uses, and closing those that are ticked."""
    _allow(actor)
    if request.method == "POST":
        chosen = [int(one) for one in request.POST.getlist("person")[:PAGE] if one.isdecimal() and len(one) < 19]
        try:
            closed = account_actions.disable_dormant(actor=actor, user_ids=chosen)
            messages.success(request, f"已停用{len(closed)}个账号。")
        except Refused as refusal:
            say_refusal(request, refusal)
        return redirect("office:people-dormant")
    page = paginate(logins.dormant(actor), ("username", "id"), request.GET, PAGE)
    context = {"page": page, "roles": selectors.roles_of(page.rows), "days": settings.GONGKAI_DORMANT_DAYS}
    return show(request, actor, "dormant_people.html", {**context, "section": "people"})


def _handed_over(request: HttpRequest, actor: Actor, person: User, password: str, done: str) -> HttpResponse:
    """The temporary password, shown once and kept nowhere."""
    context = {"person": person, "password": password, "done": done, "section": "people"}
    return show(
        request, actor, "temporary_password.html", {**context, "hours": settings.GONGKAI_TEMPORARY_PASSWORD_HOURS}
    )


def _person(
    request: HttpRequest,
    actor: Actor,
    person: User,
    form: Form | None = None,
    role_form: Form | None = None,
    password_form: Form | None = None,
    factor_form: Form | None = None,
) -> HttpResponse:
    """The person's page; a form that came back with errors takes the place of an empty one."""
    bound = any(one is not None and one.is_bound for one in (form, role_form, password_form, factor_form))
    context = {
        "person": person,
        "form": form or PersonForm(initial={name: getattr(person, name) for name in actions.PERSON_FIELDS}),
        "role_form": role_form or RoleForm(organisations=_choices(actor), auto_id="id_role_%s"),
        "password_form": password_form or PasswordForm(auto_id="id_reset_%s"),
        "factor_form": factor_form or ReasonForm(auto_id="id_factor_%s"),
        "has_second_factor": Authenticator.objects.filter(user_id=person.pk, type="totp").exists(),
        "identity": IdentityLink.objects.filter(user=person).first(),
        "myself": person.pk == actor.user_id,
        "memberships": selectors.roles_of([person])[person.pk],
        "section": "people",
    }
    return show(request, actor, "person.html", context, 422 if bound else 200)


def _allow(actor: Actor) -> None:
    if selectors.bodies_where(actor, Action.MANAGE_MEMBERS) == frozenset():
        raise Refused(can(actor, Action.MANAGE_MEMBERS, Subject(None)).reasons)


def _choices(actor: Actor) -> list[tuple[str, str]]:
    bodies = selectors.organisations_where(actor, Action.MANAGE_MEMBERS)
    return [(str(pk), name) for pk, name in bodies.values_list("pk", "name")]
