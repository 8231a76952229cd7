import Atomistic
import Graph
import Tensors

/// Writes the derivatives of one feature of rows by positions and strains, from those by displacements.
///
/// A row moves with its own pairs alone, so threads share the rows.
struct RowWriter<Scalar: RealScalar>: @unchecked Sendable {
  /// The derivatives by the displacements, [width, pairs, 3].
  let slices: UnsafePointer<Scalar>
  let neighbors: NeighborList
  let owners: RowOwners
  let layout: FeatureLayout
  let group: Int
  let feature: Int
  /// The number of elements of a row.
  let width: Int
  /// The volume of the cell where derivatives by strains are kept.
  let volume: Double?
  /// The block of the structure.
  let block: UnsafeMutablePointer<Scalar>

  /// The number of rows that a thread takes at once: some hundred microseconds of work.
  private static var rowsPerChunk: Int { 8 }

  /// What a thread keeps while it writes rows.
  private final class Scratch {
    /// The derivatives of a row by the displacements of its pairs, [pairs, 3, width].
    let derivatives = Buffer<Scalar>()
    /// The derivatives of a row by the positions of the atoms that move it, [atoms, 3, width].
    let sums = Buffer<Scalar>()
    /// The place of each atom among those that move the row.
    var places: [Int32]

    init(atoms: Int) { places = [Int32](repeating: -1, count: atoms) }
  }

  /// Writes all rows.
  func write(_ workers: Workers) {
    let chunks = (owners.rowCount + Self.rowsPerChunk - 1) / Self.rowsPerChunk
    _ = workers.map(chunks, with: { Scratch(atoms: layout.atoms) }) { scratch, chunk in
      let first = chunk * Self.rowsPerChunk
      for row in first..<min(first + Self.rowsPerChunk, owners.rowCount) { write(row, scratch) }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func write(_ row: Int, _ scratch: Scratch) {
    let (pairs, moved) = (owners.pairs(of: row), owners.moved(by: row))
    scratch.derivatives.resize(to: 3 * pairs.count * width)
    transpose(owners.pairs[pairs], into: scratch.derivatives.base)
    addEnds(of: owners.pairs[pairs], moved, scratch)
    for place in moved {
      let atom = Int(owners.movedAtoms[place])
      let slab = block + layout.slab(moved: atom, group, feature)
      let entries = layout.entries(moved: atom, group).count
      let source = scratch.sums.base + 3 * (place - moved.lowerBound) * width
      for axis in 0..<3 {
        (slab + (axis * entries + owners.entry(at: place)) * width)
          .update(from: source + axis * width, count: width)
      }
    }
    if let volume {
      writeStrains(
        owners.pairs[pairs], scratch.derivatives.base, volume,
        into: block + layout.strains[group][feature] + 6 * row * width)
    }
  }

  /// Sums the derivatives by the positions of the atoms that move a row.
  private func addEnds(of pairs: ArraySlice<Int32>, _ moved: Range<Int>, _ scratch: Scratch) {
    let sums = scratch.sums
    sums.resize(to: 3 * moved.count * width)
    sums.base.update(repeating: 0, count: sums.count)
    for place in moved {
      scratch.places[Int(owners.movedAtoms[place])] = Int32(place - moved.lowerBound)
    }
    var derivative = scratch.derivatives.base
    for pair in pairs {
      let (first, second) = (neighbors.first[Int(pair)], neighbors.second[Int(pair)])
      // The ends of a pair between images of one atom move together.
      if first != second {
        let start = sums.base + 3 * Int(scratch.places[Int(first)]) * width
        let end = sums.base + 3 * Int(scratch.places[Int(second)]) * width
        for index in 0..<3 * width {
          end[index] += derivative[index]
          start[index] -= derivative[index]
        }
      }
      derivative += 3 * width
    }
  }

  /// `result[p, a, c] = slices[c, pairs[p], a]`.
  private func transpose(_ pairs: ArraySlice<Int32>, into result: UnsafeMutablePointer<Scalar>) {
    let slice = 3 * neighbors.count
    for column in 0..<width {
      var target = result + column
      for pair in pairs {
        let source = slices + column * slice + 3 * Int(pair)
        target[0] = source[0]
        target[width] = source[1]
        target[2 * width] = source[2]
        target += 3 * width
      }
    }
  }

  /// Writes the derivatives of one row by the strains over the volume, [6, width].
  private func writeStrains(
    _ pairs: ArraySlice<Int32>, _ derivatives: UnsafePointer<Scalar>, _ volume: Double,
    into target: UnsafeMutablePointer<Scalar>
  ) {
    target.update(repeating: 0, count: 6 * width)
    var derivative = derivatives
    for pair in pairs {
      let vector = neighbors.displacement[Int(pair)] / volume
      for (component, place) in Property.voigt.enumerated() {
        let factor = Scalar(vector[place.column])
        let source = derivative + place.row * width
        for column in 0..<width { target[component * width + column] += factor * source[column] }
      }
      derivative += 3 * width
    }
  }
}
