/// Lowers symbols to instructions and decides where each value lies.
struct ProgramBuilder {
  let outputCount: Int
  private let updated: [Variable]
  var program = Parts()
  private var numbers: [Symbol: Int] = [:]
  private(set) var roots: [Int] = []

  /// The fields of a program while they are made.
  struct Parts {
    var placeholders: [Program.Placeholder] = []
    var variables: [Variable] = []
    var values: [Program.Value] = []
    var instructions: [Program.Instruction] = []
    var phases: [Program.Phase] = []
    var updates: [Program.Update] = []
    var slots: [Program.Slot] = []
  }

  init(outputCount: Int, updated: [Variable]) {
    self.outputCount = outputCount
    self.updated = updated
    program.variables = updated
  }

  // MARK: - Instructions

  /// Numbers all values, operands first, and lists the instructions that compute them.
  mutating func lower(_ roots: [Symbol]) {
    var constants: Set<Int> = []
    for symbol in topologicalOrder(of: roots) {
      let number = program.values.count
      numbers[symbol] = number
      // Slots are decided when the schedule is complete.
      var storage = Program.Storage.slot(-1)
      switch symbol.node.kind {
      case .placeholder(let name):
        let placeholder = Program.Placeholder(name: name, type: symbol.type)
        storage = .placeholder(self.number(of: placeholder))
      case .variable(let variable): storage = .variable(self.number(of: variable))
      case .operation(let primitive):
        let operands = symbol.operands.map { numbers[$0]! }
        let isConstant = operands.allSatisfy(constants.contains)
        if isConstant { constants.insert(number) }
        if primitive.isView { storage = .view(of: operands[0]) }
        program.instructions.append(
          Program.Instruction(
            primitive: primitive, operands: operands, result: number, isConstant: isConstant))
      }
      program.values.append(Program.Value(type: symbol.type, storage: storage))
    }
    self.roots = roots.map { numbers[$0]! }
  }

  private mutating func number(of placeholder: Program.Placeholder) -> Int {
    if let number = program.placeholders.firstIndex(of: placeholder) { return number }
    precondition(
      !program.placeholders.contains { $0.name == placeholder.name },
      "two placeholders are called '\(placeholder.name)' but differ in type")
    program.placeholders.append(placeholder)
    return program.placeholders.count - 1
  }

  private mutating func number(of variable: Variable) -> Int {
    if let number = program.variables.firstIndex(of: variable) { return number }
    program.variables.append(variable)
    return program.variables.count - 1
  }

  // MARK: - Storage

  /// The value whose memory this one is.
  func owner(of value: Int) -> Int {
    var value = value
    while case .view(let source) = program.values[value].storage { value = source }
    return value
  }

  /// Decides in which order instructions run and where their results lie.
  ///
  /// New values of variables are written in place where that is possible. All others get slots, which
  /// are used again after the phase of their last reader, or within a task that works by rows as soon
  /// as its own instructions have read them.
  mutating func assignStorage() {
    program.instructions.removeAll { $0.primitive.isView }
    // Constants run first, so they keep their memory from run to run.
    let constants = program.instructions.filter(\.isConstant)
    var stages = Stages()
    program.instructions = constants + sorted(&stages)
    placeUpdates()
    program.phases = phases(stages)

    var lastUse = [Int](repeating: -1, count: program.values.count)
    for (position, instruction) in program.instructions.enumerated() {
      lastUse[instruction.result] = max(lastUse[instruction.result], position)
      for operand in instruction.operands { lastUse[owner(of: operand)] = position }
    }
    for root in roots { lastUse[owner(of: root)] = .max }

    for position in constants.indices { _ = giveSlot(position, from: []) }
    var free: [Int] = []
    var dying: [Int: [(slot: Int, since: Int)]] = [:]
    for phase in program.phases {
      var released: [Int] = []
      for task in phase.tasks {
        var own: [Int] = []
        for position in task.instructions {
          if let slot = giveSlot(position, from: own + free) {
            own.removeAll { $0 == slot }
            free.removeAll { $0 == slot }
            let last = lastUse[program.instructions[position].result]
            if last != .max { dying[last, default: []].append((slot, position)) }
          }
          for (slot, since) in dying.removeValue(forKey: position) ?? [] {
            if task.instructions.contains(since) { own.append(slot) } else { released.append(slot) }
          }
        }
        released += own
      }
      free += released
    }
  }

  /// Gives the result of an instruction a slot, one of the free ones if it fits; nil if it needs none.
  private mutating func giveSlot(_ position: Int, from free: [Int]) -> Int? {
    let instruction = program.instructions[position]
    guard case .slot = program.values[instruction.result].storage else { return nil }
    let type = program.values[instruction.result].type
    let wanted = Program.Slot(
      elements: type.elements, count: type.shape.count, isConstant: instruction.isConstant)
    let slot = free.first { program.slots[$0] == wanted } ?? program.slots.count
    if slot == program.slots.count { program.slots.append(wanted) }
    program.values[instruction.result].storage = .slot(slot)
    return slot
  }

  func finish(_ result: inout Program) {
    result.placeholders = program.placeholders
    result.variables = program.variables
    result.values = program.values
    result.instructions = program.instructions
    result.phases = program.phases
    result.slots = program.slots
    result.updates = program.updates
    result.outputs = Array(roots.prefix(outputCount))
    let extents =
      program.values.flatMap(\.type.shape.extents)
      + program.instructions.flatMap(\.primitive.attributeExtents)
    result.axes = Set(extents.flatMap(\.names)).sorted()
  }
}
