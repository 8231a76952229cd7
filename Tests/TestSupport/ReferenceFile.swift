public import Foundation
public import Tensors

/// Numbers that other people's software computed, read from a folder `shared` beside the checkout.
///
/// A clone of the repository does not have them; tests that need them are skipped then.
public struct ReferenceFile {
  private let root: Any

  /// Whether the reference files are there.
  public static var areAvailable: Bool { folder != nil }

  /// The nearest folder `shared` beside one of the folders this file lies in.
  public static var folder: URL? {
    var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      let shared = folder.deletingLastPathComponent().appendingPathComponent("shared/reference")
      if FileManager.default.fileExists(atPath: shared.path) { return shared }
      folder.deleteLastPathComponent()
    }
    return nil
  }

  /// Reads a file of the reference folder.
  public init(_ name: String) throws {
    let data = try Data(contentsOf: Self.folder!.appendingPathComponent(name))
    root = try JSONSerialization.jsonObject(with: data)
  }

  private init(root: Any) { self.root = root }

  /// The value of a key.
  public subscript(key: String) -> ReferenceFile {
    ReferenceFile(root: (root as! [String: Any])[key]!)
  }

  /// An element of a list.
  public subscript(index: Int) -> ReferenceFile { ReferenceFile(root: (root as! [Any])[index]) }

  /// The elements of a list.
  public var list: [ReferenceFile] { (root as! [Any]).map(ReferenceFile.init) }

  /// The keys of an object, sorted.
  public var keys: [String] { (root as! [String: Any]).keys.sorted() }

  /// Whether an object has a key with a value.
  public func has(_ key: String) -> Bool {
    (root as! [String: Any])[key].map { !($0 is NSNull) } ?? false
  }

  /// Whether it is a number.
  public var isNumber: Bool { root is NSNumber }

  /// A number.
  public var double: Double { (root as! NSNumber).doubleValue }

  /// An integer.
  public var int: Int { (root as! NSNumber).intValue }

  /// A text.
  public var text: String { root as! String }

  /// A list of numbers.
  public var doubles: [Double] { (root as! [Any]).map { ($0 as! NSNumber).doubleValue } }

  /// A list of integers.
  public var ints: [Int] { (root as! [Any]).map { ($0 as! NSNumber).intValue } }

  /// A tensor stored as shape and data.
  public var tensor: Tensor { Tensor(self["data"].doubles, shape: self["shape"].ints) }
}
