public import Foundation
import Synchronization
import Tensors

/// The memory and the disk space that features may take.
public struct FeatureBudget: Sendable, Hashable {
  /// The number of bytes that features and neighbour lists may take in memory; more goes to a file.
  public var memory: Int
  /// The number of bytes of the file; what does not fit there, either, is computed again whenever it
  /// is needed.
  public var disk: Int
  /// The folder for the file, which is made if it is missing; by default the system's for temporary
  /// files.
  public var folder: URL

  /// Makes a budget, by default of 4 GB of memory and as much of a disk as there is.
  public init(
    memory: Int = 4_000_000_000, disk: Int = .max,
    folder: URL = FileManager.default.temporaryDirectory
  ) {
    self.memory = memory
    self.disk = disk
    self.folder = folder
  }
}

/// Blocks of memory within a budget: first in memory, then in an unnamed file that the system maps.
///
/// Blocks live as long as the storage. Several threads may take blocks.
final class FeatureStorage: Sendable {
  private struct Contents {
    var inMemory = 0
    var onDisk = 0
    var file: Int32 = -1
    var blocks: [(base: UnsafeMutableRawPointer, count: Int)] = []
  }

  private let budget: FeatureBudget
  /// Raw pointers are handed out once each; the lock guards the lists.
  private let contents = Mutex(UncheckedContents())

  /// A value that may move between threads, since it is only used under the lock.
  private struct UncheckedContents: @unchecked Sendable { var value = Contents() }

  init(_ budget: FeatureBudget) { self.budget = budget }

  deinit {
    contents.withLock { contents in
      for block in contents.value.blocks { munmap(block.base, block.count) }
      if contents.value.file >= 0 { close(contents.value.file) }
    }
  }

  /// The bytes in memory and on disk so far.
  var byteCounts: (memory: Int, disk: Int) {
    contents.withLock { ($0.value.inMemory, $0.value.onDisk) }
  }

  /// Takes a block.
  ///
  /// - Parameters:
  ///   - byteCount: The size of the block.
  ///   - layout: The bytes that the layout of the block takes elsewhere, which have to be in memory.
  ///   - reserve: The bytes of memory that blocks leave to the layouts of later ones.
  /// - Returns: The block; nil where neither memory nor disk have room for it within the budget.
  /// - Throws: A `LabelError` where the system has no room although the budget has.
  func block(
    byteCount: Int, layout: Int, reserve: Int
  ) throws(LabelError) -> UnsafeMutableRawPointer? {
    let page = Int(getpagesize())
    let count = max(page, (byteCount + page - 1) / page * page)
    let budget = budget
    let result = contents.withLock { contents -> Result<Address?, LabelError> in
      Result { () throws(LabelError) -> Address? in
        try Self.take(count, layout, leaving: reserve, &contents.value, budget).map(Address.init)
      }
    }
    return try result.get()?.base
  }

  private struct Address: @unchecked Sendable { let base: UnsafeMutableRawPointer }

  private static func take(
    _ count: Int, _ layout: Int, leaving kept: Int, _ contents: inout Contents,
    _ budget: FeatureBudget
  ) throws(LabelError) -> UnsafeMutableRawPointer? {
    let room = budget.memory - contents.inMemory - layout
    guard room >= 0 else { return nil }
    let isInMemory = count + kept <= room
    guard isInMemory || contents.onDisk <= budget.disk - count else { return nil }
    var offset = 0
    if !isInMemory {
      if contents.file < 0 { contents.file = try openFile(in: budget.folder) }
      offset = contents.onDisk
      try reserve(count, at: offset, of: contents.file, in: budget.folder)
    }
    let flags = isInMemory ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED
    guard
      let memory = mmap(
        nil, count, PROT_READ | PROT_WRITE, flags, isInMemory ? -1 : contents.file, offset),
      memory != MAP_FAILED
    else { throw .memory(bytes: count) }
    // Small pages take as long to come by as features to compute. It is a wish that the system may refuse.
    if isInMemory { _ = madvise(memory, count, MADV_HUGEPAGE) }
    contents.inMemory += layout
    if isInMemory { contents.inMemory += count } else { contents.onDisk += count }
    contents.blocks.append((memory, count))
    return memory
  }

  /// Opens a file that vanishes with the storage.
  private static func openFile(in folder: URL) throws(LabelError) -> Int32 {
    do throws(FileError) { try Folder.make(folder.path) } catch {
      throw .disk(folder: folder.path, bytes: 0, reason: error.reason)
    }
    var template = Array(folder.appendingPathComponent("features.XXXXXX").path.utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else {
      throw .disk(folder: folder.path, bytes: 0, reason: String(cString: strerror(errno)))
    }
    unlink(template)
    return file
  }

  /// Reserves room in the file, so that writing to it cannot fail later.
  private static func reserve(
    _ count: Int, at offset: Int, of file: Int32, in folder: URL
  ) throws(LabelError) {
    let failure = posix_fallocate(file, offset, count)
    guard failure != 0 else { return }
    throw .disk(folder: folder.path, bytes: count, reason: String(cString: strerror(failure)))
  }
}
