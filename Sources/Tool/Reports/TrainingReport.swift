import Atomistic
import Foundation
import Tensors
import Train

/// `report.html` of a model directory: curves, predictions against labels, settings and times.
struct TrainingReport {
  let directory: ModelDirectory
  let configuration: TrainingConfiguration
  /// The structures that the parity is of.
  let structures: [Structure]

  /// The most structures whose predictions are compared with labels.
  static let mostStructures = 50

  /// Writes the file.
  ///
  /// Throws what is wrong with the files of the run.
  func write(catalog: Catalog, workers: Workers) throws {
    let table = try MetricsTable(contentsOf: directory.metrics, allowingUnfinishedRow: true)
    let model = try TrainedModel.load(directory.url, kinds: catalog.models)
    let predicted = try ModelSource.directory(directory.url, model).predictions(
      of: structures, workers: workers, progress: { _ in })
    let properties = configuration.terms.map(\.property)
    var page = HTMLPage("Training of \(directory.url.lastPathComponent)")
    page.heading("Errors")
    page.table(
      ["property", "RMSE", "mean absolute", "largest", "labels"],
      properties.compactMap { property in
        property.errors(of: predicted.labels, in: structures).map { errors in
          [
            "\(property.name) (\(property.errorUnit.replacing("angstrom", with: "Å")))",
            decimal(1000 * errors.rmse, 3), decimal(1000 * errors.mae, 3),
            decimal(1000 * errors.max, 3), "\(errors.count)",
          ]
        }
      })
    page.paragraph(
      "Of the model with the smallest validation loss, over \(counted(structures.count, "structure"))"
        + ".")
    page.figure(
      Figure(
        "Learning curves",
        properties.compactMap { panel(of: $0, table) }),
      caption: "Root mean squared errors against steps.")
    page.figure(
      Figure(parityOf: properties, predicted: predicted.labels, structures: structures),
      caption: "Predictions against labels, and the distribution of the errors.")
    page.heading("Settings")
    let seconds = EventTimes(directory: directory.url).points.last?.seconds
    page.paragraph(
      "\(table.rows.last?.step ?? 0) steps"
        + (seconds.map { " in \(decimal($0, 1)) s" } ?? "")
        + " with \(counted(configuration.threads, "thread")), by \(AtomFlowVersion.text).")
    page.details("The whole configuration", text: try StrictJSON.text(of: configuration))
    try WholeFile.write(page.text, to: directory.report.path)
  }

  private func panel(of property: Property, _ table: MetricsTable) -> Panel? {
    let layers = ["validation", "training"].enumerated().compactMap { style, part -> Layer? in
      guard let column = table.columns.firstIndex(of: "\(part).\(property.name).rmse") else {
        return nil
      }
      let points = table.rows.filter { $0.step > 0 && $0.values[column] != nil }
      guard !points.isEmpty else { return nil }
      return Layer(
        .line(
          x: points.map { Double($0.step) }, y: points.map { 1000 * ($0.values[column] ?? .nan) }),
        name: part, style: style)
    }
    guard !layers.isEmpty else { return nil }
    return Panel(
      x: Axis(label: "steps", scale: .logarithmic),
      y: Axis(
        label: "\(property.name) error "
          + "(\(property.errorUnit.replacing("angstrom", with: "Å")))", scale: .logarithmic),
      layers: layers)
  }
}
