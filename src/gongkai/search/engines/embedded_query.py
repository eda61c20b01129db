"""From the clauses of a plan to queries of the embedded engine."""

from __future__ import annotations

from functools import singledispatch

from tantivy import FieldType, Occur, Query

from gongkai.search.engines.embedded_schema import schema
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

MOST_LEVELS = 32
"""Queries put one into the other. The library goes down into each on the stack, some 8 kB a level, and a stack that is too small
ends the process."""


@singledispatch
def query_of(clause: Clause) -> Query:
    """Translate one clause with all that it holds."""
    raise TypeError(f"not a clause: {clause!r}")


@query_of.register
def _term(clause: Term) -> Query:
    if clause.field in TEXT_FIELDS:
        return Query.term_query(schema(), clause.field, clause.token)
    return Query.term_query(schema(), clause.field, clause.token, index_option="basic")


@query_of.register
def _phrase(clause: Phrase) -> Query:
    return Query.phrase_query(schema(), clause.field, list(clause.tokens))


@query_of.register
def _all_of(clause: AllOf) -> Query:
    if not clause.clauses:
        return Query.all_query()
    return Query.boolean_query([(Occur.Must, query_of(one)) for one in clause.clauses])


@query_of.register
def _any_of(clause: AnyOf) -> Query:
    clauses = [(Occur.Should, query_of(one)) for one in clause.clauses]
    return Query.boolean_query(clauses, minimum_number_should_match=clause.needed)


@query_of.register
def _best_of(clause: BestOf) -> Query:
    return Query.disjunction_max_query([query_of(one) for one in clause.clauses])


@query_of.register
def _boost(clause: Boost) -> Query:
    return Query.boost_query(query_of(clause.clause), clause.by)


@query_of.register
def _constant(clause: Constant) -> Query:
    return Query.const_score_query(query_of(clause.clause), clause.score)


@query_of.register
def _range(clause: Range) -> Query:
    return Query.range_query(schema(), clause.field, FieldType.Unsigned, clause.first, clause.last)


@query_of.register
def _without(clause: Without) -> Query:
    excluded = [(Occur.MustNot, query_of(one)) for one in clause.excluded]
    return Query.boolean_query([(Occur.Must, query_of(clause.clause)), *excluded])


@query_of.register
def _among(clause: Among) -> Query:
    return Query.const_score_query(Query.term_set_query(schema(), ID, [str(one) for one in clause.ids]), 0.0)


@query_of.register
def _also(clause: Also) -> Query:
    """Each of what is added stands apart: the library walks through a group of clauses that only add to the score document by document,
    also past those that do not match, but skips in a clause alone. Only a long question has more of them than there may be levels.
    """
    query = query_of(clause.clause)
    size = -(-len(clause.adding) // MOST_LEVELS)
    for start in range(0, len(clause.adding), size):
        group = [(Occur.Should, query_of(one)) for one in clause.adding[start : start + size]]
        query = Query.boolean_query([(Occur.Must, query), *group])
    return query


@query_of.register
def _nothing(clause: Nothing) -> Query:
    return Query.empty_query()
