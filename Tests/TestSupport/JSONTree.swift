public import Foundation

/// A parsed JSON document to pick numbers from; a wrong path traps and says where.
public struct JSONTree {
  private let value: Any

  /// Wraps an object of `JSONSerialization`.
  public init(_ value: Any) { self.value = value }

  /// The member with a name.
  public subscript(_ key: String) -> JSONTree {
    guard let member = (value as? [String: Any])?[key] else {
      preconditionFailure("JSONTree: there is no member \"\(key)\"")
    }
    return JSONTree(member)
  }

  /// The element at a position.
  public subscript(_ index: Int) -> JSONTree { elements[index] }

  /// The names of the members.
  public var keys: [String] { ((value as? [String: Any])?.keys.sorted()) ?? [] }

  /// Whether the value is the JSON `null`.
  public var isNull: Bool { value is NSNull }

  /// The elements of an array.
  public var elements: [JSONTree] { cast([Any].self).map(JSONTree.init) }

  /// A number.
  public var real: Double { cast(NSNumber.self).doubleValue }

  /// A whole number.
  public var integer: Int { cast(NSNumber.self).intValue }

  /// A string.
  public var text: String { cast(String.self) }

  /// An array of numbers, or the `data` of a tensor `{"shape", "data"}`.
  public var reals: [Double] {
    if let tensor = value as? [String: Any], tensor["data"] != nil { return self["data"].reals }
    return cast([NSNumber].self).map(\.doubleValue)
  }

  private func cast<Value>(_ type: Value.Type) -> Value {
    guard let result = value as? Value else {
      preconditionFailure("JSONTree: expected \(type), found \(String("\(value)".prefix(80)))")
    }
    return result
  }
}

extension SharedData {
  /// The address of a folder, such as `data/revpbe0-nnp`, that `has` has found.
  public static func folder(_ name: String) -> URL {
    guard let path = path(name) else {
      preconditionFailure("SharedData: \(name) is not beside this checkout")
    }
    return URL(filePath: path)
  }

  /// The contents of a JSON file that `has` has found.
  public static func json(_ name: String) throws -> JSONTree {
    JSONTree(try JSONSerialization.jsonObject(with: Data(contentsOf: folder(name))))
  }
}
