internal import COpenBLAS
internal import Glibc

/// The processor that the program runs on.
///
/// The module is compiled for any processor of the architecture, so that it can be asked on one that the
/// rest of the program was not built for. The linker keeps one copy of a generic function that several
/// modules specialise, perhaps that of a module with other instructions: so there is none in here, down to
/// arrays and the methods of collections.
public enum Processor {
  /// The bits of the widest vectors that the processor and its operating system offer.
  public static let vectorBits = Int(vector_bits())

  /// Why code for vectors of so many bits cannot run on this processor, in a sentence; nil where it can.
  public static func misfit(builtFor bits: Int) -> String? {
    misfit(builtFor: bits, found: vectorBits, name: name)
  }

  /// The same for any processor.
  package static func misfit(builtFor bits: Int, found: Int, name: String) -> String? {
    guard found < bits else { return nil }
    let advice =
      found < 256
      ? "AtomFlow needs one with vectors of 256 bits, AVX2 and FMA"
      : "build it on this machine, or for all with 256 bits by 'sh Scripts/install.sh --portable'"
    return "the program was built for processors with vectors of " + bits.description
      + " bits, but this one, " + name + ", has " + found.description + ": " + advice
  }

  /// The name that the maker gave it.
  public static let name: String = {
    let unknown = "an unknown processor"
    guard let file = fopen("/proc/cpuinfo", "r") else { return unknown }
    var (line, size): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
    defer {
      fclose(file)
      free(line)
    }
    while getline(&line, &size, file) > 0, let line {
      guard strncmp(line, "model name", 10) == 0, var place = strstr(line, ":") else { continue }
      place += 1
      place += strspn(place, " ")
      place[strcspn(place, "\n")] = 0
      return String(cString: place)
    }
    return unknown
  }()
}
