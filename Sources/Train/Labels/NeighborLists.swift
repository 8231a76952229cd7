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
    struct Results {
      var lists: [NeighborList?]
      var failure: (structure: Int, error: LabelError)?
      var done = 0
      var bytes = 0
    }
    let results = Mutex(Results(lists: structures.map { _ in nil }))
    workers.forEach(members.count) { index in
      let number = members[index]
      do throws(PotentialError) {
        let list: NeighborList
        do { list = try NeighborList(structures[number], cutoff: cutoff) } catch {
          throw .neighbors(error)
        }
        let inputs = StructureFeed<Float>(elements: potential.elements)
        try inputs.set([structures[number]], neighbors: [list])
        try potential.complete(
          inputs.feed, structures: [structures[number]], neighbors: [list])
        results.withLock {
          if $0.bytes + list.byteCount <= budget.memory {
            $0.lists[number] = list
            $0.bytes += list.byteCount
          }
          $0.done += 1
          progress($0.done)
        }
      } catch {
        results.withLock {
          if number < $0.failure?.structure ?? .max {
            $0.failure = (number, .potential(error, structure: number))
          }
        }
      }
    }
    let (found, failure, bytes) = results.withLock { ($0.lists, $0.failure, $0.bytes) }
    if let failure { throw failure.error }
    lists = found
    byteCount = bytes
  }

  /// The neighbours of a structure.
  func list(of structure: Int) -> NeighborList {
    if let list = lists[structure] { return list }
    do { return try NeighborList(structures[structure], cutoff: cutoff) } catch {
      fatalError("NeighborLists: structure \(structure + 1) was fit before, but now \(error)")
    }
  }
}
