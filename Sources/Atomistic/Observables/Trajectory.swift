import Tensors

/// The frames of a file one after another.
///
/// Extended XYZ is read a frame at a time, however long the file; other formats, and a pipe, which can
/// be read only once, are held in memory.
/// A file that is cut off within its last frame is refused.
public struct Trajectory: Sendable {
  /// The path of the file.
  public let path: String
  /// The number of frames.
  public let count: Int

  private let options: StructureFile.Options
  /// The structures of a format that is not read frame by frame.
  private let structures: [Structure]?
  /// The inventory of the first frame, or of all frames in memory.
  public let inventory: LabelInventory

  private static let framesWithUnitsToCheck = 12

  /// Counts the frames of a file.
  ///
  /// - Throws: A `FormatError` if the format is not recognised, if there are no frames, and whatever
  ///   the reader of another format than extended XYZ throws.
  public init(
    _ path: String, options: StructureFile.Options = StructureFile.Options()
  ) throws(FormatError) {
    self.path = path
    self.options = options
    func isCut() throws(FormatError) -> Bool {
      guard FileBytes.canBeReadAgain(path) else { return false }
      if let format = options.format { return format == .extendedXYZ }
      return try StructureFile.format(of: path) == .extendedXYZ
    }
    guard try isCut() else {
      let set = try StructureFile.read(path, options: options)
      (structures, count, inventory) = (set.structures, set.structures.count, set.inventory)
      return
    }
    structures = nil
    var first = try ExtendedXYZCutter(path)
    inventory =
      if let piece = try first.next() {
        try Self.frame(piece, 0, path, options)?.inventory ?? LabelInventory()
      } else { LabelInventory() }
    var cutter = try ExtendedXYZCutter(path)
    var count = 0
    while try cutter.skip() { count += 1 }
    guard count > 0 else {
      throw FormatError(file: path, expected: "frames of atoms", found: "none")
    }
    self.count = count
  }

  /// The frames from a fraction of the trajectory to its end: those of the last half from 0.5.
  public func frames(from fraction: Double) -> Range<Int> {
    ensure((0..<1).contains(fraction), "Trajectory: \(fraction) does not lie in 0 ..< 1")
    return Int(fraction * Double(count))..<count
  }

  /// Calls `body` with frames in their order.
  ///
  /// - Throws: What the reader throws, and faults of `body` with the file and the frame's number.
  public func forEach(
    in frames: Range<Int>, _ body: (Structure) throws(FrameFault) -> Void
  ) throws(FormatError) {
    ensure(
      frames.lowerBound >= 0 && frames.upperBound <= count,
      "Trajectory: there are no frames \(frames) among \(count)")
    func visit(_ structure: Structure, _ frame: Int) throws(FormatError) {
      do throws(FrameFault) { try body(structure) } catch {
        throw FormatError(
          file: path, key: "frame \(frame) (counted from 0)", expected: error.expected,
          found: error.found, advice: error.advice)
      }
    }
    if let structures {
      for frame in frames { try visit(structures[frame], frame) }
      return
    }
    var cutter = try ExtendedXYZCutter(path)
    for _ in 0..<frames.lowerBound { guard try cutter.skip() else { return } }
    var unchecked: [Structure] = []
    for frame in frames {
      guard let piece = try cutter.next(),
        let read = try Self.frame(piece, frame, path, options)
      else { return }
      if !read.unitsAreKnown, unchecked.count < Self.framesWithUnitsToCheck {
        unchecked.append(read.structure)
        try UnitCheck(unchecked)?.require(.standard, file: path)
      }
      try visit(read.structure, frame)
    }
  }
  private static func frame(
    _ piece: ExtendedXYZCutter.Piece, _ number: Int, _ path: String,
    _ options: StructureFile.Options
  ) throws(FormatError) -> ExtendedXYZFrames.Frame? {
    var reader = ExtendedXYZFrames(
      text: piece.text, file: path, linesBefore: piece.linesBefore, framesBefore: number,
      options: ExtendedXYZ.Options(options))
    return try reader.next()
  }
}
