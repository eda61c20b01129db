"""Links to other sites that the site lists by themselves (省市优秀解读, 办理入口): visited as long as one place lists them."""

from __future__ import annotations

from gongkai.policies.models import CardState, ExemplaryInterpretation, PolicyCard
from gongkai.review import links


def let_go(link_id: int | None) -> None:
    """A place lists the link no longer; it is visited on when another one does."""
    if link_id is None:
        return
    cards = PolicyCard.objects.filter(service_link=link_id, state=CardState.PUBLISHED)
    if not cards.exists() and not ExemplaryInterpretation.objects.filter(link=link_id).exists():
        links.let_go(link_id)
