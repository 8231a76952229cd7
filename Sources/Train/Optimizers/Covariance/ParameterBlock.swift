public import Graph
import Tensors

/// Some elements of a parameter vector, for which a filter keeps a covariance of their own.
///
/// The elements may be seen as a matrix [inputs, outputs]: the weights of a layer, the bias as one more
/// row below.
public struct ParameterBlock: Sendable, Hashable {
  /// The name, unique among the blocks of a vector; empty for the block of all elements.
  public let name: String

  /// The places of the elements in the vector, in their order.
  public let ranges: [Range<Int>]

  /// The number of columns of the elements as a matrix; 1 where they are none.
  public let outputs: Int

  /// Makes a block.
  public init(_ name: String, _ ranges: [Range<Int>], outputs: Int = 1) {
    (self.name, self.ranges, self.outputs) = (name, ranges, outputs)
  }

  /// The number of elements.
  public var count: Int { ranges.reduce(0) { $0 + $1.count } }

  /// The number of rows of the elements as a matrix.
  public var inputs: Int { count / outputs }

  /// The block's columns of rows over the whole vector: [m, n] to [m, count].
  public func columns(of rows: Symbol) -> Symbol {
    if rows.shape[1] == .fixed(count) { return rows }
    return .concatenating(
      ranges.map { rows.slice(.fixed($0.lowerBound), count: .fixed($0.count), axis: 1) }, axis: 1)
  }

  /// The vector [n] of the elements of all blocks, each given as a vector.
  static func vector(_ parts: [(block: ParameterBlock, elements: Symbol)]) -> Symbol {
    if parts.count == 1 { return parts[0].elements }
    return .concatenating(
      pieces(parts.map(\.block)).map { piece in
        parts[piece.block].elements.slice(.fixed(piece.start), count: .fixed(piece.count))
      }, axis: 0)
  }

  /// The matrix [n, n] with the matrices of all blocks, and zeros for pairs of elements of two blocks.
  static func matrix(_ parts: [(block: ParameterBlock, value: Symbol)]) -> Symbol {
    if parts.count == 1 { return parts[0].value }
    let pieces = pieces(parts.map(\.block))
    let rows = pieces.map { row in
      let own = parts[row.block].value.slice(.fixed(row.start), count: .fixed(row.count))
      return Symbol.concatenating(
        pieces.map { column in
          guard column.block == row.block else {
            return .fill(0, [.fixed(row.count), .fixed(column.count)])
          }
          return own.slice(.fixed(column.start), count: .fixed(column.count), axis: 1)
        }, axis: 1)
    }
    return .concatenating(rows, axis: 0)
  }

  /// The ranges of all blocks in the order of the vector, each with its place within its block.
  private static func pieces(
    _ blocks: [ParameterBlock]
  ) -> [(block: Int, start: Int, count: Int)] {
    var pieces: [(place: Int, piece: (block: Int, start: Int, count: Int))] = []
    for (number, block) in blocks.enumerated() {
      var start = 0
      for range in block.ranges {
        pieces.append((range.lowerBound, (number, start, range.count)))
        start += range.count
      }
    }
    return pieces.sorted { $0.place < $1.place }.map(\.piece)
  }
}

extension ParameterVector {
  /// One block of all elements.
  var whole: [ParameterBlock] { [ParameterBlock("", [0..<count])] }

  /// A block for each layer, see `Variable.layer`.
  var layers: [ParameterBlock] { blocks(layerGroups, name: \.[0].layer) }

  /// A block for each network: layers that do not interact, see `Symbol.groups(_:unitedBy:)`. In a
  /// Behler-Parrinello model that is one for each element.
  var networks: [ParameterBlock] {
    blocks(Symbol.groups(layerGroups, unitedBy: errors), name: \.[0].layer)
  }

  /// A block for each matrix [inputs, outputs]: the variables of a layer that have the same last axis.
  var matrices: [ParameterBlock] {
    let groups = layerGroups.flatMap { layer in
      layer.map { $0.extents.last ?? 1 }.uniqued().map { outputs in
        layer.filter { ($0.extents.last ?? 1) == outputs }
      }
    }
    return blocks(groups, name: \.[0].name) { $0[0].extents.last ?? 1 }
  }

  /// Blocks of at most so many elements: variables in their order are gathered as long as they fit;
  /// one that is larger is split into runs of the size and a rest (RLEKF; Hu et al. 2023).
  func runs(of size: Int) -> [ParameterBlock] {
    var runs: [Range<Int>] = []
    var gathered = 0..<0
    func split() {
      for first in stride(from: gathered.lowerBound, to: gathered.upperBound, by: size) {
        runs.append(first..<min(first + size, gathered.upperBound))
      }
      gathered = gathered.upperBound..<gathered.upperBound
    }
    for variable in variables {
      if gathered.count + variable.count > size { split() }
      gathered = gathered.lowerBound..<gathered.upperBound + variable.count
    }
    split()
    return runs.enumerated().map { ParameterBlock("block\($0 + 1)", [$1]) }
  }

  private var layerGroups: [[Variable]] {
    let layers = Dictionary(grouping: variables, by: \.layer)
    return variables.map(\.layer).uniqued().compactMap { layers[$0] }
  }

  private func blocks(
    _ groups: [[Variable]], name: ([Variable]) -> String, outputs: ([Variable]) -> Int = { _ in 1 }
  ) -> [ParameterBlock] {
    var start = 0
    var places: [Variable: Range<Int>] = [:]
    for variable in variables {
      places[variable] = start..<start + variable.count
      start += variable.count
    }
    return groups.map { group in
      ParameterBlock(name(group), group.compactMap { places[$0] }, outputs: outputs(group))
    }
  }
}
