import Atomistic
import Foundation
import Layers
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("Training configurations are read strictly and written whole")
struct ConfigurationTests {
  private func decode(_ text: String) throws -> TrainingConfiguration {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("config.json")
      try Data(text.utf8).write(to: file)
      return try TrainingConfiguration.read(file.path, catalog: .standard)
    }
  }

  @Test("nothing given means the defaults")
  func defaults() throws {
    let configuration = try decode("{}")
    #expect(configuration == TrainingConfiguration())
    #expect(configuration.network == ModelChoice(BehlerParrinello.self))
    #expect(BehlerParrinello.defaultSettings.hidden == [25, 25])
    #expect(BehlerParrinello.defaultSettings.descriptors == .preset(.water))
    #expect(configuration.terms.map(\.property.name) == ["energy", "force"])
    #expect(configuration.schedule == ScheduleChoice(RandomLabels(["energy": 1, "force": 10])))
    #expect(configuration.optimizer == OptimizerChoice(ExtendedKalmanFilter()))
    #expect(configuration.data.split.training == 0.8 && configuration.data.file == nil)
  }

  @Test(
    "settings that make no model are refused with file and key", arguments: ["pinet", "pinet2"])
  func settings(kind: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try decode("{ network: { \(kind): { basisCount: 0 } } }")
    }
    let text = try #require(error?.description)
    #expect(
      text.contains("config.json: 'network.\(kind)'")
        && text.contains("basisCount: 1 to 1000 functions are possible, not 0"), "\(text)")
  }

  @Test(
    "what is written is read again, with every key",
    arguments: [
      "{}", "{optimizer: {sgd: {learningRate: 0.1, momentum: 0.9, clipNorm: 1}}}",
      "{optimizer: {ekf: {fading: {initial: 0.98, nu: 0.99}, epsilon: 0.01}}}",
      """
      {optimizer: {gradientEKF: {learningRate: {piecewise: {values: [1, 0.1], boundaries: [10]}},
        processNoise: {exponential: {initial: 0.01, factor: 0.1, every: 100, minimum: 1e-6}}}}}
      """,
      """
      {network: {behlerParrinello: {hidden: [], activation: 'softplus', scaling: {sigma: [0, 1]}}}}
      """,
      """
      {network: {behlerParrinello: {
        scaling: 'center', initialization: 'nguyenWidrow', descriptors: {inputNN: 'a'}}}}
      """,
      """
      {network: {behlerParrinello: {
        descriptors: {lengthUnit: 'bohr', cutoff: {radius: 12}, functions: {
          O: [{type: 'radial', neighbors: ['H'], eta: 0.01},
              {type: 'wideAngular', neighbors: ['O', 'H'], eta: 0.01, lambda: -1, zeta: 4}]}}}}}
      """,
      """
      {data: {file: 'a', format: 'runner', lengthUnit: 'bohr', energyUnit: 'eV',
        keys: {force: 'f'}, weights: {key: 'w', configTypes: {liquid: 2, gas: 0}}}}
      """,
      """
      {cache: {memory: '1.5 GB', disk: '1 TB', directory: '/tmp'}, precision: 'float64', seed: 7,
        threads: 1}
      """,
      "{schedule: {structures: {perStep: 4, fixed: true}}, optimizer: {lbfgs: {pairs: 3}}}",
      "{optimizer: {muon: {adam: {learningRate: 0.1}, momentum: 0.5}}}",
      "{optimizer: {soap: {turnEvery: 3, secondDecay: 0.9}}}",
      "{optimizer: {spring: {damping: 1, clipNorm: 0.1}}}",
      "{optimizer: {levenbergMarquardt: {damping: 1}}}",
      "{schedule: {structures: {perStep: 4}}, loss: {energy: 0, force: 2, stress: 100}}",
      "{schedule: {randomLabels: {energy: 2, stress: 1}}, loss: {stress: 1}}",
      "{weights: {from: 'water', frozen: ['H.*', '*.bias'], decay: 1e-4, average: 0.99}}",
      """
      {optimizer: {adamW: {weightDecay: 0, plateau: {factor: 0.1}, clipNorm: {perVariable: 0.01},
        learningRate: {warmUp: {steps: 9, then: {cosine: {initial: 1, final: 0.1, steps: 5}}}}}}}
      """,
    ])
  func roundTrip(text: String) throws {
    let configuration = try decode(text)
    let written = try StrictJSON.text(of: configuration)
    #expect(try decode(written) == configuration)
    #expect(try StrictJSON.text(of: decode(written)) == written)
    for key in [
      "keys", "split", "checkpointEvery", "keepEvery", "configTypes", "frozen", "disk", "directory",
    ] {
      #expect(written.contains("\"\(key)\""))
    }
  }

  @Test(
    "what is out of range is named with its key and what is possible",
    arguments: [
      ("{sed: 1}", "unknown key 'sed'; did you mean 'seed'?"),
      ("{data: {kyes: {}}}", "unknown key 'data.kyes'; did you mean 'keys'?"),
      (
        "{data: {keys: {forces: 'f'}}}",
        "'data': the model has no property 'forces'; did you mean 'force'?"
      ),
      ("{data: {weights: {configType: {}}}}", "did you mean 'configTypes'?"),
      (
        "{optimizer: {adam: {clipNrm: 1}}}",
        "unknown key 'optimizer.adam.clipNrm'; did you mean 'clipNorm'?"
      ),
      ("{optimizer: {adm: {}}}", "but has 'adm'; did you mean 'adam'?"),
      ("{optimizer: {adam: {}, ekf: {}}}", "'optimizer': it should have exactly one key"),
      ("{optimizer: {}}", "but has none"),
      ("{optimizer: 'adam'}", "'optimizer' should be an object in braces"),
      ("{run: {steps: -1}}", "'run.steps': it must not be negative, but is -1."),
      ("{run: {steps: 1.5}}", "'run.steps' should be a whole number"),
      ("{run: {logEvery: 0}}", "'run.logEvery': it must be larger than 0"),
      ("{data: {split: {training: 0.8, validation: 0.3}}}", "'data.split': the fractions 0.8"),
      ("{data: {split: {training: -0.2, validation: 1.2}}}", "'data.split.training'"),
      ("{data: {lengthUnit: 'bohr'}}", "must be given together"),
      ("{data: {lengthUnit: 'bhor', energyUnit: 'eV'}}", "did you mean \"bohr\"?"),
      ("{loss: {energy: -1}}", "'loss': energy must not be negative, but is -1.0."),
      (
        "{loss: {energy: 0, force: 0}}",
        "'loss': at least one property should have a factor above 0"
      ),
      ("{loss: {enrgy: 1}}", "'loss': the model has no property 'enrgy'; did you mean 'energy'?"),
      ("{loss: {dipole: 1}}", "no property 'dipole'; its properties are energy, force, stress."),
      (
        "{schedule: {randomLabels: {energy: 0, force: 0}}}",
        "'schedule.randomLabels': at least one property should give labels"
      ),
      (
        "{schedule: {randomLabels: {forces: 1}}}",
        "'schedule': the model has no property 'forces'; did you mean 'force'?"
      ),
      ("{schedule: {randomLabels: {force: -1}}}", "force must not be negative, but is -1."),
      (
        "{optimizer: {lbfgs: {}}}",
        "'schedule': the optimizer 'lbfgs' needs the same labels in each step, as { structures:"
      ),
      ("{schedule: {structures: {perStep: 0}}}", "'schedule.structures.perStep'"),
      (
        "{schedule: {runner: {labels: {}}}}",
        "'schedule.runner.labels': at least one property should give labels"
      ),
      (
        "{schedule: {runner: {labels: {force: {fraction: 0}}}}}",
        "'schedule.runner.labels.force.fraction': it must be above 0 and at most 1, but is 0.0."
      ),
      (
        "{schedule: {n2p2: {labels: {force: {fraction: 1.1}}}}}",
        "'schedule.n2p2.labels.force.fraction': it must be above 0 and at most 1, but is 1.1."
      ),
      (
        "{schedule: {n2p2: {labels: {energy: {threshold: -1}}}}}",
        "'schedule.n2p2.labels.energy.threshold': it must not be negative, but is -1.0."
      ),
      (
        "{schedule: {structrues: {}}}",
        "one key of randomLabels, structures, runner, n2p2, but has 'structrues'; did you mean 'structures'?"
      ),
      (
        "{schedule: {curriculum: {}}}",
        "one key of randomLabels, structures, runner, n2p2, but has 'curriculum'. A schedule of another package"
      ),
      (
        "{network: {behlerParinello: {}}}",
        "one key of behlerParrinello, pinet, pinet2, but has 'behlerParinello'; did you mean 'behlerParrinello'?"
      ),
      (
        "{network: {painn: {}}}",
        "one key of behlerParrinello, pinet, pinet2, but has 'painn'. A model of another package"
      ),
      (
        "{optimizer: {rprop: {}}}",
        "lbfgs, gradientEKF, but has 'rprop'. An optimizer of another package"
      ),
      ("{weights: {average: 1}}", "'weights.average': it must be at least 0 and less than 1"),
      (
        "{optimizer: {adam: {clipNorm: {perVariable: 0}}}}",
        "'optimizer.adam.clipNorm.perVariable': it must be larger than 0"
      ),
      ("{optimizer: {adam: {clipNorm: 0}}}", "'optimizer.adam.clipNorm': it must be larger than 0"),
      (
        "{optimizer: {sgd: {plateau: {factor: 1}}}}",
        "'optimizer.sgd.plateau.factor': it must be at least 0 and less than 1"
      ),
      (
        "{optimizer: {sgd: {plateau: {patience: 0}}}}",
        "'optimizer.sgd.plateau.patience': it must be larger than 0"
      ),
      (
        "{optimizer: {adam: {learningRate: {cosine: {initial: 1, final: 0, steps: 9}}}}}",
        "'optimizer.adam.learningRate': it must be larger than 0 at all steps"
      ),
      (
        "{optimizer: {adam: {learningRate: {warmUp: {steps: 0, then: 1}}}}}",
        "'optimizer.adam.learningRate.warmUp.steps': it must be larger than 0"
      ),
      (
        "{optimizer: {adam: {learningRate: {warmUp: {steps: 9223372036854775807, then: 1}}}}}",
        "'optimizer.adam.learningRate.warmUp.steps': it must be at most 1000000000000"
      ),
      (
        "{schedule: {structures: {perStep: 9223372036854775807}}}",
        "'schedule.structures.perStep': it must be at most 1000000000000"
      ),
      (
        "{schedule: {structures: {perStep: 2, fixed: true}}, optimizer: {lbfgs: {pairs: 1001}}}",
        "'optimizer.lbfgs.pairs': it must be at most 1000"
      ),
      ("{weights: {decay: -1}}", "'weights.decay': it must not be negative"),
      ("{weights: {forzen: []}}", "unknown key 'weights.forzen'; did you mean 'frozen'?"),
      (
        "{data: {weights: {configTypes: {gas: -1}}}}",
        "'data.weights.configTypes': it must not be negative"
      ),
      ("{optimizer: {ekf: {learningRate: 0}}}", "'optimizer.ekf.learningRate'"),
      ("{optimizer: {ekf: {learningRate: 1, fading: {initial: 1, nu: 1}}}}", "give one of"),
      ("{optimizer: {ekf: {processNoise: -1}}}", "'optimizer.ekf.processNoise'"),
      (
        "{optimizer: {adam: {learningRate: {exponential: {initial: 1, factor: 0, every: 1}}}}}",
        "'optimizer.adam.learningRate.exponential.factor'"
      ),
      (
        "{optimizer: {adam: {learningRate: {piecewise: {values: [1], boundaries: [1]}}}}}",
        "piecewise.boundaries"
      ),
      ("{network: {behlerParrinello: {hidden: [25, 0]}}}", "'network.behlerParrinello.hidden'"),
      (
        "{network: {behlerParrinello: {hidden: [25, 1.5, 2.5]}}}",
        "'network.behlerParrinello.hidden[1]': this should be a whole number"
      ),
      ("{network: {behlerParrinello: {activation: 'tahn'}}}", "did you mean \"tanh\"?"),
      ("{network: {behlerParrinello: {descriptors: 'watr'}}}", "did you mean \"water\"?"),
      (
        "{network: {behlerParrinello: {scaling: {range: [1, -1]}}}}",
        "'network.behlerParrinello.scaling.range'"
      ),
      (
        "{network: {behlerParrinello: {descriptors: {cutoff: {radius: -1}, functions: {}}}}}",
        "cutoff.radius"
      ),
      ("{network: {\(String(repeating: "a", count: 5000)): {}}}", "aaa...'. A model of"),
      ("{precision: '\(String(repeating: "a", count: 5000))'}", "'precision'"),
      ("{cache: {memory: 'much'}}", "'cache.memory': it should be an amount"),
      ("{precision: 'float16'}", "'precision'"), ("{threads: 0}", "'threads'"),
    ])
  func faults(text: String, words: String) {
    let error = #expect(throws: ConfigurationError.self) { try decode(text) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    #expect(error?.description.contains("/config.json: ") == true)
    #expect(error.map { $0.description.count < 1000 } == true)
  }

  @Test("descriptors written out are those that the preset has")
  func descriptors() throws {
    let text = """
      {descriptors: {lengthUnit: 'bohr', cutoff: {radius: 12}, functions: {
        O: [{type: 'narrowAngular', neighbors: ['O', 'H'], eta: 0.001, lambda: -1, zeta: 4},
            {neighbors: ['O'], eta: 0.15, shift: 4}]}}}
      """
    let settings = try StrictJSON(Data(text.utf8), source: "settings")
      .decode(BehlerParrinello.Settings.self)
    let choice = try settings.descriptors.choice()
    let water = DescriptorChoice.water
    #expect(choice.lengthUnit == .bohr && abs(choice.cutoff - 6.35) < 0.01)
    #expect(choice.functions[8]?.count == 2)
    #expect(Set(choice.functions[8] ?? []).isSubset(of: water.functions[8] ?? []))
  }

  @Test(
    "amounts of memory are read and written",
    arguments: [("4 GB", 4_000_000_000), ("1.5kB", 1500), ("0 B", 0)])
  func amounts(text: String, bytes: Int) {
    #expect(ByteCount(text)?.bytes == bytes)
    #expect(ByteCount(ByteCount(bytes).description)?.bytes == bytes)
  }
}
