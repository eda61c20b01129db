"""`python -m gongkai.documents pdf`: typeset one document in a process of its own.

Reads the facts of a document as JSON from standard input and writes the file to standard output. A web process typesets this way,
because fonts and typesetter take more memory than everything else it does, and would keep it.
"""

import base64
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from gongkai.documents import OfficialDocument, Provenance, blocks_from_json, digest, to_docx, to_pdf, to_text

RENDERERS: Mapping[str, Callable[[OfficialDocument], bytes]] = {
    "docx": to_docx,
    "pdf": to_pdf,
    "txt": lambda document: to_text(document).encode(),
}


def document_from(facts: Mapping[str, Any]) -> OfficialDocument:
    """The document of `facts`: title, body_html, document_number, issuing_agencies, document_date (ISO or None), attachments
    (titles), sample, index_number and url; perhaps landscape, images (base64 by their address in the body), note, recipients, seal and
    blocks (`structured.blocks_to_json`); see `OfficialDocument` and `Provenance`. The digest of what is printed becomes part of the footer; without an
    index_number there is no footer."""
    written = facts["document_date"]
    made = OfficialDocument(
        title=facts["title"],
        body_html=facts["body_html"],
        document_number=facts["document_number"],
        issuing_agencies=tuple(facts["issuing_agencies"]),
        document_date=date.fromisoformat(written) if written else None,
        attachments=tuple(facts["attachments"]),
        sample=facts["sample"],
        landscape=facts.get("landscape", False),
        recipients=facts.get("recipients", ""),
        seal=facts.get("seal", False),
        blocks=blocks_from_json(facts["blocks"]) if facts.get("blocks") is not None else None,
        images={address: base64.b64decode(data) for address, data in facts.get("images", {}).items()},
    )
    if "index_number" not in facts:
        return made
    return replace(made, provenance=Provenance(facts["index_number"], facts["url"], digest(made), facts.get("note")))


def main() -> None:
    """Render standard input in the format of the first argument."""
    sys.stdout.buffer.write(RENDERERS[sys.argv[1]](document_from(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
