"""
Terraform for tests.

`TF_CLI_CONFIG_FILE` names a CLI configuration whose filesystem mirror holds stand-ins for the
providers: programs that serve a provider's schema from a file. Terraform starts a provider several
times for each run of a test, and decodes its whole schema each time. So every session of tests
starts each stand-in once, with a schema cut to the types that `terraform/` uses, and lets Terraform
attach to it (`TF_REATTACH_PROVIDERS`): a run takes tenths of a second instead of ten seconds.
"""

import fcntl
import gzip
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from hubwright.engines.terraform.variables import tfvars
from hubwright.sources.design import load_design

ROOT = Path(__file__).parent.parent
CONFIGURATION = ROOT / "terraform"
ESTATES = sorted((ROOT / "estates").glob("*/estate.yaml"))
MODULES = sorted(path for path in (CONFIGURATION / "modules").iterdir() if path.is_dir())
_TYPES = re.compile(r'^\s*(?:resource|data)\s+"(\w+)"', re.MULTILINE)
_SCHEMA = re.compile(r'"([^"]+\.schema\.json\.gz)"')
_DEPLOYER = {
    "TF_VAR_admin_ssh_public_key": f"ssh-ed25519 {'A' * 68} operator",
    "TF_VAR_private_endpoint_target_ids": json.dumps(
        {
            name: f"/subscriptions/44444444-4444-4444-4444-444444444444/resourceGroups/rg-data"
            f"/providers/Microsoft.Sql/servers/{name}"
            for name in ("fabrikam-orders", "woodgrove-ledger")
        }
    ),
    "TF_VAR_service_principal_object_ids": json.dumps(
        {"DevOpsInfrastructure": "33333333-3333-3333-3333-333333333333"}
    ),
    "TF_VAR_windows_admin_password": "only-for-the-first-boot-1",
}
"""What no design knows: a deployer gives it by the environment."""
_BACKEND = 'terraform {\n  backend "local" {}\n}\n'


def missing() -> str | None:
    """Return why tests with Terraform cannot run here, or None."""
    if shutil.which("terraform") is None:
        return "terraform is not on PATH; install Terraform 1.11 or newer"
    config = os.environ.get("TF_CLI_CONFIG_FILE", "")
    if not Path(config).is_file():
        return (
            "TF_CLI_CONFIG_FILE names no file; export TF_CLI_CONFIG_FILE=<terraform.rc of a mirror "
            "with hashicorp/azurerm and azure/azapi>"
        )
    return None


