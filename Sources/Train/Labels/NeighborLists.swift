import Atomistic
import Synchronization
import Tensors

/// The neighbours of structures, kept within a budget and listed again where it has no room.
final class NeighborLists: Sendable {
  private let structures: [Structure]
  private let cutoff: Double
  private let lists: [NeighborList?]

  /// The bytes that the lists take.
  let byteCount: Int

  /// Lists the neighbours of some of the structures, and asks whether the potential fits them.
  init(
    _ structures: [Structure], members: [Int], _ potential: any Potential, budget: FeatureBudget,
    workers: Workers, progress: @escaping @Sendable (Int) -> Void
  ) throws(LabelError) {
    self.structures = structures
    let cutoff = potential.cutoff
    self.cutoff = cutoff
    let done = Atomic(0)
    let results = workers.map(members.count) {
      StructureFeed<Float>(elements: potential.elements)
    } _: { inputs, index in
      let number = members[index]
      let result = Result { () throws(PotentialError) in
        try Self.list(structures[number], potential, inputs)
      }
      progress(done.add(1, ordering: .relaxed).newValue)
      return result
    }
    var lists = [NeighborList?](repeating: nil, count: structures.count)
    var bytes = 0
    for (number, result) in zip(members, results) {
      let list: NeighborList
      do throws(PotentialError) { list = try result.get() } catch {
        throw .potential(error, structure: number)
      }
      guard bytes + list.byteCount <= budget.memory else { continue }
      lists[number] = list
      bytes += list.byteCount
    }
    self.lists = lists
    byteCount = bytes
  }

  /// Lists the neighbours of a structure that fits the potential.
  private static func list(
    _ structure: Structure, _ potential: any Potential, _ inputs: StructureFeed<Float>
  ) throws(PotentialError) -> NeighborList {
    let list: NeighborList
    do { list = try NeighborList(structure, cutoff: potential.cutoff) } catch {
      throw .neighbors(error)
    }
    try inputs.set([structure], neighbors: [list], for: potential)
    return list
  }

  /// The neighbours of a structure.
  func list(of structure: Int) -> NeighborList {
    if let list = lists[structure] { return list }
    do { return try NeighborList(structures[structure], cutoff: cutoff) } catch {
      trap("NeighborLists: structure \(structure) was fit before, but now \(error)")
    }
  }
}
