internal import COpenBLAS
internal import Foundation

/// The processor that the program runs on.
public enum Processor {
  /// The bits of the widest vectors that the processor and its operating system offer.
  public static let vectorBits = Int(vector_bits())

  /// The bits of the vectors that the library was compiled for.
  public static let compiledVectorBits = 32 * Float.lanes

  /// Why the library cannot run on this processor, in a sentence; nil where it can.
  ///
  /// To be asked before any kernel runs: the first one would end the process by an illegal instruction.
  public static var misfit: String? {
    guard vectorBits < compiledVectorBits else { return nil }
    return """
      the program was built for processors with vectors of \(compiledVectorBits) bits, but this one, \
      \(name), has \(vectorBits): build it on this machine, or for older ones by \
      'sh Scripts/install.sh --portable'
      """
  }

  /// The name that the maker gave it.
  public static let name: String = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    return name ?? "an unknown processor"
  }()
}
