import Foundation

/// Cuts an extended XYZ file into the texts of its frames, so that never more than one is in memory.
struct ExtendedXYZCutter {
  /// The text of one frame, and how many lines of the file stand before it.
  struct Piece {
    var text: [UInt8]
    var linesBefore: Int
  }

  private let path: String
  private let handle: FileHandle
  /// What has been read of the file and not been dropped.
  private var buffer: [UInt8] = []
  /// Where in the buffer the piece begins that is kept, and where the next line does.
  private var (start, position) = (0, 0)
  private var line = 0
  private var isAtEnd = false

  private static let chunk = 1 << 20

  init(_ path: String) throws(FormatError) {
    self.path = path
    handle = try FileBytes.open(path)
  }

  /// The next frame, or nil at the end; a last frame that is cut off is given as it is.
  mutating func next() throws(FormatError) -> Piece? {
    guard let before = try findCount(), let count = try self.count(before) else { return nil }
    for _ in 0...count { guard try nextLine() != nil else { break } }
    return Piece(text: Array(buffer[start..<position]), linesBefore: before)
  }

  /// Passes over the next frame; whether there was one.
  mutating func skip() throws(FormatError) -> Bool {
    guard let before = try findCount(), let count = try self.count(before) else { return false }
    for _ in 0...count {
      start = position
      guard try nextLine() != nil else { break }
    }
    return true
  }

  /// Goes on to the next filled line, which the piece then begins with.
  private mutating func findCount() throws(FormatError) -> Int? {
    repeat {
      start = position
      guard let range = try nextLine() else { return nil }
      if buffer[range].contains(where: { !Ascii.isBlank($0) }) { return line - 1 }
    } while true
  }

  /// The number on the line that the piece begins with; anything else is refused as the reader does.
  private func count(_ before: Int) throws(FormatError) -> Int? {
    let head = Array(buffer[start..<position])
    var lines = TextLines(file: path, bytes: head)
    if let range = lines.nextFilled() {
      let fields = lines.fields(of: range)
      if fields.count == 1, let count = lines.integer(fields[0]), count > 0 { return count }
    }
    var frames = ExtendedXYZFrames(
      text: head, file: path, linesBefore: before, framesBefore: 0, options: ExtendedXYZ.Options())
    _ = try frames.next()
    return nil
  }

  /// The next line with its end, or nil after the last.
  private mutating func nextLine() throws(FormatError) -> Range<Int>? {
    var searched = position
    while true {
      if let end = lineFeed(from: searched) {
        defer { position = end + 1 }
        line += 1
        return position..<end + 1
      }
      searched = buffer.count
      guard !isAtEnd else {
        guard position < buffer.count else { return nil }
        defer { position = buffer.count }
        line += 1
        return position..<buffer.count
      }
      searched -= try fill()
    }
  }

  private func lineFeed(from start: Int) -> Int? {
    buffer.withUnsafeBytes { Ascii.lineFeed(in: $0, from: start) }
  }

  /// Reads on, and drops what stands before the piece; returns how much was dropped.
  private mutating func fill() throws(FormatError) -> Int {
    let dropped = start
    buffer.removeFirst(dropped)
    (start, position) = (0, position - dropped)
    do {
      let data = try handle.read(upToCount: Self.chunk) ?? Data()
      isAtEnd = data.isEmpty
      buffer.append(contentsOf: data)
    } catch {
      throw FileBytes.unreadable(path, error)
    }
    return dropped
  }
}
