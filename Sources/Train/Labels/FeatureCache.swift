import Atomistic
import Graph
import Synchronization
import Tensors

/// The features of one structure and where they lie.
struct FeatureBlock<Scalar: RealScalar> {
  let layout: FeatureLayout
  /// The features and their derivatives.
  let base: UnsafeMutablePointer<Scalar>
  /// The row of each entry.
  let rows: UnsafeMutablePointer<Int32>
}

/// The features of structures and their derivatives: computed once and kept within a budget, or
/// computed again where the budget has no room.
final class FeatureCache<Scalar: RealScalar> {
  private let structures: [Structure]
  private let makeFiller: @Sendable () -> FeatureFiller<Scalar>
  private let storage: FeatureStorage
  /// The features of each structure that are kept.
  private let blocks: [FeatureBlock<Scalar>?]

  /// The number of structures whose features are computed again whenever they are needed.
  let recomputed: Int

  /// Computes the features of some of the structures.
  ///
  /// Structures are shared out among the workers, or each of a few among all; `progress` hears how many
  /// are done.
  init(
    _ structures: [Structure], members: [Int], _ potential: any Potential, _ plan: RowPlan,
    keepsStrains: Bool, budget: FeatureBudget, workers: Workers,
    progress: @escaping @Sendable (Int) -> Void
  ) throws(LabelError) {
    self.structures = structures
    @Sendable func filler(_ workers: Workers) -> FeatureFiller<Scalar> {
      FeatureFiller(potential, plan, keepsStrains: keepsStrains, workers: workers)
    }
    let alone = Workers(count: 1)
    makeFiller = { filler(alone) }
    let storage = FeatureStorage(budget)
    self.storage = storage
    let done = Atomic(0)
    let areFew = members.count < workers.count
    let (outer, inner) = areFew ? (alone, workers) : (workers, alone)
    let results = outer.map(members.count, with: { filler(inner) }) { filler, index in
      let number = members[index]
      let later = members.count - done.load(ordering: .relaxed) - 1
      let result = Result { () throws(LabelError) in
        try Self.block(of: structures[number], number, filler, storage, later: later)
      }
      progress(done.add(1, ordering: .relaxed).newValue)
      return result
    }
    var blocks = [FeatureBlock<Scalar>?](repeating: nil, count: structures.count)
    for (number, result) in zip(members, results) { blocks[number] = try result.get() }
    self.blocks = blocks
    recomputed = members.count { blocks[$0] == nil }
  }

  /// Computes and keeps the features of a structure, with so many still to come; nil where the budget
  /// has no room.
  private static func block(
    of structure: Structure, _ number: Int, _ filler: FeatureFiller<Scalar>,
    _ storage: FeatureStorage, later: Int
  ) throws(LabelError) -> FeatureBlock<Scalar>? {
    let layout: FeatureLayout
    do throws(PotentialError) { layout = try filler.prepare(structure) } catch {
      throw .potential(error, structure: number)
    }
    let numbers = layout.count * MemoryLayout<Scalar>.stride
    let bytes = numbers + layout.entryCount * MemoryLayout<Int32>.stride
    // Layouts stay in memory wherever features go; those to come are about as large as this one.
    guard
      let memory = try storage.block(
        byteCount: bytes, layout: layout.byteCount, reserve: max(0, later) * layout.byteCount)
    else { return nil }
    let block = FeatureBlock(
      layout: layout, base: memory.bindMemory(to: Scalar.self, capacity: layout.count),
      rows: (memory + numbers).bindMemory(to: Int32.self, capacity: layout.entryCount))
    filler.write(block)
    return block
  }

  /// The bytes in memory and on disk.
  var byteCounts: (memory: Int, disk: Int) { storage.byteCounts }

  /// A reader for one thread.
  func reader() -> Reader { Reader(self) }

  /// Reads the features of one structure after the other.
  ///
  /// A structure that is not kept is computed into memory of the reader's own, with the same bits.
  final class Reader {
    private let cache: FeatureCache
    private var filler: FeatureFiller<Scalar>?
    private let numbers = Buffer<Scalar>()
    private let rows = Buffer<Int32>()
    private var present: (number: Int, block: FeatureBlock<Scalar>)?

    fileprivate init(_ cache: FeatureCache) { self.cache = cache }

    /// The features of a structure; those of one that is not kept are valid until the next call.
    func block(of number: Int) -> FeatureBlock<Scalar> {
      if let block = cache.blocks[number] { return block }
      if let present, present.number == number { return present.block }
      let filler = self.filler ?? cache.makeFiller()
      self.filler = filler
      let layout: FeatureLayout
      do { layout = try filler.prepare(cache.structures[number]) } catch {
        trap("FeatureCache: structure \(number) was fit before, but now \(error)")
      }
      numbers.resize(to: layout.count)
      rows.resize(to: layout.entryCount)
      let block = FeatureBlock(layout: layout, base: numbers.base, rows: rows.base)
      filler.write(block)
      present = (number, block)
      return block
    }
  }
}
