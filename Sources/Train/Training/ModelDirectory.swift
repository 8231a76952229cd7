public import Atomistic
public import Foundation
import Tensors

/// A folder that holds a model, and perhaps the training run that made it.
public struct ModelDirectory: Sendable, Hashable {
  /// The folder.
  public let url: URL

  /// Names a folder.
  public init(_ url: URL) { self.url = url }

  /// Names a folder by its path.
  public init(_ path: String) { url = URL(fileURLWithPath: path) }

  /// The configuration of the training run.
  public var configurationFile: URL { url.appendingPathComponent("config.json") }

  /// The folder of the model after the last step that a checkpoint was written for.
  public var last: URL { url.appendingPathComponent("last") }

  /// The folder of the models that are kept along the run, a folder each with the name of its step.
  public var steps: URL { url.appendingPathComponent("steps") }

  /// The folder of a model that a run saves.
  public func folder(of model: SavedModel) -> URL {
    switch model {
    case .best: url
    case .last: last
    case .kept(let step): steps.appendingPathComponent("\(step)")
    }
  }

  /// The directory of the run that has kept this model along its steps, or else this directory.
  public var run: ModelDirectory {
    let folder = url.standardizedFileURL.deletingLastPathComponent()
    let run = ModelDirectory(folder.deletingLastPathComponent())
    return folder.lastPathComponent == steps.lastPathComponent
      && Self.exists(run.configurationFile) ? run : self
  }

  /// The folder of the checkpoint.
  public var checkpoint: URL { url.appendingPathComponent("checkpoint") }

  /// The table of metrics.
  public var metrics: URL { url.appendingPathComponent("metrics.csv") }

  /// The table of structures whose labels the optimizer has found far beyond what it expects.
  public var wildLabels: URL { url.appendingPathComponent("wild-labels.csv") }

  /// The report of a run that is done.
  public var report: URL { url.appendingPathComponent("report.html") }

  /// Whether there is a model or a run.
  public var isTaken: Bool { [configurationFile, modelFile].contains { Self.exists($0) } }

  private var modelFile: URL { url.appendingPathComponent(TrainedModel.fileName) }

  private static func exists(_ file: URL) -> Bool {
    FileManager.default.fileExists(atPath: file.path)
  }

  /// Refuses to replace a model or a run unless that was asked for, and anything else of the same names
  /// in any case.
  ///
  /// Throws `TrainingFailure` with the advice.
  public func requireFree(orForced isForced: Bool, advice: String) throws {
    if let (name, reason) = stranger {
      throw TrainingFailure(
        "\(url.path) holds '\(name)', \(reason), which a run would replace; name another "
          + "directory, or move it away")
    }
    if isTaken, !isForced {
      throw TrainingFailure("\(url.path) holds a model or a run already; \(advice)")
    }
  }

  /// Takes the directory for one process, which makes it if it is missing.
  ///
  /// The lock ends with the value, or with the process. Throws `TrainingFailure` while another process
  /// has it.
  public func lock() throws -> DirectoryLock {
    try Folder.make(url.path)
    guard let lock = try FileLock(url.appendingPathComponent(".lock").path) else {
      throw TrainingFailure(
        "another process is at work in \(url.path); wait until it has ended, or name another "
          + "directory")
    }
    return DirectoryLock(self, lock)
  }

  /// Refuses to go on with a run that is not there.
  ///
  /// Throws `TrainingFailure`.
  public func requireRun() throws {
    guard Self.exists(configurationFile) else {
      throw TrainingFailure(
        "\(url.path) holds no run to go on with; name the directory of one with -d")
    }
    guard Self.exists(checkpoint.appendingPathComponent(Checkpoint.fileName)) else {
      throw noCheckpoint
    }
  }

  /// A run that has ended before its first checkpoint, or lost it.
  private var noCheckpoint: TrainingFailure {
    TrainingFailure(
      "\(url.path) holds no checkpoint to go on from; start the run again with --force")
  }