class Terraform:
    """A copy of `terraform/`, and the environment to run Terraform in."""

    def __init__(self, directory: Path, reattach: dict[str, Any], plans: Path) -> None:
        self.root = directory / "root"
        self._plans = plans
        self._plans.mkdir(exist_ok=True)
        self._environment = {
            **{k: v for k, v in os.environ.items() if k != "TF_PLUGIN_CACHE_DIR"},
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            **_DEPLOYER,
        }
        if reattach:
            self._environment["TF_REATTACH_PROVIDERS"] = json.dumps(reattach)
        shutil.copytree(CONFIGURATION, self.root, ignore=shutil.ignore_patterns(".terraform*"))
        (self.root / "backend_override.tf").write_text(_BACKEND)
        self._initialised: set[Path] = set()

    def run(self, *words: str, at: Path | None = None, code: int = 0) -> str:
        """Run Terraform in an initialised directory; return what it wrote to stdout."""
        directory = at or self.root
        self._initialise(directory)
        return self._run(directory, *words, code=code)

    def plan_json(self, estate: Path) -> dict[str, Any]:
        """Return the plan of what is synthesised from a design, as `terraform show -json`."""
        found: dict[str, Any] = json.loads(self.plan_file(estate).read_text(encoding="utf-8"))
        return found

    def plan_file(self, estate: Path) -> Path:
        """Return the file of that plan; workers that run side by side make it once."""
        name = estate.parent.name
        made = self._plans / f"{name}.json"
        with (self._plans / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                found, diagnostics = load_design(estate)
                assert found is not None, diagnostics
                variables = self._plans / f"{name}.tfvars.json"
                variables.write_text(tfvars(found), encoding="utf-8")
                made.write_text(self.plan(variables), encoding="utf-8")
        return made

    def plan(self, variables: Path) -> str:
        """Return the plan of the root with the variables of a file, as JSON text."""
        plan = self._plans / f"{variables.name}.plan"
        self.run("plan", "-input=false", "-lock=false", f"-var-file={variables}", f"-out={plan}")
        return self.run("show", "-json", str(plan))

    def _initialise(self, directory: Path) -> None:
        if directory not in self._initialised:
            self._run(directory, "init", "-input=false")
            self._initialised.add(directory)

    def _run(self, directory: Path, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            ["terraform", words[0], "-no-color", *words[1:]]
            if words[0] != "show"
            else ["terraform", *words],
            cwd=directory,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{' '.join(words)}\n{done.stderr or done.stdout}"
        return done.stdout


@contextmanager
def terraform(directory: Path, plans: Path) -> Iterator[Terraform]:
    """
    Start the stand-ins, and give a Terraform that uses them; stop them at the end.

    Args:
        directory: For what is this worker's own.
        plans: For plans, which all workers share.
    """
    with ExitStack() as stack:
        reattach: dict[str, Any] = {}
        for source, wrapper in _stand_ins():
            reattach[source] = stack.enter_context(_attached(source, wrapper, directory))
        yield Terraform(directory, reattach, plans)


def used_types() -> set[str]:
    """Return the resource types and data sources that `terraform/` uses."""
    return {
        name for path in CONFIGURATION.rglob("*.tf") for name in _TYPES.findall(path.read_text())
    }


@cache
def schemas() -> dict[str, Any]:
    """Return the schema of every provider that is a stand-in, by source address."""
    return {
        source: json.loads(gzip.decompress(Path(_schema_of(text)).read_bytes()))
        for source, text in _stand_ins()
    }


def _stand_ins() -> list[tuple[str, str]]:
    """Return source address and start script of the providers in the mirror that are stand-ins."""
    config = Path(os.environ["TF_CLI_CONFIG_FILE"]).read_text()
    found: dict[str, str] = {}
    for mirror in re.findall(r'path\s*=\s*"([^"]+)"', config):
        for path in sorted(Path(mirror).glob("*/*/*/*/*/terraform-provider-*")):
            start = path.read_bytes()[:2048]
            if start.startswith(b"#!") and _SCHEMA.search(start.decode()):
                found["/".join(path.relative_to(mirror).parts[:3])] = start.decode()
    return sorted(found.items())


def _schema_of(script: str) -> str:
    found = _SCHEMA.search(script)
    assert found is not None
    return found[1]


@contextmanager
def _attached(source: str, script: str, directory: Path) -> Iterator[Any]:
    name = source.rpartition("/")[2]
    whole = _schema_of(script)
    schema = json.loads(gzip.decompress(Path(whole).read_bytes()))
    types = used_types()
    for kind in ("resource_schemas", "data_source_schemas"):
        schema[kind] = {key: value for key, value in schema[kind].items() if key in types}
    small = directory / f"{name}.schema.json.gz"
    small.write_bytes(gzip.compress(json.dumps(schema).encode(), 1))
    start = directory / f"start-{name}"
    start.write_text(script.replace(whole, str(small)))
    said = directory / f"said-{name}"
    with said.open("wb") as out:
        process = subprocess.Popen(
            ["/bin/sh", str(start), "--dev"],
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _announced(process, said)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _announced(process: subprocess.Popen[bytes], said: Path) -> Any:
    """Return the reattach configuration that a stand-in prints when it is up."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = re.search(r"TF_REATTACH_PROVIDERS='(.*)'", said.read_text())
        if found:
            return next(iter(json.loads(found[1]).values()))
        assert process.poll() is None, f"the stand-in ended: {said.read_text()}"
        time.sleep(0.05)
    raise AssertionError("the stand-in did not start within a minute")
