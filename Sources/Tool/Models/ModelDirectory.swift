import Atomistic
import Foundation
import Train

/// A folder that holds a model, and perhaps the training run that made it.
struct ModelDirectory {
  let url: URL

  init(_ url: URL) { self.url = url }

  init(_ path: String) { url = URL(fileURLWithPath: path) }

  /// The configuration of the training run.
  var configurationFile: URL { url.appendingPathComponent("config.json") }

  /// The model after the last step that a checkpoint was written for.
  var last: URL { url.appendingPathComponent("last") }

  /// Whether there is something that a new model would replace.
  var isTaken: Bool {
    [configurationFile, url.appendingPathComponent(PotentialModel.fileName)].contains {
      FileManager.default.fileExists(atPath: $0.path)
    }
  }

  /// Refuses to replace a model or a run unless that was asked for.
  func requireFree(orForced isForced: Bool, advice: String) throws {
    guard isTaken, !isForced else { return }
    throw TrainingFailure("\(url.path) holds a model or a run already; \(advice)")
  }

  /// Refuses to go on with a run that is not there.
  func requireRun() throws {
    guard !FileManager.default.fileExists(atPath: configurationFile.path) else { return }
    throw TrainingFailure(
      "\(url.path) holds no run to go on with; name the directory of one with -d")
  }

  /// Removes model and run, and leaves all else in the folder alone.
  ///
  /// Otherwise the new run's curves would be drawn over those of the old one, and a resumed run could
  /// find the old one's checkpoint.
  func clear() throws {
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    let names = [
      configurationFile.lastPathComponent, PotentialModel.fileName, last.lastPathComponent,
      TrainingFiles.checkpoint, TrainingFiles.metrics,
    ]
    for name in try FileManager.default.contentsOfDirectory(atPath: url.path)
    where names.contains(name) || name.hasPrefix(TrainingFiles.eventPrefix) {
      try FileManager.default.removeItem(at: url.appendingPathComponent(name))
    }
  }
}
