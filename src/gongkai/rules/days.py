"""A day in words, as official documents write it."""

from __future__ import annotations

from datetime import date


def chinese_date(day: date) -> str:
    """2024年3月1日: Arabic digits without leading zeros (GB/T 9704—2012 7.3.5)."""
    return f"{day.year}年{day.month}月{day.day}日"
