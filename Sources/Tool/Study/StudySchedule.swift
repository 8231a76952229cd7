/// What of a study is done, what can be done now, and how long the rest takes.
struct StudySchedule {
  /// The state of a task.
  enum State: Equatable {
    /// Needs the results of others first.
    case waiting
    /// Can begin.
    case ready
    /// A process is at it.
    case running
    /// Has a result.
    case done
    /// Has failed, or needs a task that has.
    case failed
  }

  /// The tasks by name.
  let tasks: [String: any StudyTask]
  /// The names in the order of the plan.
  let order: [String]
  private let study: StudyDirectory
  /// The seconds of a step, by the kinds of cost that have been measured.
  private var rates: [String: (seconds: Double, steps: Double)] = [:]

  /// Reads the states of a plan's tasks.
  init(_ plan: StudyPlan, in study: StudyDirectory) {
    self.study = study
    let tasks = plan.tasks
    order = tasks.map(\.name)
    self.tasks = Dictionary(uniqueKeysWithValues: tasks.map { ($0.name, $0) })
    for task in tasks where study.isDone(task.name) { addRate(of: task) }
  }

  /// Learns from a task that is done how long a step of its kind takes.
  mutating func addRate(of task: any StudyTask) {
    let seconds = study.usage(of: task.name).seconds
    guard seconds > 0, task.cost.steps > 0 else { return }
    var rate = rates[task.cost.kind] ?? (0, 0)
    (rate.seconds, rate.steps) = (rate.seconds + seconds, rate.steps + task.cost.steps)
    rates[task.cost.kind] = rate
  }

  /// Sets the seconds of a step of a kind, as a trial has measured them.
  mutating func setRate(of kind: String, secondsPerStep: Double) {
    rates[kind] = (secondsPerStep, 1)
  }

  /// The expected seconds of a task.
  func seconds(of task: any StudyTask) -> Double {
    let rate = rates[task.cost.kind].map { $0.seconds / $0.steps } ?? task.cost.guess
    return rate * task.cost.steps
  }

  /// The state of each task on disk; those of `running` are running.
  func states(running: Set<String> = []) -> [String: State] {
    var states: [String: State] = [:]
    for name in order {
      guard let task = tasks[name] else { continue }
      let needed = task.dependencies.map { states[$0] ?? .failed }
      states[name] =
        if study.isDone(name) {
          .done
        } else if running.contains(name) {
          .running
        } else if study.failure(of: name) != nil || needed.contains(.failed) {
          .failed
        } else if needed.allSatisfy({ $0 == .done }) {
          .ready
        } else { .waiting }
    }
    return states
  }

  /// For each task the expected seconds until it and the longest chain of those that need it are done.
  func chains() -> [String: Double] {
    var chains: [String: Double] = [:]
    for name in order.reversed() {
      guard let task = tasks[name] else { continue }
      let all = seconds(of: task) + (chains[name] ?? 0)
      chains[name] = all
      for needed in task.dependencies { chains[needed] = max(chains[needed] ?? 0, all) }
    }
    return chains
  }

  /// The expected seconds of all that is not done, for a number of tasks at a time.
  func secondsLeft(_ states: [String: State], jobs: Int) -> Double {
    let left = order.filter { states[$0] != .done && states[$0] != .failed }
    let total = left.reduce(0.0) { sum, name in
      guard let task = tasks[name] else { return sum }
      var share = 1.0
      if states[name] == .running, let progress = task.progress(in: study), progress.total > 0 {
        share = max(0, 1 - Double(progress.done) / Double(progress.total))
      }
      return sum + share * seconds(of: task)
    }
    return total / Double(max(1, jobs))
  }
}
