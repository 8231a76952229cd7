import Atomistic
import Graph
import Tensors
import TestSupport
import Testing

@Suite("The flexible water model", .enabled(if: ReferenceFile.areAvailable, SharedData.note))
struct FlexibleWaterTests {
  let file: ReferenceFile

  init() throws { file = try ReferenceFile("spcfw.json") }

  /// The model with the constants that the reference was made with.
  var model: FlexibleWater {
    let constants = file["constants"]
    var parameters = FlexibleWater.Parameters()
    parameters.bondStiffness = constants["kb_eV_A2"].double
    parameters.bondLength = constants["r0_A"].double
    parameters.angleStiffness = constants["ka_eV_rad2"].double
    parameters.angle = constants["theta0_rad"].double
    parameters.hydrogenCharge = constants["qH"].double
    parameters.oxygens = LennardJones.Parameters(
      epsilon: constants["epsilon_eV"].double, sigma: constants["sigma_A"].double)
    parameters.coulomb = constants["ke_eV_A"].double
    parameters.damping = constants["alpha_per_A"].double
    parameters.cutoff = constants["rc_A"].double
    return FlexibleWater(parameters)
  }

  @Test(
    "energies, forces and stress equal JAX's",
    arguments: ["dimer", "box_orthorhombic", "box_triclinic"], [0.0, 0.5])
  func reference(system: String, skin: Double) throws {
    let expected = file["systems"][system]
    let structure = expected.structure
    let calculator = Calculator<Double>(model, skin: skin)
    let labels = try calculator(structure)
    #expect(abs(calculator.energy - expected["energy"].double) < 1e-10)
    #expect(
      largestDifference(labels.forces!.flatMap(\.components), expected["forces"].tensor.doubles)
        < 1e-10)
    #expect(
      largestDifference(
        calculator.strainGradient.rowMajor, expected["dE_dstrain"].tensor.doubles) < 1e-10)
    #expect((labels.stress == nil) == (structure.cell == nil))
    #expect(abs(calculator.atomicEnergies.reduce(0, +) - calculator.energy) < 1e-12)
  }

  @Test("the constants are those of the publication, to the digits of the units")
  func constants() {
    let (ours, theirs) = (FlexibleWater().parameters, model.parameters)
    #expect(abs(ours.bondStiffness / theirs.bondStiffness - 1) < 1e-8)
    #expect(abs(ours.angleStiffness / theirs.angleStiffness - 1) < 1e-8)
    #expect(abs(ours.angle - theirs.angle) < 1e-14)
    #expect(abs(ours.oxygens.epsilon / theirs.oxygens.epsilon - 1) < 1e-8)
    #expect(abs(ours.coulomb / theirs.coulomb - 1) < 2e-8)
    #expect(abs(ours.cutoff / theirs.cutoff - 1) < 1e-14)
  }

  @Test("single precision keeps energies to 1e-5 and forces to 1e-4")
  func singlePrecision() throws {
    let expected = file["systems"]["box_triclinic"]
    let labels = try Calculator<Float>(model)(expected.structure)
    #expect(abs(labels.energy! - expected["energy"].double) < 1e-5)
    #expect(
      largestDifference(labels.forces!.flatMap(\.components), expected["forces"].tensor.doubles)
        < 1e-4)
  }
}

@Suite("Molecules of water")
struct WaterTopologyTests {
  @Test("a lone hydrogen, a bare oxygen and a shared hydrogen are refused")
  func refusals() throws {
    let calculator = Calculator<Double>(FlexibleWater())
    var structure = ModelFixtures.waterMolecule
    structure.elements.append(.hydrogen)
    structure.positions.append([4, 0, 0])
    #expect(throws: PotentialError.notWater(atom: 3, found: "H without a molecule")) {
      try calculator.evaluate(structure)
    }
    structure.elements[3] = .oxygen
    #expect(throws: PotentialError.notWater(atom: 3, found: "an oxygen with 0 hydrogens")) {
      try calculator.evaluate(structure)
    }
    structure.elements[3] = .carbon
    #expect(throws: PotentialError.unknownElement(.carbon, known: [.hydrogen, .oxygen])) {
      try calculator.evaluate(structure)
    }
    try calculator.evaluate(ModelFixtures.waterMolecule)
  }

  @Test("atoms may come in any order")
  func order() throws {
    let structure = ModelFixtures.waterBox
    let shuffled = ModelFixtures.permuted(structure)
    let calculator = Calculator<Double>(FlexibleWater())
    #expect(abs(try calculator(structure).energy! - calculator(shuffled).energy!) < 1e-11)
  }
}
