from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0004_service_link")]

    operations = [
        migrations.AlterModelOptions(
            name="policycard", options={"ordering": ("item", "matter", "-number"), "verbose_name": "政策卡片"}
        ),
        migrations.RemoveConstraint(model_name="policycard", name="policy_card_version_once"),
        migrations.RemoveConstraint(model_name="policycard", name="policy_card_one_draft"),
        migrations.RemoveConstraint(model_name="policycard", name="policy_card_one_public"),
        migrations.AddField(
            model_name="policycard",
            name="matter",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="事项序号"),
        ),
        migrations.AddField(
            model_name="policycard",
            name="matter_name",
            field=models.CharField(blank=True, max_length=60, verbose_name="事项名称"),
        ),
        migrations.AddField(
            model_name="policycard",
            name="basis",
            field=models.CharField(blank=True, max_length=40, verbose_name="依据条款"),
        ),
        migrations.AddConstraint(
            model_name="policycard",
            constraint=models.UniqueConstraint(fields=("item", "matter", "number"), name="policy_card_matter_version"),
        ),
        migrations.AddConstraint(
            model_name="policycard",
            constraint=models.UniqueConstraint(
                fields=("item", "matter"), name="policy_card_matter_draft", condition=models.Q(state="draft")
            ),
        ),
        migrations.AddConstraint(
            model_name="policycard",
            constraint=models.UniqueConstraint(
                fields=("item", "matter"), name="policy_card_matter_public", condition=models.Q(state="published")
            ),
        ),
    ]
