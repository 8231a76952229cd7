/// What of a study is done, running and failed, as a text.
struct StudyStatus {
  private let plan: StudyPlan
  private let study: StudyDirectory
  private let jobs: Int

  /// Looks at a study.
  init(_ plan: StudyPlan, in study: StudyDirectory, jobs: Int) {
    (self.plan, self.study, self.jobs) = (plan, study, jobs)
  }

  /// Prints the text.
  func show() throws { try StandardStreams.output(text) }

  /// A line of counts, one for each kind of run, and those that run or have failed.
  var text: String {
    let schedule = StudySchedule(plan, in: study)
    let states = schedule.states(
      running: Set(schedule.order.filter { !study.isDone($0) && study.isRunning($0) }))
    func count(_ state: StudySchedule.State, _ names: [String]) -> Int {
      names.count { states[$0] == state }
    }
    func line(_ title: String, _ names: [String]) -> String {
      "\(title): \(count(.done, names)) of \(names.count) done, \(count(.running, names)) running, "
        + "\(count(.failed, names)) failed\n"
    }
    var text = line("runs", schedule.order)
    let kinds = schedule.order.map { String($0.prefix { $0 != "/" }) }
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    for kind in kinds {
      text += "  " + line(kind, schedule.order.filter { $0.hasPrefix("\(kind)/") })
    }
    for name in schedule.order {
      switch states[name] {
      case .running:
        let progress = schedule.tasks[name]?.progress(in: study)
        text += "running: \(name)\(progress.map { ", step \($0.done) of \($0.total)" } ?? "")\n"
      case .failed:
        guard let reason = study.failure(of: name) else { continue }
        text += "failed: \(name): \(reason)\n"
      case .waiting, .ready, .done, nil: continue
      }
    }
    let left = schedule.secondsLeft(states, jobs: jobs)
    if left > 0 {
      text += "time left with \(counted(jobs, "job")): about \(StudyRunner.clock(left))\n"
    }
    return text
  }
}
