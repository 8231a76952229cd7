extension ProgramBuilder {
  /// Lets instructions write the new value of a variable over the old one where no later instruction
  /// reads the old one, and moves them behind its other readers for that.
  mutating func placeUpdates() {
    var schedule = Schedule(program.instructions)
    for (number, root) in roots.dropFirst(outputCount).enumerated() {
      var update = Program.Update(variable: number, value: root, isInPlace: false)
      let isShared = roots.filter { owner(of: $0) == owner(of: root) }.count > 1
      let outlives = roots.contains { isMemory($0, of: number) }
      let type = program.variables[number].symbol.type
      var visited: Set<Int> = []
      if !isShared, !outlives,
        let chain = chain(to: root, over: number, type, schedule, visited: &visited),
        schedule.move(
          chain[0],
          behind: schedule.instructions.filter { instruction in
            instruction.operands.contains { isMemory($0, of: number) }
          }.map(\.result))
      {
        for value in chain { program.values[value].storage = .variable(number) }
        update.isInPlace = true
      }
      program.updates.append(update)
    }
    program.instructions = schedule.instructions
  }

  private func isMemory(_ value: Int, of variable: Int) -> Bool {
    program.values[owner(of: value)].storage == .variable(variable)
  }

  /// The values, first to last, that can be written over a variable one after the other to arrive at
  /// its new value: each is read by the next alone.
  private func chain(
    to value: Int, over variable: Int, _ type: TensorType, _ schedule: Schedule,
    visited: inout Set<Int>
  ) -> [Int]? {
    guard program.values[value].storage == .slot(-1), program.values[value].type == type,
      visited.insert(value).inserted, let instruction = schedule.instruction(of: value),
      !instruction.isConstant
    else { return nil }
    let (operands, kernel) = (instruction.operands, instruction.kernel)
    let old = operands.indices.filter { isMemory(operands[$0], of: variable) }
    if !old.isEmpty { return old.allSatisfy(kernel.canOverwrite) ? [value] : nil }
    for place in operands.indices where kernel.canOverwrite(operand: place) {
      let operand = operands[place]
      if schedule.readers[operand] == [value], !roots.contains(operand),
        operands.filter({ $0 == operand }).count == 1,
        let chain = chain(to: operand, over: variable, type, schedule, visited: &visited)
      {
        return chain + [value]
      }
    }
    return nil
  }
}

/// The order of instructions while some are moved; each is known by the number of its result.
private struct Schedule {
  private(set) var instructions: [Program.Instruction]
  private var positions: [Int: Int] = [:]

  /// The results that are computed from each value.
  let readers: [Int: [Int]]

  /// What must stay before an instruction, besides its operands.
  private var predecessors: [Int: [Int]] = [:]

  init(_ instructions: [Program.Instruction]) {
    self.instructions = instructions
    var readers: [Int: [Int]] = [:]
    for (position, instruction) in instructions.enumerated() {
      positions[instruction.result] = position
      for operand in Set(instruction.operands) {
        readers[operand, default: []].append(instruction.result)
      }
    }
    self.readers = readers
  }

  func instruction(of result: Int) -> Program.Instruction? {
    positions[result].map { instructions[$0] }
  }

  /// Moves the instruction of `value` and all that follow from it behind other instructions, and
  /// keeps them there; returns false, and does nothing, if one of those follows from it.
  mutating func move(_ value: Int, behind others: [Int]) -> Bool {
    let others = others.filter { $0 != value }
    let first = positions[value]!
    let last = others.map { positions[$0]! }.max() ?? -1
    if last > first {
      var followers: Set<Int> = [value]
      var (kept, moved): ([Program.Instruction], [Program.Instruction]) = ([], [])
      for instruction in instructions[first...last] {
        let sources = instruction.operands + (predecessors[instruction.result] ?? [])
        if instruction.result == value || sources.contains(where: followers.contains) {
          followers.insert(instruction.result)
          moved.append(instruction)
        } else {
          kept.append(instruction)
        }
      }
      if others.contains(where: followers.contains) { return false }
      instructions.replaceSubrange(first...last, with: kept + moved)
      for position in first...last { positions[instructions[position].result] = position }
    }
    predecessors[value, default: []] += others
    return true
  }
}
