import Foundation

/// The folders of NumPy arrays that DeePMD-kit trains on: eV and angstrom.
///
/// A system is a folder with `type.raw`, `type_map.raw`, perhaps an empty `nopbc`, and `set.*`
/// folders with `coord.npy` [frames, 3 atoms], `box.npy` [frames, 9], `energy.npy` [frames],
/// `force.npy` [frames, 3 atoms] and `virial.npy` [frames, 9], where `virial = -V stress`. In sets
/// of mixed types `real_atom_types.npy` [frames, atoms] holds the types, -1 for no atom. Arrays of
/// vectors may be [frames, atoms, 3], matrices [frames, 3, 3], and those of one frame lack the first
/// axis. Names in `type_map.raw` that no atom has may be anything.
///
/// https://docs.deepmodeling.com/projects/deepmd/en/stable/data/system.html
public enum DeePMDSystem {
  /// Reads a system, or all systems in a folder of systems, in the order of their names, with some kinds
  /// of labels.
  ///
  /// Throws for missing files and for arrays whose shapes do not agree.
  public static func read(
    _ path: String, labels: LabelKinds = .all
  ) throws(FormatError) -> StructureSet {
    let systems = systems(in: path, depth: 4)
    guard !systems.isEmpty else {
      throw FormatError(
        file: path, expected: "a folder with type.raw, or folders with it", found: "none")
    }
    var result = StructureSet()
    for system in systems { try readSystem(system, labels, into: &result) }
    return result
  }

  /// Whether a path is a system or a folder with systems.
  static func isPresent(at path: String) -> Bool { !systems(in: path, depth: 4).isEmpty }

  private static func systems(in path: String, depth: Int) -> [String] {
    if FileManager.default.fileExists(atPath: path + "/type.raw") { return [path] }
    guard depth > 0, let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      return []
    }
    return names.sorted().flatMap { systems(in: "\(path)/\($0)", depth: depth - 1) }
  }

  private static func readSystem(
    _ path: String, _ labels: LabelKinds, into result: inout StructureSet
  ) throws(FormatError) {
    let map = try DeePMDTypeMap("\(path)/type_map.raw")
    var types: [Int] = []
    for (line, field) in try fields("\(path)/type.raw") {
      guard let type = DecimalNumber.integer(field), map.contains(type) else {
        throw FormatError(
          file: "\(path)/type.raw", line: line,
          expected: "a type from 0 to \(map.count - 1), as type_map.raw has \(map.count) names",
          found: TextLines.quoted(field))
      }
      types.append(type)
    }
    guard !types.isEmpty else {
      throw FormatError(file: "\(path)/type.raw", expected: "a type for each atom", found: "none")
    }
    let isOpen = FileManager.default.fileExists(atPath: path + "/nopbc")
    let contents = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let sets = contents.filter { $0.hasPrefix("set.") }.sorted()
    guard !sets.isEmpty else {
      throw FormatError(file: path, expected: "folders set.000, set.001, ...", found: "none")
    }
    for name in sets {
      let set = try DeePMDSet(
        "\(path)/\(name)", types: types, map: map, isOpen: isOpen, labels: labels)
      for frame in 0..<set.frames {
        let structure = try set.structure(frame)
        result.append(structure)
        result.inventory.add(set.inventory(of: structure))
      }
    }
  }

  /// The words of a text file with their lines.
  static func fields(_ path: String) throws(FormatError) -> [(line: Int, text: String)] {
    var lines = TextLines(file: path, bytes: Array(try FileBytes.text(path).utf8))
    var result: [(Int, String)] = []
    while let line = lines.nextFilled() {
      for field in lines.fields(of: line) { result.append((lines.number, lines.text(field))) }
    }
    return result
  }
}

/// The names of `type_map.raw`: the elements of the types 0, 1, ...
struct DeePMDTypeMap {
  private let path: String
  private let names: [(line: Int, text: String)]

  /// Reads a file; throws if it is missing, but not for names that no atom has.
  init(_ path: String) throws(FormatError) {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      throw FormatError(
        file: path, expected: "the elements of the types in type.raw", found: "no such file",
        advice: "write it: one element a line, that of type 0 first, such as O and then H")
    }
    names = try DeePMDSystem.fields(path)
  }

  /// The number of types.
  var count: Int { names.count }

  /// Whether there is a type of a number.
  func contains(_ type: Int) -> Bool { names.indices.contains(type) }

  /// The element of a type that there is.
  func element(_ type: Int) throws(FormatError) -> Element {
    guard let element = Element(name: names[type].text) else {
      throw FormatError(
        file: path, line: names[type].line, key: "type \(type)",
        expected: "an element such as H or Na, as atoms are of this type",
        found: TextLines.quoted(names[type].text))
    }
    return element
  }
}
