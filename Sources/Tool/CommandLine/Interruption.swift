import Dispatch
import Foundation
import Synchronization

/// Thrown by a command that has stopped in good order after Ctrl-C; the tool ends with status 130.
public struct Interrupted: Error {
  /// The words after the program's name that go on with the work, if there are any.
  public var continuation: String?

  /// Describes how to go on: `train -d DIR --resume`.
  public init(continuation: String? = nil) { self.continuation = continuation }
}

/// Lets a long command stop in good order.
///
/// While it exists, the first Ctrl-C is a request that the command looks at between steps, and one
/// that comes later ends the program at once. A command without one is ended by the first.
public final class Interruption {
  private let request = SharedRequest()
  private let source: any DispatchSourceSignal

  /// Starts to listen; `announce` is called at the first Ctrl-C.
  public init(announce: @escaping @Sendable () -> Void = {}) {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { [request] in
      switch request.value.withLock({ $0.signal(at: .now) }) {
      case .stop: announce()
      case .repetition: break
      case .endAtOnce: exit(Tool.Status.interrupted.rawValue)
      }
    }
    // A signal that comes before the source is in place would be lost.
    let isListening = DispatchSemaphore(value: 0)
    source.setRegistrationHandler { isListening.signal() }
    source.resume()
    isListening.wait()
  }

  deinit {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }

  /// Whether Ctrl-C has been pressed.
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
