"""`gongkai setup`: an empty installation gets its first body and administrator, once, or a list of all that is wrong."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from gongkai.audit.log import verify
from gongkai.audit.models import AuditRecord
from gongkai.organisations.actors import actor_for
from gongkai.organisations.management.commands import setup
from gongkai.organisations.models import Organisation, User
from gongkai.rules.access import Role
from gongkai.rules.uscc import make_uscc
from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "Huangshan-Songke-9"
GOOD = {"name": "亳州市示例区人民政府", "uscc": make_uscc("11341699MB0000001"), "admin": "guanli"}


@pytest.fixture(autouse=True)
def password_variable(monkeypatch):
    monkeypatch.setenv(setup.PASSWORD_VARIABLE, PASSWORD)


def run(**more: str) -> str:
    out = io.StringIO()
    call_command("setup", stdout=out, **{**GOOD, **more})
    return out.getvalue()


def test_an_empty_installation_gets_a_government_and_an_administrator_who_can_sign_in(client):
    assert "亳州市示例区人民政府" in run(display_name="张三")
    body, user = Organisation.objects.get(), User.objects.get()
    assert (body.kind, body.short_name, body.code) == ("district_government", "区政府", "qzf")
    assert (user.display_name, user.check_password(PASSWORD)) == ("张三", True)
    assert actor_for(user).roles == {body.pk: frozenset({Role.ADMINISTRATOR})}


def test_both_are_audited_and_the_password_is_not_in_the_log():
    run()
    records = AuditRecord.objects.order_by("sequence")
    assert [(r.action, r.actor_name) for r in records] == [
        ("organisation.create", "系统安装"),
        ("user.create", "系统安装"),
    ]
    assert not any(PASSWORD in str(r.detail) for r in records)
    assert verify().broken_at is None


@pytest.mark.parametrize(
    ("wrong", "password", "sentences", "reason"),
    [
        ({"uscc": GOOD["uscc"][:-1] + ("1" if GOOD["uscc"][-1] != "1" else "2")}, PASSWORD, ["校验码"], "check digit"),
        ({}, "1234", ["密码太短", "只有数字"], "a weak password, every fault of it"),
        ({"admin": "a b"}, PASSWORD, ["用户名"], "a blank in the name to sign in with"),
        ({"uscc": "123", "code": ""}, "guanli", ["18位", "代码", "密码太短"], "body and person wrong: all at once"),
    ],
)
def test_what_is_wrong_is_said_at_once_and_nothing_is_written(monkeypatch, wrong, password, sentences, reason):
    monkeypatch.setenv(setup.PASSWORD_VARIABLE, password)
    with pytest.raises(CommandError) as refusal:
        run(**wrong)
    for sentence in sentences:
        assert sentence in str(refusal.value), reason
    assert not Organisation.objects.exists() and not User.objects.exists() and not AuditRecord.objects.exists()


def test_it_runs_once_only():
    run()
    with pytest.raises(CommandError, match=r"已有系统管理员“guanli”.*changepassword guanli"):
        run(name="另一区人民政府", admin="other")
    assert (Organisation.objects.count(), User.objects.count()) == (1, 1)


def test_a_database_with_bodies_but_no_administrator_is_refused_with_the_remedy():
    factories.body("已有单位")
    with pytest.raises(CommandError, match=r"已有机构“已有单位”.*空库"):
        run()
    assert not User.objects.exists()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_the_password_is_typed_twice_and_asked_again_when_it_differs(monkeypatch):
    monkeypatch.delenv(setup.PASSWORD_VARIABLE)
    monkeypatch.setattr(sys, "stdin", _Terminal())
    typed = iter([PASSWORD, "slip", PASSWORD, PASSWORD])
    monkeypatch.setattr(setup, "getpass", lambda prompt: next(typed))
    run()
    assert User.objects.get().check_password(PASSWORD)
    assert next(typed, None) is None


def test_passwords_that_never_agree_end_the_command(monkeypatch):
    monkeypatch.delenv(setup.PASSWORD_VARIABLE)
    monkeypatch.setattr(sys, "stdin", _Terminal())
    typed = iter(f"Different-Each-Time-{n}" for n in range(100))
    monkeypatch.setattr(setup, "getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="均不一致"):
        run()
    assert not Organisation.objects.exists()


def test_without_a_terminal_the_variable_is_asked_for(monkeypatch):
    monkeypatch.delenv(setup.PASSWORD_VARIABLE)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(CommandError, match=setup.PASSWORD_VARIABLE):
        run()


@pytest.mark.parametrize(
    ("name", "short"),
    [("某市示例区人民政府", "区政府"), ("示例县人民政府", "县政府"), ("示例管理区", "示例管理区")],
)
def test_the_short_name_follows_the_full_name(name, short):
    run(name=name)
    assert Organisation.objects.get().short_name == short


def test_the_help_shows_an_example(capsys):
    with pytest.raises(SystemExit):
        call_command("setup", "--help")
    assert "gongkai setup --name" in capsys.readouterr().out
