"""Runs of LAMMPS with a model of the KIM API, for the checks."""

import ctypes
import ctypes.util
import subprocess

import numpy as np
from ase.calculators.lammps import Prism, convert
from ase.io.lammpsdata import write_lammps_data

# LAMMPS's units of length and energy as the KIM API names them, and the pressure, in LAMMPS's unit, of one
# energy per volume: nktv2p of LAMMPS's update.cpp.
UNITS = {
    "metal": ("A", "eV", 1.6021765e6), "real": ("A", "kcal_mol", 68568.415), "si": ("m", "J", 1.0),
}


class Unit(ctypes.Structure):
    """A unit of the KIM API, a number in a struct."""

    _fields_ = [("code", ctypes.c_int)]


def kim_factor(units, length, energy):
    """The size of angstrom^length eV^energy in the units of LAMMPS, by the constants of the KIM API.

    Those differ from CODATA's of today, of kcal/mol by 8e-7, so a comparison with them would show that.
    """
    library = ctypes.CDLL(ctypes.util.find_library("kim-api"))

    def unit(kind, name):
        return Unit.in_dll(library, f"KIM_{kind}_UNIT_{name}")

    others = [unit(kind, "unused") for kind in ["CHARGE", "TEMPERATURE", "TIME"]]
    exponents = [ctypes.c_double(exponent) for exponent in [length, energy, 0, 0, 0]]
    factor = ctypes.c_double()
    code = library.KIM_ModelDriverCreate_ConvertUnit(
        unit("LENGTH", "A"), unit("ENERGY", "eV"), *others,
        unit("LENGTH", UNITS[units][0]), unit("ENERGY", UNITS[units][1]), *others,
        *exponents, ctypes.byref(factor))
    assert code == 0, f"the KIM API converts no units of {units}"
    return factor.value


class Failure(Exception):
    """A run that has ended with an error; the text is what LAMMPS said."""


def run(script, ranks=None):
    """Runs an input and returns what LAMMPS prints."""
    with open("in.lammps", "w") as file:
        file.write(script)
    words = ["lmp", "-in", "in.lammps", "-log", "log.lammps"]
    if ranks is not None:
        words = ["mpirun", "--oversubscribe", "--bind-to", "none", "-np", str(ranks)] + words
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode != 0:
        error = Failure(result.stdout + result.stderr)
        error.status = result.returncode
        raise error
    return result.stdout


def setup(atoms, model, units="metal", species=("H", "O"), newton="on", header="", velocities=False):
    """The lines of an input up to the interactions."""
    write_lammps_data(
        "start.data", atoms, specorder=list(species), units=units, velocities=velocities,
        masses=True, force_skew=True)
    return f"""
{header}
newton {newton}
kim init {model} {units}
atom_modify map array sort 0 0
read_data start.data
kim interactions {' '.join(species)}
"""


def single_point(atoms, model, ranks=None, units="metal", parts=False, **options):
    """Energy in eV, forces in eV/angstrom and stress in eV/angstrom^3 as the tool gives them.

    The constants by which they are converted are those that they were made with: the KIM API's for energies
    and forces, and for pressures LAMMPS's, too.

    With `parts` also the energies of atoms in eV, and the stress as the sum of those of atoms.
    """
    computes = "compute e all pe/atom\ncompute s all stress/atom NULL pair\n" if parts else ""
    columns = " c_e c_s[1] c_s[2] c_s[3] c_s[4] c_s[5] c_s[6]" if parts else ""
    run(
        setup(atoms, model, units=units, **options)
        + f"""
{computes}
compute p all pressure NULL virial
thermo_style custom step pe c_p[1] c_p[2] c_p[3] c_p[6] c_p[5] c_p[4]
thermo_modify format float %.15g norm no
dump d all custom 1 forces.dump id fx fy fz{columns}
dump_modify d sort id format float %.16g
run 0
""",
        ranks)
    prism = Prism(atoms.get_cell())
    electron_volt = kim_factor(units, 0, 1)
    pressure_unit = kim_factor(units, -3, 1) * UNITS[units][2]
    energy, *pressure = thermo("log.lammps")[-1][1:]
    stress = -np.array(pressure) / pressure_unit
    table = dump("forces.dump")
    forces = prism.vector_to_ase(table[:, 1:4]) / kim_factor(units, -1, 1)
    found = {
        "energy": energy / electron_volt,
        "forces": forces,
        "stress": rotated(stress, prism),
    }
    if parts:
        found["energies"] = table[:, 4] / electron_volt
        # xx, yy, zz, xy, xz, yz of pressure times volume
        sums = table[:, 5:11].sum(axis=0)[[0, 1, 2, 5, 4, 3]]
        volume = atoms.get_volume() * convert(1, "distance", "ASE", units) ** 3
        found["stress of atoms"] = rotated(sums / volume / pressure_unit, prism)
    return found


def rotated(voigt, prism):
    """A stress in the axes of ASE's cell."""
    xx, yy, zz, yz, xz, xy = voigt
    matrix = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    matrix = prism.tensor2_to_ase(matrix)
    return np.array([matrix[0, 0], matrix[1, 1], matrix[2, 2], matrix[1, 2], matrix[0, 2], matrix[0, 1]])


def thermo(name):
    """The rows of numbers below each line that begins with Step."""
    rows, inside = [], False
    with open(name) as file:
        for line in file:
            words = line.split()
            if words[:1] == ["Step"]:
                inside = True
            elif words[:1] == ["Loop"]:
                inside = False
            elif inside and words and words[0].isdigit():
                rows.append([float(word) for word in words])
    return rows


def dump(name):
    """The atoms of a dump's last frame."""
    with open(name) as file:
        lines = file.read().splitlines()
    start = max(i for i, line in enumerate(lines) if line.startswith("ITEM: ATOMS"))
    return np.array([[float(word) for word in line.split()] for line in lines[start + 1:]])


def loop_time(output):
    """The seconds of the last run."""
    lines = [line for line in output.splitlines() if line.startswith("Loop time of")]
    return float(lines[-1].split()[3])
