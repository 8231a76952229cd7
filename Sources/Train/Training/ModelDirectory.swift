public import Atomistic
public import Foundation

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

  /// The folder of the checkpoint.
  public var checkpoint: URL { url.appendingPathComponent("checkpoint") }

  /// The table of metrics.
  public var metrics: URL { url.appendingPathComponent("metrics.csv") }

  /// Whether there is something that a new model would replace.
  public var isTaken: Bool {
    [configurationFile, url.appendingPathComponent(TrainedModel.fileName)].contains {
      FileManager.default.fileExists(atPath: $0.path)
    }
  }

  /// Refuses to replace a model or a run unless that was asked for.
  ///
  /// Throws `TrainingFailure` with the advice.
  public func requireFree(orForced isForced: Bool, advice: String) throws {
    guard isTaken, !isForced else { return }
    throw TrainingFailure("\(url.path) holds a model or a run already; \(advice)")
  }

  /// Refuses to go on with a run that is not there.
  ///
  /// Throws `TrainingFailure`.
  public func requireRun() throws {
    guard !FileManager.default.fileExists(atPath: configurationFile.path) else { return }
    throw TrainingFailure(
      "\(url.path) holds no run to go on with; name the directory of one with -d")
  }

  /// The model that belongs to the checkpoint.
  ///
  /// Throws `TrainingFailure` where there is none, and the errors of its file.
  public func loadLast(_ kinds: [ModelKind]) throws -> TrainedModel {
    guard FileManager.default.fileExists(atPath: last.path) else {
      throw TrainingFailure(
        "\(url.path) holds no checkpoint to go on from; start the run again with --force")
    }
    return try TrainedModel.load(last, kinds: kinds)
  }

  /// Removes model and run, and leaves everything else in the folder alone.
  ///
  /// Otherwise the new run's curves would be drawn over the old run's curves, and a resumed run could
  /// find the old one's checkpoint.
  public func clear() throws {
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    let names = [configurationFile, last, checkpoint, metrics].map(\.lastPathComponent)
    for name in try FileManager.default.contentsOfDirectory(atPath: url.path)
    where names.contains(name) || name == TrainedModel.fileName
      || name.hasPrefix(EventFileWriter.namePrefix)
    {
      try FileManager.default.removeItem(at: url.appendingPathComponent(name))
    }
  }
}
