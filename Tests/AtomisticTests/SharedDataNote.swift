import TestSupport
import Testing

extension SharedData {
  /// Why tests are skipped, as Swift Testing prints it.
  static var note: Comment { Comment(rawValue: absence) }
}
