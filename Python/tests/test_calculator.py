import numpy as np
import pytest
from ase.calculators.calculator import CalculatorError
from ase.calculators.fd import calculate_numerical_forces, calculate_numerical_stress
from ase.mep import NEB
from ase.optimize import BFGS
from ase.phonons import Phonons
from atomflow import AtomFlow


@pytest.fixture
def calculator(model, tool):
    with AtomFlow(model, command=tool, threads=1) as calculator:
        yield calculator


def test_forces_are_those_of_ase_by_differences(water, calculator):
    water.calc = calculator
    found = calculate_numerical_forces(water, eps=1e-3, iatoms=[0, 5, 11])
    assert water.get_forces()[[0, 5, 11]] == pytest.approx(found, abs=1e-4)


def test_stress_is_that_of_ase_by_differences(water, calculator):
    water.calc = calculator
    found = calculate_numerical_stress(water, eps=1e-4)
    assert water.get_stress() == pytest.approx(found, abs=1e-6)


def test_a_calculation_is_not_repeated(water, calculator):
    water.calc = calculator
    water.get_forces()
    assert not calculator.calculation_required(water, ["energy", "forces", "stress"])
    water.positions[0, 0] += 0.01
    assert calculator.calculation_required(water, ["energy"])


def test_an_element_that_the_model_does_not_know_is_refused(water, calculator):
    water.numbers[0] = 18
    water.calc = calculator
    with pytest.raises(CalculatorError, match="Ar"):
        water.get_potential_energy()


def test_an_optimizer_lowers_the_forces(water, calculator):
    water.calc = calculator
    before = (water.get_potential_energy(), np.abs(water.get_forces()).max())
    BFGS(water, logfile=None).run(fmax=0.5 * before[1], steps=60)
    assert water.get_potential_energy() < before[0]
    assert np.abs(water.get_forces()).max() < before[1]


def test_phonons_of_a_box_have_as_many_modes_as_coordinates(water, calculator, tmp_path):
    small = water
    phonons = Phonons(small, calculator, supercell=(1, 1, 1), delta=0.01, name=tmp_path / "phonon")
    phonons.run()
    phonons.read(acoustic=True)
    frequencies = phonons.band_structure([[0, 0, 0]])
    assert frequencies.shape == (1, 3 * len(small))
    # Moving all atoms together costs nothing.
    assert np.sum(np.abs(frequencies) < 1e-3) >= 3


def test_nudged_elastic_band_between_two_structures(water, model, tool):
    other = water.copy()
    other.positions[0] += [0.15, 0.1, 0]
    images = [water.copy() for _ in range(2)] + [other]
    calculators = [AtomFlow(model, command=tool, threads=1) for _ in images]
    for image, own in zip(images, calculators):
        image.calc = own
    band = NEB(images, method="improvedtangent")
    band.interpolate()
    before = np.abs(band.get_forces()).max()
    BFGS(band, logfile=None).run(fmax=0.5 * before, steps=40)
    assert np.abs(band.get_forces()).max() < before
    for own in calculators:
        own.close()
