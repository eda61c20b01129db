"""From the clauses of a plan to the query language of OpenSearch."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from gongkai.search.fields import ID, TEXT_FIELDS
from gongkai.search.plan import (
    AllOf,
    Also,
    Among,
    AnyOf,
    BestOf,
    Boost,
    Clause,
    Constant,
    Nothing,
    Phrase,
    Range,
    Term,
    Without,
)

Json = dict[str, Any]


@singledispatch
def query_of(clause: Clause) -> Json:
    """Translate one clause with all that it holds."""
    raise TypeError(f"not a clause: {clause!r}")


@query_of.register
def _term(clause: Term) -> Json:
    if clause.field == ID:  # of the cluster's own, not of the mapping
        return {"ids": {"values": [clause.token]}}
    return {"term": {clause.field: clause.token}}


@query_of.register
def _phrase(clause: Phrase) -> Json:
    """Tokens in order with the gaps between them exactly as wide as said.

    A phrase query of this engine takes its positions from an analyser and so cannot leave any out. Filling in what lies
    between our pairs would find the same but score the fillings as well; spans with gaps find and score what is asked.
    """
    spans: list[Json] = []
    expected = clause.tokens[0][0]
    for position, token in clause.tokens:
        if position > expected:
            spans.append({"span_gap": {clause.field: position - expected}})
        spans.append({"span_term": {clause.field: token}})
        expected = position + 1
    return {"span_near": {"clauses": spans, "slop": 0, "in_order": True}}


@query_of.register
def _all_of(clause: AllOf) -> Json:
    if not clause.clauses:
        return {"match_all": {}}
    unscored = [one.clause for one in clause.clauses if isinstance(one, Constant) and one.score == 0.0]
    scored = [one for one in clause.clauses if not (isinstance(one, Constant) and one.score == 0.0)]
    parts = {"must": [query_of(one) for one in scored], "filter": [query_of(one) for one in unscored]}
    return {"bool": {name: queries for name, queries in parts.items() if queries}}


@query_of.register
def _any_of(clause: AnyOf) -> Json:
    terms = [one for one in clause.clauses if isinstance(one, Term) and one.field not in TEXT_FIELDS]
    if len(terms) == len(clause.clauses) and clause.needed == 1 and len({term.field for term in terms}) == 1:
        return {"terms": {terms[0].field: [term.token for term in terms]}}  # values of a facet: one clause, no scores
    return {"bool": {"should": [query_of(one) for one in clause.clauses], "minimum_should_match": clause.needed}}


@query_of.register
def _best_of(clause: BestOf) -> Json:
    return {"dis_max": {"queries": [query_of(one) for one in clause.clauses]}}


@query_of.register
def _boost(clause: Boost) -> Json:
    return {"bool": {"must": [query_of(clause.clause)], "boost": clause.by}}


@query_of.register
def _constant(clause: Constant) -> Json:
    return {"constant_score": {"filter": query_of(clause.clause), "boost": clause.score}}


@query_of.register
def _range(clause: Range) -> Json:
    return {"range": {clause.field: {"gte": clause.first, "lte": clause.last}}}


@query_of.register
def _without(clause: Without) -> Json:
    return {"bool": {"must": [query_of(clause.clause)], "must_not": [query_of(one) for one in clause.excluded]}}


@query_of.register
def _among(clause: Among) -> Json:
    return {"constant_score": {"filter": {"ids": {"values": [str(one) for one in clause.ids]}}, "boost": 0.0}}


@query_of.register
def _also(clause: Also) -> Json:
    return {"bool": {"must": [query_of(clause.clause)], "should": [query_of(one) for one in clause.adding]}}


@query_of.register
def _nothing(clause: Nothing) -> Json:
    return {"match_none": {}}
