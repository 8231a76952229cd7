"""A model that holds water together, shared by all tests; ATOMFLOW names the program."""

import os
import shutil
import subprocess

import ase.io
import pytest

TOOL = os.environ.get("ATOMFLOW") or shutil.which("atomflow")
CONFIGURATION = """{
  network: { pinet: { depth: 2, pp: [8], pi: [8], ii: [8], out: [8] } },
  optimizer: { ekf: {} },
  run: { steps: 600, evaluateEvery: 600, checkpointEvery: 600 },
}
"""


@pytest.fixture(scope="session")
def tool():
    if not TOOL:
        pytest.skip("there is no program atomflow; name one in ATOMFLOW")
    return os.path.abspath(TOOL)


@pytest.fixture(scope="session")
def model(tool, tmp_path_factory):
    """A model directory, with the data in water.extxyz beside it."""
    folder = tmp_path_factory.mktemp("model")
    (folder / "config.json").write_text(CONFIGURATION)

    def run(*words):
        subprocess.run([tool, *words], cwd=folder, check=True, capture_output=True)

    run("data", "generate", "--frames", "40", "--molecules", "8", "--seed", "1", "-o", "water.extxyz")
    run("train", "config.json", "--data", "water.extxyz", "-d", "model")
    return folder / "model"


@pytest.fixture
def water(model):
    """A periodic box of eight molecules."""
    atoms = ase.io.read(model.parent / "water.extxyz")
    atoms.calc = None
    return atoms
