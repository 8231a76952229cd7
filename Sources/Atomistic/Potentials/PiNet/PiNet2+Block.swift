import Graph
import Layers

extension PiNet2 {
  /// One interaction block.
  struct Block {
    private let interaction: PairInteraction
    private let messages, inner, mix: FeedForward
    private let kinds: [TensorInteraction]
    private let products: [TensorProduct]
    private let width: Int
    private let groups: Int

    /// Makes the layers of a block between so many properties and tensors; the last block makes no
    /// tensors.
    init(_ number: Int, _ settings: Settings, inputs: Int, tensorWidth: Int, basis: Int) {
      let (name, common) = ("block\(number)", settings.common)
      let (activation, tensors) = (common.activation, settings.tensors)
      width = settings.width
      let isLast = number == common.depth
      groups = isLast ? 1 : 1 + tensors.count
      let all = (1 + tensors.count) * width
      let outputs = common.pp.last ?? all
      interaction = PairInteraction(
        "\(name).pi", inputs: inputs, nodes: common.pi, basis: basis, activation: activation)
      messages = FeedForward(
        "\(name).ii", inputs: common.pi[common.pi.count - 1], nodes: common.ii.dropLast() + [all],
        activation: activation, hasBias: false)
      inner = FeedForward(
        "\(name).pp", inputs: all, nodes: common.pp, activation: activation, hasBias: false)
      mix = FeedForward(
        "\(name).mix", inputs: settings.mixedWidth, nodes: common.pp.dropLast() + [groups * width],
        activation: activation)
      kinds = tensors.map {
        TensorInteraction(
          "\(name).\($0.name)", inputs: tensorWidth, channels: settings.width, outputs: outputs,
          isWeighted: settings.weighted)
      }
      products = tensors.map {
        TensorProduct(
          "\(name).\($0.name).dot", channels: outputs, isWeighted: settings.weighted)
      }
    }

    /// Returns what is added to the properties, [atoms, width], and to tensors of each kind.
    func callAsFunction(
      _ properties: Symbol, _ tensors: [Symbol?], _ radial: Symbol, _ directions: [Symbol],
      _ inputs: AtomisticInputs
    ) -> (properties: Symbol, tensors: [Symbol]) {
      func group(_ number: Int, of symbol: Symbol) -> Symbol {
        guard symbol.shape[1] != .fixed(width) else { return symbol }
        return symbol.slice(.fixed(number * width), count: .fixed(width), axis: 1)
      }
      let atoms = AtomisticInputs.atoms
      let pairs = messages(
        interaction(properties, radial, first: inputs.first, second: inputs.second))
      var scalars = [inner(pairs.segmentSum(by: inputs.first, count: atoms))]
      var mixed: [Symbol] = []
      for (kind, layer) in kinds.enumerated() {
        let tensor = layer(
          tensors[kind], directions[kind], gates: group(kind + 1, of: pairs),
          first: inputs.first, second: inputs.second, atoms: atoms)
        mixed.append(tensor)
        scalars.append(products[kind](tensor))
      }
      let joined = mix(scalars.count == 1 ? scalars[0] : .concatenating(scalars, axis: 1))
      guard groups > 1 else { return (group(0, of: joined), []) }
      return (
        group(0, of: joined),
        mixed.enumerated().map { kind, tensor in
          tensor * group(kind + 1, of: joined).broadcast(to: tensor.shape, axes: [0, 2])
        }
      )
    }
  }
}
