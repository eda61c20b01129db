"""Every write to the register: one transaction, access checked, guarded by the rules, audited, and told to the search index.

All functions take keyword arguments; `actor` is who does it. They raise `Refused` with every reason at once, or `NotVisible` for
an object that is not there for this actor. They stand in `writing`, `chain`, `signing` and `ties`; what they share in `steps`.
"""

from gongkai.disclosure.chain import (
    approve,
    correct,
    publish,
    publish_due,
    send_back,
    submit,
    withdraw,
    withdraw_due,
)
from gongkai.disclosure.signing import return_to_draft, sign
from gongkai.disclosure.steps import publication_facts
from gongkai.disclosure.tagging import confirm_suggested, confirm_tags
from gongkai.disclosure.ties import reclassify, relate, unrelate
from gongkai.disclosure.writing import (
    add_picture,
    attach,
    copy_as_new,
    create_item,
    detach,
    discard,
    save_draft,
)
from gongkai.workflow.engine import NotVisible

__all__ = [
    "NotVisible",
    "add_picture",
    "approve",
    "attach",
    "confirm_suggested",
    "confirm_tags",
    "copy_as_new",
    "correct",
    "create_item",
    "detach",
    "discard",
    "publication_facts",
    "publish",
    "publish_due",
    "reclassify",
    "relate",
    "return_to_draft",
    "save_draft",
    "send_back",
    "sign",
    "submit",
    "unrelate",
    "withdraw",
    "withdraw_due",
]
