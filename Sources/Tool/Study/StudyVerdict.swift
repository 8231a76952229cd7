import Atomistic
import Train

/// An answer that a study gives, with the numbers it rests on.
struct StudyVerdict: Encodable, Equatable {
  /// What is asked.
  var question: String
  /// The answer in sentences.
  var answer: String
  /// The comparison of two groups, where the answer is one.
  var comparison: WelchTest?
  /// The rank correlation, where the answer is one.
  var correlation: RankCorrelation?

  init(
    _ question: String, _ answer: String, comparison: WelchTest? = nil,
    correlation: RankCorrelation? = nil
  ) {
    (self.question, self.answer) = (question, answer)
    (self.comparison, self.correlation) = (comparison, correlation)
  }

  /// The probability below which a difference counts as found.
  private static let level = 0.05

  /// All answers that the results allow.
  static func all(of results: StudyResults) -> [StudyVerdict] {
    let ofModels = results.configuration.regimes.map(\.name).flatMap { regime in
      ofDensities(results, regime)
        + results.configuration.simulations.flatMap { wholeness(results, regime, $0.name) }
    }
    return results.teacher.flatMap(failures) + ofModels
  }

  /// What to think of a study whose teacher leaves its own limits; nothing where it does not.
  static func failures(of reference: StudyResults.Reference) -> [StudyVerdict] {
    let reasons = reference.runs.compactMap(\.result.reason)
    guard let first = reasons.first else { return [] }
    return [
      StudyVerdict(
        "Does the teacher itself hold the liquid together (\(reference.simulation))?",
        "Not in \(reasons.count) of \(reference.runs.count) simulations: \(first). Do not judge models by "
          + "such a teacher: let its data and simulations start from structures that it knows, which "
          + "regimes.start and simulations.start name.")
    ]
  }

  private static func ofDensities(_ results: StudyResults, _ regime: String) -> [StudyVerdict] {
    results.densitySimulations.flatMap { simulation -> [StudyVerdict] in
      guard let reference = results.reference(simulation.name), reference.density != nil else {
        return []
      }
      let place = "\(regime), \(simulation.name)"
      return [densities(results, regime, reference, place)]
        + stability(results, regime, reference, place)
        + transfer(results, regime, reference, place)
        + predictors(results, regime, reference, place)
    }
  }

  private static func densities(
    _ results: StudyResults, _ regime: String, _ reference: StudyResults.Reference, _ place: String
  ) -> StudyVerdict {
    let chosen = results.groups.compactMap { results.chosen($0, in: regime) }
    let parts = chosen.map { cell -> String in
      let summary = cell.simulations.first { $0.simulation == reference.simulation }
      guard let error = summary?.densityError else { return "\(cell.arm): no stable model" }
      return "\(cell.arm): \(signed(error, 4)) g/mL"
    }
    return StudyVerdict(
      "How far are the densities from the teacher's (\(place))?",
      "The teacher has \(reference.density?.text(4) ?? "none") g/mL. Of each group's arm with the "
        + "smallest validation loss, the mean over stable models less that is: "
        + parts.joined(separator: "; ") + ".")
  }

  private static func stability(
    _ results: StudyResults, _ regime: String, _ reference: StudyResults.Reference, _ place: String
  ) -> [StudyVerdict] {
    let shares = shares(of: results, regime, reference.simulation, where: \.isStable)
    guard let shares else { return [] }
    return [
      StudyVerdict(
        "How many models are stable (\(place))?",
        "Over all arms of a group, simulations that went on to their end: \(shares).")
    ]
  }

  private static func wholeness(
    _ results: StudyResults, _ regime: String, _ simulation: String
  ) -> [StudyVerdict] {
    guard
      let contacts = CloseContacts(
        teacher: results.reference(simulation)?.runs.map(\.result) ?? []),
      let shares = shares(of: results, regime, simulation, where: contacts.areAbsent)
    else { return [] }
    return [
      StudyVerdict(
        "In how many models do molecules stay whole (\(regime), \(simulation))?",
        "Over all arms of a group, simulations that went on to their end and in whose distributions "
          + "an atom has on average fewer than \(CloseContacts.tolerated) neighbours that are nearer "
          + "than any with the teacher by \(CloseContacts.margin) angstrom: \(shares).")
    ]
  }

