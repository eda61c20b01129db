"""Tables of the policies: one module a part."""

from gongkai.policies.models.cards import CardState, PolicyCard
from gongkai.policies.models.groups import PolicyGroup, PolicyGroupMember, PolicyMilestone
from gongkai.policies.models.popularity import PopularityExclusion, PopularityRun, RankedItem

__all__ = [
    "CardState",
    "PolicyCard",
    "PolicyGroup",
    "PolicyGroupMember",
    "PolicyMilestone",
    "PopularityExclusion",
    "PopularityRun",
    "RankedItem",
]
