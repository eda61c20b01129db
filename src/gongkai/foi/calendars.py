"""The calendar of working days that periods are reckoned with."""

from gongkai.calendars.selectors import current

__all__ = ["current"]
