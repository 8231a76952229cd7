import Foundation

/// The memory that this process may take.
package enum MemoryLimit {
  /// The machine's memory, or what is left of the limit of the process where that is smaller, in bytes.
  package static var bytes: Int {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let machine = sysconf(Int32(_SC_PHYS_PAGES)) * page
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return machine }
    return min(machine, max(0, Int(clamping: limit.rlim_cur) - pagesInUse * page))
  }

  /// The pages of addresses that the process has taken so far, the first number of the file.
  private static var pagesInUse: Int {
    let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return text?.split(separator: " ").first.flatMap { Int($0) } ?? 0
  }

  /// A number of bytes in words: `2.5 GB`.
  package static func text(_ bytes: Int) -> String {
    if bytes < 10_000_000 { return "\(Double(bytes / 100_000) / 10) MB" }
    return bytes < 10_000_000_000 ? "\(bytes / 1_000_000) MB" : "\(bytes / 1_000_000_000) GB"
  }
}
