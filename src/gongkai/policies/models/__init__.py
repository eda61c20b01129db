"""Tables of the policies: one module a part."""

from gongkai.policies.models.cards import CardState, PolicyCard
from gongkai.policies.models.popularity import PopularityExclusion, PopularityRun, RankedItem

__all__ = ["CardState", "PolicyCard", "PopularityExclusion", "PopularityRun", "RankedItem"]
