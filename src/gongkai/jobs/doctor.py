"""Is everything consistent? Each check returns what is wrong, in sentences; nothing is changed."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Count, F, Q
from django.utils import timezone

from gongkai.audit.log import verify as verify_audit
from gongkai.disclosure.models import Edition, IndexNumberCounter, Item
from gongkai.files.models import StoredFile
from gongkai.foi import soundness
from gongkai.foi.models import Case
from gongkai.importing.models import ImportedRecord
from gongkai.organisations.logins import unread_forwarding
from gongkai.organisations.models import User
from gongkai.participation.models import Subscription
from gongkai.participation.selectors import interrupted
from gongkai.rules.index_number import parse_index_number
from gongkai.rules.publication import State
from gongkai.sample.people import PASSWORD, people
from gongkai.search import SearchUnavailable
from gongkai.search.models import OutboxEntry
from gongkai.search.verify import verify as verify_index
from gongkai.tables.models import EditionTable, PublicTable, TableRow
from gongkai.worklist.digest import MOST_ATTEMPTS
from gongkai.worklist.models import Digest


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: its name, how many objects, and what is wrong with them."""

    name: str
    looked_at: int
    problems: tuple[str, ...]


def examine(*, files: bool = False) -> Iterator[Check]:
    """Run all checks; `files` also reads every stored file and compares its hash."""
    checks: list[Callable[[], Check]] = [
        _index_numbers, _states, _imports, _tables, lambda: _cases(files=files), _index, _audit, _accounts, _mail, _subscriptions,
    ]  # fmt: skip
    if files:
        checks.append(_files)
    for check in checks:
        yield check()


def _index_numbers() -> Check:
    """No 索引号 twice, none above the counter; a serial that is missing must belong to a discarded draft."""
    problems = []
    counters = {(c.organisation_id, c.period): c.last for c in IndexNumberCounter.objects.all()}
    highest: dict[tuple[int, str], int] = {}
    seen: set[str] = set()
    count = 0
    for number, organisation in Item.objects.values_list("index_number", "organisation_id").iterator():
        count += 1
        if number in seen:
            problems.append(f"索引号重复：{number}")
        seen.add(number)
        parsed = parse_index_number(number)
        if parsed is None:
            problems.append(f"索引号格式不符：{number}")
            continue
        key = (organisation, parsed.period)
        highest[key] = max(highest.get(key, 0), parsed.serial)
    problems += [f"计数器小于已用索引号：{key}" for key, last in highest.items() if counters.get(key, 0) < last]
    return Check("索引号", count, tuple(problems))


def _states() -> Check:
    """Every item says the state of its edition in hand, and exactly one edition of an item is published."""
    problems = []
    wrong = Item.objects.filter(
        (Q(working__isnull=False) & ~Q(state=F("working__state")))
        | (Q(working__isnull=True, current__isnull=False) & ~Q(state=F("current__state")))
        | Q(working__isnull=True, current__isnull=True)
    )
    problems += [f"状态与版本不符：{number}" for number in wrong.values_list("index_number", flat=True)[:50]]
    published = Edition.objects.filter(state=State.PUBLISHED)
    many = published.values("item_id").annotate(n=Count("id")).filter(n__gt=1)
    problems += [f"同时有两个已发布版本：{row['item_id']}" for row in many[:50]]
    loose = published.exclude(pk=F("item__current_id"))
    problems += [f"已发布版本不是现行版本：{pk}" for pk in loose.values_list("item_id", flat=True)[:50]]
    undated = published.filter(published_at=None)
    problems += [f"已发布版本没有发布时间：{pk}" for pk in undated.values_list("item_id", flat=True)[:50]]
    return Check("状态", Item.objects.count(), tuple(problems))


def _imports() -> Check:
    """Nothing came in twice."""
    twice = ImportedRecord.objects.values("digest").annotate(items=Count("item_id", distinct=True)).filter(items__gt=1)
    problems = tuple(f"同一内容导入了 {row['items']} 次：{row['digest'][:12]}" for row in twice[:50])
    return Check("导入记录", ImportedRecord.objects.count(), problems)


