"""Addresses of the office. Every one of them stands in the isolation matrix (`tests/guards`)."""

from django.urls import path

from gongkai.web.office import audit, home, item_steps, items, organisations, people, reference
from gongkai.web.office.steps import STEPS

app_name = "office"

urlpatterns = [
    path("", home.home, name="home"),
    path("items/", items.item_list, name="items"),
    path("items/create/", items.create_item, name="item-create"),
    path("items/<int:item_id>/", items.item_page, name="item"),
    path("items/<int:item_id>/edit/", items.edit_item, name="item-edit"),
    path("items/<int:item_id>/editions/<int:number>/", items.edition_page, name="edition"),
    path("items/<int:item_id>/reclassify/", item_steps.reclassify, name="item-reclassify"),
    path("items/<int:item_id>/attachments/", item_steps.attach, name="item-attach"),
    path("items/<int:item_id>/attachments/<int:attachment_id>/", items.attachment, name="attachment"),
    path("items/<int:item_id>/attachments/<int:attachment_id>/remove/", item_steps.detach, name="item-detach"),
    path("items/<int:item_id>/relations/", item_steps.relations, name="item-relations"),
    path("items/<int:item_id>/relations/<int:relation_id>/remove/", item_steps.unrelate, name="item-unrelate"),
    *(
        path(f"items/<int:item_id>/{step.slug}/", item_steps.step, {"slug": step.slug}, name=f"item-{step.slug}")
        for step in STEPS
    ),
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/create/", organisations.create_organisation, name="organisation-create"),
    path("organisations/<int:organisation_id>/", organisations.organisation_page, name="organisation"),
    path("organisations/<int:organisation_id>/edit/", organisations.edit_organisation, name="organisation-edit"),
    path(
        "organisations/<int:organisation_id>/activate/",
        organisations.activate_organisation,
        name="organisation-activate",
    ),
    path("people/", people.person_list, name="people"),
    path("people/create/", people.create_person, name="person-create"),
    path("people/<int:user_id>/", people.person_page, name="person"),
    path("people/<int:user_id>/roles/grant/", people.grant_role, name="person-grant-role"),
    path("people/<int:user_id>/roles/revoke/", people.revoke_role, name="person-revoke-role"),
    path("people/<int:user_id>/activate/", people.activate_person, name="person-activate"),
    path("people/<int:user_id>/password/", people.reset_password, name="person-reset-password"),
    path("audit/", audit.audit_log, name="audit"),
    path("vocabularies/", reference.vocabularies, name="vocabularies"),
    path("vocabularies/<slug:vocabulary_name>/", reference.vocabulary_page, name="vocabulary"),
    path("catalogues/", reference.catalogues, name="catalogues"),
    path("catalogues/<int:catalogue_id>/", reference.catalogue_page, name="catalogue"),
    path("catalogue-rows/<int:row_id>/", reference.catalogue_row, name="catalogue-row"),
]
