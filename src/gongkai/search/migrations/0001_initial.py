"""The outbox."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OutboxEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("item_id", models.BigIntegerField(verbose_name="条目编号")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="产生时间")),
            ],
            options={
                "verbose_name": "待建索引条目",
                "verbose_name_plural": "待建索引条目",
            },
        ),
    ]
