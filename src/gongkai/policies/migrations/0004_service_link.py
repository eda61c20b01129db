import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0003_group_revision"), ("review", "0004_link_kept")]

    operations = [
        migrations.AddField(
            model_name="policycard",
            name="service_link",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="review.link",
            ),
        ),
    ]
