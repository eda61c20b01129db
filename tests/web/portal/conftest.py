"""A district of a few bodies, rows and documents, indexed in an index of the test's own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure.models import Item
from gongkai.organisations.models import Organisation
from gongkai.rules.relations import RelationKind
from gongkai.search.indexer import reindex
from tests import factories


@dataclass
class District:
    """What the pages of a test show."""

    government: Organisation
    bureau: Organisation
    branch: CatalogueRow
    row: CatalogueRow
    documents: list[Item] = field(default_factory=list)
    interpretation: Item | None = None


@pytest.fixture
def index(settings, tmp_path: Path) -> Callable[[], int]:
    """Index everything public anew; the index belongs to this test alone."""
    settings.GONGKAI_DATA_DIR = tmp_path
    return reindex


@pytest.fixture
def district(db, index) -> District:
    """Two bodies, two rows, five documents (one repealed by another, one expired), an interpretation, some notices."""
    government = factories.body(
        "谯城区人民政府（办公室）", kind="district_government", code="qzfb", address="示例路1号", phone="0558-0000001"
    )
    bureau = factories.body("谯城区教育局", parent=government, code="jyj", address="示例路12号", phone="0558-0000002")
    branch = factories.row("政策文件", statutory_class="01")
    leaf = factories.row("区政府文件", parent=branch, content_elements="文件全文", disclosure_time_limit="20个工作日")
    made = District(government, bureau, branch, leaf)
    today = timezone.localdate()
    made.documents = factories.published_many(government, 3, rows=[leaf], normative=True)
    made.documents += factories.published_many(
        bureau, 1, rows=[leaf], normative=True, expires_on=today - timedelta(days=10)
    )
    made.documents += factories.published_many(bureau, 1, rows=[leaf], title="关于城乡居民医疗保险参保缴费的通知")
    factories.relation(made.documents[1], RelationKind.REPEALS, made.documents[0], on=today - timedelta(days=5))
    made.interpretation = factories.published(
        bureau, kind="interpretation", title="《参保缴费通知》政策解读", document_number=""
    )
    factories.relation(made.interpretation, RelationKind.INTERPRETS, made.documents[4])
    for kind in ("notice", "annual_report", "disclosure_rule"):
        factories.published(government, kind=kind, document_number="", title=f"示例信息：{kind}")
    index()
    return made
