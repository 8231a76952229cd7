public import Atomistic
import Tensors

extension IPIAddress: ArgumentValue {
  /// Reads a word; nil where it does not fit.
  public init?(argument: String) { self.init(argument) }

  /// The requirement on a word.
  public static var expectation: String {
    "unix:NAME with a name or path of at most 100 bytes, HOST:PORT or HOST"
  }
}

/// `atomflow serve`: a driver for i-PI, ASE and other servers of the protocol.
struct Serve: Command {
  static let name = "serve"
  static let summary = "Compute forces for i-PI, ASE and the like"
  static let discussion =
    "Connects to a server that speaks the i-PI protocol and answers each structure with energy, forces "
    + "and virial, until the server says EXIT or closes the connection. The protocol sends no "
    + "elements: elements, their order and the periodic axes are taken from the template's first "
    + "structure. unix:NAME is the file /tmp/ipi_NAME, as in i-PI and ASE; the port is 31415 unless "
    + "given. A server may be silent between structures as long as --timeout says; a message or an answer "
    + "that does not get through within two minutes ends the program at once. For ASE, the package in the folder Python does all this."
  static let example =
    "atomflow serve water-ekf --template start.extxyz --ipi unix:water\n"
    + "atomflow serve water-ekf --template start.extxyz --ipi localhost:31415"

  static let model = ModelSource.argument
  static let address = Option<IPIAddress>(
    "ipi", "ADDRESS", .required, help: "Where the server listens: unix:NAME or HOST:PORT.")
  static let template = Option<String>(
    "template", "FILE", .required, help: "A structure with the server's atoms in its order.")
  static let wait = Option<Double>(
    "wait", "SECONDS", default: 10, help: "How long to wait for the server to listen.")
  static let timeout = Option<Double>(
    "timeout", "SECONDS", default: 86_400,
    help: "The longest silence of the server between structures; a day if not given.")
  static let threads = Option<Int>("threads", "T", default: 2, help: "The number of threads.")
  static let parameters: [any Parameter] =
    [model, address, template, wait, timeout, threads] + StructureOptions.parameters

  let model, template: String
  let address: IPIAddress
  let wait, timeout: Double
  let threads: Int
  let options: StructureOptions

  init(_ arguments: Arguments) throws(UsageError) {
    model = arguments.value(Self.model)
    address = arguments.value(Self.address)
    template = arguments.value(Self.template)
    wait = arguments.value(Self.wait)
    timeout = arguments.value(Self.timeout)
    threads = try arguments.threads(Self.threads)
    options = try StructureOptions(arguments)
    guard (0...1e6).contains(wait) else {
      throw .rule("--wait should lie between 0 and 1000000, but is \(wait).")
    }
    guard (1e-3...1e9).contains(timeout) else {
      throw .rule("--timeout should lie between 0.001 and 1000000000, but is \(timeout).")
    }
  }

  func run(in tool: Tool) throws {
    OpenBLAS.useOneThread()
    let model = try ModelSource(model, in: tool.catalog)
    let structure = try options.read(template, for: model, labels: [], in: tool).structures[0]
    for element in structure.composition.keys.sorted()
    where !model.potential.elements.contains(element) {
      throw PotentialError.unknownElement(element, known: model.potential.elements)
    }
    let calculator = model.calculator(workers: Workers(count: threads))
    var driver = IPIDriver(template: structure, note: tool.warn) {
      structure throws(PotentialError) in
      try calculator.evaluate(structure)
      return IPIDriver.Result(
        energy: calculator.energy, forces: calculator.forces,
        virial: calculator.strainGradient * -1)
    }
    let connection = try IPIConnection(
      to: address, wait: wait, patience: IPIConnection.Patience(silence: timeout))
    tool.note("connected to \(address), \(counted(structure.count, "atom"))")
    try connection.serve(&driver)
    let ending = driver.isFinished ? "said EXIT" : "closed the connection"
    tool.note("the server \(ending) after \(counted(driver.evaluations, "structure"))")
  }
}
