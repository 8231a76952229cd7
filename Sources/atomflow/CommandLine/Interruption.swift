import Dispatch
import Foundation
import Synchronization

/// Thrown by a command that has stopped in good order after Ctrl-C; the tool ends with status 130.
struct Interrupted: Error {}

/// Lets a long command stop in good order.
///
/// While it exists, the first Ctrl-C is a request that the command looks at between steps, and the
/// second ends the program at once. A command without one is ended by the first.
final class Interruption {
  private let requested = RequestFlag()
  private let source: any DispatchSourceSignal

  /// Starts to listen; `announce` is called at the first Ctrl-C.
  init(announce: @escaping @Sendable () -> Void = {}) {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { [requested] in
      if requested.value.exchange(true, ordering: .relaxed) {
        exit(Tool.Status.interrupted.rawValue)
      }
      announce()
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
  var isRequested: Bool { requested.value.load(ordering: .relaxed) }
}

/// The request, shared with the handler.
private final class RequestFlag: Sendable {
  let value = Atomic(false)
}
