"""Addresses of the public site. They use the words of the glossary and do not change when an item is corrected."""

from django.urls import path, re_path

from gongkai.web.portal import (
    calendars,
    exemplary,
    following,
    home,
    integrated_topic,
    items,
    library,
    logged_answers,
    organisations,
    period_calculator,
    policy_groups,
    policy_matching,
    popularity,
    rail,
    reading_together,
    request_apply,
    request_tracking,
    search,
    search_help,
    site,
    statutory,
    suggestions,
    tables,
    topics,
    versions,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search_page, name="search"),
    path("search/popular/", search.popular_page, name="popular-searches"),
    path("search/help/", search_help.search_help, name="search-help"),
    path("search/suggestions/", suggestions.suggestions, name="suggestions"),
    # policy library
    path("policy-library/", library.library, name="policy-library"),
    path("policy-library/normative/", library.normative, name="normative"),
    path("policy-library/in-force-register/", library.in_force_register, name="in-force-register"),
    path("policy-library/in-force-register.csv", library.register_table, name="in-force-register-table"),
    path("policy-library/changes/", library.changes, name="changes"),
    path("interpretations/topic/", integrated_topic.integrated_topic, name="integrated-topic"),
    path("enterprise-relief/", integrated_topic.enterprise_relief, name="enterprise-relief"),
    path("enterprise-relief/deadlines.ics", integrated_topic.relief_deadlines, name="relief-deadlines"),
    path("policy-matching/", policy_matching.policy_matching, name="policy-matching"),
    path("policy-matching/<slug:party>/", policy_matching.policy_questions, name="policy-questions"),
    path("interpretations/popular/", popularity.popularity_ranking, name="popularity-ranking"),
    path("interpretations/popular/formula/", popularity.popularity_formula, name="popularity-formula"),
    path("interpretations/exemplary/", exemplary.exemplary_interpretations, name="exemplary-interpretations"),
    path("topics/", topics.topic_list, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("policy-groups/<int:group_id>/", policy_groups.policy_group, name="policy-group"),
    # items
    path("items/<int:item_id>/", items.item, name="item"),
    path("items/<int:item_id>/with/<int:other_id>/", reading_together.reading_together, name="reading-together"),
    path("items/<int:item_id>/editions/<int:number>/", items.edition, name="edition"),
    path(
        "items/<int:item_id>/editions/<int:number>/document.<str:extension>",
        versions.edition_document,
        name="edition-document",
    ),
    path("items/<int:item_id>/editions/<int:number>/table/", tables.table, name="table"),
    path(
        "items/<int:item_id>/editions/<int:number>/table.<str:extension>", tables.table_document, name="table-document"
    ),
    path("items/<int:item_id>/compare/", versions.choose, name="compare"),
    path("items/<int:item_id>/editions/<int:number>/compare/<int:other>/", versions.comparison, name="comparison"),
    path(
        "items/<int:item_id>/editions/<int:number>/compare/<int:other>/document.<str:extension>",
        versions.comparison_document,
        name="comparison-document",
    ),
    path("items/<int:item_id>/document.<str:extension>", items.document, name="document"),
    path("items/<int:item_id>/attachments/<int:attachment_id>/<str:name>", items.attachment, name="attachment"),
    path("pictures/<str:digest>", items.picture, name="picture"),
    path("items/by-number/", items.by_number, name="by-number"),
    # statutory content
    path("statutory-content/", statutory.statutory_content, name="statutory-content"),
    path("statutory-content/fields/", statutory.fields, name="disclosure-fields"),
    path("statutory-content/organisations/", statutory.by_organisation, name="statutory-by-organisation"),
    path("statutory-content/grassroots/", statutory.grassroots, name="grassroots"),
    path("statutory-content/<int:row_id>/", statutory.row, name="row"),
    # the six entries of the district and of every body
    path("disclosure-guide/", rail.guide, name="disclosure-guide"),
    path("disclosure-rules/", rail.rules, name="disclosure-rules"),
    path("annual-reports/", rail.annual_reports, name="annual-reports"),
    path("information-requests/", rail.information_requests, name="information-requests"),
    path("information-requests/period/", period_calculator.period_calculator, name="period-calculator"),
    path("information-requests/answers/", logged_answers.logged_answers, name="logged-answers"),
    path("information-requests/answers/<int:answer_id>/", logged_answers.logged_answer, name="logged-answer"),
    path("information-requests/apply/", request_apply.apply, name="request-apply"),
    path("information-requests/matches/", request_apply.matches, name="request-matches"),
    path("information-requests/opened/<str:signed>/", request_apply.opened, name="request-opened"),
    path("information-requests/received/<str:signed>/", request_apply.received, name="request-received"),
    path("information-requests/track/", request_tracking.track, name="request-tracking"),
    path("information-requests/track/<str:signed>/", request_tracking.status, name="request-status"),
    path(
        "information-requests/track/<str:signed>/<int:case_id>/answer/", request_tracking.answer, name="request-answer"
    ),
    path(
        "information-requests/track/<str:signed>/<int:case_id>/withdraw/",
        request_tracking.withdraw,
        name="request-withdraw",
    ),
    path(
        "information-requests/track/<str:signed>/letters/<int:letter_id>.<str:extension>",
        request_tracking.letter,
        name="request-letter",
    ),
    path(
        "information-requests/track/<str:signed>/documents/<int:document_id>/",
        request_tracking.document,
        name="request-document",
    ),
    path("calendars/<slug:name>.ics", calendars.feed, name="calendar"),
    # following lists by e-mail
    path("subscriptions/", following.mine, name="subscriptions"),
    path("subscriptions/new/", following.new, name="subscription-new"),
    path("subscriptions/sent/", following.sent, name="subscription-sent"),
    path("subscriptions/confirm/<str:signed>/", following.confirm, name="subscription-confirm"),
    path("subscriptions/leave/<str:signed>/", following.leave, name="subscription-leave"),
    path("subscriptions/manage/<str:signed>/", following.manage, name="subscription-manage"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<slug:code>/", organisations.organisation, name="organisation"),
    path("organisations/<slug:code>/policies/", rail.policies, name="body-policies"),
    path("organisations/<slug:code>/disclosure-guide/", rail.guide, name="body-disclosure-guide"),
    path("organisations/<slug:code>/disclosure-rules/", rail.rules, name="body-disclosure-rules"),
    path("organisations/<slug:code>/statutory-content/", rail.statutory_content, name="body-statutory-content"),
    path("organisations/<slug:code>/statutory-content/<int:row_id>/", rail.row, name="body-row"),
    path("organisations/<slug:code>/annual-reports/", rail.annual_reports, name="body-annual-reports"),
    path(
        "organisations/<slug:code>/information-requests/", rail.information_requests, name="body-information-requests"
    ),
    # the site itself
    path("site-map/", site.site_map, name="site-map"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("health/", site.health, name="health"),
    path("robots.txt", site.robots, name="robots"),
    # addresses of the site that items came from; last, because it takes everything
    re_path(r"^(?P<address>.+)$", site.legacy, name="legacy"),
]
