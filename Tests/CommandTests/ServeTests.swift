import Atomistic
import Foundation
import Layers
import Tensors
import TestSupport
import Testing

@testable import AtomFlowTool

@Suite("The tool as a driver of Python programs")
struct ServeTests {
  static let ase = PythonEnvironment(importing: "ase.calculators.socketio")
  static let ipi = PythonEnvironment(importing: "ipi, ase")

  /// Where the README tells users to find the calculator.
  static let calculator = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Python").path

  /// A model with random weights, five frames of water, and what `predict` says of them.
  static func prepare(_ folder: URL) throws {
    let window = Cutoff(.polynomial2, radius: 3.5)
    let networks = [Element.hydrogen, .oxygen].map { element in
      let functions = [1, 8].map { neighbor in
        SymmetryFunction.radial(
          RadialSymmetryFunction(neighbor: neighbor, eta: 0.7, shift: 1, cutoff: window))
      }
      return BehlerParrinello.Network(
        element: element, symmetryFunctions: functions,
        ranges: functions.map { _ in DescriptorRange(minimum: 0, maximum: 1, mean: 0.5, sigma: 0.2)
        },
        hiddenNodes: [6], hiddenActivations: [.tanh], energyOffset: -50 * Double(element.number))
    }
    let network = BehlerParrinello(networks: networks, lengthUnit: .angstrom, energyFactor: 3)
    var random = RandomStream(seed: 12)
    let count = network.variables.reduce(0) { $0 + $1.count }
    let model = TrainedModel(network, parameters: (0..<count).map { _ in random.normal() })
    try model.save(to: folder.appendingPathComponent("model"))
    let water = WaterBox.structure(molecules: 8, density: 1, random: &random)
    let frames = (0..<5).map { number in
      var frame = water
      for atom in frame.positions.indices {
        frame.positions[atom] += 0.1 * SIMD3(random.normal(), random.normal(), random.normal())
      }
      if let cell = frame.cell, number > 2 {
        let strain = Matrix3([1.02, 0.03, 0], [0, 0.98, 0.01], [0.04, 0, 1.01])
        frame.cell = cell.deformed(by: strain)
      }
      return frame
    }
    try StructureFile.write(frames, to: folder.appendingPathComponent("water.extxyz").path)
    let run = try BuiltTool(
      "predict", "model", "water.extxyz", "-o", "predicted.extxyz", in: folder)
    #expect(run.status == 0, "\(run.errors)")
  }

  static let predicted = """
    import os, subprocess, sys
    import ase.io, numpy as np
    from ase import units
    tool, folder = sys.argv[1:3]
    os.chdir(folder)
    frames = ase.io.read("water.extxyz", ":")
    expected = ase.io.read("predicted.extxyz", ":")
    def compare(atoms, other, hartree=1):
        e, f, s = (other.get_potential_energy() / hartree, other.get_forces(), other.get_stress())
        assert abs(atoms.get_potential_energy() - e) < 1e-6, (atoms.get_potential_energy(), e)
        assert np.abs(f).max() > 0.1 and np.abs(s).max() > 1e-4
        assert np.abs(atoms.get_forces() - f).max() < 1e-6
        assert np.abs(atoms.get_stress() - s).max() < 1e-8

    """

  @Test(
    "ASE's socket calculator has the numbers of predict",
    .enabled(if: ase != nil, "Python with the package ase is not installed."),
    arguments: ["unix", "inet"])
  func socketCalculator(mode: String) throws {
    try withTemporaryDirectory { folder in
      try Self.prepare(folder)
      let script =
        Self.predicted + """
          from ase.calculators.socketio import SocketIOCalculator
          import socket, uuid
          if sys.argv[3] == "unix":
              name = "atomflow-test-" + uuid.uuid4().hex[:8]
              place, address = {"unixsocket": name}, "unix:" + name
          else:
              with socket.socket() as probe:
                  probe.bind(("", 0))
                  port = probe.getsockname()[1]
              place, address = {"port": port}, f"localhost:{port}"
          with SocketIOCalculator(**place, timeout=60) as calculator:
              words = ["serve", "model", "--template", "water.extxyz", "--ipi", address]
              driver = subprocess.Popen([tool] + words, stderr=subprocess.PIPE, text=True)
              atoms = frames[0].copy()
              atoms.calc = calculator
              for frame, other in zip(frames, expected):
                  atoms.positions = frame.positions
                  atoms.cell = frame.cell
                  # ASE's hartree is that of CODATA 2014.
                  compare(atoms, other, 27.211386245988 / units.Ha)
          errors = driver.communicate(timeout=30)[1]
          assert driver.returncode == 0, errors
          print(errors)
          """
      let output = try #require(Self.ase).run(script, BuiltTool.executable.path, folder.path, mode)
      #expect(output.contains("closed the connection after 5 structures"))
    }
  }

