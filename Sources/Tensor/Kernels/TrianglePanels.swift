/// The cuts of a sweep over the lower triangle of a square matrix into panels of whole rows.
///
/// The cuts depend on the size alone, so that sums over panels have the same order whatever the
/// number of threads. Panels hold about the same number of elements, and begin at multiples of
/// the rows that the kernels take at a time.
struct TrianglePanels {
  /// The number of rows that the kernels take at a time. Each is a stream from memory of its own, of which a
  /// processor follows no more; a vector of the narrower type fits into as many columns.
  static var rowsAtATime: Int { 16 }

  /// A number of elements, made a multiple of the rows that the kernels take at a time.
  static func padded(_ count: Int) -> Int { (count + rowsAtATime - 1) / rowsAtATime * rowsAtATime }

  /// The number of columns that the kernels take at a time. Few vectors read long stretches of memory;
  /// groups of them ask for the next columns beforehand, which fit into the first cache with these.
  static func columnsAtATime(count m: Int) -> Int {
    let wanted = m < groupSize ? min(5120 / max(m, 1), 2048) : max(1280 / m, 128)
    let step = max(2 * Float.lanes, rowsAtATime)
    return wanted / step * step
  }

  let size: Int

  /// The number of panels, none of which is empty.
  var count: Int { min(max(size / 128, 1), 16) }

  /// The first row of a panel; of the panel after the last, the number of rows.
  func start(_ panel: Int) -> Int {
    if panel == count { return size }
    let share = (Double(panel) / Double(count)).squareRoot()
    return Int(Double(size) * share) / Self.rowsAtATime * Self.rowsAtATime
  }

  /// The rows of a panel.
  func rows(_ panel: Int) -> Range<Int> { start(panel)..<start(panel + 1) }
}
