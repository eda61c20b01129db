# The editor: pictures in the text, the last day of publication, working copies.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('disclosure', '0003_public_copies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkingCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('values', models.JSONField()),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '自动保存的内容',
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='in_text',
            field=models.BooleanField(default=False, verbose_name='正文图片'),
        ),
        migrations.AddField(
            model_name='edition',
            name='public_until',
            field=models.DateField(blank=True, null=True, verbose_name='公开截止日期'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(condition=models.Q(('public_until__isnull', False), ('state', 'published')), fields=['public_until'], name='edition_public_until'),
        ),
        migrations.AddField(
            model_name='workingcopy',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='working_copies', to='disclosure.edition'),
        ),
        migrations.AddField(
            model_name='workingcopy',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='workingcopy',
            constraint=models.UniqueConstraint(fields=('edition', 'user'), name='working_copy_once'),
        ),
    ]