  @Test(
    "three lines are enough in ASE",
    .enabled(if: ase != nil, "Python with the package ase is not installed."))
  func calculator() throws {
    try withTemporaryDirectory { folder in
      try Self.prepare(folder)
      let script =
        Self.predicted + """
          sys.path.insert(0, sys.argv[3])
          from atomflow import AtomFlow
          from ase.calculators.calculator import CalculatorError
          from ase.md.verlet import VelocityVerlet
          with AtomFlow("model", command=tool, threads=1) as calculator:
              for frame, other in zip(frames, expected):
                  frame.calc = calculator
                  compare(frame, other)
              # Other atoms, without a cell: the program is started anew.
              pair = frames[0][:3]
              pair.calc, pair.pbc = calculator, False
              energy, force = pair.get_potential_energy(), pair.get_forces()[1, 0]
              pair.positions[1, 0] += 1e-4
              high = pair.get_potential_energy()
              pair.positions[1, 0] -= 2e-4
              low = pair.get_potential_energy()
              assert abs((low - high) / 2e-4 - force) < 1e-4 * (1 + abs(force))
              atoms = frames[0].copy()
              atoms.calc = calculator
              start = atoms.get_total_energy()
              VelocityVerlet(atoms, 0.2 * units.fs).run(20)
              assert atoms.get_kinetic_energy() > 1e-3
              assert abs(atoms.get_total_energy() - start) < 0.05 * atoms.get_kinetic_energy()
              frames[1].numbers[0] = 79
              try:
                  frames[1].get_potential_energy()
              except CalculatorError as error:
                  print(error)
          wrong = frames[0].copy()
          for command in [tool, "no-such-program"]:
              wrong.calc = AtomFlow("no-such-model", command=command)
              try:
                  wrong.get_potential_energy()
              except CalculatorError as error:
                  print(error)
          sockets = f"ipi_atomflow-{os.getpid()}-"
          assert not [name for name in os.listdir("/tmp") if name.startswith(sockets)]
          """
      let output = try #require(Self.ase)
        .run(script, BuiltTool.executable.path, folder.path, Self.calculator)
      #expect(output.contains("found Au"), "\(output)")
      #expect(output.contains("no-such-model") && output.contains("cannot be started"))
    }
  }

