"""The API keeps what its OpenAPI document says: requests made from the document, answers checked against it.

The examples are the same in every run. Valid requests must be accepted, invalid ones refused, and every answer must have a documented
status, media type, headers and body.
"""

import os
from collections import Counter

import pytest
import schemathesis
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from gongkai.api.endpoints import VOCABULARIES
from gongkai.config.wsgi import application
from gongkai.disclosure.models import Item
from gongkai.organisations.models import Organisation
from gongkai.search.indexer import reindex

EXAMPLES = int(os.environ.get("GONGKAI_CONTRACT_EXAMPLES") or 40)
"""Of each kind (valid, invalid), for each address; more are tried by hand before a release."""
SEED = 20260101
PLAIN = {"Accept-Encoding": "identity"}
"""The client that calls the application directly does not unpack what is compressed."""


@pytest.fixture
def sample(kept_connection, settings, tmp_path):
    settings.GONGKAI_DATA_DIR = tmp_path
    settings.GONGKAI_API_RATE = 0
    call_command("sample", "--items", "300", "--no-index")
    reindex()


def _schema() -> schemathesis.BaseSchema:
    accepted = ["2xx", "404", "410"]  # an item that was withdrawn is gone, however well it is asked for
    config = SchemathesisConfig.from_dict(
        {
            "generation": {"deterministic": True},
            "checks": {"positive_data_acceptance": {"expected-statuses": accepted}},
        }
    )
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=config)


def _try(operation, mode: GenerationMode, statuses: Counter) -> int:
    """Ask an address with generated requests; the number of requests."""
    asked = 0

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        nonlocal asked
        answer = case.call_and_validate(headers=PLAIN)
        statuses[answer.status_code] += 1
        asked += 1

    ask()
    return asked


def test_answers_about_what_is_there_keep_the_document(sample):
    ids = list(Item.objects.filter(current__isnull=False).order_by("pk").values_list("pk", flat=True)[::4])
    ids += list(Item.objects.filter(state="withdrawn").values_list("pk", flat=True)[:3])
    statuses: Counter = Counter()
    schema = _schema()
    wanted = [("/items/{item_id}/", {"item_id": pk}) for pk in ids]
    wanted += [("/items/{item_id}/editions/{number}/", {"item_id": pk, "number": 1}) for pk in ids]
    wanted += [("/documents/{item_id}/", {"item_id": pk}) for pk in ids]
    wanted += [
        ("/organisations/{code}/", {"code": code}) for code in Organisation.objects.values_list("code", flat=True)
    ]
    wanted += [("/vocabularies/{name}/", {"name": name}) for name in VOCABULARIES]
    for path, arguments in wanted:
        case = schema[f"/api/v1{path}"]["GET"].Case(path_parameters=arguments)
        statuses[case.call_and_validate(headers=PLAIN).status_code] += 1
    assert set(statuses) == {200, 404, 410}, statuses
    assert statuses[200] > 150


def test_the_document_is_kept(sample):
    statuses: Counter = Counter()
    tried = {}
    for found in _schema().get_all_operations():
        operation = found.ok()
        takes_parameters = bool(operation.query or operation.path_parameters)
        for mode in [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if takes_parameters else [])]:
            tried[operation.label, mode.value] = _try(operation, mode, statuses)
    print(f"\n{sum(tried.values())} requests, answers by status: {dict(statuses)}\n{tried}")
    assert sum(tried.values()) > 500, tried
    assert {200, 400, 404} <= set(statuses)
