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
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    return memory.bindMemory(to: Element.self, capacity: bytes / MemoryLayout<Element>.stride)
  }

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
