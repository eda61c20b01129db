"""The app of the calendars."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Working days of the years."""

    name = "gongkai.calendars"
    label = "calendars"
    verbose_name = "工作日历"
