public import Layers
import Synchronization
public import Tensors

/// The descriptors of structures and their derivatives by the positions, computed once.
///
/// Training reads them in every step. They are kept scaled, in the precision of the training, within
/// a budget of memory.
public final class DescriptorCache<Scalar: RealScalar> {
  /// The elements that have functions, sorted.
  public let elements: [Element]

  /// The number of functions of each element.
  public let widths: [Int]

  /// The number of bytes that descriptors and derivatives take.
  public let byteCount: Int

  let layouts: [DescriptorLayout]
  private let starts: [Int]
  private let storage: CacheStorage

  /// Computes the descriptors of structures, unscaled; lengths of derivatives are in angstrom.
  ///
  /// Structures are shared out among the workers; `progress` hears how many are done.
  public init(
    _ structures: [Structure], _ choice: DescriptorChoice, budget: CacheBudget = CacheBudget(),
    workers: Workers, progress: @Sendable (Int) -> Void = { _ in }
  ) throws(DescriptorCacheError) {
    let elements = choice.functions.keys.sorted().map { Element(number: $0)! }
    let sets = elements.map {
      SymmetryFunctionSet(
        functions: choice.functions[$0.number]!, species: elements.map(\.number))
    }
    let widths = sets.map(\.count)
    self.elements = elements
    self.widths = widths
    var layouts: [DescriptorLayout] = []
    var places: [[Int]] = []
    for (number, structure) in structures.enumerated() {
      var place: [Int] = []
      for element in structure.elements {
        guard let index = elements.firstIndex(of: element) else {
          throw .element(structure: number, element, known: elements)
        }
        place.append(index)
      }
      let neighbors = try Self.neighbors(of: structure, number, cutoff: choice.cutoff)
      layouts.append(DescriptorLayout(neighbors: neighbors, element: place, widths: widths))
      places.append(place)
    }
    self.layouts = layouts
    var starts: [Int] = []
    var total = 0
    for layout in layouts {
      starts.append(total)
      total += (layout.count + 15) / 16 * 16
    }
    self.starts = starts
    byteCount = total * MemoryLayout<Scalar>.stride
    storage = try CacheStorage(
      byteCount: byteCount, folder: byteCount > budget.memory ? budget.folder : nil)

    let base = storage.base.assumingMemoryBound(to: Scalar.self)
    let done = Mutex(0)
    let chunk = 4
    workers.forEach((structures.count + chunk - 1) / chunk) { index in
      let filler = DescriptorFiller<Scalar>(sets, lengthUnit: choice.lengthUnit)
      for number in index * chunk..<min((index + 1) * chunk, structures.count) {
        // The list was made above without a fault.
        let neighbors = try! NeighborList(structures[number], cutoff: choice.cutoff)
        filler.fill(
          base + starts[number], layouts[number], neighbors, structures[number], places[number])
        done.withLock { done in
          done += 1
          progress(done)
        }
      }
    }
  }

  private static func neighbors(
    of structure: Structure, _ number: Int, cutoff: Double
  ) throws(DescriptorCacheError) -> NeighborList {
    let neighbors: NeighborList
    do { neighbors = try NeighborList(structure, cutoff: cutoff) } catch {
      throw .neighbors(structure: number, error)
    }
    for atom in 0..<structure.count where neighbors.pairs(of: atom).isEmpty {
      throw .isolatedAtom(
        structure: number, atom: atom, element: structure.elements[atom], cutoff: cutoff)
    }
    return neighbors
  }

  /// Whether the cache lies in a file because it was too large for the memory it may take.
  public var isOnDisk: Bool { storage.isOnDisk }

  /// The number of structures.
  public var count: Int { layouts.count }

  /// The block of one structure.
  func base(_ structure: Int) -> UnsafeMutablePointer<Scalar> {
    storage.base.assumingMemoryBound(to: Scalar.self) + starts[structure]
  }

  /// The descriptors of one element in a structure, [atoms of the element, functions].
  public func descriptors(
    of structure: Int, element: Int
  ) -> UnsafeMutableBufferPointer<Scalar> {
    let layout = layouts[structure]
    return UnsafeMutableBufferPointer(
      start: base(structure) + layout.values[element],
      count: layout.atoms[element].count * widths[element])
  }

  /// The ranges of the functions of each element over some structures.
  public func ranges(over structures: some Sequence<Int>) -> [[DescriptorRange]?] {
    var statistics = widths.map { DescriptorStatistics(width: $0) }
    for structure in structures {
      for element in elements.indices {
        statistics[element].add(descriptors(of: structure, element: element).map(Double.init))
      }
    }
    return statistics.map { $0.count > 0 ? $0.ranges : nil }
  }

  /// Scales descriptors and derivatives by a map for each element and function.
  public func scale(by maps: [[DescriptorScaling.Map]], workers: Workers) {
    workers.forEach(count) { structure in
      let layout = layouts[structure]
      for element in elements.indices {
        let factors = maps[element].map { Scalar($0.factor) }
        let offsets = maps[element].map { Scalar($0.offset) }
        scaleRows(
          base(structure) + layout.values[element], rows: layout.atoms[element].count, factors,
          offsets: offsets)
        for atom in 0..<layout.slabs.count / elements.count {
          scaleRows(
            base(structure) + layout.slab(moved: atom, element),
            rows: 3 * layout.entries(moved: atom, element).count, factors, offsets: nil)
        }
      }
    }
  }
}

/// `x[r, f] ← factors[f] x[r, f] + offsets[f]`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func scaleRows<Scalar: RealScalar>(
  _ x: UnsafeMutablePointer<Scalar>, rows: Int, _ factors: [Scalar], offsets: [Scalar]?
) {
  for row in 0..<rows {
    for function in factors.indices {
      let value = x[row * factors.count + function] * factors[function]
      x[row * factors.count + function] = offsets.map { value + $0[function] } ?? value
    }
  }
}
