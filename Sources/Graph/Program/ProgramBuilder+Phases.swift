extension ProgramBuilder {
  /// The stages of instructions, by the number of their result.
  typealias Stages = [Int: Stage]

  /// The stage of an instruction, and the axis whose rows it works through, if there is one.
  struct Stage {
    var number: Int
    var rows: (axis: Extent, operands: [Bool])?
    /// Whether the rows are summed, so that the result has others and comes when all are done.
    var isSum = false
  }

  /// The instructions that are not constant, by stages: an instruction's operands are computed in
  /// earlier stages, or in its own if both work through the same rows.
  ///
  /// With interleaving, cheap rows are computed again in each stage that reads them.
  mutating func sort(interleaving: Bool) -> Stages {
    var instructions = program.instructions.filter { !$0.isConstant }
    var stages = Stages()
    longAxes = longAxes(of: instructions)
    for instruction in instructions {
      stages[instruction.result] = stage(of: instruction, stages)
    }
    if interleaving { repeatRows(in: &instructions, &stages) }
    var axes: [Extent: Int] = [:]
    var keys: [(stage: Int, group: Int, position: Int)] = []
    for (position, instruction) in instructions.enumerated() {
      let stage = stages[instruction.result]!
      // Within a stage rows come first, axis by axis, and what wants all threads comes last.
      var group = Int.max - (instruction.kernel.sharesWork ? 0 : 1)
      if let axis = stage.rows?.axis {
        group = axes[axis] ?? axes.count
        axes[axis] = group
      }
      keys.append((stage.number, group, position))
    }
    program.instructions = program.instructions.filter(\.isConstant)
    program.instructions += keys.sorted { $0 < $1 }.map { instructions[$0.position] }
    return stages
  }

  /// The axes of rows that are looked up in tables; a table of single numbers says nothing.
  private func longAxes(of instructions: [Program.Instruction]) -> Set<Extent> {
    let shapes = instructions.filter(\.kernel.looksUpRows).map {
      program.values[$0.result].type.shape
    }
    return Set(shapes.filter { $0.rank > 1 && $0[0].constant == nil }.map { $0[0] })
  }

  private func stage(of instruction: Program.Instruction, _ stages: Stages) -> Stage {
    let types = instruction.operands.map { program.values[$0].type }
    let result = program.values[instruction.result].type
    var stage = Stage(number: 0, rows: nil)
    if let axis = result.shape.extents.first, axis.constant == nil,
      let operands = instruction.kernel.blockOperands(types, result: result),
      zip(types, operands).allSatisfy({ !$1 || $0.shape.extents.first == axis })
    {
      stage.rows = (axis, operands)
    }
    if stage.rows == nil { stage = sum(instruction, types, stages) ?? stage }
    stage.number = number(of: stage, instruction, stages)
    return stage
  }

  private func number(
    of stage: Stage, _ instruction: Program.Instruction, _ stages: Stages
  ) -> Int {
    var number = 0
    for (place, operand) in instruction.operands.enumerated() {
      guard let source = stages[owner(of: operand)] else { continue }
      let isSameRow = readsRows(of: operand, at: place, stage, from: source)
      number = max(number, source.number + (isSameRow ? 0 : 1))
    }
    return number
  }

  /// The stage of a sum over rows of a long axis that are computed in the same stage.
  ///
  /// Rows that lie in memory are better summed in one go, and so are few rows: several such sums run
  /// side by side.
  private func sum(
    _ instruction: Program.Instruction, _ types: [TensorType], _ stages: Stages
  ) -> Stage? {
    let result = program.values[instruction.result].type
    guard let operands = instruction.kernel.summedOperands(types, result: result),
      let first = operands.firstIndex(of: true), let axis = types[first].shape.extents.first,
      longAxes.contains(axis),
      zip(types, operands).allSatisfy({ !$1 || $0.shape.extents.first == axis })
    else { return nil }
    var stage = Stage(number: 0, rows: (axis, operands), isSum: true)
    stage.number = number(of: stage, instruction, stages)
    let isAtHand = instruction.operands.enumerated().contains { place, operand in
      guard let source = stages[owner(of: operand)] else { return false }
      return source.number == stage.number && readsRows(of: operand, at: place, stage, from: source)
    }
    return isAtHand ? stage : nil
  }

  /// Whether an instruction of one stage reads an operand row by row, as another one computes it.
  func readsRows(of operand: Int, at place: Int, _ stage: Stage, from source: Stage) -> Bool {
    guard let rows = stage.rows, rows.operands[place], source.rows?.axis == rows.axis,
      !source.isSum
    else { return false }
    // A view under another shape has other rows.
    return program.values[owner(of: operand)].type.shape.extents.first == rows.axis
  }

  /// What runs side by side: the instructions of one stage, except those that want all threads or
  /// change a variable; each instruction by itself without interleaving.
  func phases(_ stages: Stages, interleaving: Bool) -> [Program.Phase] {
    var phases: [Program.Phase] = []
    var last: Stage?
    for (position, instruction) in program.instructions.enumerated() where !instruction.isConstant {
      let stage = stages[instruction.result]!
      var isAlone = !interleaving || (stage.rows == nil && instruction.kernel.sharesWork)
      if case .variable = program.values[instruction.result].storage { isAlone = true }
      let rows = isAlone ? nil : stage.rows?.operands
      if !isAlone, let before = last, before.number == stage.number {
        let place = phases.count - 1
        let end = phases[place].tasks.count - 1
        if let rows, before.rows?.axis == stage.rows?.axis {
          phases[place].tasks[end].instructions =
            phases[place].tasks[end].instructions.lowerBound..<position + 1
          phases[place].tasks[end].rowOperands?.append(rows)
        } else {
          phases[place].tasks.append(task(position, rows))
        }
      } else {
        phases.append(Program.Phase(tasks: [task(position, rows)]))
      }
      if rows != nil, stage.isSum {
        let phase = phases.count - 1
        phases[phase].tasks[phases[phase].tasks.count - 1].sums.insert(position)
      }
      last = isAlone ? nil : stage
    }
    return phases
  }

  private func task(_ position: Int, _ rows: [Bool]?) -> Program.Phase.Task {
    Program.Phase.Task(instructions: position..<position + 1, rowOperands: rows.map { [$0] })
  }
}
