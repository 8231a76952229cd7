public import Atomistic

/// The models, optimizers, schedules and diagnostics that a tool knows.
///
/// A package adds its own and hands the catalogue to its tool:
///
///     Tool(catalog: .standard.adding(MessagePassing.self)).main()
public struct Catalog: Sendable {
  /// The kinds of model that can be trained and read.
  public var models: [ModelKind]
  /// The formats of other programs that models of every kind can be written to.
  public var exports: [ModelExport]
  /// The optimizers.
  public var optimizers: OptimizerCatalog
  /// The batch schedules.
  public var schedules: [any BatchSchedule.Type]
  /// The diagnostics that a training writes with each evaluation besides the metrics.
  public var diagnostics: [any TrainingDiagnostic]
  /// The potentials without weights, by the name that stands for a model directory.
  public var potentials: [BuiltInPotential]

  /// Makes a catalogue.
  public init(
    models: [ModelKind], exports: [ModelExport] = [.kim], optimizers: OptimizerCatalog = .standard,
    schedules: [any BatchSchedule.Type] = ScheduleChoice.standard,
    diagnostics: [any TrainingDiagnostic] = [WeightHistograms(), WeightNorms()],
    potentials: [BuiltInPotential] = [.flexibleWater, .argon]
  ) {
    self.models = models
    self.exports = exports
    self.optimizers = optimizers
    self.schedules = schedules
    self.diagnostics = diagnostics
    self.potentials = potentials
  }

  /// The models, optimizers and schedules of this library.
  public static let standard = Catalog(
    models: [
      ModelKind(BehlerParrinello.self, exports: [.n2p2], upgrade: BehlerParrinello.upgraded),
      ModelKind(PiNet.self), ModelKind(PiNet2.self),
    ])

  /// The catalogue with one more kind of model.
  public func adding(_ model: any TrainablePotential.Type) -> Catalog {
    var catalog = self
    catalog.models.append(ModelKind(model))
    return catalog
  }

  /// The catalogue with one more optimizer.
  public func adding(_ optimizer: any Optimizer.Type) -> Catalog {
    var catalog = self
    catalog.optimizers = optimizers.adding(optimizer)
    return catalog
  }

  /// The catalogue with one more batch schedule.
  public func adding(_ schedule: any BatchSchedule.Type) -> Catalog {
    var catalog = self
    catalog.schedules.append(schedule)
    return catalog
  }

  /// The catalogue with one more diagnostic of trainings.
  public func adding(_ diagnostic: any TrainingDiagnostic) -> Catalog {
    var catalog = self
    catalog.diagnostics.append(diagnostic)
    return catalog
  }

  /// The `userInfo` with which a configuration's decoder finds models, optimizers and schedules by name.
  public var userInfo: [CodingUserInfoKey: any Sendable] {
    [.models: models, .optimizers: optimizers, .schedules: schedules]
  }
}

/// A potential without weights that is part of a catalogue, known by its name.
public struct BuiltInPotential: Sendable {
  /// The name, such as `spcfw`.
  public let name: String
  /// The potential.
  public let potential: any Potential

  /// Names a potential.
  public init(_ name: String, _ potential: any Potential) {
    self.name = name
    self.potential = potential
  }

  /// `spcfw`, the flexible water model of Wu, Tepper and Voth (2006).
  public static let flexibleWater = BuiltInPotential("spcfw", FlexibleWater())

  /// `argon`, Rahman's Lennard-Jones model (1964), shifted in energy and force at 2.5 σ.
  public static let argon = BuiltInPotential(
    "argon",
    LennardJones(
      [.init(.argon, .argon): .init(epsilon: 119.8 * Units.boltzmann, sigma: 3.405)],
      cutoff: 2.5 * 3.405))
}
