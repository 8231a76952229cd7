import Foundation

/// The arrays of one `set.*` folder of a DeePMD system.
struct DeePMDSet {
  let frames: Int
  private let path: String
  private let map: [Element]
  private let types: [Int]
  private let coordinates: NumpyArray
  private let boxes: NumpyArray?
  private let energies: NumpyArray?
  private let forces: NumpyArray?
  private let virials: NumpyArray?
  private let mixedTypes: NumpyArray?

  init(
    _ path: String, types: [Int], map: [Element], isOpen: Bool
  ) throws(FormatError) {
    self.path = path
    self.map = map
    self.types = types
    coordinates = try NumpyArray(reading: "\(path)/coord.npy")
    let atoms = types.count
    guard let frames = coordinates.shape.first, coordinates.shape == [frames, 3 * atoms] else {
      throw FormatError(
        file: "\(path)/coord.npy", expected: "shape [frames, \(3 * atoms)] for \(atoms) atoms",
        found: "\(coordinates.shape)")
    }
    self.frames = frames
    func optional(_ name: String, _ width: Int) throws(FormatError) -> NumpyArray? {
      let file = "\(path)/\(name).npy"
      guard FileManager.default.fileExists(atPath: file) else { return nil }
      let array = try NumpyArray(reading: file)
      guard array.shape == [frames, width] || (width == 1 && array.shape == [frames]) else {
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
    energies = try optional("energy", 1)
    forces = try optional("force", 3 * atoms)
    virials = isOpen ? nil : try optional("virial", 9)
    mixedTypes = try optional("real_atom_types", atoms)
  }

  /// The structure of one frame.
  func structure(_ frame: Int) throws(FormatError) -> Structure {
    var atoms: [Int] = []
    var elements: [Element] = []
    for atom in types.indices {
      guard let mixedTypes else {
        atoms.append(atom)
        elements.append(map[types[atom]])
        continue
      }
      let type = mixedTypes.values[frame * types.count + atom]
      if type == -1 { continue }
      guard let index = Int(exactly: type), map.indices.contains(index) else {
        throw fault("real_atom_types", frame, "a type from -1 to \(map.count - 1)", "\(type)")
      }
      atoms.append(atom)
      elements.append(map[index])
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
    if let energies {
      let energy = energies.values[frame]
      guard abs(energy) <= LabelLimits.energy else {
        throw fault("energy", frame, LabelLimits.expected(LabelLimits.energy, "eV"), "\(energy)")
      }
      labels.energy = energy
    }
    if let forces {
      labels.forces = try vectors(
        forces, atoms, frame, "force", limit: LabelLimits.force, unit: "eV/angstrom")
    }
    if let virials, let cell {
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
