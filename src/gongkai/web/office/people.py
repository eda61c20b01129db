"""People in the office: accounts, roles, first passwords. For those who may manage members."""

from __future__ import annotations

from axes.utils import reset as unlock
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.organisations import actions, selectors
from gongkai.organisations.models import User
from gongkai.rules.access import Action, Actor, Role, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.web.office.organisation_forms import NewPersonForm, PasswordForm, PersonForm, RoleForm
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
        try:
            made = actions.create_user(actor=actor, roles=[role], **values)
            messages.success(request, f"账号“{made.username}”已建立。")
            return redirect("office:person", user_id=made.pk)
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
    actions.grant_role(
        actor=actor,
        user_id=person.pk,
        organisation_id=form.cleaned_data["organisation"],
        role=form.cleaned_data["role"],
    )
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
    return redirect("office:person", user_id=person.pk)


@office_page("POST")
def activate_person(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Close an account, or open it again; opening also lifts a lock after wrong passwords."""
    person = selectors.person_for(actor, user_id)
    active = request.POST.get("active") == "yes"
    try:
        actions.set_user_active(actor=actor, user_id=person.pk, active=active)
        if active:
            unlock(username=person.username)
        messages.success(request, "账号已启用，登录锁定已解除。" if active else "账号已停用。")
    except Refused as refusal:
        say_refusal(request, refusal)
    return redirect("office:person", user_id=person.pk)


@office_page("POST")
def reset_password(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Set a new first password and lift a lock after wrong ones."""
    person = selectors.person_for(actor, user_id)
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            actions.reset_password(actor=actor, user_id=person.pk, password=form.cleaned_data["password"])
            unlock(username=person.username)
            messages.success(request, "密码已重置，请通知本人登录后立即修改。")
            return redirect("office:person", user_id=person.pk)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    return _person(request, actor, person, password_form=form)


def _person(
    request: HttpRequest,
    actor: Actor,
    person: User,
    form: Form | None = None,
    role_form: Form | None = None,
    password_form: Form | None = None,
) -> HttpResponse:
    """The person's page; a form that came back with errors takes the place of an empty one."""
    bound = any(one is not None and one.is_bound for one in (form, role_form, password_form))
    context = {
        "person": person,
        "form": form or PersonForm(initial={name: getattr(person, name) for name in actions.PERSON_FIELDS}),
        "role_form": role_form or RoleForm(organisations=_choices(actor), auto_id="id_role_%s"),
        "password_form": password_form or PasswordForm(auto_id="id_reset_%s"),
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
