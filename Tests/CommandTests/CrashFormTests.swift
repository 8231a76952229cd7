import Foundation
import Testing

@testable import AtomFlowTool
@testable import Atomistic
@testable import Train

@Suite("The trainings that Scripts/crash.sh kills")
struct CrashFormTests {
  /// The settings of each form.
  private static func forms() throws -> [[String]] {
    let script = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Scripts/crash.sh")
    let text = try String(contentsOf: script, encoding: .utf8)
    let list = try #require(text.firstMatch(of: /train_forms='\n([^']*)'/)).output.1
    return list.split(separator: "\n").map { $0.split(separator: " ").dropFirst().map(String.init) }
  }

  @Test("take each optimizer, each form of a covariance and each schedule")
  func catalogues() throws {
    var (optimizers, covariances, schedules) = (Set<String>(), Set<String>(), Set<String>())
    for settings in try Self.forms() {
      var document = try StrictJSON(Data("{}".utf8), source: "crash.sh")
      for setting in settings { try document.set(setting, from: "--set") }
      let configuration = try document.decode(
        TrainingConfiguration.self, userInfo: Catalog.standard.userInfo)
      optimizers.insert(configuration.optimizer.kind)
      schedules.insert(configuration.schedule.kind)
      if let filter = configuration.optimizer.optimizer as? ExtendedKalmanFilter {
        covariances.insert(filter.covariance.name)
      }
    }
    #expect(optimizers == Set(OptimizerCatalog.standard.kinds))
    #expect(
      covariances
        == Set(CovarianceForm.standard.map(\.name)).union(CovarianceForm.sized.keys))
    #expect(schedules == Set(ScheduleChoice.standard.map { $0.kind }))
  }
}
