"""Table of stored files."""

from django.db import models


class StoredFile(models.Model):
    """One file's content, stored once under its SHA-256 however often it is attached."""

    sha256 = models.CharField(max_length=64, unique=True)
    storage_name = models.CharField(max_length=120)
    size = models.BigIntegerField("字节数")
    kind = models.CharField("格式", max_length=20)
    media_type = models.CharField(max_length=100)
    pages = models.PositiveIntegerField("页数", default=0)
    text = models.TextField("文字内容", blank=True)
    needs_reading = models.BooleanField("待识别文字", default=False)
    """A scan or picture whose text a background task still has to read."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "文件"

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.kind}"
