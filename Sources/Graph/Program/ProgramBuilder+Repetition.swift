/// The most instructions that are run again for one value.
private let longestRepetition = 8

/// The least elements of a row that is computed again: narrow rows take little memory, and to call a
/// kernel takes longer than to read them.
private let leastWidth = 16

/// How many times as wide as its operands a row is at least, so that it is not worth its memory.
private let widening = 4

extension ProgramBuilder {
  /// Lets each stage that reads cheap rows compute them for itself.
  ///
  /// Rows gathered from a table, functions of their sums and products of two narrow rows are made of
  /// few elements. Within a stage they stay in the cache, so that they are never in memory, if all
  /// that read them do so row by row.
  mutating func repeatRows(in instructions: inout [Program.Instruction], _ stages: inout Stages) {
    let repeatable = repeatableValues(instructions, stages)
    if repeatable.isEmpty { return }
    let outputs = Set(roots.map(owner))
    let count = program.values.count
    var readings: [Int: [Reading]] = [:]
    var reversed: [Program.Instruction] = []
    func append(_ instruction: Program.Instruction) {
      for (place, operand) in instruction.operands.enumerated() {
        readings[owner(of: operand), default: []].append(
          Reading(instruction: reversed.count, place: place))
      }
      reversed.append(instruction)
    }
    for instruction in instructions.reversed() {
      let (value, stage) = (instruction.result, stages[instruction.result]!)
      let isRepeated =
        repeatable.contains(value) && !outputs.contains(value)
        && (readings[value] ?? []).allSatisfy {
          let reader = reversed[$0.instruction]
          return readsRows(
            of: reader.operands[$0.place], at: $0.place, stages[reader.result]!, from: stage)
        }
      if !isRepeated {
        append(instruction)
        continue
      }
      let byStage = Dictionary(grouping: readings[value] ?? []) {
        stages[reversed[$0.instruction].result]!.number
      }
      for (number, readings) in byStage.sorted(by: { $0.key < $1.key }) {
        var own = instruction
        if number != stage.number {
          own.result = program.values.count
          program.values.append(program.values[value])
          stages[own.result] = Stage(number: number, rows: stage.rows)
          var copies = [value: own.result]
          for reading in readings {
            let operand = reversed[reading.instruction].operands[reading.place]
            reversed[reading.instruction].operands[reading.place] = copy(of: operand, &copies)
          }
        }
        append(own)
      }
    }
    if program.values.count == count { return }
    instructions = reversed.reversed()
    renumber(&instructions, &stages)
  }

  /// An operand of an instruction that comes later.
  private struct Reading {
    let instruction: Int
    let place: Int
  }

  /// A copy of a view on a value of which there is a copy.
  private mutating func copy(of value: Int, _ copies: inout [Int: Int]) -> Int {
    if let known = copies[value] { return known }
    guard case .view(let source) = program.values[value].storage else { return value }
    let copiedSource = copy(of: source, &copies)
    copies[value] = program.values.count
    program.values.append(program.values[value])
    program.values[program.values.count - 1].storage = .view(of: copiedSource)
    return program.values.count - 1
  }

  /// The results that may be computed again: of cheap instructions, whose rows come from narrow rows,
  /// from indices that are fed, from results of this kind, or, on long axes and by arithmetic,
  /// from values that are in memory anyway until the results are read for the last time.
  private func repeatableValues(
    _ instructions: [Program.Instruction], _ stages: Stages
  ) -> Set<Int> {
    var lengths: [Int: Int] = [:]
    func width(_ value: Int) -> Int? {
      Shape(program.values[value].type.shape.extents.dropFirst()).count.constant
    }
    /// The results that are computed from each value, and when.
    var readers: [Int: [(result: Int, stage: Int)]] = [:]
    for instruction in longAxes.isEmpty ? [] : instructions {
      let (result, stage) = (instruction.result, stages[instruction.result]!.number)
      for operand in Set(instruction.operands.map(owner)) {
        readers[operand, default: []].append((result, stage))
      }
    }
    func isKept(_ value: Int, besides result: Int) -> Bool {
      let last = readers[result]?.map(\.stage).max() ?? 0
      return readers[value]!.contains { $0.result != result && $0.stage >= last }
    }
    for instruction in instructions {
      let types = instruction.operands.map { program.values[$0].type }
      let cost = instruction.kernel.rowCost(
        types, result: program.values[instruction.result].type)
      guard cost < .high, let rows = stages[instruction.result]!.rows,
        let own = width(instruction.result), own >= leastWidth
      else { continue }
      var length: Int? = 1
      for (place, operand) in instruction.operands.enumerated() where rows.operands[place] {
        let isFedIndex = types[place].elements == .index && stages[owner(of: operand)] == nil
        let isNarrow = width(operand).map { widening * $0 <= own } ?? false
        let isFree =
          cost == .low && longAxes.contains(rows.axis)
          && isKept(owner(of: operand), besides: instruction.result)
        if isFedIndex || isNarrow || isFree { continue }
        length = length.flatMap { sum in lengths[owner(of: operand)].map { sum + $0 } }
      }
      if let length, length <= longestRepetition { lengths[instruction.result] = length }
    }
    return Set(lengths.keys)
  }

  /// Numbers values anew: those that are given, then results in the order of their instructions,
  /// without those that nothing computes any more.
  private mutating func renumber(
    _ instructions: inout [Program.Instruction], _ stages: inout Stages
  ) {
    var constants = program.instructions.filter(\.isConstant)
    var numbers: [Int: Int] = [:]
    var values: [Program.Value] = []
    func number(_ value: Int) -> Int {
      if let known = numbers[value] { return known }
      var copy = program.values[value]
      if case .view(let source) = copy.storage { copy.storage = .view(of: number(source)) }
      numbers[value] = values.count
      values.append(copy)
      return values.count - 1
    }
    for (value, storage) in program.values.map(\.storage).enumerated() {
      switch storage {
      case .placeholder, .variable: _ = number(value)
      case .slot, .block, .view: break
      }
    }
    var renumbered = Stages()
    func renumber(_ instructions: inout [Program.Instruction]) {
      for place in instructions.indices {
        let result = instructions[place].result
        instructions[place].operands = instructions[place].operands.map(number)
        instructions[place].result = number(result)
        if let stage = stages[result] { renumbered[number(result)] = stage }
      }
    }
    renumber(&constants)
    renumber(&instructions)
    roots = roots.map(number)
    program.instructions = constants + instructions
    (program.values, stages) = (values, renumbered)
  }
}
