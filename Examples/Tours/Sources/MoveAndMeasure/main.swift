import Atomistic
import Foundation
import Graph
import Tensors

// Any potential will do; this one has no weights, so its state is empty.
let argon = Element(symbol: "Ar")!
let potential = LennardJones([.init(argon, argon): .init(epsilon: 0.0103, sigma: 3.4)], cutoff: 6)
let corners: [SIMD3<Double>] = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
let crystal = Structure(
  elements: corners.map { _ in argon }, positions: corners.map { 5.3 * $0 }, cell: Cell(cubic: 5.3)
).repeated([2, 2, 2])
let state = State<Double>([], seed: 1)

// Molecular dynamics, step by step.
let ensemble = Ensemble.npt(Thermostat(temperature: 40), Barostat(pressure: 1))
let dynamics = try Dynamics<Double>(
  crystal, potential, state: state, settings: DynamicsSettings(ensemble), temperature: 40,
  random: RandomStream(seed: 1))
let file = FileManager.default.temporaryDirectory.appendingPathComponent("npt.extxyz").path
let writer = try TrajectoryWriter(creating: file)
for step in 1...2000 {
  try dynamics.advance()
  if step % 50 == 0 { try writer.append(dynamics.frame) }
}
print(dynamics.sample.density ?? .nan)

// What its frames say.
let trajectory = try Trajectory(file)
let frames = trajectory.frames(from: 0.5)
var densities: [Double] = []
var distribution = RadialDistribution(pairs: [ElementPair(argon, argon)], frames: frames.count)
try trajectory.forEach(in: frames) { frame throws(FrameFault) in
  densities.append(try frame.requiredDensity())
  try distribution.add(frame)
}
let density = Estimate(correlated: densities)
print(density.mean, density.error ?? .nan, distribution.curves()[0].peak.position)

// Do the forces belong to the energy? Derivatives against central differences.
let inputs = AtomisticInputs(.unstrained)
let feed = StructureFeed<Double>(elements: potential.elements)
let neighbors = try NeighborList(dynamics.frame, cutoff: potential.cutoff)
try feed.set([dynamics.frame], neighbors: [neighbors], for: potential)
let check = try GradientCheck(
  of: potential.energies(inputs), by: [inputs.positions], feed.feed, state: state,
  workers: Workers(count: 1), step: 1e-4)
print(check)
try FileManager.default.removeItem(atPath: file)
let peak = distribution.curves()[0].peak.position
exit(check.agrees(to: 1e-5) && (3.4...4.2).contains(peak) && density.mean > 1 ? 0 : 1)
