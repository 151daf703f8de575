"""What is missing is said in one sentence, with the command that installs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import fake_java

from streamdocs.system import java, programs
from streamdocs.system.programs import MissingProgramError


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the whole PATH, but for apt."""
    for name in ("apt-get", "apt-cache"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


def test_no_java(only: Path) -> None:
    with pytest.raises(
        MissingProgramError, match=r"No encuentro java en el PATH: instálalo con «.*jre"
    ):
        programs.find("java")


def test_a_java_home_without_java(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", "/no/existe")
    with pytest.raises(MissingProgramError, match="No encuentro java en JAVA_HOME=/no/existe"):
        programs.find("java")


@pytest.mark.parametrize(
    ("answer", "major"),
    [('openjdk version "11.0.20" 2023-07-18', 11), ('java version "1.8.0_381"', 8)],
)
def test_an_old_java(only: Path, answer: str, major: int) -> None:
    fake_java(only, answer)
    with pytest.raises(MissingProgramError, match=f"es Java {major} y Spark necesita Java 17"):
        programs.find("java")


def test_a_new_java(only: Path) -> None:
    fake_java(only, 'openjdk version "25" 2025-09-16')
    assert programs.find("java") == only / "java"


def test_a_java_that_only_finds_another(only: Path) -> None:
    """As asdf's and jenv's: what lies beside it is no Java."""
    fake_java(only, 'openjdk version "21"')
    (only / "jdk" / "release").unlink()
    with pytest.raises(MissingProgramError, match=r"no está en la carpeta de un Java.*JAVA_HOME"):
        programs.find("java")


def test_the_java_that_was_installed_is_looked_at(
    only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the name of the old one."""
    fake_java(only, 'openjdk version "11"')
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    def apt(command: list[str], **_options: object) -> None:
        if command[:2] == ["apt-get", "install"]:
            java = only / "jdk" / "bin" / "java"
            java.write_text(java.read_text().replace("11", "21"))

    monkeypatch.setattr(programs, "install_command", lambda names: ["apt-get", "install", *names])
    monkeypatch.setattr(subprocess, "run", apt)
    programs.install(["java"])


def test_a_java_that_forks_in_another_way_is_not_told_how() -> None:
    """25 warns of it where a page shows what programs write, and 26 knows it no more."""
    assert java.forks(24) == java.forks(17) != ()
    assert java.forks(25) == ()


def test_a_java_that_hangs(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (only / "java").write_text("#!/bin/sh\nkill -STOP $$\n")
    (only / "java").chmod(0o755)
    monkeypatch.setattr(java, "ANSWERED", 0.5)
    said = rf"He esperado 0\.5 s a que {only}/java diga su versión, .*instálalo con «"
    with pytest.raises(MissingProgramError, match=said):
        programs.find("java")


def test_no_nc(only: Path) -> None:
    with pytest.raises(MissingProgramError, match=r"No encuentro nc\.openbsd.*netcat-openbsd"):
        programs.find("nc")


def test_without_consent_nothing_is_installed(only: Path) -> None:
    """No terminal to answer on and no CI=true: it stops, with the command to type."""
    ran = subprocess.run(
        [sys.executable, "-m", "streamdocs.system.programs", "nc", "ncat"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=dict(os.environ),
    )
    assert ran.returncode == 1
    assert "apt-get install -y netcat-openbsd" in ran.stderr
    assert "apt-get install -y ncat" in ran.stderr
    assert ran.stdout == ""


def test_a_service_is_installed_without_what_starts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_package", lambda program: program.packages[0])
    command = programs.install_command(["nc", "prometheus", "alertmanager"])
    assert set(programs.NO_SERVICES) < set(command)
    assert not set(programs.NO_SERVICES) & set(programs.install_command(["nc"]))


@pytest.mark.skipif(not Path("/usr/bin/dpkg-deb").exists(), reason="sin dpkg")
@pytest.mark.skipif(os.geteuid() != 0, reason="dpkg instala como root")
def test_dpkg_leaves_out_the_service(tmp_path: Path) -> None:
    """The same options, on a package with a service, in a system of its own."""
    unit, program = "lib/systemd/system/uno.service", "usr/bin/uno"
    for name in (unit, program, "etc/init.d/uno"):
        (tmp_path / "tree" / name).parent.mkdir(parents=True)
        (tmp_path / "tree" / name).write_text("uno\n")
    (tmp_path / "tree" / "DEBIAN").mkdir()
    (tmp_path / "tree" / "DEBIAN" / "control").write_text(
        "Package: uno\nVersion: 1\nArchitecture: all\nMaintainer: uno\nDescription: uno\n"
    )
    root, package = tmp_path / "root", tmp_path / "uno.deb"
    (root / "var/lib/dpkg").mkdir(parents=True)
    (root / "var/lib/dpkg/status").touch()
    for folder in ("info", "updates", "triggers"):
        (root / "var/lib/dpkg" / folder).mkdir()
    subprocess.run(["dpkg-deb", "--build", tmp_path / "tree", package], check=True)
    excluded = [option.rpartition("::=")[2] for option in programs.NO_SERVICES if "::=" in option]
    forced = ("--force-not-root", "--force-script-chrootless", "--log=/dev/null")
    command = ["dpkg", f"--root={root}", *forced, *excluded, "-i", str(package)]
    subprocess.run(command, check=True)
    assert (root / program).exists()
    assert not (root / unit).exists()
    assert not (root / "etc/init.d/uno").exists()
