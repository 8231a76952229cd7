public import Foundation

/// One large block of memory, kept in memory or in an unnamed file that the system maps.
final class CacheStorage {
  /// The first byte.
  let base: UnsafeMutableRawPointer

  private let byteCount: Int

  /// Whether the block lies in a file.
  let isOnDisk: Bool

  /// Reserves memory; with a folder, a file there that vanishes with the block.
  ///
  /// Throws if the memory or the disk space is not to be had.
  init(byteCount: Int, folder: URL?) throws(DescriptorCacheError) {
    self.byteCount = max(1, byteCount)
    isOnDisk = folder != nil
    var file: Int32 = -1
    if let folder {
      var template = Array(folder.appendingPathComponent("descriptors.XXXXXX").path.utf8CString)
      file = mkstemp(&template)
      guard file >= 0 else {
        throw .disk(folder: folder.path, bytes: byteCount, reason: String(cString: strerror(errno)))
      }
      unlink(template)
      let failure = posix_fallocate(file, 0, self.byteCount)
      if failure != 0 {
        close(file)
        throw .disk(
          folder: folder.path, bytes: byteCount, reason: String(cString: strerror(failure)))
      }
    }
    defer { if file >= 0 { close(file) } }
    let flags = file >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS
    guard
      let memory = mmap(nil, self.byteCount, PROT_READ | PROT_WRITE, flags, file, 0),
      memory != MAP_FAILED
    else { throw .memory(bytes: byteCount) }
    base = memory
  }

  deinit { munmap(base, byteCount) }
}

/// Where descriptors are kept, and how much memory they may take.
public struct CacheBudget: Sendable, Hashable {
  /// The number of bytes that may lie in memory; more goes to a file.
  public var memory: Int

  /// The folder for the file; by default the system's for temporary files.
  public var folder: URL

  /// Makes a budget.
  public init(memory: Int = 4 << 30, folder: URL = FileManager.default.temporaryDirectory) {
    self.memory = memory
    self.folder = folder
  }
}

/// Why descriptors could not be computed or kept.
public enum DescriptorCacheError: Error, CustomStringConvertible {
  /// The neighbours of a structure could not be listed.
  case neighbors(structure: Int, NeighborListError)
  /// An atom has no neighbour, so nothing describes it.
  case isolatedAtom(structure: Int, atom: Int, element: Element, cutoff: Double)
  /// A structure holds an element without symmetry functions.
  case element(structure: Int, Element, known: [Element])
  /// The memory is not there.
  case memory(bytes: Int)
  /// The file could not be made.
  case disk(folder: String, bytes: Int, reason: String)

  /// A sentence that says what to do.
  public var description: String {
    switch self {
    case .neighbors(let structure, let error): "structure \(structure + 1): \(error)"
    case .isolatedAtom(let structure, let atom, let element, let cutoff):
      "structure \(structure + 1): atom \(atom + 1) (\(element)) has no neighbour within "
        + "\(cutoff) angstrom; check the units of the file or take the structure out"
    case .element(let structure, let element, let known):
      "structure \(structure + 1) holds \(element), but the descriptors know only "
        + known.map(\.description).joined(separator: ", ")
        + "; add functions for it or take the structure out"
    case .memory(let bytes):
      "there is no memory for \(bytes >> 20) MB of descriptors; lower cache.memory, so that they "
        + "go to disk"
    case .disk(let folder, let bytes, let reason):
      "no room for \(bytes >> 20) MB of descriptors in \(folder): \(reason); name another folder "
        + "as cache.folder or use fewer structures"
    }
  }
}
