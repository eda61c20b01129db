import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0002_service_url")]

    operations = [
        migrations.AddField(
            model_name="policygroup",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="revision",
                to="policies.policygroup",
            ),
        ),
    ]
