"""`gongkai organisations`: list the bodies with their codes."""

from typing import Any

from django.core.management.base import BaseCommand

from gongkai.organisations.models import Organisation


class Command(BaseCommand):
    """List the bodies."""

    help = "列出全部机构的代码、名称和统一社会信用代码\n\n示例：gongkai organisations"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        for body in Organisation.objects.filter(is_active=True):
            self.stdout.write(f"{body.code:<16}{body.uscc:<20}{body.name}")