  /// The share of simulations of each group with a property, in words; nil where there are none.
  private static func shares(
    of results: StudyResults, _ regime: String, _ simulation: String,
    where hasProperty: (SimulationResult) -> Bool
  ) -> String? {
    let parts = results.groups.compactMap { group -> String? in
      let all = results.cells.filter { $0.regime == regime && $0.group == group }
        .flatMap(\.models).compactMap { $0.simulations[simulation] }
      guard !all.isEmpty else { return nil }
      let share = BinomialShare(all.count(where: hasProperty), of: all.count)
      return "\(group): \(share.successes) of \(share.trials) "
        + "(95 % interval \(decimal(100 * share.low, 0)) to \(decimal(100 * share.high, 0)) %)"
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ") + "; the intervals are Wilson's"
  }

  /// The distances of stable models' densities from the teacher's.
  private static func distances(
    _ cell: StudyResults.Cell, _ reference: StudyResults.Reference
  ) -> [Double] {
    cell.models.compactMap { $0.densityError(reference).map(abs) }
  }

  private static func transfer(
    _ results: StudyResults, _ regime: String, _ reference: StudyResults.Reference, _ place: String
  ) -> [StudyVerdict] {
    guard let first = results.groups.first, let own = results.chosen(first, in: regime) else {
      return []
    }
    return results.groups.dropFirst().compactMap { group in
      guard let other = results.chosen(group, in: regime) else { return nil }
      let question = "Does \(first) transfer better than \(group) (\(place))?"
      let (a, b) = (distances(own, reference), distances(other, reference))
      guard let test = WelchTest(a, b) else {
        return StudyVerdict(
          question,
          "There are not enough stable models to compare: \(a.count) of \(own.arm), \(b.count) of "
            + "\(other.arm).")
      }
      let found =
        test.probability >= level
        ? "No difference is shown" : "\(test.difference < 0 ? first : group) is closer"
      return StudyVerdict(
        question,
        "\(found): the distance of the density from the teacher's is "
          + "\(decimal(Estimate.moments(a).mean, 4)) g/mL over \(counted(a.count, "model")) of "
          + "\(own.arm) and \(decimal(Estimate.moments(b).mean, 4)) over \(b.count) of \(other.arm), "
          + "a difference of \(decimal(test.difference, 4)) with the 95 % interval "
          + "\(decimal(test.low, 4)) to \(decimal(test.high, 4)) (Welch's t-test, "
          + "\(chance(test.probability))). Models that are not stable are left out.",
        comparison: test)
    }
  }

  private static func predictors(
    _ results: StudyResults, _ regime: String, _ reference: StudyResults.Reference, _ place: String
  ) -> [StudyVerdict] {
    let models = results.cells.filter { $0.regime == regime }.flatMap(\.models)
    let properties = results.configuration.training.terms.map(\.property.name)
    var quantities = properties.map { name in
      (
        question: "Does the validation error of the \(name) tell the density error (\(place))?",
        subject: "it",
        value: { (model: StudyResults.Model) -> Double? in model.result?.errors[name] }
      )
    }
    quantities.append(
      (
        "Does the Fisher spectrum tell the density error (\(place))?", "the median eigenvalue",
        { model in model.fisher.flatMap { $0.median > 0 ? $0.median : nil } }
      ))
    return quantities.compactMap { question, subject, value in
      let pairs = models.compactMap { model -> (Double, Double)? in
        guard let x = value(model), let y = model.densityError(reference) else { return nil }
        return (x, abs(y))
      }
      guard let correlation = RankCorrelation(pairs.map(\.0), pairs.map(\.1)) else { return nil }
      let found =
        correlation.probability >= level
        ? "No correlation is shown"
        : correlation.coefficient > 0
          ? "The larger it is, the larger the density error"
          : "The larger it is, the smaller the density error"
      return StudyVerdict(
        question,
        "\(found): the rank correlation of \(subject) with the distance of the density from the teacher's "
          + "is \(decimal(correlation.coefficient, 2)) over \(correlation.count) stable models "
          + "(Spearman, \(chance(correlation.probability))).",
        correlation: correlation)
    }
  }

  /// A probability in words.
  private static func chance(_ probability: Double) -> String {
    probability < 0.001 ? "p < 0.001" : "p = \(decimal(probability, 3))"
  }

  private static func signed(_ estimate: Estimate, _ digits: Int) -> String {
    (estimate.mean < 0 ? "" : "+") + estimate.text(digits)
  }
}
