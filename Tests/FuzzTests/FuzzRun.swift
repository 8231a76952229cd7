import Foundation
import Glibc
import Synchronization
import Tensors

/// The length of a run of one reader, and where it begins.
struct FuzzPlan: Codable, Sendable {
  /// The reader's name.
  var reader: String
  /// The seed of all inputs.
  var seed: UInt64
  /// The number of the first input.
  var first = 0
  /// The number behind that of the last input; nil for as many as the time allows.
  var inputs: Int?
  /// The most seconds; nil for as many as the inputs take.
  var seconds: Double?
  /// A file that is read in place of damaged ones.
  var replay: String?

  /// A file that holds the number of the input which is being read: after a crash, the one that caused
  /// it, and after the end the one that a later run begins with.
  var journal: URL { file("number") }

  /// The input of a fault or a crash.
  var input: URL { file("input") }

  /// The sentence of a fault that was no crash.
  var fault: URL { file("fault") }

  private func file(_ kind: String) -> URL {
    (Self.folder ?? FileManager.default.temporaryDirectory)
      .appendingPathComponent("atomflow-fuzz-\(reader)-\(seed).\(kind)")
  }

  /// The folder for journals that outlive the run.
  static var folder: URL? {
    ProcessInfo.processInfo.environment["ATOMFLOW_FUZZ_FOLDER"].map { URL(fileURLWithPath: $0) }
  }

  /// The number in the journal; 0 without one.
  var journaled: Int {
    (try? String(contentsOf: journal, encoding: .utf8)).flatMap { Int($0) } ?? 0
  }
}

/// Why an input is a fault of the reader.
struct FuzzFault: Error, CustomStringConvertible {
  var description: String
}

/// Reads damaged files one after the other; a process of its own, since a reader may trap.
///
/// An input is a fault if reading it traps, takes more seconds of the processor than `timeLimit`, or more
/// memory than `memoryPerByte` for each of its bytes beside `memoryAllowance`, or if the error is no
/// sentence that a terminal can show.
struct FuzzRun {
  static let timeLimit = 5.0
  static let memoryAllowance = 50 << 20
  static let memoryPerByte = 100
  /// Beyond this, an allocation fails and so ends the process.
  static let addressSpace = 2 << 30
  static let longestSentence = 4000

  let reader: FuzzedReader
  let plan: FuzzPlan

  /// Reads until the plan is done; returns the numbers of inputs that were read and refused.
  func run() throws -> (read: Int, refused: Int) {
    try withFolder { folder in try run(in: folder) }
  }

  /// Writes the input that a run has left in its journal into a file; returns what was wrong with it.
  func cause() throws -> String {
    let sentence = try? String(contentsOf: plan.fault, encoding: .utf8)
    try? FileManager.default.removeItem(at: plan.fault)
    let reason = sentence ?? "\(reader.name) ends the process"
    guard plan.replay == nil else { return reason }
    try withFolder { folder in
      let corpus = try reader.corpus(folder)
      try Data(input(plan.journaled, corpus)).write(to: plan.input)
    }
    return "\(reason); input \(plan.journaled) is in \(plan.input.path), "
      + "read it with Scripts/fuzz.sh --replay"
  }

  private func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("AtomFlowFuzz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// The damaged file of a number.
  private func input(_ number: Int, _ corpus: [[UInt8]]) -> [UInt8] {
    var mutator = Mutator(
      layout: reader.layout, corpus: corpus,
      random: RandomStream(seed: plan.seed, stream: UInt64(number)))
    return mutator.input(entry: number % corpus.count)
  }

  private func run(in folder: URL) throws -> (read: Int, refused: Int) {
    let corpus = try reader.corpus(folder)
    for entry in corpus.indices {
      // A corpus that is refused would test nothing.
      try reader.read(FuzzInput(bytes: corpus[entry], entry: entry, folder: folder))
    }
    limitAddressSpace()
    let watch = Watch(limit: Self.timeLimit)
    let memory = Self.peakMemory
    let end = plan.seconds.map { ContinuousClock.now + .seconds($0) }
    var (read, refused, largest, number) = (0, 0, 0, plan.first)
    // A replayed file takes the place of each whole file in turn.
    let inputs = plan.replay == nil ? plan.inputs : corpus.count
    let journal = try Journal(plan.journal)
    while inputs.map({ number < $0 }) ?? true, end.map({ ContinuousClock.now < $0 }) ?? true {
      let bytes =
        try plan.replay.map { Array(try Data(contentsOf: URL(fileURLWithPath: $0))) }
        ?? input(number, corpus)
      journal.write(number)
      do {
        watch.begin()
        defer { watch.end() }
        try reader.read(
          FuzzInput(bytes: bytes, entry: number % corpus.count, folder: folder))
        read += 1
      } catch {
        refused += 1
        try check(error, number)
      }
      largest = max(largest, bytes.count)
      let grown = Self.peakMemory - memory
      guard grown <= Self.memoryAllowance + Self.memoryPerByte * largest else {
        throw fault("took \(grown >> 20) MB for at most \(largest) bytes", number)
      }
      number += 1
    }
    journal.write(number)
    if FuzzPlan.folder == nil { try? FileManager.default.removeItem(at: plan.journal) }
    return (read, refused)
  }

  private func fault(_ reason: String, _ number: Int) -> FuzzFault {
    FuzzFault(description: "\(reader.name), input \(number) of seed \(plan.seed): \(reason)")
  }

  private func check(_ error: any Error, _ number: Int) throws {
    let sentence = "\(error)"
    guard sentence.count <= Self.longestSentence else {
      throw fault("a sentence of \(sentence.count) characters: \(sentence.prefix(300))", number)
    }
    let control = sentence.unicodeScalars.first {
      $0.properties.generalCategory == .control && $0 != "\n"
    }
    if let control {
      throw fault("the control character \(control.value) in the sentence: \(sentence)", number)
    }
  }

  /// The most memory that the process has had, in bytes.
  private static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }

  private func limitAddressSpace() {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ").first.flatMap { Int($0) }
    guard let pages else { return }
    let most = rlim_t(pages * sysconf(Int32(_SC_PAGESIZE)) + Self.addressSpace)
    var limit = rlimit(rlim_cur: most, rlim_max: most)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  }
}

/// The file of the number of the input that is being read; whatever ends the process, the system keeps
/// what was written.
private final class Journal {
  private let descriptor: Int32

  init(_ file: URL) throws {
    descriptor = open(file.path, O_CREAT | O_TRUNC | O_WRONLY, 0o666)
    guard descriptor >= 0 else { throw FuzzFault(description: "\(file.path) cannot be written") }
  }

  deinit { close(descriptor) }

  func write(_ number: Int) {
    let text = "\(number)"
    _ = text.withCString { pwrite(descriptor, $0, text.utf8.count, 0) }
  }
}

/// Ends the process when an input takes too long, by the processor's time: other programs may have it, too.
private final class Watch: Sendable {
  private let start = Mutex<Double?>(nil)

  init(limit: Double) {
    let thread = Thread { [weak self] in
      while let self {
        let seconds = self.start.withLock { $0.map { Self.processorTime - $0 } } ?? 0
        if seconds > limit {
          FileHandle.standardError.write(Data("reading has not ended after \(limit) s\n".utf8))
          abort()
        }
        usleep(200_000)
      }
    }
    thread.start()
  }

  private static var processorTime: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  func begin() { start.withLock { $0 = Self.processorTime } }
  func end() { start.withLock { $0 = nil } }
}
