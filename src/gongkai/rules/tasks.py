"""待办事项: the types of task of the office, their deadlines in working days, and how they stand today.

Types, terms and wording are data (``data/task_types.toml``). Terms of law and of documents are marked ``statutory``; the others are settings of
the installation. A day is reckoned with :mod:`gongkai.rules.calendar`; where a year's notice has not come the deadline says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gongkai.rules.calendar import WorkingDays
from gongkai.rules.days import chinese_date
from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml


class Standing(StrEnum):
    """How a task stands, most pressing first."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    IN_TIME = "in_time"
    OPEN = "open"

    @property
    def label(self) -> str:
        """The Chinese word on the badge."""
        return {
            "overdue": "已超期",
            "today": "今天到期",
            "soon": "即将到期",
            "in_time": "期限内",
            "open": "没有期限",
        }[self.value]


@dataclass(frozen=True, slots=True)
class TaskType:
    """One type of task: what is asked, on which rule it rests, the one next step, the term if it has one."""

    code: str
    label: str
    why: str
    article: str
    next_step: str
    days: int | None
    statutory: bool
    since: str
    about: str = "item"
    """What its tasks are about: an item of the register, or a case of 依申请公开."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a task and how it stands."""

    day: date | None
    standing: Standing
    words: str
    provisional: bool = False


NONE = Deadline(None, Standing.OPEN, "")
COUNT_LIMIT = 100
"""A worklist counts up to here and then says 99+."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: about which item or case, by when."""

    type: TaskType
    item_id: int
    """Key of what it is about: an item of the register, or a case where the type says so."""
    title: str
    organisation: str
    kind: str
    """Kind of the item; of a case its registration number."""
    deadline: Deadline
    note: str = ""
    """What somebody wrote that the reader must know: the remark of a returned draft."""
    at: date | datetime | None = None
    """The moment it is set for (publication, end of validity), where that is not a deadline."""

    @property
    def edits(self) -> bool:
        """Whether its next step is in the editor."""
        return self.type.code in ("returned", "drafts", "unsaved")


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks of one type, the most pressing first."""

    type: TaskType
    tasks: tuple[Task, ...]

    @property
    def count_label(self) -> str:
        """For people: 3, or 99+."""
        count = len(self.tasks)
        return str(count) if count < COUNT_LIMIT else f"{COUNT_LIMIT - 1}+"

    @property
    def overdue(self) -> int:
        """How many of them are late."""
        return sum(task.deadline.standing is Standing.OVERDUE for task in self.tasks)


@dataclass(frozen=True, slots=True)
class BodyLoad:
    """What waits in one body, by type; `overdue` of them are late."""

    organisation_id: int
    counts: Mapping[str, int]
    overdue: Mapping[str, int]

    @property
    def late(self) -> int:
        """All that is late."""
        return sum(self.overdue.values())


def groups_of(found: Iterable[Task]) -> tuple[TaskGroup, ...]:
    """Tasks by type, the most pressing type and task first; at most `COUNT_LIMIT` of each."""
    by_type: dict[str, list[Task]] = {}
    for task in found:
        by_type.setdefault(task.type.code, []).append(task)
    return tuple(
        TaskGroup(known, tuple(sorted(by_type[code], key=_pressing)[:COUNT_LIMIT]))
        for code, known in task_types().items()
        if code in by_type
    )


def _pressing(task: Task) -> tuple[date, int]:
    day = task.deadline.day or task.at
    return (day.date() if isinstance(day, datetime) else day or date.max, task.item_id)


def task_types() -> Mapping[str, TaskType]:
    """All types by code, most pressing first. Raises `VocabularyError` when the data file is faulty."""
    return _load("task_types")[0]


def after(start: date | None, days: int | None, today: date, calendar: WorkingDays) -> Deadline:
    """The deadline ``days`` working days after ``start``; none without either."""
    if start is None or days is None:
        return NONE
    reckoned = calendar.add(start, days)
    return until(reckoned.day, today, calendar, provisional=reckoned.provisional)


def until(
    day: date, today: date, calendar: WorkingDays, *, provisional: bool = False, soon: int | None = None
) -> Deadline:
    """The deadline ``day`` as it stands ``today``.

    ``provisional``: the day itself may move. That the days up to it are counted through a year without notice is found here.
    ``soon``: working days before it from which on it is 即将到期; else those of ``task_types.toml``.
    """
    uncertain = not (calendar.covers(day) and calendar.covers(today))
    provisional = provisional or (uncertain and day != today)
    left = calendar.between(today, day)
    at = f"{day.month}月{day.day}日" if day.year == today.year else chinese_date(day)
    note = "，暂定" if provisional else ""
    if day < today:
        late = calendar.between(day, today)
        return Deadline(day, Standing.OVERDUE, f"已超期 {max(1, late)} 个工作日（{at}到期{note}）", provisional)
    if day == today:
        return Deadline(day, Standing.TODAY, f"今天到期{note}", provisional)
    pressing = _load("task_types")[1] if soon is None else soon
    standing = Standing.SOON if left <= pressing else Standing.IN_TIME
    return Deadline(day, standing, f"还剩 {left} 个工作日（{at}到期{note}）", provisional)


def overdue_since(today: date, days: int, calendar: WorkingDays) -> date:
    """The last day on which something may have begun whose ``days`` working days are over ``today``: what began then or before is overdue.

    For counting in the database, where no calendar is at hand.
    """
    day = today
    while calendar.add(day, days).day >= today:
        day = date.fromordinal(day.toordinal() - 1)
    return day


@cached_data
def _load(name: str) -> tuple[Mapping[str, TaskType], int]:
    path = data_file(name)
    data = read_toml(path)
    rows, soon = data.get("types"), data.get("soon")
    if not isinstance(rows, list) or not isinstance(soon, int):
        raise VocabularyError(f"{path.name}：缺少 [[types]] 或者 soon。")
    types: dict[str, TaskType] = {}
    for position, row in enumerate(rows, start=1):
        where = f"{path.name}：第{position}个类型"
        try:
            days = row.get("days")
            task = TaskType(
                row["code"],
                row["label"],
                row["why"],
                row["article"],
                row["next_step"],
                days,
                row.get("basis") == "statutory",
                row.get("since", ""),
                row.get("about", "item"),
            )
        except (AttributeError, KeyError) as error:
            raise VocabularyError(f"{where}缺少 {error}。") from error
        if task.code in types or (days is not None and (not isinstance(days, int) or days < 1)):
            raise VocabularyError(f"{where}“{task.code}”重复，或者 days 不是正整数。")
        types[task.code] = task
    return types, soon
