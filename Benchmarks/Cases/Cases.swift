import Tensors
import Train

extension BenchmarkSuite {
  /// All cases in one precision, in the order in which they are run.
  static func cases<Scalar: RealScalar>(_: Scalar.Type) -> [Benchmark] {
    let suffix = Scalar.scalarType == .float32 ? "" : "-float64"
    let size = MemoryLayout<Scalar>.size
    var list: [Benchmark] = []
    func add(
      _ name: String, _ summary: String,
      _ body: @escaping @Sendable (String, BenchmarkContext) throws -> BenchmarkResult
    ) {
      list.append(Benchmark(name + suffix, summary, body))
    }

    let batches: [LabelBatch] = [.energies(1), .energies(64), .forces(10), .forces(100)]
    for batch in batches {
      add("jacobian-\(batch.name)", "J of 2827 weights from rows in memory") {
        try JacobianCase<Scalar>(batch: batch).measure($0, $1)
      }
    }
    for (weights, network) in [(541, NetworkSize.small), (10_091, .large)] {
      for batch in batches {
        add("jacobian-\(batch.name)-n\(weights)", "J of \(weights) weights") {
          try JacobianCase<Scalar>(batch: batch, size: network).measure($0, $1)
        }
      }
    }
    for batch in [LabelBatch.energies(1), .forces(10)] {
      add("ekf-\(batch.name)", "a whole step of the Kalman filter, 2827 weights") {
        try OptimizerCase<Scalar, ExtendedKalmanFilter>(
          batch: batch, optimizer: .benchmark, calls: ExtendedKalmanFilter.cycle
        ) { KalmanWork(m: batch.count, n: $0, size: size).step }.measure($0, $1)
      }
    }
    for part in KalmanCase<Scalar>.Part.allCases {
      for weights in [1000, 2827, 5000, 10_000] {
        for labels in [1, 10, 64] {
          add("ekf-\(part.rawValue)-m\(labels)-n\(weights)", "\(labels) rows, P of \(weights)²") {
            try KalmanCase<Scalar>(part: part, labels: labels, weights: weights).measure($0, $1)
          }
        }
      }
    }
    for batch in [LabelBatch.energies(1), .forces(10)] {
      add("adam-\(batch.name)", "a whole step of Adam, 2827 weights") {
        try OptimizerCase<Scalar, Adam>(batch: batch, optimizer: .benchmark, calls: nil) {
          Work(arithmetic: Double(12 * $0), scalarSize: size)
        }.measure($0, $1)
      }
      add("batch-\(batch.name)", "a batch from the cache, other labels each time") {
        try BatchCase<Scalar>(batch: batch).measure($0, $1)
      }
    }
    for molecules in [64, 512, 4096] {
      add("potential-\(3 * molecules)", "energy and forces from coordinates, list kept") {
        try PotentialCase<Scalar>(molecules: molecules, findsNeighbors: false).measure($0, $1)
      }
      add("potential-neighbors-\(3 * molecules)", "the same, neighbours found each time") {
        try PotentialCase<Scalar>(molecules: molecules, findsNeighbors: true).measure($0, $1)
      }
    }
    add("descriptors-192", "neighbours, descriptors and derivatives of one structure") {
      try DescriptorCase<Scalar>(structures: 1).measure($0, $1)
    }
    add("descriptors-dataset", "the same for 64 structures") {
      try DescriptorCase<Scalar>(structures: 64).measure($0, $1)
    }
    for network in MessageNetwork.allCases {
      for part in MessagePart.all {
        add("\(network.rawValue)-\(part.name)", part.summary) {
          try MessageCase<Scalar>(network: network, part: part).measure($0, $1)
        }
      }
    }
    add("loading", "extended XYZ with forces, 192 atoms a structure") {
      try LoadingCase().measure($0, $1)
    }
    let subjects: [(String, CompilationCase<Scalar>.Subject)] = [
      ("potential", .potential), ("jacobian", .jacobian), ("ekf", .kalmanFilter), ("adam", .adam),
    ]
    for (name, subject) in subjects {
      add("compilation-\(name)", "from the model to a program") {
        try CompilationCase<Scalar>(subject: subject).measure($0, $1)
      }
    }
    add("overhead", "a chain of 10 000 nodes of one element") {
      try OverheadCase<Scalar>().measure($0, $1)
    }
    add("training-ekf", "10 000 steps of the random-label schedule") {
      try TrainingCase<Scalar, ExtendedKalmanFilter>(optimizer: .benchmark).measure($0, $1)
    }
    add("training-adam", "10 000 steps of the random-label schedule") {
      try TrainingCase<Scalar, Adam>(optimizer: .benchmark).measure($0, $1)
    }
    return list
  }
}
