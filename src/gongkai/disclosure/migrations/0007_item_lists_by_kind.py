from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogues', '0002_initial'),
        ('disclosure', '0006_worklist'),
        ('organisations', '0002_delegation'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['kind', '-updated_at', '-id'], name='item_kind'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['kind', 'state', '-updated_at', '-id'], name='item_kind_state'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['organisation', 'kind', '-updated_at', '-id'], name='item_kind_of_body'),
        ),
    ]
