import Atomistic
import Testing

@testable import AtomFlowTool

@Suite("Molecules that stay whole, and teachers that do not hold them")
struct CloseContactsTests {
  /// A simulation of oxygen atoms with some neighbours from each distance on.
  private func simulation(
    _ neighbors: [(distance: Double, count: Double)], isStable: Bool = true
  ) -> SimulationResult {
    let r = (0..<60).map { 0.05 + 0.1 * Double($0) }
    let curve = RadialDistribution.Curve(
      r: r, g: r.map { r in neighbors.contains { abs($0.distance - r) < 0.01 } ? 1 : 0 },
      error: nil,
      coordination: r.map { r in
        neighbors.filter { $0.distance < r + 0.01 }.reduce(0) { $0 + $1.count }
      }, peak: .init(position: 2.75, height: 1, minimum: 3.5, coordination: 4))
    return SimulationResult(
      isStable: isStable, reason: nil, steps: 1, density: nil, temperature: nil, pressure: nil,
      time: [], densities: [], distributions: isStable ? ["O-O": curve] : [:])
  }

  @Test("are those without atoms much nearer than with the teacher")
  func contacts() throws {
    let teacher = [simulation([(2.55, 4)]), simulation([(2.45, 4)])]
    let contacts = try #require(CloseContacts(teacher: teacher))
    #expect(contacts.areAbsent(in: simulation([(2.45, 4)])))
    #expect(contacts.areAbsent(in: simulation([(2.25, 0.5), (2.45, 4)])), "within the margin")
    #expect(contacts.areAbsent(in: simulation([(1.55, 0.005), (2.45, 4)])), "very few atoms")
    #expect(!contacts.areAbsent(in: simulation([(1.55, 0.02), (2.45, 4)])))
    #expect(!contacts.areAbsent(in: simulation([(2.45, 4)], isStable: false)))
  }

  @Test("a teacher that leaves its limits is named with the reason")
  func teacher() throws {
    var broken = simulation([], isStable: false)
    broken.reason = "step 7: too hot"
    func reference(_ results: [SimulationResult]) -> StudyResults.Reference {
      let runs = results.enumerated().map { StudyResults.Run(seed: $0, result: $1) }
      return StudyResults.Reference(simulation: "npt", runs: runs, density: nil)
    }
    let whole = simulation([(2.45, 4)])
    #expect(StudyVerdict.failures(of: reference([whole, whole])).isEmpty)
    let verdict = try #require(StudyVerdict.failures(of: reference([whole, broken])).first)
    #expect(verdict.question.contains("(npt)"))
    #expect(verdict.answer.hasPrefix("Not in 1 of 2 simulations: step 7: too hot."))
  }

  @Test("cannot be told where the teacher has no distances")
  func none() { #expect(CloseContacts(teacher: [simulation([], isStable: false)]) == nil) }
}
