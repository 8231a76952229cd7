import Foundation
import Testing

/// Without more, each reader has a bounded number of inputs of one seed; `Scripts/fuzz.sh` sets the
/// environment for longer runs of one reader or all.
@Suite("Damaged files and messages")
struct FuzzTests {
  /// The plans of the environment: `ATOMFLOW_FUZZ_READER`, `_SEED`, `_INPUTS`, `_SECONDS`, `_REPLAY`,
  /// and with `_RESUME` from where the journals of the seed stand.
  static let plans: [FuzzPlan] = {
    let environment = ProcessInfo.processInfo.environment
    func word(_ name: String) -> String? {
      environment["ATOMFLOW_FUZZ_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
    }
    let readers = FuzzCatalogue.readers.filter { reader in
      word("READER").map { $0 == reader.name } ?? true
    }
    return readers.map { reader in
      let seconds = word("SECONDS").flatMap(Double.init)
      var inputs = word("INPUTS").flatMap { Int($0) }
      if inputs == nil, seconds == nil { inputs = reader.inputs }
      let replay = word("REPLAY")
      var plan = FuzzPlan(
        reader: reader.name, seed: word("SEED").flatMap { UInt64($0) } ?? 1,
        inputs: replay == nil ? inputs : 1, seconds: seconds, replay: replay)
      if word("RESUME") != nil { plan.first = plan.journaled }
      return plan
    }
  }()

  @Test("are read or refused by each reader", arguments: plans)
  func reading(plan: FuzzPlan) async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) { [plan] in
      guard let reader = FuzzCatalogue.reader(plan.reader) else { fatalError("no such reader") }
      do {
        let (read, refused) = try FuzzRun(reader: reader, plan: plan).run()
        FileHandle.standardError.write(
          Data("\(plan.reader): \(read) read, \(refused) refused\n".utf8))
      } catch {
        try Data("\(error)".utf8).write(to: plan.fault)
        exit(EXIT_FAILURE)
      }
    }
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    print(errors, terminator: "")
    if result == nil, let reader = FuzzCatalogue.reader(plan.reader) {
      Issue.record("\(try FuzzRun(reader: reader, plan: plan).cause())")
    }
  }

  @Test("are the same for the same seed and number, and mostly differ from the whole one")
  func seeds() throws {
    for reader in [FuzzCatalogue.reader("npy"), FuzzCatalogue.reader("extxyz")] {
      let reader = try #require(reader)
      let corpus = try reader.corpus(FileManager.default.temporaryDirectory)
      func input(_ number: UInt64) -> [UInt8] {
        var mutator = Mutator(
          layout: reader.layout, corpus: corpus, random: .init(seed: 7, stream: number))
        return mutator.input(entry: 0)
      }
      let inputs = (0..<100).map { input($0) }
      #expect(inputs == (0..<100).map { input($0) })
      #expect(Set(inputs).count > 80)
    }
  }
}
