"""The turns of writers of a search cluster."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='WritingTurn',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(default=0, verbose_name='序号')),
            ],
            options={
                'verbose_name': '索引写入序号',
                'verbose_name_plural': '索引写入序号',
            },
        ),
    ]
