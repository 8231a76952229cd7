import Foundation
import Graph
import Tensors

extension Adam {
  /// The change of Adam's step, and the new values of its moments, which Adam's relatives keep under
  /// names of their own.
  ///
  ///     m ← β₁ m + (1 - β₁) g        v ← β₂ v + (1 - β₂) (B g)²
  ///     change = η √(1 - β₂ᵗ) / (1 - β₁ᵗ) · B m / (√v + ε)
  ///
  /// - Parameters:
  ///   - gradient: The gradient g [n].
  ///   - rate: The learning rate η, a scalar.
  ///   - counter: The count of steps.
  ///   - name: The name of the optimizer, a prefix of those of both moments.
  ///   - basis: The orthogonal map B of [n] in which elements have a size of their own; the change is in
  ///     that basis.
  /// - Returns: The change [n], and the new value of both moments.
  func change(
    _ gradient: Symbol, rate: Symbol, at counter: StepCounter, name: String = Adam.kind,
    in basis: (Symbol) -> Symbol = { $0 }
  ) -> (change: Symbol, memory: [Variable: Symbol]) {
    guard let n = gradient.shape[0].constant else {
      trap("Adam: a gradient \(gradient.type) has no number of elements to make moments for")
    }
    func moment(_ suffix: String) -> Variable {
      Variable("\(name).\(suffix)", [n], initializer: .constant(0), isTrainable: false)
    }
    let (first, second) = (moment("firstMoment"), moment("secondMoment"))
    let turned = basis(gradient)
    let m = firstDecay * first.symbol + (1 - firstDecay) * gradient
    let v = secondDecay * second.symbol + (1 - secondDecay) * turned * turned
    // β^t as exp(t log β): the number of steps is a symbol.
    let t = counter.next
    let firstCorrection = 1 - (t * log(firstDecay)).exp()
    let secondCorrection = (1 - (t * log(secondDecay)).exp()).squareRoot()
    let change =
      (rate * secondCorrection / firstCorrection) * basis(m) / (v.squareRoot() + epsilon)
    return (change, [first: m, second: v])
  }
}
