public import Tensors

/// A program with memory: it runs again and again on feeds and a state.
///
/// A run allocates nothing once it has seen the largest sizes, and looks nothing up by name.
public final class Session<Scalar: RealScalar> {
  /// The program that is run.
  public let program: Program

  /// The variables that runs read and write.
  public let state: State<Scalar>

  /// The threads that kernels share; with the same number, runs give the same bits again.
  public let workers: Workers

  private let extents: ExtentTable
  private let memory: [Buffer<UInt64>]
  private let scratch = Buffer<Scalar>()
  private var sizes: [Int]
  private let views: UnsafeMutablePointer<ValueView>
  private let operandNumbers: Buffer<Int>
  private let calls: UnsafeMutablePointer<KernelCall>
  private var units: [Unit] = []
  private let slotValues: [(value: Int, slot: Int)]
  private var shapes: [ResolvedShape] = []
  private var bindings: [Binding] = []

  /// What runs one after the other: a call that all threads may share, or calls side by side.
  private enum Unit {
    case call(Int)
    case parallel(ParallelPhase<Scalar>)
  }

  /// The places of the program's inputs in a feed, found once for each feed.
  private struct Binding {
    let feed: Feed<Scalar>
    let buffers: [Feed<Scalar>.AnyBuffer]
    let axes: [Int]
  }

  /// Makes a session of a program on a state that holds its variables.
  public init(_ program: Program, state: State<Scalar>, workers: Workers) {
    self.program = program
    self.state = state
    self.workers = workers
    extents = ExtentTable(program)
    memory = program.slots.map { _ in Buffer<UInt64>() }
    sizes = program.axes.map { _ in -1 }
    views = .allocate(capacity: program.values.count)
    calls = .allocate(capacity: program.instructions.count)
    operandNumbers = Buffer()
    slotValues = program.values.enumerated().compactMap {
      if case .slot(let slot) = $1.storage { ($0, slot) } else { nil }
    }
    for value in program.values.indices {
      var view = ValueView(base: nil, shape: extents.shape(of: value))
      if case .variable(let variable) = program.values[value].storage {
        view.base = UnsafeMutableRawPointer(state[program.variables[variable]].baseAddress)
      }
      (views + value).initialize(to: view)
    }
    var axesOfConstants: [Int: KernelCall.AxisSet] = [:]
    for (position, instruction) in program.instructions.enumerated() {
      var axes = instruction.operands.reduce(into: KernelCall.AxisSet(0)) {
        $0 |= axesOfConstants[$1] ?? 0
      }
      let types = (instruction.operands + [instruction.result]).map { program.values[$0].type }
      let extras = instruction.kernel.attributeExtents + instruction.resultBounds
      for extent in types.flatMap(\.shape.extents) + extras {
        for name in extent.names { axes |= 1 << min(63, program.axes.firstIndex(of: name)!) }
      }
      if instruction.isConstant { axesOfConstants[instruction.result] = axes }
      (calls + position).initialize(
        to: KernelCall(
          kernel: instruction.kernel, attributes: extents.attributes(of: position),
          bounds: extents.resultBounds(of: position),
          operandStart: operandNumbers.count, operandCount: instruction.operands.count,
          result: instruction.result,
          elements: program.values[instruction.result].type.elements,
          isConstant: instruction.isConstant, axes: axes))
      instruction.operands.withUnsafeBufferPointer { operandNumbers.append(contentsOf: $0) }
    }
    units = program.phases.map { phase in
      if phase.tasks.count == 1, phase.tasks[0].rowOperands == nil {
        return .call(phase.tasks[0].instructions.lowerBound)
      }
      return .parallel(
        ParallelPhase(
          phase, of: program, calls, operands: operandNumbers.base, workers: workers))
    }
    if program.axes.isEmpty { prepare(changed: .max) }
  }

  deinit {
    calls.deinitialize(count: program.instructions.count)
    calls.deallocate()
    views.deallocate()
  }

