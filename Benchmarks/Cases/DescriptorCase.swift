import Atomistic
import Tensors
import Train

/// Case 5: descriptors with their derivatives, and the cache of a dataset.
struct DescriptorCase<Scalar: RealScalar> {
  /// How many boxes of 64 molecules.
  let structures: Int

  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    let count = context.isQuick ? min(structures, 4) : structures
    let boxes = (0..<count).map { number in
      var box = WaterBoxes.box(molecules: 64, number: number)
      box.labels = Labels(energy: 0, forces: box.positions.map { _ in .zero })
      return box
    }
    let network = try context.water(Scalar.self).network()
    let data = try TrainingData(training: boxes, reference: ReferenceEnergies([:]))
    PeakMemory.reset()
    let time = try context.stopwatch.measure(calls: 1) {
      _ = try StructureLabels<Scalar>(data, network, workers: context.workers)
    }
    let yield = structures == 1 ? Yield(boxes[0].count, .atoms) : Yield(count, .structures)
    return BenchmarkResult(name: name, time: time, yield: yield, peakMemory: PeakMemory.bytes)
  }
}
