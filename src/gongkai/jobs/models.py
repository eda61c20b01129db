"""Tables of background work."""

from django.db import models


class Heartbeat(models.Model):
    """When each background process was last seen at work."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class Sweep(models.Model):
    """The last day a daily sweep has dealt with, so that days of standstill are made up for."""

    name = models.CharField(max_length=40, primary_key=True)
    done_until = models.DateField()

    def __str__(self) -> str:
        return f"{self.name} {self.done_until}"
