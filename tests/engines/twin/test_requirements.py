"""What a machine lacks is said with the package or setting that mends it."""

from pathlib import Path

import pytest

from hubwright.engines.twin import requirements


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("user/max_user_namespaces", "0"),
        ("kernel/unprivileged_userns_clone", "0"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1"),
    ],
)
def test_a_setting_that_forbids_namespaces_is_named(
    tmp_path: Path, setting: str, value: str
) -> None:
    (tmp_path / setting).parent.mkdir()
    (tmp_path / setting).write_text(f"{value}\n")
    (sentence,) = requirements.user_namespace_obstacles(tmp_path)
    assert f"{setting.replace('/', '.')}={value}" in sentence
    assert "sysctl -w" in sentence


def test_settings_that_allow_or_are_absent_are_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "user").mkdir()
    (tmp_path / "user/max_user_namespaces").write_text("15000\n")
    assert requirements.user_namespace_obstacles(tmp_path) == []


def test_absent_programs_are_named_with_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "find_program", lambda _: None)
    text = " ".join(requirements.missing())
    for word in ("iproute2", "nftables", "unshare and nsenter", "util-linux"):
        assert word in text


def test_an_absent_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "find_spec", lambda _: None)
    assert any("hubwright[twin]" in sentence for sentence in requirements.missing())


def test_another_system_is_told_where_to_run_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements.sys, "platform", "darwin")
    assert requirements.missing() == [
        "The twin is made of Linux network namespaces: run it in a Linux VM or in WSL 2."
    ]
