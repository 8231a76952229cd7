import Atomistic
import Tensors

/// A number for each labelled structure of a training, by which later data are compared with them.
///
/// Elements, positions, cell, labels and the weight in the loss count, bit for bit.
public struct DataDigest: Sendable, Equatable {
  /// The numbers in the order of the structures.
  let structures: [UInt64]

  init(structures: [UInt64]) { self.structures = structures }

  /// Takes the digest of structures and the factors of their errors.
  init(_ structures: [Structure], weights: [Double]) {
    self.structures = zip(structures, weights).map { structure, weight in
      var digest = Digest()
      digest.add(structure.digest)
      digest.add(weight)
      return digest.value
    }
  }

  /// The number of structures and a digest of all, whatever their order: `120 structures
  /// 44bc2cf5ad770999`.
  public var text: String {
    var digest = Digest()
    for structure in structures.sorted() { digest.add(structure) }
    return "\(structures.count) structures \(digest.text)"
  }

  /// The difference from earlier data; nil where there is none.
  public func change(since earlier: DataDigest) -> Change? {
    guard self != earlier else { return nil }
    let common = commonCount(earlier)
    let (removed, added) = (earlier.structures.count - common, structures.count - common)
    if removed == 0, added == 0 { return .order }
    return .content(removed: removed, added: added)
  }

  /// How many structures both have, each as often as both do.
  private func commonCount(_ other: DataDigest) -> Int {
    var left: [UInt64: Int] = [:]
    for structure in other.structures { left[structure, default: 0] += 1 }
    return structures.count { structure in
      guard let count = left[structure], count > 0 else { return false }
      left[structure] = count - 1
      return true
    }
  }

  /// A difference between data.
  public enum Change: Sendable, Equatable, CustomStringConvertible {
    /// The structures are the same in another order.
    case order
    /// So many structures are not there any more, and so many are new; an edited one is both.
    case content(removed: Int, added: Int)

    /// The difference as the end of a sentence that begins with "the data".
    public var description: String {
      switch self {
      case .order: "have the same structures in another order"
      case .content(let removed, 0): "lack \(removed) of the structures"
      case .content(0, let added): "have \(added) more structures"
      case .content(let removed, let added) where removed == added:
        "have \(added) structures that were edited or replaced"
      case .content(let removed, let added):
        "lack \(removed) of the structures and have \(added) others"
      }
    }
  }
}
