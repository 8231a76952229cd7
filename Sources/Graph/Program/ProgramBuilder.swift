import Tensors

/// Lowers symbols to instructions and decides where each value lies.
struct ProgramBuilder {
  let outputCount: Int
  private let updated: [Variable]
  var program = Parts()
  private var numbers: [Symbol: Int] = [:]
  var roots: [Int] = []
  /// The axes of rows that are looked up in tables, which are taken to be long.
  var longAxes: Set<Extent> = []

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
  ///
  /// A chain is one instruction; the symbols inside it have no numbers.
  mutating func lower(_ roots: [Symbol], chains: [Symbol: Chain]) {
    var constants: Set<Int> = []
    let order = topologicalOrder(of: roots) { chains[$0]?.operands ?? $0.operands }
    let bounds = IndexBounds(order)
    for symbol in order {
      let number = program.values.count
      numbers[symbol] = number
      // Slots are decided when the schedule is complete.
      var storage = Program.Storage.slot(-1)
      switch symbol.node.kind {
      case .placeholder(let name):
        let placeholder = Program.Placeholder(
          name: name, type: symbol.type, bounds: bounds[symbol])
        storage = .placeholder(self.number(of: placeholder))
      case .variable(let variable): storage = .variable(self.number(of: variable))
      case .operation(let primitive):
        let chain = chains[symbol]
        let operands = (chain?.operands ?? symbol.operands).map { numbers[$0]! }
        let isConstant = operands.allSatisfy(constants.contains)
        if isConstant { constants.insert(number) }
        if primitive.isView { storage = .view(of: operands[0]) }
        program.instructions.append(
          Program.Instruction(
            kernel: chain?.kernel ?? primitive, operands: operands, result: number,
            resultBounds: bounds[symbol], isConstant: isConstant))
      }
      program.values.append(
        Program.Value(type: symbol.type, storage: storage, label: symbol.node.remarks.label))
    }
    self.roots = roots.map { numbers[$0]! }
  }

  private mutating func number(of placeholder: Program.Placeholder) -> Int {
    if let number = program.placeholders.firstIndex(of: placeholder) { return number }
    ensure(
      !program.placeholders.contains { $0.name == placeholder.name },
      "two placeholders are called '\(placeholder.name)' but differ in type")
    program.placeholders.append(placeholder)
    return program.placeholders.count - 1
  }

  private mutating func number(of variable: Variable) -> Int {
    if let number = program.variables.firstIndex(of: variable) { return number }
    ensure(
      !program.variables.contains { $0.name == variable.name },
      "two variables are called '\(variable.name)' but differ in extents, initializer or training")
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
  /// New values of variables are written in place where that is possible. What a task by rows alone
  /// needs has memory for a block of rows only, so it stays in the cache. All others get slots, which
  /// are used again after the phase of their last reader.
  mutating func assignStorage(interleaving: Bool) {
    program.instructions.removeAll { $0.kernel.isView }
    // Constants run first, so they keep their memory from run to run.
    let constants = program.instructions.filter(\.isConstant)
    let stages = sort(interleaving: interleaving)
    placeUpdates()
    program.phases = phases(stages, interleaving: interleaving)

    var lastUse = [Int](repeating: -1, count: program.values.count)
    for (position, instruction) in program.instructions.enumerated() {
      lastUse[instruction.result] = max(lastUse[instruction.result], position)
      for operand in instruction.operands { lastUse[owner(of: operand)] = position }
    }
    for root in roots { lastUse[owner(of: root)] = .max }

    var slots = SlotPlan()
    for position in constants.indices { place(position, in: &slots, until: .max) }
    for phase in program.phases.indices {
      for task in program.phases[phase].tasks.indices {
        program.phases[phase].tasks[task].blockSlots = place(
          program.phases[phase].tasks[task], in: &slots, lastUse)
      }
      for task in program.phases[phase].tasks { slots.release(after: task.instructions) }
    }
    program.slots = slots.slots
  }

  /// Gives the results of a task their places; returns the number of slots for one block of rows.
  private mutating func place(
    _ task: Program.Phase.Task, in slots: inout SlotPlan, _ lastUse: [Int]
  ) -> Int {
    var blocks = SlotPlan()
    for position in task.instructions {
      let last = lastUse[program.instructions[position].result]
      if task.rowOperands != nil, task.instructions.contains(last), !task.sums.contains(position) {
        place(position, in: &blocks, until: last, isBlock: true)
      } else {
        place(position, in: &slots, until: last)
      }
      blocks.release(after: position..<position + 1)
    }
    return blocks.slots.count
  }

  /// Gives the result of an instruction a slot, unless its memory is that of a variable.
  private mutating func place(
    _ position: Int, in slots: inout SlotPlan, until last: Int, isBlock: Bool = false
  ) {
    let instruction = program.instructions[position]
    guard case .slot = program.values[instruction.result].storage else { return }
    let type = program.values[instruction.result].type
    let shape = isBlock ? Shape(type.shape.extents.dropFirst()) : type.shape
    let slot = slots.take(
      Program.Slot(
        elements: type.elements, count: shape.count, isConstant: instruction.isConstant),
      until: last)
    program.values[instruction.result].storage = isBlock ? .block(slot) : .slot(slot)
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
      + program.instructions.flatMap { $0.kernel.attributeExtents + $0.resultBounds }
      + program.placeholders.flatMap(\.bounds)
    result.axes = Set(extents.flatMap(\.names)).sorted()
  }
}
