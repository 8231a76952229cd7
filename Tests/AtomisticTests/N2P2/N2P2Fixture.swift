import Atomistic
import Layers

/// A small made-up potential in n2p2's files, with the elements and functions out of order.
enum N2P2Fixture {
  static let settings = """
    # A made-up potential.
    number_of_elements 2   # two
    elements O H
    atom_energy O -75.0 ! hartree
    atom_energy H -4.5D-1
    mean_energy -25.5
    conv_energy 188.0
    conv_length 4.4
    cutoff_type 2
    scale_symmetry_functions
    center_symmetry_functions
    scale_min_short -1.0
    scale_max_short 1.0
    global_hidden_layers_short 2
    global_nodes_short 3 2
    global_activation_short t p l
    kalman_epsilon 0.01 # of the training
    symfunction_short H 3 O H 0.2 1.0 1.0 12.0 ! central_atom type neighbour_atom1
    symfunction_short O 9 H H 0.07 -1.0 2.0 12.0 0.1
    symfunction_short H 2 O 0.001 0.0 12.00
    symfunction_short H 2 H 0.001 0.0 12.00
    symfunction_short O 2 H 1.50 0.9 12.00

    """

  static let scaling = """
    # e sf min max mean sigma
    1 1 0.5 3.0 2.0 0.3
    1 2 0.25 1.5 1.0 0.2
    1 3 0.0 0.1 0.05 0.01
    2 1 0.1 0.9 0.4 0.1
    2 2 0.0 0.2 0.1 0.05
    -25.6 -25.4

    """

  /// The weights of H (3-3-2-1) and of O (2-3-2-1), without the columns that describe them.
  static func weights(atomicNumber: Int) -> String {
    let count = atomicNumber == 1 ? 23 : 20
    return (0..<count).map { "\(Double(($0 * 37) % 19 - 9) / 8)" }.joined(separator: "\n") + "\n"
  }

  static func potential() throws -> N2P2Potential {
    let settings = try N2P2Settings(parsing: settings)
    let counts = settings.elements.map(\.symmetryFunctions.count)
    return N2P2Potential(
      settings: settings, scaling: try N2P2Scaling(parsing: scaling, counts: counts),
      weights: try settings.elements.map { element in
        try N2P2Weights(
          parsing: weights(atomicNumber: element.atomicNumber), layerSizes: element.layerSizes,
          file: N2P2Weights.fileName(atomicNumber: element.atomicNumber))
      })
  }
}
