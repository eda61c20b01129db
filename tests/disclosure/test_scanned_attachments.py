"""A scan is taken in at once and read in the background; what is read can then be searched."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFont
from tests import factories

from gongkai.disclosure import actions
from gongkai.disclosure.tasks import check_edition, read_attachment
from gongkai.rules.access import Role
from gongkai.rules.reasons import Refused
from gongkai.search.models import OutboxEntry

pytestmark = pytest.mark.django_db


def picture(text: str) -> io.BytesIO:
    from pathlib import Path

    import pylopdf_fonts_zh_cn

    font = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"
    image = Image.new("RGB", (1000, 200), "white")
    ImageDraw.Draw(image).text((40, 60), text, "black", ImageFont.truetype(str(font), 48))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    return stream


def test_the_text_of_a_scan_is_read_by_a_task_and_reaches_the_index():
    body = factories.body()
    clerk, reviewer, signer = (factories.actor(body, role) for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER))
    item = actions.create_item(actor=clerk, organisation_id=body.pk, kind="policy_document", values=factories.values())
    file = actions.attach(actor=clerk, item_id=item.pk, name="扫描件.png", stream=picture("农村危房改造补助标准")).file
    assert (file.kind, file.media_type, file.text, file.needs_reading) == ("image", "image/png", "", True)
    actions.submit(actor=clerk, item_id=item.pk)
    with pytest.raises(Refused, match="必须处理"):  # what nobody has looked into is not published
        actions.approve(actor=reviewer, item_id=item.pk, secrecy_basis="可以公开")
    check_edition.func(item.working_id)
    actions.approve(actor=reviewer, item_id=item.pk, secrecy_basis="可以公开")
    actions.sign(actor=signer, item_id=item.pk)
    OutboxEntry.objects.all().delete()
    read_attachment.func(file.pk)
    file.refresh_from_db()
    assert "农村危房改造补助标准" in file.text
    assert list(OutboxEntry.objects.values_list("item_id", flat=True)) == [item.pk]
    OutboxEntry.objects.all().delete()
    read_attachment.func(file.pk)
    assert not OutboxEntry.objects.exists(), "a task run twice does its work once"


def test_a_broken_picture_is_refused_by_name():
    body = factories.body()
    clerk = factories.actor(body, Role.CLERK)
    item = actions.create_item(actor=clerk, organisation_id=body.pk, kind="policy_document", values=factories.values())
    broken = io.BytesIO(picture("字").getvalue()[:200])
    with pytest.raises(Refused, match=r"坏图\.png"):
        actions.attach(actor=clerk, item_id=item.pk, name="坏图.png", stream=broken)


def test_a_picture_without_a_word_has_been_read_when_nothing_was_found_in_it():
    body = factories.body()
    clerk = factories.actor(body, Role.CLERK)
    item = actions.create_item(actor=clerk, organisation_id=body.pk, kind="policy_document", values=factories.values())
    file = actions.attach(actor=clerk, item_id=item.pk, name="图.png", stream=io.BytesIO(factories.picture(5))).file
    read_attachment.call(file.pk)
    file.refresh_from_db()
    assert (file.needs_reading, file.text) == (False, "")