  /// Runs the program once: computes the outputs and replaces the values of updated variables.
  ///
  /// Throws `FeedError` if the feed does not fit, before anything has changed.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func run(_ feed: Feed<Scalar>) throws(FeedError) {
    try begin(feed)
    for unit in units.indices { runUnit(unit) }
    applyUpdates()
  }

  /// Takes over sizes and placeholders of a run; the units, one for each phase of the program, are
  /// run then, and the updates are applied.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func begin(_ feed: Feed<Scalar>) throws(FeedError) {
    let binding = try binding(of: feed)
    var changed: KernelCall.AxisSet = sizes.first == -1 ? .max : 0
    for axis in sizes.indices {
      let size = feed.sizes[binding.axes[axis]]
      if sizes[axis] != size {
        sizes[axis] = size
        changed |= 1 << min(63, UInt64(axis))
      }
    }
    if changed != 0 { prepare(changed: changed) }
    for (number, buffer) in binding.buffers.enumerated() {
      let expected = extents.placeholderCounts(number)
      if buffer.count != expected {
        let placeholder = program.placeholders[number]
        throw FeedError.count(
          placeholder: placeholder.name, shape: placeholder.type.shape.description,
          expected: expected, found: buffer.count)
      }
      if case .index(let indices) = buffer { try check(indices, ofPlaceholder: number) }
    }
    for value in extents.placeholderValues {
      views[value.value].base = binding.buffers[value.placeholder].base
    }
    resolveViews()
  }

  /// Runs one phase of the program.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func runUnit(_ unit: Int) {
    switch units[unit] {
    case .call(let position): evaluate(position)
    case .parallel(let phase):
      phase.run(calls, views, operands: operandNumbers.base, scratch: scratch.base)
    }
  }

  /// Replaces the values of updated variables that were not written in place.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func applyUpdates() {
    for update in program.updates where !update.isInPlace {
      let target = state[program.variables[update.variable]]
      let source = views[update.value].base.unsafelyUnwrapped.assumingMemoryBound(to: Scalar.self)
      target.baseAddress?.update(from: source, count: target.count)
    }
  }

  /// The memory of a value during a run.
  func view(of value: Int) -> ValueView { views[value] }

  /// The elements of a real output after a run, row by row; valid until the next run.
  public func output(_ index: Int) -> UnsafeBufferPointer<Scalar> {
    let view = views[program.outputs[index]]
    let base = view.base.map { UnsafePointer($0.assumingMemoryBound(to: Scalar.self)) }
    return UnsafeBufferPointer(start: base, count: view.shape.count)
  }

  /// The elements of an index output after a run; valid until the next run.
  public func outputIndices(_ index: Int) -> UnsafeBufferPointer<Int32> {
    let view = views[program.outputs[index]]
    let base = view.base.map { UnsafePointer($0.assumingMemoryBound(to: Int32.self)) }
    return UnsafeBufferPointer(start: base, count: view.shape.count)
  }

  /// An output after a run, as a value of its own.
  public func tensor(_ index: Int) -> Tensor {
    let view = views[program.outputs[index]]
    let shape = (0..<view.shape.rank).map { view.shape[$0] }
    if program.values[program.outputs[index]].type.elements == .index {
      let base = view.base.unsafelyUnwrapped.assumingMemoryBound(to: Int32.self)
      return Tensor(
        .int32(Array(UnsafeBufferPointer(start: base, count: view.shape.count))), shape: shape)
    }
    return Tensor(output(index).map(Double.init), shape: shape)
  }

  /// Takes the memory that a run on a feed needs, without running.
  ///
  /// Throws `FeedError` if the feed does not fit.
  public func reserve(_ feed: Feed<Scalar>) throws(FeedError) { try begin(feed) }

  /// The memory in bytes that the program's slots take for the sizes of the last run.
  public var memoryInUse: Int {
    memory.reduce(scratch.count * MemoryLayout<Scalar>.stride) { $0 + $1.count * 8 }
  }

  /// The number of phases whose rows threads share out, for the sizes of the last run.
  package var sharedRowPhases: Int {
    units.count {
      if case .parallel(let phase) = $0 { phase.sharesRows } else { false }
    }
  }

  /// Throws unless all indices of a placeholder lie below its bounds.
  private func check(
    _ indices: Buffer<Int32>, ofPlaceholder number: Int
  ) throws(FeedError) {
    let placeholder = program.placeholders[number]
    for (place, extent) in placeholder.bounds.enumerated() {
      let bound = extents.bound(place, ofPlaceholder: number)
      if let place = firstIndex(outside: bound, in: indices.base, count: indices.count) {
        throw .index(
          placeholder: placeholder.name, place: place, index: Int(indices.base[place]),
          bound: bound, extent: extent.description)
      }
    }
  }

  // MARK: - Preparation

  private func binding(of feed: Feed<Scalar>) throws(FeedError) -> Binding {
    if let known = bindings.first(where: { $0.feed === feed }) { return known }
    var buffers: [Feed<Scalar>.AnyBuffer] = []
    for placeholder in program.placeholders {
      guard let buffer = feed.buffer(placeholder) else {
        throw .missing(placeholder: placeholder.name)
      }
      buffers.append(buffer)
    }
    var axes: [Int] = []
    for axis in program.axes {
      guard let place = feed.axes.firstIndex(of: axis) else { throw .missingAxis(axis) }
      axes.append(place)
    }
    bindings.append(Binding(feed: feed, buffers: buffers, axes: axes))
    return bindings[bindings.count - 1]
  }

  /// Computes shapes, makes slots large enough and runs the instructions that depend on sizes alone
  /// and on a changed axis.
  private func prepare(changed: KernelCall.AxisSet) {
    extents.resolve(sizes)
    for (number, slot) in program.slots.enumerated() {
      let bytes = extents.slotCounts[number] * slot.elements.stride(Scalar.self)
      memory[number].resize(to: (bytes + 7) / 8)
    }
    for (value, slot) in slotValues {
      views[value].base = UnsafeMutableRawPointer(memory[slot].base)
    }
    resolveViews()
    for position in program.instructions.indices where calls[position].isConstant {
      if changed == .max || calls[position].axes & changed != 0 {
        reserveScratch(position)
        evaluate(position)
      }
    }
    for unit in units {
      switch unit {
      case .call(let position): reserveScratch(position)
      case .parallel(let phase):
        let wanted = phase.prepare(calls, views, operands: operandNumbers.base, shapes: &shapes)
        if wanted > scratch.count { scratch.resize(to: wanted) }
      }
    }
  }

  private func reserveScratch(_ position: Int) {
    let wanted = calls[position].scratchCount(
      views, operands: operandNumbers.base, workers: workers, shapes: &shapes)
    if wanted > scratch.count { scratch.resize(to: wanted) }
  }

  private func resolveViews() {
    for (value, source) in extents.viewSources { views[value].base = views[source].base }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func evaluate(_ position: Int) {
    calls[position].evaluate(
      views, operands: operandNumbers.base, workers: workers, scratch: scratch.base)
  }
}
