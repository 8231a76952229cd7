import Tensors

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
  private var operandStarts: [Int] = []
  private var bindings: [Binding] = []

  /// Where a feed keeps what the program wants, found once for each feed.
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
    operandNumbers = Buffer()
    for value in program.values.indices {
      (views + value).initialize(to: ValueView(base: nil, shape: extents.shape(of: value)))
    }
    for instruction in program.instructions {
      operandStarts.append(operandNumbers.count)
      instruction.operands.withUnsafeBufferPointer { operandNumbers.append(contentsOf: $0) }
    }
    if program.axes.isEmpty { prepare() }
  }

  deinit { views.deallocate() }

  /// Runs the program once: computes the outputs and replaces the values of updated variables.
  ///
  /// Throws `FeedError` if the feed does not fit, before anything has changed.
  public func run(_ feed: Feed<Scalar>) throws(FeedError) {
    let binding = try binding(of: feed)
    if zip(binding.axes, sizes).contains(where: { feed.sizes[$0] != $1 }) {
      for (axis, place) in binding.axes.enumerated() { sizes[axis] = feed.sizes[place] }
      prepare()
    }
    for (number, buffer) in binding.buffers.enumerated() {
      let expected = extents.placeholderCounts(number)
      if buffer.count != expected {
        let placeholder = program.placeholders[number]
        throw FeedError.count(
          placeholder: placeholder.name, shape: placeholder.type.shape.description,
          expected: expected, found: buffer.count)
      }
    }
    for value in extents.placeholderValues {
      views[value.value].base = binding.buffers[value.placeholder].base
    }
    resolveViews()
    for position in program.instructions.indices where !program.instructions[position].isConstant {
      evaluate(position)
    }
    for update in program.updates where !update.isInPlace {
      let target = state[program.variables[update.variable]]
      let source = views[update.value].base.unsafelyUnwrapped.assumingMemoryBound(to: Scalar.self)
      target.baseAddress?.update(from: source, count: target.count)
    }
  }

  /// The elements of a real output after a run, row by row; valid until the next run.
  public func output(_ index: Int) -> UnsafeBufferPointer<Scalar> {
    let view = views[program.outputs[index]]
    let base = view.base.map { UnsafePointer($0.assumingMemoryBound(to: Scalar.self)) }
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

  /// The memory in bytes that the program's slots take for the sizes of the last run.
  public var memoryInUse: Int {
    memory.reduce(scratch.count * MemoryLayout<Scalar>.stride) { $0 + $1.count * 8 }
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

  /// Computes shapes, makes slots large enough and runs the instructions that depend on sizes alone.
  private func prepare() {
    extents.resolve(sizes)
    for (number, slot) in program.slots.enumerated() {
      let bytes =
        extents.slotCounts[number]
        * (slot.elements == .real ? MemoryLayout<Scalar>.stride : MemoryLayout<Int32>.stride)
      memory[number].resize(to: (bytes + 7) / 8)
    }
    for (number, value) in program.values.enumerated() {
      switch value.storage {
      case .slot(let slot): views[number].base = UnsafeMutableRawPointer(memory[slot].base)
      case .variable(let variable):
        views[number].base = UnsafeMutableRawPointer(
          state[program.variables[variable]].baseAddress)
      case .placeholder, .view: break
      }
    }
    resolveViews()
    for (position, instruction) in program.instructions.enumerated() {
      let shapes = instruction.operands.map { views[$0].shape }
      let wanted = instruction.primitive.scratchCount(
        shapes, result: views[instruction.result].shape, workers: workers)
      if wanted > scratch.count { scratch.resize(to: wanted) }
      if instruction.isConstant { evaluate(position) }
    }
  }

  private func resolveViews() {
    for (value, source) in extents.viewSources { views[value].base = views[source].base }
  }

  private func evaluate(_ position: Int) {
    let instruction = program.instructions[position]
    let operands = Operands<Scalar>(
      views: views, identifiers: operandNumbers.base + operandStarts[position],
      attributes: extents.attributes(of: position), count: instruction.operands.count,
      workers: workers, scratch: scratch.base)
    let result = Destination<Scalar>(
      view: views[instruction.result],
      elements: program.values[instruction.result].type.elements)
    instruction.primitive.evaluate(operands, into: result)
  }
}
