/// The alarms of an optimizer that end a run; their monitors are watched after each step.
///
/// A monitor that the steps of several kinds of label have is one, known by its name.
struct VitalSigns {
  private var watches: [Monitor.Watch] = []
  /// For each kind of label the numbers of its step's monitors, and their watches.
  private let places: [[(monitor: Int, watch: Int)]]

  /// Finds the alarms of the monitors of each kind's step.
  init(_ monitors: [[Monitor]]) {
    var watches: [Monitor.Watch] = []
    var known: [String: Range<Int>] = [:]
    places = monitors.map { monitors in
      monitors.enumerated().flatMap { number, monitor in
        let range =
          known[monitor.name]
          ?? {
            let start = watches.count
            watches += monitor.alarms.filter { $0.effect == .end }.map(Monitor.Watch.init)
            return start..<watches.count
          }()
        known[monitor.name] = range
        return range.map { (number, $0) }
      }
    }
    self.watches = watches
  }

  /// Adds the values of the monitors of a step of one kind; returns the sentence that ends the run.
  mutating func add(kind: Int, step: Int, _ value: (_ monitor: Int) -> Double) -> String? {
    for place in places[kind]
    where watches[place.watch].add(value(place.monitor), step: step) {
      return watches[place.watch].sentence
    }
    return nil
  }
}
