import Atomistic
import Foundation
import Train

/// The tasks of a study and what they are for.
struct StudyPlan {
  /// One model of an arm in a regime, with all that is done with it.
  struct Model {
    let seed: Int
    /// The task with its errors, a training or an evaluation.
    let task: ModelTask
    /// Its simulations, in the order of the configuration.
    let simulations: [SimulateTask]
    /// Its Fisher information, where that is measured.
    let fisher: FisherTask?
  }

  /// The task that gives a model's errors.
  enum ModelTask {
    case train(TrainTask)
    case evaluate(EvaluateTask)

    var task: any StudyTask {
      switch self {
      case .train(let task): task
      case .evaluate(let task): task
      }
    }

    /// The result, where there is one.
    func result(in study: StudyDirectory) -> ModelResult? {
      switch self {
      case .train(let task): study.result(of: task)
      case .evaluate(let task): study.result(of: task)
      }
    }
  }

  /// An arm in a regime.
  struct Cell {
    let regime: StudyRegime
    let arm: StudyArm
    /// The arms that it is compared with as one.
    let group: String
    /// The first learning rate of its optimizer; nil where there is none.
    let learningRate: Double?
    let models: [Model]
  }

  let configuration: StudyConfiguration
  /// The datasets in the order of the regimes.
  let data: [DataTask]
  /// The starts of simulations.
  let starts: [StartTask]
  /// The simulations with the teacher: a list over seeds for each simulation.
  let teacher: [[SimulateTask]]
  /// The arms, regime by regime.
  let cells: [Cell]

  /// Lays out the tasks of a configuration.
  ///
  /// Throws `ConfigurationError` where an arm's training is wrong.
  init(_ configuration: StudyConfiguration, catalog: Catalog) throws {
    self.configuration = configuration
    let options = configuration.training.dataOptions
    let data = configuration.regimes.map { regime in
      DataTask(
        regime: regime, teacher: configuration.teacher, seed: configuration.seed,
        options: regime.file == nil ? StructureFile.Options() : options)
    }
    let starts = configuration.simulations.map {
      StartTask(simulation: $0, teacher: configuration.teacher, seed: configuration.seed)
    }
    let seeds = (0..<configuration.seeds).map { configuration.seed + $0 }
    teacher = starts.map { start in
      (0..<configuration.teacherSeeds).map { number in
        let seed = configuration.seed + number
        return SimulateTask(
          name: "simulate/teacher/\(start.simulation.name)/\(seed)", simulation: start.simulation,
          model: .word(configuration.teacher), seed: seed, start: start, origin: nil)
      }
    }
    let arms = try configuration.arms.map { arm in
      (arm, arm.model == nil ? try configuration.training(of: arm, catalog: catalog) : nil)
    }
    cells = data.flatMap { data in
      arms.map { arm, training in
        Cell(
          regime: data.regime, arm: arm,
          group: arm.group ?? training?.optimizer.kind ?? arm.model ?? arm.name,
          learningRate: training?.optimizer.firstLearningRate,
          models: seeds.map { seed in
            Self.model(arm, training, data, seed, starts, configuration)
          })
      }
    }
    (self.data, self.starts) = (data, starts)
  }

  private static func model(
    _ arm: StudyArm, _ training: TrainingConfiguration?, _ data: DataTask, _ seed: Int,
    _ starts: [StartTask], _ configuration: StudyConfiguration
  ) -> Model {
    let regime = data.regime.name
    let task: ModelTask
    let source: SimulateTask.Model
    if let training {
      let train = TrainTask(
        regime: regime, arm: arm, seed: seed, configuration: training, data: data)
      (task, source) = (.train(train), .trained(train.name))
    } else {
      let word = arm.model ?? configuration.teacher
      task = .evaluate(
        EvaluateTask(regime: regime, arm: arm, model: word, seed: seed, data: data))
      source = .word(word)
    }
    let simulations = starts.map { start in
      SimulateTask(
        name: "simulate/\(regime)/\(arm.name)/\(seed)/\(start.simulation.name)",
        simulation: start.simulation, model: source, seed: seed, start: start,
        origin: task.task.name)
    }
    var fisher: FisherTask?
    if let training, let settings = configuration.fisher,
      seed - configuration.seed < settings.seeds
    {
      fisher = FisherTask(
        regime: regime, arm: arm.name, seed: seed, origin: task.task.name, terms: training.terms,
        data: data, settings: settings)
    }
    return Model(seed: seed, task: task, simulations: simulations, fisher: fisher)
  }

  /// All tasks; each comes after those that it needs. The first seeds of all arms come before the second
  /// ones, so that what is there of an unfinished study compares all arms.
  var tasks: [any StudyTask] {
    let models = (0..<configuration.seeds).flatMap { number in cells.map { $0.models[number] } }
    var tasks: [any StudyTask] = data
    tasks += starts as [any StudyTask]
    tasks += teacher.joined().map { $0 as any StudyTask }
    tasks += models.map(\.task.task)
    tasks += models.flatMap(\.simulations).map { $0 as any StudyTask }
    tasks += models.compactMap(\.fisher).map { $0 as any StudyTask }
    return tasks
  }
}

extension OptimizerChoice {
  /// The value at the first step of the option `learningRate`; nil for an optimizer without one.
  var firstLearningRate: Double? {
    struct Options: Decodable { var learningRate: ValueSchedule? }
    guard let text = try? StrictJSON.text(of: self),
      let options = try? JSONDecoder().decode([String: Options].self, from: Data(text.utf8))
    else { return nil }
    return options[kind]?.learningRate?.value(at: 0)
  }
}
