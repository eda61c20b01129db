"""Tables of the policies: one module a part."""

from gongkai.policies.models.cards import CardState, PolicyCard
from gongkai.policies.models.exemplary import ExemplaryInterpretation
from gongkai.policies.models.groups import PolicyGroup, PolicyGroupMember, PolicyMilestone
from gongkai.policies.models.popularity import PopularityExclusion, PopularityRun, RankedItem
from gongkai.policies.models.topics import Topic, TopicState

__all__ = [
    "CardState",
    "ExemplaryInterpretation",
    "PolicyCard",
    "PolicyGroup",
    "PolicyGroupMember",
    "PolicyMilestone",
    "PopularityExclusion",
    "PopularityRun",
    "RankedItem",
    "Topic",
    "TopicState",
]
