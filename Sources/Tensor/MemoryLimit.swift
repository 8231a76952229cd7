import Glibc

/// The memory that this process may take.
package enum MemoryLimit {
  /// The machine's memory, or the limit of the process where that is smaller, in bytes.
  package static var bytes: Int {
    let machine = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return machine }
    return min(machine, Int(clamping: limit.rlim_cur))
  }

  /// A number of bytes in words: `2.5 GB`.
  package static func text(_ bytes: Int) -> String {
    if bytes < 10_000_000 { return "\(Double(bytes / 100_000) / 10) MB" }
    return bytes < 10_000_000_000 ? "\(bytes / 1_000_000) MB" : "\(bytes / 1_000_000_000) GB"
  }
}
