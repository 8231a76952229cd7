/// The JSON header of a safetensors file: where each tensor lies, and text.
struct SafeTensorsHeader: Equatable {
  /// The type, shape and place of one tensor; offsets count from the end of the header.
  struct Entry: Equatable {
    var type: ScalarType
    var shape: [Int]
    var begin: Int
    var end: Int
  }

  var entries: [String: Entry]
  var metadata: [String: String]

  /// Checks that the tensors have the sizes of their shapes and fill the data without gaps.
  func check(dataLength: Int) throws(SafeTensorsError.Fault) {
    let order = entries.sorted { first, second in
      (first.value.begin, first.value.end, first.key)
        < (second.value.begin, second.value.end, second.key)
    }
    var expected = 0
    for (name, entry) in order {
      let needed = try entry.byteCount(name)
      guard entry.end >= entry.begin, entry.end - entry.begin == needed else {
        throw .sizeMismatch(tensor: name, needed: needed, begin: entry.begin, end: entry.end)
      }
      guard entry.begin == expected else {
        throw .misplaced(tensor: name, begin: entry.begin, expected: expected)
      }
      expected = entry.end
    }
    guard expected == dataLength else {
      throw .dataLength(expected: expected, found: dataLength)
    }
  }
}

extension SafeTensorsHeader.Entry {
  /// The number of bytes that the shape and the type need.
  fileprivate func byteCount(_ name: String) throws(SafeTensorsError.Fault) -> Int {
    var count = type.size
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .tooLarge(tensor: name, shape: shape) }
      count = product
    }
    return count
  }
}

extension ScalarType {
  /// The name of the type in a safetensors header.
  var safeTensorsName: String {
    switch self {
    case .float32: "F32"
    case .float64: "F64"
    case .int32: "I32"
    }
  }

  /// The type with that name in a safetensors header.
  init?(safeTensorsName name: String) {
    guard let type = Self.allCases.first(where: { $0.safeTensorsName == name }) else { return nil }
    self = type
  }
}