  /// The model that belongs to the checkpoint.
  ///
  /// Throws `TrainingFailure` where there is none, and the errors of its file.
  public func loadLast(_ kinds: [ModelKind]) throws -> TrainedModel {
    guard Self.exists(last) else { throw noCheckpoint }
    return try TrainedModel.load(last, kinds: kinds)
  }

  /// Removes model and run, and leaves everything else in the folder alone.
  ///
  /// Otherwise the new run's curves would be drawn over the old run's curves, and a resumed run could
  /// find the old one's checkpoint. The configuration goes last: as long as it is there, the other files
  /// are known as those of a run.
  ///
  /// Throws `TrainingFailure` where a file of another program would be lost, `FileError` where a file
  /// cannot be removed.
  public func clear() throws {
    if let (name, reason) = stranger {
      throw TrainingFailure("\(url.path) holds '\(name)', \(reason); move it away")
    }
    removeDrafts()
    let folders = keptFolders + [steps, checkpoint, last]
    for file in eventFiles + outputFiles + folders + [modelFile, configurationFile] {
      try Folder.remove(file.path)
    }
  }

  /// Removes what killed writers have left of the run's files.
  public func removeDrafts() {
    for file in outputFiles + [modelFile, configurationFile] {
      WholeFile.removeDrafts(of: file.path)
    }
  }

  /// The files that a run replaces as a whole, but for those by which it is known.
  private var outputFiles: [URL] {
    [
      metrics, wildLabels, report, checkpoint.appendingPathComponent(Checkpoint.fileName),
    ] + ([last] + keptFolders).map { $0.appendingPathComponent(TrainedModel.fileName) }
  }

  private var keptFolders: [URL] {
    Self.names(in: steps).map { steps.appendingPathComponent($0) }
  }

  private var eventFiles: [URL] {
    Self.names(in: url).filter { $0.hasPrefix(EventFileWriter.namePrefix) }
      .map { url.appendingPathComponent($0) }
  }

  private static func names(in folder: URL) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
  }

  /// A file or folder that has the name of one of a run's, but is of another program, and how one sees
  /// that.
  private var stranger: (name: String, reason: String)? {
    if let other = Self.names(in: steps).first(where: { Int($0) == nil }) {
      return (steps.lastPathComponent, "a folder with '\(other)'")
    }
    let ofModels = ([last] + keptFolders).map { ($0, TrainedModel.fileName) }
    for (folder, content) in ofModels + [(checkpoint, Checkpoint.fileName)]
    where Self.exists(folder) {
      let name = folder.lastPathComponent
      let others = Self.names(in: folder).filter { $0 != content && !$0.hasPrefix(".\(content).") }
      if let other = others.first { return (name, "a folder with '\(other)'") }
      guard isTaken else { return (name, "which is of no run") }
    }
    if Self.exists(metrics), !(isTaken && Self.isMetrics(metrics)) {
      return (metrics.lastPathComponent, "a table of no run")
    }
    if Self.exists(configurationFile), !Self.isConfiguration(configurationFile) {
      return (configurationFile.lastPathComponent, "a file of another program")
    }
    if !isTaken, let event = eventFiles.first {
      return (event.lastPathComponent, "an event file of no run")
    }
    if !isTaken, Self.exists(report) { return (report.lastPathComponent, "a report of no run") }
    return nil
  }

  /// Whether a file begins as a table of metrics does; one that is empty has been cut off.
  private static func isMetrics(_ file: URL) -> Bool {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return false }
    return text.isEmpty || text.hasPrefix("step,")
  }

  /// Whether a file is the configuration of a training, by two of its keys.
  private static func isConfiguration(_ file: URL) -> Bool {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return false }
    return text.contains("network") && text.contains("optimizer")
  }
}

/// A model directory as long as one process has it to itself, see `ModelDirectory.lock`.
public struct DirectoryLock {
  /// The directory.
  public let directory: ModelDirectory

  private let lock: FileLock

  init(_ directory: ModelDirectory, _ lock: FileLock) {
    (self.directory, self.lock) = (directory, lock)
  }
}
