import Foundation

/// The arrays of one `set.*` folder of a DeePMD system.
struct DeePMDSet {
  let frames: Int
  private let path: String
  private let map: DeePMDTypeMap
  private let types: [Int]
  private let coordinates: NumpyArray
  private let boxes: NumpyArray?
  private let energies: NumpyArray?
  private let forces: NumpyArray?
  private let virials: NumpyArray?
  private let mixedTypes: NumpyArray?
  /// The arrays of the folder that are not read.
  private let ignored: [String]

  init(
    _ path: String, types: [Int], map: DeePMDTypeMap, isOpen: Bool, labels: LabelKinds
  ) throws(FormatError) {
    self.path = path
    self.map = map
    self.types = types
    coordinates = try NumpyArray(reading: "\(path)/coord.npy")
    let atoms = types.count
    guard let frames = Self.frames(coordinates, atoms: atoms) else {
      throw FormatError(
        file: "\(path)/coord.npy", expected: "shape [frames, \(3 * atoms)] for \(atoms) atoms",
        found: "\(coordinates.shape)")
    }
    self.frames = frames
    func optional(_ name: String, _ width: Int) throws(FormatError) -> NumpyArray? {
      let file = "\(path)/\(name).npy"
      guard FileManager.default.fileExists(atPath: file) else { return nil }
      let array = try NumpyArray(reading: file)
      guard Self.holds(array, frames: frames, width: width) else {
        throw FormatError(
          file: file, expected: "shape [\(frames), \(width)] as coord.npy has \(frames) frames",
          found: "\(array.shape)")
      }
      return array
    }
    boxes = isOpen ? nil : try optional("box", 9)
    guard isOpen || boxes != nil else {
      throw FormatError(
        file: "\(path)/box.npy", expected: "the cell of each frame", found: "no file",
        advice: "put an empty file nopbc into the folder above if the atoms are in open space")
    }
    energies = labels.contains(.energy) ? try optional("energy", 1) : nil
    forces = labels.contains(.forces) ? try optional("force", 3 * atoms) : nil
    virials = labels.contains(.stress) && !isOpen ? try optional("virial", 9) : nil
    mixedTypes = try optional("real_atom_types", atoms)
    var known = ["coord.npy", "energy.npy", "force.npy", "real_atom_types.npy"]
    if !isOpen { known += ["box.npy", "virial.npy"] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    ignored = names.filter { $0.hasSuffix(".npy") && !known.contains($0) }
  }

  /// The number of frames in coordinates of shape [frames, 3 atoms], [frames, atoms, 3], or of one frame
  /// without the first axis; nil for other shapes.
  private static func frames(_ array: NumpyArray, atoms: Int) -> Int? {
    let (frames, rest) = array.values.count.quotientAndRemainder(dividingBy: 3 * atoms)
    guard rest == 0 else { return nil }
    return frames == 1 || array.shape.count > 1 && array.shape[0] == frames ? frames : nil
  }

  /// Whether an array holds as many numbers for each frame, the axis of frames first.
  private static func holds(_ array: NumpyArray, frames: Int, width: Int) -> Bool {
    guard array.values.count == frames * width else { return false }
    return frames == 1 || array.shape.first == frames
  }

  /// The structure of one frame.
  func structure(_ frame: Int) throws(FormatError) -> Structure {
    var atoms: [Int] = []
    var elements: [Element] = []
    for atom in types.indices {
      guard let mixedTypes else {
        atoms.append(atom)
        elements.append(try map.element(types[atom]))
        continue
      }
      let type = mixedTypes.values[frame * types.count + atom]
      if type == -1 { continue }
      guard let index = Int(exactly: type), map.contains(index) else {
        throw fault("real_atom_types", frame, "a type from -1 to \(map.count - 1)", "\(type)")
      }
      atoms.append(atom)
      elements.append(try map.element(index))
    }
    guard !atoms.isEmpty else { throw fault("real_atom_types", frame, "atoms", "none") }
    var cell: Cell?
    if let boxes {
      let vectors = Matrix3(rowMajor: Array(boxes.values[(9 * frame)..<(9 * frame + 9)]))
      guard Cell.isValid(vectors) else {
        throw fault("box", frame, "three vectors that span a volume", "\(vectors.rowMajor)")
      }
      cell = Cell(vectors)
    }
    var labels = Labels()
    if let energies, !energies.values[frame].isNaN {
      let energy = energies.values[frame]
      guard abs(energy) <= LabelLimits.energy else {
        throw fault("energy", frame, LabelLimits.expected(LabelLimits.energy, "eV"), "\(energy)")
      }
      labels.energy = energy
    }
    let first = 3 * types.count * frame
    if let forces, !atoms.contains(where: { isMissing(forces, at: first + 3 * $0, 3) }) {
      labels.forces = try vectors(
        forces, atoms, frame, "force", limit: LabelLimits.force, unit: "eV/angstrom")
    }
    if let virials, let cell, !isMissing(virials, at: 9 * frame, 9) {
      let virial = Matrix3(rowMajor: Array(virials.values[(9 * frame)..<(9 * frame + 9)]))
      let stress = virial * (-1 / cell.volume)
      guard stress.rowMajor.allSatisfy({ abs($0) <= LabelLimits.stress }) else {
        throw fault("virial", frame, "finite numbers", "\(virial.rowMajor)")
      }
      labels.stress = stress
    }
    let positions = try vectors(
      coordinates, atoms, frame, "coord", limit: LabelLimits.position, unit: "angstrom")
    return Structure(
      elements: elements, positions: positions, cell: cell, labels: labels,
      name: "\(path) frame \(frame)")
  }

  /// The labels of a structure of this set, those that are said to be missing, and unknown arrays.
  func inventory(of structure: Structure) -> LabelInventory {
    let labels = structure.labels
    var inventory = LabelInventory()
    inventory.structures = 1
    if energies != nil { inventory.energy.count(labels.energy != nil, under: "energy.npy") }
    if forces != nil { inventory.forces.count(labels.forces != nil, under: "force.npy") }
    if virials != nil { inventory.stress.count(labels.stress != nil, under: "virial.npy") }
    for name in ignored { inventory.ignored[name] = 1 }
    return inventory
  }

  /// Whether one of some values is not a number.
  private func isMissing(_ array: NumpyArray, at start: Int, _ count: Int) -> Bool {
    array.values[start..<(start + count)].contains(where: \.isNaN)
  }

  private func vectors(
    _ array: NumpyArray, _ atoms: [Int], _ frame: Int, _ name: String, limit: Double, unit: String
  ) throws(FormatError) -> [SIMD3<Double>] {
    var result: [SIMD3<Double>] = []
    for atom in atoms {
      let start = 3 * (frame * types.count + atom)
      for value in array.values[start..<(start + 3)] where !(abs(value) <= limit) {
        throw fault(name, frame, LabelLimits.expected(limit, unit), "\(value)")
      }
      result.append([array.values[start], array.values[start + 1], array.values[start + 2]])
    }
    return result
  }

  private func fault(
    _ name: String, _ frame: Int, _ expected: String, _ found: String
  ) -> FormatError {
    FormatError(
      file: "\(path)/\(name).npy", key: "frame \(frame)", expected: expected, found: found)
  }
}
