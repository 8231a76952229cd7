import Atomistic
import Tensors
import Train

/// The structures of a training, read, divided and weighted as a configuration says, and some lines on
/// them.
struct TrainingInput {
  let data: TrainingData
  /// The lines that a user should read.
  let text: String

  /// Reads and divides the data of a configuration.
  ///
  /// Throws a sentence if the file is wrong, holds no labels or is too small to be divided.
  init(_ configuration: TrainingConfiguration) throws {
    guard let file = configuration.data.file else {
      throw ToolError(
        "no data: name a file of labelled structures by --data FILE or data.file in the "
          + "configuration")
    }
    let set = try StructureFile.read(file, options: configuration.dataOptions)
    let properties = configuration.terms.map(\.property)
    guard
      set.structures.contains(where: { one in properties.contains { $0.reference(one) != nil } })
    else {
      try set.requireLabels(
        in: file,
        advice: "name their keys in the configuration by data.keys, such as { energy: \"E\" }")
      throw Self.noLabels(file, properties)
    }
    let data: TrainingData
    do {
      data = try TrainingData(
        set.structures, trainingFraction: configuration.data.split.training,
        seed: UInt64(configuration.seed),
        weights: configuration.data.weights.factors(of: set.structures),
        outliers: configuration.data.outliers, properties: properties)
    } catch let error as StructureWeights.Fault {
      throw ToolError("\(file): \(error)")
    } catch let error as TrainingFailure {
      throw ToolError("\(file): \(error)")
    }
    self.data = data
    var lines = [Self.summary(file, data, set.inventory)]
    if let remark = set.inventory.remark { lines.append("\(file): \(remark)") }
    if data.omitted > 0 {
      lines.append("\(counted(data.omitted, "structure")) of weight 0 left out")
    }
    if !data.leftOut.isEmpty {
      let places = data.leftOut.map(String.init).joined(separator: ", ")
      lines.append(
        "\(counted(data.leftOut.count, "structure")) left out for labels far from those of the others: "
          + "\(places) (counted from 0)")
    }
    lines.append(
      data.reference.energies.sorted { $0.key < $1.key }
        .map { "reference energy of \($0.key): \(decimal($0.value, 6)) eV" }
        .joined(separator: ", "))
    if let report = data.reference.report { lines.append(report) }
    text = lines.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func noLabels(_ file: String, _ properties: [Property]) -> ToolError {
    ToolError(
      "\(file): no structure has a label of \(properties.map(\.name).joined(separator: ", ")); name "
        + "the labels by data.keys, or change loss")
  }

  private static func summary(
    _ file: String, _ data: TrainingData, _ inventory: LabelInventory
  ) -> String {
    var labels = [
      "\(inventory.energy.structures) with energies", "\(inventory.forces.structures) with forces",
    ]
    labels += inventory.others.sorted { $0.key < $1.key }.map { "\($1.structures) with \($0)" }
    return "\(file): \(counted(data.structures.count, "structure")), \(data.training.count) for "
      + "training and \(data.validation.count) for validation; \(labels.joined(separator: ", "))"
  }
}
