import Atomistic
import Foundation

extension EnergyDensityHistogram {
  /// The bins of a dataset that hold structures.
  private func cells(
    _ dataset: Int
  ) -> [(density: ClosedRange<Double>, energy: ClosedRange<Double>, count: Int)] {
    counts[dataset].enumerated().flatMap { row, counts in
      counts.enumerated().filter { $0.element > 0 }.map { column, count in
        (
          densityEdges[row]...densityEdges[row + 1], energyEdges[column]...energyEdges[column + 1],
          count
        )
      }
    }
  }

  /// The bins with their counts, by the names of the datasets.
  func table(names: [String]) -> SeriesTable {
    var table = SeriesTable([
      "dataset", "density_from_g_per_mL", "density_to_g_per_mL", "energy_from_eV_per_atom",
      "energy_to_eV_per_atom", "structures",
    ])
    for (index, name) in names.enumerated() {
      for cell in cells(index) {
        table.add(
          name, cell.density.lowerBound, cell.density.upperBound, cell.energy.lowerBound,
          cell.energy.upperBound, Double(cell.count))
      }
    }
    return table
  }

  /// A panel in which each dataset has its colour, stronger where there are more of its structures.
  func figure(names: [String]) -> Figure {
    let most = log(1 + Double(counts.joined().joined().max() ?? 1))
    let layers = names.enumerated().map { index, name in
      let drawn = cells(index).map { cell in
        Layer.Cell(
          x: cell.density, y: cell.energy,
          opacity: 0.15 + 0.75 * log(1 + Double(cell.count)) / most)
      }
      return Layer(.cells(drawn), name: name, style: index)
    }
    return Figure(
      "Energy per atom against density",
      [
        Panel(
          x: Axis(label: "density (g/mL)"), y: Axis(label: "energy per atom (eV)"), layers: layers)
      ])
  }
}
