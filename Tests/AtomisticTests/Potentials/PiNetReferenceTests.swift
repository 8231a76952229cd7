import Atomistic
import Graph
import Tensors
import TestSupport
import Testing

@Suite(
  "PiNet and PiNet2 give PiNN's numbers",
  .enabled(if: ReferenceFile.areAvailable, "needs shared/reference"))
struct PiNetReferenceTests {
  @Test("the folder holds networks")
  func files() { #expect(!PiNetReference.names.isEmpty) }

  @Test("energies, forces and strain derivatives", arguments: PiNetReference.names)
  func values(of name: String) throws {
    let reference = try PiNetReference(name)
    let inputs = AtomisticInputs()
    let energies = reference.potential.atomicEnergies(inputs)
    let slopes = gradient(of: energies.sum(), by: [inputs.positions, inputs.strain])
    let records = reference.file["structures"].list
    #expect(!records.isEmpty)
    for record in records {
      let structure = PiNetReference.structure(record)
      let (found, pairs) = try reference.run([energies, -slopes[0], slopes[1]], structure)
      let label = record["label"].text
      #expect(pairs == record["n_pairs"].int, "\(label)")
      #expect(largestDifference(found[0], record["atom_out"].doubles) < 1e-11, "\(label)")
      let forces = record["forces"].list.flatMap(\.doubles)
      #expect(largestDifference(found[1], forces) < 1e-10, "\(label)")
      // PiNN's strain multiplies rows from the right.
      let strain = record["dE_dstrain"].list.map(\.doubles)
      let transposed = (0..<9).map { strain[$0 % 3][$0 / 3] }
      #expect(largestDifference(found[2], transposed) < 1e-10, "\(label)")
    }
  }

  @Test("energies of blocks", arguments: PiNetReference.names)
  func blocks(of name: String) throws {
    let reference = try PiNetReference(name)
    guard reference.file.has("intermediates") else { return }
    let energies = reference.blockEnergies(AtomisticInputs())
    for record in reference.file["intermediates"].list {
      let structure = reference.structure(named: record["structure"].text)
      let found = try reference.run(energies, structure).values
      let expected = record["blocks"].list.map { $0["out_increment"].list.flatMap(\.doubles) }
      #expect(found.count == expected.count)
      for (block, values) in expected.enumerated() {
        #expect(largestDifference(found[block], values) < 1e-11)
      }
    }
  }

  @Test("rows of Jacobians, and nothing where we have no weight", arguments: PiNetReference.names)
  func jacobians(of name: String) throws {
    let reference = try PiNetReference(name)
    guard reference.file.has("jacobian") else { return }
    let inputs = AtomisticInputs()
    let (potential, variables) = (reference.potential, reference.potential.variables)
    let (places, unused) = reference.places()
    let all = places.flatMap(\.1)
    let sources = variables.map(\.symbol)
    let energy = potential.atomicEnergies(inputs).sum()
    let outputs = [
      jacobian(of: energy.reshaped([1]), by: sources),
      jacobian(of: potential.forces(inputs).flattened(), by: sources),
      jacobian(of: gradient(of: energy, by: inputs.strain).flattened(), by: sources),
    ]
    for record in reference.file["jacobian"].list {
      let structure = reference.structure(named: record["structure"].text)
      let found = try reference.run(outputs, structure).values
      func compare(_ row: ArraySlice<Double>, _ expected: [Double], _ name: String) {
        let scale = expected.map(\.magnitude).max() ?? 0
        #expect(
          zip(row, all).allSatisfy { abs($0 - expected[$1]) <= 1e-9 * scale }, "\(name)")
        #expect(unused.allSatisfy { expected[$0] == 0 }, "\(name)")
      }
      compare(found[0][...], record["dE_dw"].doubles, "energy")
      for row in record["force_rows"].list {
        let place = (3 * row["atom"].int + row["component"].int) * all.count
        compare(found[1][place..<place + all.count], row["dF_dw"].doubles, "force")
      }
      guard record.has("strain_rows") else { continue }
      for row in record["strain_rows"].list {
        let place = (3 * row["b"].int + row["a"].int) * all.count
        compare(found[2][place..<place + all.count], row["dW_dw"].doubles, "strain")
      }
    }
  }

  @Test("PiNN's unused weights are counted")
  func unused() throws {
    let standard = try PiNet2(elements: [.hydrogen, .oxygen])
    #expect(standard.unusedWeights.reduce(0) { $0 + $1.count } == 288)
    for name in PiNetReference.names {
      let reference = try PiNetReference(name)
      guard let network = reference.potential as? PiNet2 else { continue }
      let count = network.unusedWeights.reduce(0) { $0 + $1.count }
      #expect(reference.places().unused.count == count, "\(name)")
    }
  }
}
