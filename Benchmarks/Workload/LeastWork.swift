import Atomistic
import Tensors

extension WaterWorkload {
  /// The least work of the Jacobian of a batch.
  ///
  /// For a row of descriptors the network is run forwards, `2 Σ d d'` operations over its layers,
  /// backwards through all layers but the first, and each layer's weights get an outer product,
  /// `2 Σ d d'` again. A force label carries a direction along, so each of these is done twice. The
  /// rows have to be read, and the Jacobian has to be written.
  func jacobianWork(_ batch: LabelBatch, _ network: BehlerParrinello) -> Work {
    let feed = feed(batch)
    var arithmetic = 0.0
    var elements = 0
    for (part, inputs) in zip(network.networks, labels.rows) {
      let sizes = part.layerSizes
      let rows = feed.indices(of: inputs.label).count
      let products = zip(sizes, sizes.dropFirst()).map { 2 * $0 * $1 }
      arithmetic += Double(rows * (3 * products.reduce(0, +) - products[0]))
      elements += rows * sizes[0]
    }
    let isForce = batch.kind == .force
    let weights = network.variables.reduce(0) { $0 + $1.count }
    let size = MemoryLayout<Scalar>.size
    return Work(
      arithmetic: arithmetic * (isForce ? 2 : 1),
      bytesRead: Double(elements * (isForce ? 2 : 1) * size),
      bytesWritten: Double(batch.count * weights * size), scalarSize: size)
  }
}

/// The least work of the parts of a Kalman step with m labels and n weights.
struct KalmanWork {
  let m, n, size: Int

  private func work(_ arithmetic: Int, read: Int = 0, written: Int = 0) -> Work {
    Work(
      arithmetic: Double(arithmetic), bytesRead: Double(read * size),
      bytesWritten: Double(written * size), scalarSize: size)
  }

  private var triangle: Int { n * (n + 1) / 2 }

  /// `X = J P`: each element of one triangle of P is read once, for two multiplications and additions
  /// with each row.
  var product: Work { work(2 * m * n * n, read: triangle) }

  /// `A = X Jᵀ + R`, `A = L Lᵀ` and `U = L⁻¹ X`; X and J fit into the cache.
  var solve: Work { work(3 * m * m * n + m * m * m / 3) }

  /// `P - Uᵀ U` for one triangle, read and written.
  var update: Work { work(m * n * n, read: triangle, written: triangle) }

  /// All three; the update may be put off, so P has to be read once and need not be written.
  var step: Work { work(3 * m * n * n + 3 * m * m * n, read: triangle) }
}
