/// The numbers behind all extents of a program for the sizes of a run.
///
/// Extents are polynomials in named sizes; here they are evaluated from tables, without names.
final class ExtentTable {
  private struct Term {
    var coefficient: Int
    var axes: [Int]
  }

  private let program: Program
  /// One entry for each distinct extent that is not constant.
  private var polynomials: [[Term]] = []
  private var polynomialNumbers: [Extent: Int] = [:]
  private var places: [(number: Int, polynomial: Int)] = []
  private let numbers: Buffer<Int>
  private var shapeStarts: [Int] = []
  private var attributeStarts: [Int] = []
  private var boundStarts: [Int] = []
  private var placeholderBoundStarts: [Int] = []
  private var slotStart = 0

  /// Placeholders and the values that stand for them.
  let placeholderValues: [(value: Int, placeholder: Int)]

  /// Values that are views, each after the value it looks at.
  let viewSources: [(value: Int, source: Int)]

  init(_ program: Program) {
    self.program = program
    numbers = Buffer()
    placeholderValues = program.values.enumerated().compactMap {
      if case .placeholder(let number) = $1.storage { ($0, number) } else { nil }
    }
    viewSources = program.values.enumerated().compactMap {
      if case .view(let source) = $1.storage { ($0, source) } else { nil }
    }
    for value in program.values {
      shapeStarts.append(numbers.count)
      value.type.shape.extents.forEach(add)
    }
    for instruction in program.instructions {
      attributeStarts.append(numbers.count)
      instruction.kernel.attributeExtents.forEach(add)
      boundStarts.append(numbers.count)
      instruction.resultBounds.forEach(add)
    }
    for placeholder in program.placeholders {
      placeholderBoundStarts.append(numbers.count)
      placeholder.bounds.forEach(add)
    }
    slotStart = numbers.count
    program.slots.forEach { add($0.count) }
  }

  private func add(_ extent: Extent) {
    numbers.append(extent.constant ?? 0)
    if extent.constant != nil { return }
    let number = polynomialNumbers[extent] ?? polynomials.count
    if number == polynomials.count {
      polynomialNumbers[extent] = number
      polynomials.append(
        extent.terms.map { term in
          Term(
            coefficient: term.coefficient,
            axes: term.names.map { program.axes.firstIndex(of: $0)! })
        })
    }
    places.append((numbers.count - 1, number))
  }

  /// Computes all numbers for the sizes of the program's axes.
  func resolve(_ sizes: [Int]) {
    for (number, polynomial) in places {
      var sum = 0
      for term in polynomials[polynomial] {
        var product = term.coefficient
        for axis in term.axes { product *= sizes[axis] }
        sum += product
      }
      numbers.base[number] = sum
    }
  }

  /// The shape of a value; its numbers change with the sizes.
  func shape(of value: Int) -> ResolvedShape {
    ResolvedShape(
      base: numbers.base + shapeStarts[value], rank: program.values[value].type.shape.rank)
  }

  /// The attributes of an instruction.
  func attributes(of instruction: Int) -> UnsafePointer<Int> {
    UnsafePointer(numbers.base + attributeStarts[instruction])
  }

  /// The numbers below which the elements of an instruction's result have to lie.
  func resultBounds(of instruction: Int) -> UnsafeBufferPointer<Int> {
    UnsafeBufferPointer(
      start: numbers.base + boundStarts[instruction],
      count: program.instructions[instruction].resultBounds.count)
  }

  /// The number of a placeholder's bound below which its indices have to lie.
  func bound(_ bound: Int, ofPlaceholder placeholder: Int) -> Int {
    numbers.base[placeholderBoundStarts[placeholder] + bound]
  }

  /// The number of elements of each slot.
  var slotCounts: UnsafeMutablePointer<Int> { numbers.base + slotStart }

  /// The number of elements that a placeholder needs.
  func placeholderCounts(_ placeholder: Int) -> Int {
    placeholderValues.first { $0.placeholder == placeholder }.map { shape(of: $0.value).count } ?? 0
  }
}
