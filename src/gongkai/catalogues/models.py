"""Tables of catalogues. The ten columns are those of the grassroots standard catalogue (国办发〔2019〕54号)."""

from django.db import models

from gongkai.organisations.models import Organisation


class Catalogue(models.Model):
    """One version of one catalogue, e.g. 法定主动公开内容 2026."""

    code = models.SlugField("代码", max_length=40)
    version = models.CharField("版本", max_length=20)
    name = models.CharField("名称", max_length=100)
    source = models.CharField("依据", max_length=200, blank=True)
    effective_from = models.DateField("启用日期", null=True, blank=True)
    is_current = models.BooleanField("现行", default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("code", "version"), name="catalogue_version_once"),)
        verbose_name = "目录"

    def __str__(self) -> str:
        return f"{self.name}（{self.version}）"


class CatalogueRow(models.Model):
    """A node of the tree. A leaf that came from a standard catalogue has the ten statutory columns filled."""

    catalogue = models.ForeignKey(Catalogue, models.CASCADE, related_name="rows")
    code = models.CharField("代码", max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField("路径", max_length=200, db_index=True, help_text="祖先编号，如 /12/57/")
    depth = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveIntegerField("排序", default=0)
    label = models.CharField("栏目名称", max_length=100)
    statutory_class = models.CharField("《条例》第二十条项", max_length=10, blank=True)
    disclosure_field = models.CharField("试点领域", max_length=40, blank=True)
    organisation_kinds = models.JSONField("适用机构类别", default=list, blank=True)
    sequence = models.CharField("序号", max_length=20, blank=True)
    level1_matter = models.CharField("一级事项", max_length=100, blank=True)
    level2_matter = models.CharField("二级事项", max_length=100, blank=True)
    content_elements = models.TextField("公开内容（要素）", blank=True)
    disclosure_basis = models.TextField("公开依据", blank=True)
    disclosure_time_limit = models.CharField("公开时限", max_length=200, blank=True)
    disclosing_body = models.CharField("公开主体", max_length=200, blank=True)
    disclosure_channels = models.JSONField("公开渠道和载体", default=list, blank=True)
    disclosure_target = models.CharField("公开对象", max_length=100, blank=True)
    disclosure_method = models.CharField("公开方式", max_length=40, blank=True)
    disclosure_tier = models.CharField("公开层级", max_length=40, blank=True)

    class Meta:
        ordering = ("depth", "position", "id")
        constraints = (models.UniqueConstraint(fields=("catalogue", "code"), name="catalogue_row_once"),)
        verbose_name = "目录事项"

    def __str__(self) -> str:
        return self.label


class Duty(models.Model):
    """A body owes a row: what it must publish, and by when next."""

    row = models.ForeignKey(CatalogueRow, models.CASCADE, related_name="duties")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="duties")
    next_due = models.DateField("下次应公开日期", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("row", "organisation"), name="duty_once"),)
        verbose_name = "公开职责"

    def __str__(self) -> str:
        return f"{self.organisation} {self.row}"
