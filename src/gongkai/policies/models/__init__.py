"""Tables of the policies: one module a part."""

from gongkai.policies.models.popularity import PopularityExclusion, PopularityRun, RankedItem

__all__ = ["PopularityExclusion", "PopularityRun", "RankedItem"]