def _tables() -> Check:
    """Every subsidy table has all its rows, and every edition with a table is there."""
    problems = []
    counted = dict(TableRow.objects.values_list("table").annotate(n=Count("id")).values_list("table", "n"))
    held = set(EditionTable.objects.values_list("table_id", flat=True))
    for pk, rows in PublicTable.objects.filter(pk__in=held).values_list("pk", "row_count"):
        if counted.get(pk, 0) != rows:
            problems.append(f"补贴表 {pk} 应有 {rows} 行，现有 {counted.get(pk, 0)} 行")
    editions = set(EditionTable.objects.values_list("edition_id", flat=True))
    known = set(Edition.objects.filter(pk__in=editions).values_list("pk", flat=True))
    problems += [f"补贴表所属的版本不存在：{pk}" for pk in sorted(editions - known)[:50]]
    return Check("补贴表", len(held), tuple(problems))


def _cases(*, files: bool) -> Check:
    """The records of every case are whole, its columns are what they say, letters and files are what went out and came in."""
    return Check("办件", Case.objects.count(), tuple(islice(soundness.faults(files=files), 50)))


def _index() -> Check:
    """The search index holds exactly what is public, in its present content."""
    try:
        result = verify_index()
    except SearchUnavailable as error:
        return Check("检索索引", 0, (str(error),))
    waiting = set(OutboxEntry.objects.values_list("item_id", flat=True))  # not a fault yet: the indexer comes to them
    problems = [
        f"{label} {len(wrong)} 项：{', '.join(map(str, wrong[:10]))}"
        for label, ids in (("索引中缺少", result.missing), ("索引中多出", result.extra), ("索引内容过时", result.stale))
        if (wrong := [item for item in ids if item not in waiting])
    ]
    return Check("检索索引", result.checked, tuple(problems))


def _audit() -> Check:
    result = verify_audit()
    problems = () if result.broken_at is None else (f"第 {result.broken_at} 条：{result.reason}",)
    return Check("审计日志", result.records, problems)


def _accounts() -> Check:
    """The lock at the door knows visitors apart; no sample account with the published password where there is no sample."""
    unread = unread_forwarding()
    proxies = (
        "代理在 X-Forwarded-For 中写明了访客地址，但 GONGKAI_PROXIES 为 0：登录锁定和登录记录把所有访客当作同一地址，请按代理层数设置",
    )
    if settings.ENVIRONMENT.sample:
        return Check("账号", User.objects.count(), proxies if unread else ())
    suspects = User.objects.filter(username__in=[person.username for person in people()], is_active=True)
    open_doors = [user.username for user in suspects if user.check_password(PASSWORD)]
    problems = [f"示例账号仍可用公开的示例密码登录：{name}" for name in open_doors]
    return Check("账号", User.objects.count(), (*problems, *(proxies if unread else ())))


def _mail() -> Check:
    """Says whether mail is configured; what was refused today as often as it may be is told, without addresses."""
    refused = Digest.objects.filter(day=timezone.localdate(), sent_at=None, attempts__gte=MOST_ATTEMPTS)
    count = refused.count() if settings.ENVIRONMENT.email_url else 0
    name = "邮件" if settings.ENVIRONMENT.email_url else "邮件：未配置 EMAIL_URL，不发送待办摘要"
    problems = (f"今天有 {count} 封待办摘要被邮件服务器多次拒收，请检查收件人邮箱和 EMAIL_URL",) if count else ()
    return Check(name, Digest.objects.exclude(sent_at=None).count(), problems)


def _subscriptions() -> Check:
    """Letters about followed lists that were interrupted, so that nobody knows whether they arrived; without addresses."""
    lost = interrupted(timezone.now()).values_list("pk", flat=True)
    problems = tuple(f"第 {pk} 号订阅的一封邮件发送中断，情况不明，没有重发" for pk in lost[:50])
    return Check("邮件订阅", Subscription.objects.count(), problems)


def _files() -> Check:
    """Every stored file is there with the content it had."""
    problems = []
    count = StoredFile.objects.count()
    for file in StoredFile.objects.iterator():
        if not default_storage.exists(file.storage_name):
            problems.append(f"文件丢失：{file.sha256[:12]}")
            continue
        with default_storage.open(file.storage_name, "rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != file.sha256:
                problems.append(f"文件内容被改动：{file.sha256[:12]}")
    return Check("文件", count, tuple(problems))
