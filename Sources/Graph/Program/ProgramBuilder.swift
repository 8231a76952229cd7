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

  /// Gives each value that an instruction writes a slot; slots are used again as soon as their last
  /// reader is done. New values of variables are written in place where that is possible.
  mutating func assignStorage() {
    program.instructions.removeAll { $0.primitive.isView }
    // Constants run first, so they keep their memory from run to run.
    program.instructions =
      program.instructions.filter(\.isConstant) + program.instructions.filter { !$0.isConstant }
    placeUpdates()
    var lastUse = [Int](repeating: -1, count: program.values.count)
    for (position, instruction) in program.instructions.enumerated() {
      lastUse[instruction.result] = max(lastUse[instruction.result], position)
      for operand in instruction.operands { lastUse[owner(of: operand)] = position }
    }
    for root in roots { lastUse[owner(of: root)] = .max }

    var free: [Int] = []
    var dying: [Int: [Int]] = [:]
    for (position, instruction) in program.instructions.enumerated() {
      if case .slot = program.values[instruction.result].storage {
        let type = program.values[instruction.result].type
        let wanted = Program.Slot(
          elements: type.elements, count: type.shape.count, isConstant: instruction.isConstant)
        let reused = instruction.isConstant ? nil : free.firstIndex { program.slots[$0] == wanted }
        let slot = reused.map { free.remove(at: $0) } ?? program.slots.count
        if slot == program.slots.count { program.slots.append(wanted) }
        program.values[instruction.result].storage = .slot(slot)
        let last = lastUse[instruction.result]
        if !instruction.isConstant && last != .max { dying[last, default: []].append(slot) }
      }
      free += dying.removeValue(forKey: position) ?? []
    }
  }

  func finish(_ result: inout Program) {
    result.placeholders = program.placeholders
    result.variables = program.variables
    result.values = program.values
    result.instructions = program.instructions
    result.slots = program.slots
    result.updates = program.updates
    result.outputs = Array(roots.prefix(outputCount))
    let extents =
      program.values.flatMap(\.type.shape.extents)
      + program.instructions.flatMap(\.primitive.attributeExtents)
    result.axes = Set(extents.flatMap(\.names)).sorted()
  }
}
