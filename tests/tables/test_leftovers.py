"""Sealed files that somebody refers to stay, whoever that is; those of nobody go after a day."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from gongkai.files import sealed
from gongkai.foi.models import CaseDocument, DraftFile
from gongkai.tables.leftovers import remove_unreferenced
from tests.foi.makers import Desk

pytestmark = pytest.mark.django_db


def test_files_of_cases_and_of_forms_are_not_taken_for_leftovers_of_tables():
    case = Desk().online()
    kept, drafted, lost = (default_storage.save(f"{sealed.FOLDER}/{n}.pdf", ContentFile(b"x")) for n in ("a", "b", "c"))
    common = {"name": "x.pdf", "size": 1, "sha256": "", "media_type": "application/pdf"}
    CaseDocument.objects.create(case=case, kind="responsive", storage_name=kept, **common)
    DraftFile.objects.create(form="f", kind="application", storage_name=drafted, **common)
    remove_unreferenced(timezone.now() + timedelta(days=2))
    assert [default_storage.exists(name) for name in (kept, drafted, lost)] == [True, True, False]
