import Testing

@testable import Atomistic

@Suite("Choices that make no PiNet are refused with their key")
struct PiNetSettingsTests {
  static let faults: [(change: @Sendable (inout PiNetSettings) -> Void, words: String)] = [
    ({ $0.cutoff = -1 }, "cutoff: it must be larger than 0"),
    ({ $0.depth = 0 }, "depth: 1 to 100 blocks are possible, not 0"),
    ({ $0.depth = .max }, "depth: 1 to 100 blocks"),
    ({ $0.basisCount = 0 }, "basisCount: 1 to 1000 functions are possible, not 0"),
    ({ $0.basisCount = .max }, "basisCount: 1 to 1000 functions"),
    ({ $0.exponents = Array(repeating: 2, count: 1001) }, "basisCount: 1 to 1000"),
    ({ $0.pp = [16, .max] }, "pp: layers have 1 to 100000 nodes"),
    ({ $0.pi = [] }, "pi: at least one layer is needed"),
    ({ $0.elements = [] }, "elements: different elements are needed"),
  ]

  @Test("by both kinds of network", arguments: faults.indices)
  func settings(number: Int) {
    let (change, words) = Self.faults[number]
    var settings = PiNetSettings()
    change(&settings)
    var tensors = PiNet2.Settings()
    tensors.common = settings
    let elements = settings.elements ?? [.hydrogen, .oxygen]
    let errors = [
      #expect(throws: SettingsError.self) { try PiNet(settings, elements: elements) },
      #expect(throws: SettingsError.self) { try PiNet2(tensors, elements: elements) },
    ]
    for error in errors {
      #expect(error?.description.hasPrefix(words) == true, "\(String(describing: error))")
    }
  }
}
