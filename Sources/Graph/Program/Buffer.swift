import Glibc

/// Memory that grows but never shrinks, aligned for vectors; once large enough it is not allocated
/// again.
public final class Buffer<Element: BitwiseCopyable> {
  @usableFromInline var memory: UnsafeMutablePointer<Element>
  @usableFromInline var used = 0
  @usableFromInline var capacity: Int

  /// The first element.
  @inlinable public var base: UnsafeMutablePointer<Element> { memory }

  /// The number of elements in use.
  @inlinable public var count: Int { used }

  /// Makes a buffer with room for `capacity` elements.
  public init(capacity: Int = 0) {
    self.capacity = max(16, capacity)
    memory = Buffer.allocate(self.capacity)
  }

  deinit { UnsafeMutableRawPointer(memory).deallocate() }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = (count * MemoryLayout<Element>.stride + 127) / 64 * 64
    let isLarge = bytes >= hugePage
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
  @inlinable public var elements: UnsafeMutableBufferPointer<Element> {
    .init(start: memory, count: used)
  }

  /// Changes the number of elements in use; what the buffer holds is kept, new elements are
  /// undefined.
  @inlinable
  public func resize(to newCount: Int) {
    if newCount > capacity { grow(to: newCount) }
    used = newCount
  }

  @usableFromInline
  func grow(to newCount: Int) {
    capacity = newCount + newCount / 4
    let larger = Buffer.allocate(capacity)
    larger.update(from: memory, count: used)
    UnsafeMutableRawPointer(memory).deallocate()
    memory = larger
  }

  /// Appends elements.
  @inlinable
  public func append(contentsOf source: UnsafeBufferPointer<Element>) {
    let start = used
    resize(to: used + source.count)
    if let first = source.baseAddress { (memory + start).update(from: first, count: source.count) }
  }

  /// Appends one element.
  @inlinable
  public func append(_ element: Element) {
    resize(to: used + 1)
    memory[used - 1] = element
  }

  /// Replaces the content.
  @inlinable
  public func replace(with source: some Collection<Element>) {
    resize(to: 0)
    let isContiguous: Void? = source.withContiguousStorageIfAvailable { append(contentsOf: $0) }
    if isContiguous != nil { return }
    resize(to: source.count)
    var target = memory
    for element in source {
      target.pointee = element
      target += 1
    }
  }
}
