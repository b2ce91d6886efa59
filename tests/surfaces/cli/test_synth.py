"""`hubwright synth`: what it lists, what it keeps, and how it ends."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("design")


def test_a_folder_is_written_and_then_current(run, here):
    first = run("synth")
    second = run("synth")

    assert (first.code, second.code) == (0, 0)
    assert "new       terraform/estate.auto.tfvars.json\n" in first.out
    assert first.err == (
        "wrote terraform; next: terraform -chdir=terraform init "
        "-backend-config=environments/production.tfbackend\n"
    )
    assert (second.out, second.err) == ("", "terraform is current\n")
    assert (here / "terraform/modules/firewall/main.tf").is_file()
    found = json.loads((here / "terraform/estate.auto.tfvars.json").read_text())
    assert found["firewalls"]["afw-hub"]["private_ip_address"] == "10.0.0.4"


def test_check_writes_nothing_and_tells_by_its_code(run, here):
    before = run("synth", "--check", "-o", "infra")
    assert (before.code, before.err) == (1, "infra is not current\n")
    assert not (here / "infra").exists()

    run("synth", "-o", "infra")
    after = run("synth", "--check", "-o", "infra")
    assert (after.code, after.out, after.err) == (0, "", "infra is current\n")


def test_a_change_is_kept_while_the_design_asks_for_nothing_else_there(run, here, design):
    run("synth")
    mine = here / "terraform/firewall.tf"
    mine.write_text(mine.read_text() + "# mine\n")
    design.write_text(design.read_text().replace("public_ips: 1", "public_ips: 2"))

    result = run("synth")

    assert result.code == 0
    assert result.out == (
        "updated   terraform/estate.auto.tfvars.json\nyours     terraform/firewall.tf\n"
    )
    assert mine.read_text().endswith("# mine\n")


def test_a_change_where_the_design_asks_for_something_else_stops_everything(run, here, design):
    run("synth")
    values = here / "terraform/estate.auto.tfvars.json"
    values.write_text("{}")
    design.write_text(design.read_text().replace("public_ips: 1", "public_ips: 2"))

    refused = run("synth")
    kept = values.read_text()
    forced = run("synth", "--force")

    assert (refused.code, kept, forced.code) == (1, "{}", 0)
    assert refused.out == "conflict  terraform/estate.auto.tfvars.json\n"
    assert "--force" in refused.err
    assert "pip-afw-hub-2" in values.read_text()


def test_an_environment_is_written_once(run, here):
    run("synth", "-e", "test", "-e", "production")
    folder = here / "terraform/environments"
    (folder / "test.tfbackend").write_text("mine")

    run("synth", "-e", "test", "--force")

    assert (folder / "test.tfbackend").read_text() == "mine"
    assert (
        'container_name       = "tfstate-production"'
        in (folder / "production.tfbackend").read_text()
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "estate.yaml"), "estate.yaml is no directory"),
        (("-e", "Produktion!"), "cannot name an environment"),
        (("other.yaml",), "cannot read other.yaml"),
    ],
)
def test_what_cannot_be_written_is_said(run, words, said):
    result = run("synth", *words)

    assert result.code == 2
    assert said in result.err


def test_a_design_that_describes_no_network_is_refused(run, here, design):
    design.write_text("name: x\n")

    result = run("synth")

    assert result.code == 2
    assert "error[DESIGN" in result.err
    assert not (here / "terraform").exists()


def test_delivery_writes_the_repository_around_it(run, here):
    first = run("synth", "--delivery", ".")
    second = run("synth", "--delivery", ".")

    assert (first.code, second.code) == (0, 0)
    assert "new       pipelines/azure-devops/infrastructure.yaml\n" in first.out
    assert first.err.endswith("\n. has pipelines, agents and the workload\n")
    assert (second.out, second.err) == ("", "terraform is current\n. is current\n")
    assert (here / "workload/chart/Chart.yaml").is_file()
    assert (here / ".github/workflows/workload-shop.yaml").is_file()
    assert run("synth", "--check", "--delivery", ".").code == 0


def test_a_workload_that_the_design_drops_leaves_no_pipeline_behind(run, here, design):
    run("synth", "--delivery", ".")
    mine = here / "workload/Dockerfile"
    mine.write_text("FROM scratch\n")
    text = design.read_text()
    start = text.index("  shop:")
    design.write_text(text[:start] + text[text.index("egress:", start) :])

    result = run("synth", "--delivery", ".")

    assert result.code == 0
    assert "removed   pipelines/azure-devops/workload-shop.yaml\n" in result.out
    assert "yours     workload/Dockerfile\n" in result.out
    assert not (here / "workloads/shop").exists()
    assert mine.read_text() == "FROM scratch\n"


def test_a_conflict_in_either_folder_stops_both(run, here, design):
    run("synth", "--delivery", ".")
    values = here / "workloads/shop/values.yaml"
    values.write_text("port: 1\n")
    design.write_text(design.read_text().replace("target_port: 8080", "target_port: 8081"))

    refused = run("synth", "--delivery", ".")

    assert refused.code == 1
    assert "conflict  workloads/shop/values.yaml\n" in refused.out
    assert values.read_text() == "port: 1\n"
