import Foundation
import Tensors

/// Reads the entries of a model's file, and names the key where something else is there.
struct ModelFileReader {
  let path: String
  let file: SafeTensors

  init(_ path: String, _ file: SafeTensors) { (self.path, self.file) = (path, file) }

  func error(_ key: String?, _ expected: String, _ found: String) -> ModelFileError {
    ModelFileError(file: path, key: key, expected: expected, found: found)
  }

  func text(_ key: String, among known: [String]? = nil) throws -> String {
    guard let text = file.metadata[key] else {
      throw error(key, "an entry of the metadata", "none")
    }
    if let known, !known.contains(text) {
      throw error(key, known.joined(separator: " or "), "'\(text)'")
    }
    return text
  }

  func number(_ key: String) throws -> Double {
    let text = try text(key)
    guard let number = Double(text), number.isFinite else {
      throw error(key, "a number", "'\(text)'")
    }
    return number
  }

  func json<Value: Decodable>(_ key: String, _ what: String) throws -> Value {
    let text = try text(key)
    do {
      return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    } catch DecodingError.dataCorrupted(let context) {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw error(key, what, "\(place): \(context.debugDescription)")
    } catch {
      throw self.error(key, what, "'\(text.prefix(80))'")
    }
  }

  /// The potential of a kind, from the entry `model`.
  func potential<Model: TrainablePotential>(_ kind: Model.Type) throws -> Model {
    try json("model", "a \(Model.kind)")
  }

  func tensor(_ key: String, _ shape: [Int]) throws -> [Double] {
    guard let tensor = file.tensors[key] else { throw error(key, "a tensor", "none") }
    guard tensor.shape == shape, tensor.scalarType == .float64 else {
      throw error(key, "float64 of shape \(shape)", "\(tensor.scalarType) of \(tensor.shape)")
    }
    return tensor.doubles
  }

  /// A tensor whose elements are all finite.
  func finite(_ key: String, _ shape: [Int]) throws -> [Double] {
    let values = try tensor(key, shape)
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw error(key, "finite numbers", "\(values[place]) at place \(place)")
    }
    return values
  }
}
