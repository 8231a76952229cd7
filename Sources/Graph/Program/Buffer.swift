import Glibc

/// Memory that grows but never shrinks, aligned for vectors; once large enough it is not allocated
/// again.
public final class Buffer<Element: BitwiseCopyable> {
  /// The first element.
  public private(set) var base: UnsafeMutablePointer<Element>

  /// The number of elements in use.
  public private(set) var count = 0

  private var capacity: Int

  /// Makes a buffer with room for `capacity` elements.
  public init(capacity: Int = 0) {
    self.capacity = max(16, capacity)
    base = Buffer.allocate(self.capacity)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = (count * MemoryLayout<Element>.stride + 127) / 64 * 64
    let isLarge = bytes >= 4 * hugePage
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isLarge ? hugePage : 64)
    // A sweep over a matrix of many small pages waits for the processor to look up where they are.
    // It is a wish that the system may refuse.
    if isLarge { _ = madvise(memory, bytes / hugePage * hugePage, MADV_HUGEPAGE) }
    return memory.bindMemory(to: Element.self, capacity: bytes / MemoryLayout<Element>.stride)
  }

  /// The size of a large page of memory in bytes.
  private static var hugePage: Int { 2 << 20 }

  /// The elements in use.
  public var elements: UnsafeMutableBufferPointer<Element> { .init(start: base, count: count) }

  /// Changes the number of elements in use; what the buffer holds is kept, new elements are
  /// undefined.
  public func resize(to newCount: Int) {
    if newCount > capacity {
      capacity = newCount + newCount / 4
      let larger = Buffer.allocate(capacity)
      larger.update(from: base, count: count)
      UnsafeMutableRawPointer(base).deallocate()
      base = larger
    }
    count = newCount
  }

  /// Appends elements.
  public func append(contentsOf source: UnsafeBufferPointer<Element>) {
    let start = count
    resize(to: count + source.count)
    if let first = source.baseAddress { (base + start).update(from: first, count: source.count) }
  }

  /// Appends one element.
  public func append(_ element: Element) {
    resize(to: count + 1)
    base[count - 1] = element
  }

  /// Replaces the content.
  public func replace(with source: some Collection<Element>) {
    resize(to: source.count)
    for (index, element) in source.enumerated() { base[index] = element }
  }
}
