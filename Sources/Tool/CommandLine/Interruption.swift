import Dispatch
import Foundation
import Synchronization

/// Thrown by a command that has stopped in good order after a signal; the tool ends with status 130.
public struct Interrupted: Error {
  /// The words after the program's name that go on with the work, if there are any.
  public var continuation: String?

  /// Describes how to go on: `train -d DIR --resume`.
  public init(continuation: String? = nil) { self.continuation = continuation }
}

/// Lets a long command stop in good order.
///
/// The signals are Ctrl-C, the end that a batch system or a service manager asks for, and that of the
/// terminal. While this exists, the first is a request that the command looks at between steps, and one
/// that comes later ends the program at once. A command without one is ended by the first.
public final class Interruption {
  private let request = SharedRequest()
  private let sources: [any DispatchSourceSignal]
  private let signals: [Int32]

  /// Starts to listen; `announce` is called at the first signal.
  public init(announce: @escaping @Sendable () -> Void = {}) {
    // `nohup` ignores the end of the terminal for the commands it starts, and a shell without job
    // control Ctrl-C for those in the background: they mean it.
    signals = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }
    sources = signals.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    // A signal that comes before its source is in place would be lost.
    let isListening = DispatchSemaphore(value: 0)
    for (number, source) in zip(signals, sources) {
      signal(number, SIG_IGN)
      source.setEventHandler { [request] in
        switch request.value.withLock({ $0.signal(at: .now) }) {
        case .stop: announce()
        case .repetition: break
        case .endAtOnce: exit(Tool.Status.interrupted.rawValue)
        }
      }
      source.setRegistrationHandler { isListening.signal() }
      source.resume()
      isListening.wait()
    }
  }

  deinit {
    for (number, source) in zip(signals, sources) {
      source.cancel()
      signal(number, SIG_DFL)
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    return sigaction(number, nil, &action) == 0
      && unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  /// Whether a signal has asked for the end.
  public var isRequested: Bool { request.value.withLock { $0.isMade } }
}

/// What signals ask for, one after the other.
///
/// One request may arrive as several signals: `timeout` sends one to its child and one to the
/// group of both, and a shell may do the same. So all within a second of the first are one request.
struct InterruptionRequest {
  /// The effect of a signal.
  enum Meaning { case stop, repetition, endAtOnce }

  /// The time in which signals repeat the first one.
  static let repetitionTime = Duration.seconds(1)

  private var first: ContinuousClock.Instant?

  /// Whether there has been a signal.
  var isMade: Bool { first != nil }

  /// Adds a signal.
  mutating func signal(at time: ContinuousClock.Instant) -> Meaning {
    guard let first else {
      first = time
      return .stop
    }
    return first.duration(to: time) < Self.repetitionTime ? .repetition : .endAtOnce
  }
}

/// The request, shared with the handler.
private final class SharedRequest: Sendable {
  let value = Mutex(InterruptionRequest())
}
