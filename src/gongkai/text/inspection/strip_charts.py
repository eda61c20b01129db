"""Charts without their strings: no workbook behind them, and plain values where their cells are no longer there."""

from __future__ import annotations

from typing import Any

from gongkai.text.inspection.package import local
from gongkai.text.inspection.strip_package import remove, remove_all

_LITERALS = {"numRef": ("numCache", "numLit"), "strRef": ("strCache", "strLit")}


def detach_chart(root: Any, literal: bool) -> None:
    """Take out the embedded workbook and the pivot table behind a chart; with `literal`, turn references into values.

    A chart keeps a copy of what it draws (21.2.2.201 strCache, 21.2.2.121 numCache), so it looks the same.
    """
    remove_all(root, ["externalData", "pivotSource"], "chart")
    # Series that somebody filtered out of the picture are kept with their values in an extension.
    remove_all(root, {local(e) for e in root.iter() if local(e).startswith("filtered")})
    if not literal:
        return
    for reference in list(root.iter("{*}multiLvlStrRef")):
        _flatten(reference)
    for reference in list(root.iter("{*}numRef", "{*}strRef")):
        cache_name, literal_name = _LITERALS[local(reference)]
        cache = next((child for child in reference if local(child) == cache_name), None)
        parent = reference.getparent()
        if cache is None:
            remove(reference if local(parent) not in ("tx", "cat", "val", "xVal", "yVal") else parent)
        elif local(parent) == "tx":
            _plain_name(reference, cache)
        else:
            cache.tag = cache.tag.replace(cache_name, literal_name)
            parent.replace(reference, cache)


def _flatten(reference: Any) -> None:
    """Of labels on several levels the innermost."""
    level = next(iter(reference.iter("{*}lvl")), None)
    count = next(iter(reference.iter("{*}ptCount")), None)
    if level is None:
        remove(reference.getparent())
        return
    namespace = reference.tag.rpartition("}")[0] + "}"
    labels = reference.makeelement(namespace + "strLit")
    if count is not None:
        labels.append(count)
    labels.extend(list(level))
    reference.getparent().replace(reference, labels)


def _plain_name(reference: Any, cache: Any) -> None:
    """The name of a series as a value; of a title as a paragraph."""
    words = "".join(v.text or "" for v in cache.iter("{*}v"))
    parent = reference.getparent()
    namespace = reference.tag.rpartition("}")[0] + "}"
    if local(parent.getparent()) == "ser":
        name = reference.makeelement(namespace + "v")
        name.text = words
        parent.replace(reference, name)
        return
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    rich = reference.makeelement(namespace + "rich")
    rich.append(rich.makeelement(drawing + "bodyPr"))
    paragraph = rich.makeelement(drawing + "p")
    run = rich.makeelement(drawing + "r")
    text = rich.makeelement(drawing + "t")
    text.text = words
    run.append(text)
    paragraph.append(run)
    rich.append(paragraph)
    parent.replace(reference, rich)