  @Test(
    "i-PI runs with it, in pieces and with a status before each",
    .enabled(if: ipi != nil, "Python with the packages ipi and ase is not installed."),
    arguments: [true, false])
  func server(isPipelined: Bool) throws {
    try withTemporaryDirectory { folder in
      try Self.prepare(folder)
      let script =
        Self.predicted + """
          import uuid
          HARTREE, BOHR = 27.211386245988, 0.529177210903
          name = "atomflow-" + uuid.uuid4().hex[:8]
          atoms = frames[4]
          # i-PI wants the first lattice vector along x, and the second in the plane of x and y.
          from ase.geometry.cell import Cell
          parameters = atoms.cell.cellpar()
          atoms.set_cell(Cell.fromcellpar(parameters), scale_atoms=True)
          ase.io.write("start.extxyz", atoms)
          subprocess.run([tool, "predict", "model", "start.extxyz", "-o", "other.extxyz"], check=True)
          other = ase.io.read("other.extxyz")
          with open("start.xyz", "w") as file:
              print(len(atoms), file=file)
              print("# CELL(abcABC):", *(f"{x:.14f}" for x in parameters),
                    "positions{angstrom} cell{angstrom}", file=file)
              for symbol, place in zip(atoms.get_chemical_symbols(), atoms.positions):
                  print(symbol, *(f"{x:.14f}" for x in place), file=file)
          with open("input.xml", "w") as file:
              file.write(f'''<simulation verbosity="low">
            <output prefix="run">
              <properties filename="out" stride="1">
                [ step, potential, virial_md ]
              </properties>
              <trajectory filename="forces" stride="1" format="xyz"> forces </trajectory>
            </output>
            <total_steps>5</total_steps>
            <prng><seed>1</seed></prng>
            <ffsocket name="model" mode="unix" pbc="False">
              <address>{name}</address>
              <consolidate_messages>{sys.argv[3]}</consolidate_messages>
            </ffsocket>
            <system>
              <initialize nbeads="1">
                <file mode="xyz"> start.xyz </file>
                <velocities mode="thermal" units="kelvin"> 300 </velocities>
              </initialize>
              <forces><force forcefield="model"/></forces>
              <motion mode="dynamics">
                <dynamics mode="nve"><timestep units="femtosecond"> 0.5 </timestep></dynamics>
              </motion>
              <ensemble><temperature units="kelvin"> 300 </temperature></ensemble>
            </system>
          </simulation>''')
          server = os.path.join(os.path.dirname(sys.executable), "i-pi")
          log = open("log", "w")
          run = subprocess.Popen([sys.executable, server, "input.xml"], stdout=log, stderr=log)
          words = ["serve", "model", "--template", "start.extxyz", "--ipi", "unix:" + name]
          try:
              driver = subprocess.run(
                  [tool] + words + ["--wait", "60"], stderr=subprocess.PIPE, text=True, timeout=90)
              run.wait(timeout=60)
          finally:
              run.kill()
          assert driver.returncode == 0 and run.returncode == 0, driver.stderr + open("log").read()
          # i-PI writes eight digits of properties, six of forces.
          rows = np.loadtxt("run.out")
          assert len(rows) == 6
          energy, virial = rows[0, 1] * HARTREE, rows[0, 2:8] * HARTREE / BOHR**3
          assert abs(energy - other.get_potential_energy()) < 1e-6 * abs(energy), energy
          stress = other.get_stress(voigt=False)
          order = [0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]
          assert np.abs(virial + stress[order]).max() < 1e-6, (virial, stress)
          lines = open("run.forces_0.xyz").read().splitlines()[2:2 + len(atoms)]
          forces = np.array([line.split()[1:] for line in lines], float) * HARTREE / BOHR
          assert np.abs(forces - other.get_forces()).max() < 1e-4, forces
          print(driver.stderr)
          """
      let output = try #require(Self.ipi)
        .run(script, BuiltTool.executable.path, folder.path, isPipelined ? "True" : "False")
      #expect(output.contains("said EXIT after 6 structures"), "\(output)")
    }
  }

  @Test(
    "what cannot be is said in a sentence",
    arguments: [
      ("--template water.extxyz", 2, "--ipi is missing"),
      ("--template water.extxyz --ipi :1", 2, "unix:NAME"),
      ("--ipi unix:a", 2, "--template is missing"),
      ("--template water.extxyz --ipi unix:/none/a --wait 0", 1, "start the server first"),
      ("--template gold.extxyz --ipi unix:a", 1, "found Au"),
      ("--template water.extxyz --ipi unix:a --wait -1", 2, "--wait"),
      ("--template water.extxyz --ipi unix:a --timeout 0", 2, "--timeout"),
    ])
  func faults(line: String, status: Int32, words: String) throws {
    try withTemporaryDirectory { folder in
      try Self.prepare(folder)
      try Data("1\n\nAu 0 0 0\n".utf8).write(to: folder.appendingPathComponent("gold.extxyz"))
      let run = try BuiltTool(
        ["serve", "model"] + line.split(separator: " ").map(String.init), in: folder)
      #expect(run.status == status && run.errors.contains(words), "\(run.errors)")
    }
  }
}
