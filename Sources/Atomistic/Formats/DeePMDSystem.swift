import Foundation

/// The folders of NumPy arrays that DeePMD-kit trains on: eV and angstrom.
///
/// A system is a folder with `type.raw`, `type_map.raw`, perhaps an empty `nopbc`, and `set.*`
/// folders with `coord.npy` [frames, 3 atoms], `box.npy` [frames, 9], `energy.npy` [frames],
/// `force.npy` [frames, 3 atoms] and `virial.npy` [frames, 9], where `virial = -V stress`. In sets
/// of mixed types `real_atom_types.npy` [frames, atoms] holds the types, -1 for no atom.
///
/// https://docs.deepmodeling.com/projects/deepmd/en/stable/data/system.html
public enum DeePMDSystem {
  /// Reads a system, or all systems in a folder of systems, in the order of their names.
  ///
  /// Throws for missing files and for arrays whose shapes do not agree.
  public static func read(_ path: String) throws(FormatError) -> StructureSet {
    let systems = systems(in: path, depth: 4)
    guard !systems.isEmpty else {
      throw FormatError(
        file: path, expected: "a folder with type.raw, or folders with it", found: "none")
    }
    var result = StructureSet()
    for system in systems { try readSystem(system, into: &result) }
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
    _ path: String, into result: inout StructureSet
  ) throws(FormatError) {
    let names = try fields("\(path)/type_map.raw")
    var map: [Element] = []
    for (line, name) in names {
      guard let element = Element(symbol: name) else {
        throw FormatError(
          file: "\(path)/type_map.raw", line: line, expected: "an element such as H or Na",
          found: TextLines.quoted(name))
      }
      map.append(element)
    }
    var types: [Int] = []
    for (line, field) in try fields("\(path)/type.raw") {
      guard let type = DecimalNumber.integer(field), map.indices.contains(type) else {
        throw FormatError(
          file: "\(path)/type.raw", line: line,
          expected: "a type from 0 to \(map.count - 1), as type_map.raw has \(map.count) lines",
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
      let set = try DeePMDSet("\(path)/\(name)", types: types, map: map, isOpen: isOpen)
      for frame in 0..<set.frames {
        let structure = try set.structure(frame)
        result.append(structure)
        result.inventory.structures += 1
        if structure.labels.energy != nil { result.inventory.energy.add("energy.npy") }
        if structure.labels.forces != nil { result.inventory.forces.add("force.npy") }
        if structure.labels.stress != nil { result.inventory.stress.add("virial.npy") }
      }
    }
  }

  private static func fields(_ path: String) throws(FormatError) -> [(line: Int, text: String)] {
    var lines = TextLines(file: path, bytes: try FileBytes.read(path))
    var result: [(Int, String)] = []
    while let line = lines.nextFilled() {
      for field in lines.fields(of: line) { result.append((lines.number, lines.text(field))) }
    }
    return result
  }
}
