"""邮件订阅: how often the new items of a followed list are told, and until which moment a letter reaches.

Every letter covers the time from the end of the last one to a fixed moment (`Parameters.reaches_to`), so that all who follow a list
equally often are told the same and the list is asked once for all of them. The figures stand in ``data/subscriptions.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml


class Frequency(StrEnum):
    """How often somebody wants to be told."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]


_LABELS = {Frequency.IMMEDIATE: "即时", Frequency.DAILY: "每日", Frequency.WEEKLY: "每周"}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The figures, see the data file for their meaning."""

    immediate_minutes: int
    daily_hour: int
    weekly_day: int
    lines: int
    confirm_hours: int
    most_lists: int
    hard: int
    waits_minutes: tuple[int, ...]

    def reaches_to(self, frequency: Frequency, now: datetime) -> datetime:
        """The last moment at or before ``now`` (local time, aware) to which a letter of this frequency reaches."""
        if frequency is Frequency.IMMEDIATE:
            minute = now.minute - now.minute % self.immediate_minutes
            return now.replace(minute=minute, second=0, microsecond=0)
        moment = now.replace(hour=self.daily_hour, minute=0, second=0, microsecond=0)
        if moment > now:
            moment -= timedelta(days=1)
        if frequency is Frequency.WEEKLY:
            moment -= timedelta(days=(moment.isoweekday() - self.weekly_day) % 7)
        return moment

    def wait_after(self, refusals: int) -> timedelta:
        """How long an address is left alone after so many refusals one after the other (1 or more)."""
        return timedelta(minutes=self.waits_minutes[min(refusals, len(self.waits_minutes)) - 1])

    def says(self, frequency: Frequency) -> str:
        """When letters go out, for the form: 每周（星期一8时）."""
        when = {
            Frequency.IMMEDIATE: f"至多每{self.immediate_minutes}分钟一封",
            Frequency.DAILY: f"每天{self.daily_hour}时",
            Frequency.WEEKLY: f"星期{_WEEKDAYS[self.weekly_day - 1]}{self.daily_hour}时",
        }
        return f"{frequency.label}（{when[frequency]}）"


def parameters() -> Parameters:
    """The figures in force; raises `VocabularyError` when the data file is faulty."""
    return _in_force("subscriptions")


@cached_data
def _in_force(name: str) -> Parameters:
    return load(data_file(name))


_FIGURES = {
    "times": (("immediate_minutes", 1, 60), ("daily_hour", 0, 23), ("weekly_day", 1, 7)),
    "letters": (("lines", 1, 200), ("confirm_hours", 1, 720), ("most_lists", 1, 1000)),
    "refusals": (("hard", 1, 100),),
}


def load(path: Path) -> Parameters:
    """Read and check a data file; raises `VocabularyError` naming the figure and the remedy."""
    data = read_toml(path)
    figures: dict[str, int] = {}
    for part, names in _FIGURES.items():
        table = data.get(part)
        for name, least, most in names:
            value = table.get(name) if isinstance(table, dict) else None
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                raise VocabularyError(f"{path.name}：[{part}] 的 {name} 应为 {least} 至 {most} 的整数。")
            figures[name] = value
    if 60 % figures["immediate_minutes"]:
        raise VocabularyError(f"{path.name}：immediate_minutes 应能整除 60。")
    refusals = data["refusals"]
    waits = refusals.get("waits_minutes") if isinstance(refusals, dict) else None
    if (
        not isinstance(waits, list)
        or not waits
        or not all(isinstance(one, int) and one > 0 for one in waits)
        or waits != sorted(waits)
    ):
        raise VocabularyError(f"{path.name}：waits_minutes 应为由小到大的正整数列表。")
    return Parameters(**figures, waits_minutes=tuple(waits))
