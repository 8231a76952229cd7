public import Graph
import Tensors

/// A fully connected layer, `f(x W + b)`, of the last axis: `[rows, inputs]` to `[rows, outputs]`.
///
/// More leading axes than one may stand before the inputs. Its variables are `<name>.weights`,
/// `[inputs, outputs]`, and, unless it has no bias, `<name>.bias`, `[outputs]`.
public struct Dense: Hashable, Sendable {
  /// The matrix W.
  public let weights: Variable
  /// The vector b, if the layer has one.
  public let bias: Variable?
  /// The function f.
  public let activation: Activation

  /// Makes a layer; its bias starts at zero, and `bias: nil` makes a layer without one.
  public init(
    _ name: String, inputs: Int, outputs: Int, activation: Activation = .identity,
    weights: Initializer = .xavierUniform, bias: Initializer? = .constant(0)
  ) {
    self.weights = Variable("\(name).weights", [inputs, outputs], initializer: weights)
    self.bias = bias.map { Variable("\(name).bias", [outputs], initializer: $0) }
    self.activation = activation
  }

  /// The weights and, if there is one, the bias.
  public var variables: [Variable] { [weights] + (bias.map { [$0] } ?? []) }

  /// Returns the layer's outputs for each row.
  public func callAsFunction(_ rows: Symbol) -> Symbol {
    rows.multiplied(by: weights.symbol, adding: bias?.symbol, activation)
  }

  /// Returns the layer's outputs for each row as matrices of `count` rows, each transposed:
  /// `[rows, outputs / count, count]`.
  ///
  /// The weights are brought into this order, which are fewer than outputs.
  public func callAsFunction(_ rows: Symbol, transposing count: Int) -> Symbol {
    rows.multiplied(
      by: weights.symbol.transposingMatrices(of: count),
      adding: bias?.symbol.transposingMatrices(of: count), activation
    ).dividingLastAxis(by: count)
  }
}

extension Symbol {
  /// A layer's outputs, `f(x W + b)`.
  fileprivate func multiplied(
    by weights: Symbol, adding bias: Symbol?, _ activation: Activation
  ) -> Symbol {
    let product = matmul(weights)
    guard let bias else { return activation(product) }
    return activation(product + bias.broadcast(to: product.shape, axes: [product.rank - 1]))
  }

  /// The last axis as matrices of `count` rows, transposed and laid side by side again.
  func transposingMatrices(of count: Int) -> Symbol {
    reshaped(dividedShape(count) { [$1, $0] })
      .transposed(Array(0..<rank - 1) + [rank, rank - 1]).reshaped(shape)
  }

  /// The last axis as an axis of `last / count` and one of `count`.
  func dividingLastAxis(by count: Int) -> Symbol { reshaped(dividedShape(count) { [$0, $1] }) }

  /// The shape with `last / count` and `count` in the place of the last axis.
  private func dividedShape(_ count: Int, _ order: (Extent, Extent) -> [Extent]) -> Shape {
    let last = shape[rank - 1].constant ?? 0
    ensure(last > 0 && last % count == 0, "\(type): the last axis has no \(count) equal parts")
    return Shape(shape.extents.dropLast() + order(.fixed(last / count), .fixed(count)))
  }
}
