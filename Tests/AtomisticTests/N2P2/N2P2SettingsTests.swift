import Atomistic
import Layers
import Testing

@Suite("Settings of n2p2")
struct N2P2SettingsTests {
  @Test("the fixture means what it says")
  func fixture() throws {
    let settings = try N2P2Settings(parsing: N2P2Fixture.settings)
    let cutoff = Cutoff(.tanhCubed, radius: 12)
    #expect(settings.elements.map(\.atomicNumber) == [1, 8])
    #expect(settings.elements.map(\.atomEnergy) == [-0.45, -75])
    #expect(settings.elements.map(\.layerSizes) == [[3, 3, 2, 1], [2, 3, 2, 1]])
    #expect(settings.elements[0].hiddenActivations == [.tanh, .softplus])
    #expect(
      settings.elements[0].symmetryFunctions == [
        .radial(RadialSymmetryFunction(neighbor: 1, eta: 0.001, cutoff: cutoff)),
        .radial(RadialSymmetryFunction(neighbor: 8, eta: 0.001, cutoff: cutoff)),
        .narrowAngular(
          AngularSymmetryFunction(neighbors: 1, 8, eta: 0.2, lambda: 1, zeta: 1, cutoff: cutoff)),
      ])
    #expect(
      settings.elements[1].symmetryFunctions == [
        .radial(RadialSymmetryFunction(neighbor: 1, eta: 1.5, shift: 0.9, cutoff: cutoff)),
        .wideAngular(
          AngularSymmetryFunction(
            neighbors: 1, 1, eta: 0.07, lambda: -1, zeta: 2, shift: 0.1, cutoff: cutoff)),
      ])
    #expect(settings.scaling == .centeredRange(-1...1))
    #expect(
      settings.normalization
        == N2P2Normalization(meanEnergy: -25.5, energyFactor: 188, lengthFactor: 4.4))
    #expect(settings.otherSettings.map(\.key) == ["kalman_epsilon"])
    #expect(settings.otherSettings.map(\.line) == [17])
  }

  @Test("functions given for all elements are those spelled out")
  func globalFunctions() throws {
    let head = N2P2Fixture.settings.split(separator: "\n").filter { !$0.hasPrefix("symf") }
      .joined(separator: "\n")
    let short = try N2P2Settings(
      parsing: head
        + "\nglobal_symfunction_short 3 0.1 -1 4 12\nelement_symfunction_short O 2 0.3 0.5 12\n"
        + "symfunction_short H 2 H 1 0 9")
    let long = try N2P2Settings(
      parsing: head
        + ["H", "O"].flatMap { center in
          ["H H", "O H", "O O"].map { "\nsymfunction_short \(center) 3 \($0) 0.1 -1 4 12" }
        }.joined()
        + "\nsymfunction_short O 2 H 0.3 0.5 12\nsymfunction_short O 2 O 0.3 0.5 12"
        + "\nsymfunction_short H 2 H 1 0 9")
    #expect(short.elements == long.elements)
  }

  @Test(
    "the nodes of one element",
    arguments: [
      ("O 7 5", [7, 5]), ("O 3 1", [3, 1]),
    ])
  func elementNodes(line: String, expected: [Int]) throws {
    let settings = try N2P2Settings(
      parsing: N2P2Fixture.settings + "element_nodes_short \(line)\n"
        + "element_activation_short O s c l")
    #expect(settings.elements[1].hiddenNodes == expected)
    #expect(settings.elements[1].hiddenActivations == [.logistic, .cosine])
    #expect(settings.elements[0].hiddenNodes == [3, 2])
  }

  @Test("an activation that n2p2 does not have cannot be written")
  func activationWithoutLetter() throws {
    var settings = try N2P2Settings(parsing: N2P2Fixture.settings)
    settings.elements[1].hiddenActivations[0] = .silu
    let error = #expect(throws: FormatError.self) { try settings.text() }
    #expect(error?.found == "silu")
  }

  @Test(
    "scaling modes",
    arguments: [
      ("", DescriptorScaling.none), ("scale_symmetry_functions", .range(0...1)),
      ("center_symmetry_functions", .center),
      ("scale_symmetry_functions_sigma\nscale_max_short 2", .sigma(0...2)),
    ])
  func scaling(lines: String, expected: DescriptorScaling) throws {
    let rest = N2P2Fixture.settings.split(separator: "\n").filter {
      !$0.hasPrefix("scale_") && !$0.hasPrefix("center_")
    }
    let settings = try N2P2Settings(parsing: rest.joined(separator: "\n") + "\n" + lines)
    #expect(settings.scaling == expected)
    #expect(try N2P2Settings(parsing: settings.text()).scaling == expected)
  }

  /// A replacement in the fixture, the line of the error and words of its sentence.
  struct Fault: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let line: Int?
    let words: String
    var testDescription: String { "\(old) → \(new)" }

    init(_ old: String, _ new: String, _ line: Int?, _ words: String) {
      (self.old, self.new, self.line, self.words) = (old, new, line, words)
    }
  }

  static let faults = [
    Fault("elements O H", "elements O H O", 3, "every element once"),
    Fault("elements O H", "elements O H C", 3, "found 3"),
    Fault("elements O H", "elements O Hx", 3, "\"Hx\""),
    Fault("elements O H", "#", nil, "elements"),
    Fault("number_of_elements 2", "number_of_elements two", 2, "\"two\""),
    Fault("atom_energy O -75.0", "atom_energy O 0x1p3", 4, "\"0x1p3\""),
    Fault("atom_energy O -75.0", "atom_energy O nan", 4, "\"nan\""),
    Fault("atom_energy O -75.0", "atom_energy H -75.0", 5, "one energy"),
    Fault("atom_energy O -75.0", "atom_energy C -75.0", 4, "H, O"),
    Fault("conv_energy 188.0", "", 6, "no conv_energy"),
    Fault("conv_energy 188.0", "conv_energy -188.0", 7, "positive"),
    Fault("cutoff_type 2", "cutoff_type 9", 9, "0 to 8"),
    Fault("cutoff_type 2", "cutoff_type 2 1.0", 9, "below 1"),
    Fault("cutoff_type 2", "cutoff_typ 2", 9, "did you mean \"cutoff_type\"?"),
    Fault("cutoff_type 2", "element_cutoff O 6", 9, "cutoff"),
    Fault("kalman_epsilon 0.01", "nnp_type 4G-HDNNP", 17, "second-generation"),
    Fault("kalman_epsilon 0.01", "nnp_gen 4", 17, "second-generation"),
    Fault("kalman_epsilon 0.01", "normalize_nodes", 17, "divide the weights"),
    Fault("kalman_epsilon 0.01", "use_electrostatics", 17, "electrostatic"),
    Fault("kalman_epsilon 0.01", "cutoff_type 2", 17, "after line 9"),
    Fault("kalman_epsilon 0.01", "scale_symmetry_functions_sigma", 17, "ignores this line"),
    Fault("kalman_epsilon 0.01", "element_nodes_short O 2 5", 17, "one meaning"),
    Fault("kalman_epsilon 0.01", "element_nodes_short O 2 5 7", 17, "2 hidden layers"),
    Fault("scale_max_short 1.0", "scale_max_short -1.0", 13, "below"),
    Fault("global_nodes_short 3 2", "global_nodes_short 3", 15, "2 hidden layers"),
    Fault("global_nodes_short 3 2", "global_nodes_short 3 0", 15, "from 1"),
    Fault("t p l", "t x l", 16, "\"x\""),
    Fault("t p l", "t p t", 16, "letter l"),
    Fault("O 9 H H", "O 4 H H", 19, "type 4"),
    Fault("O 9 H H", "O 12 H H", 19, "eta, shift and cutoff"),
    Fault("9 H H 0.07 -1.0 2.0 12.0 0.1", "20 H 5 4 p2", 19, "below the cutoff"),
    Fault("9 H H 0.07 -1.0 2.0 12.0 0.1", "20 H 0 4 p5", 19, "p5"),
    Fault("9 H H 0.07 -1.0 2.0 12.0 0.1", "21 H H 0 4 -10 90 p2", 19, "within 0 and 180"),
    Fault("9 H H 0.07 -1.0 2.0 12.0 0.1", "25 0 4 10 90", 19, "left, right and shape"),
    Fault("9 H H 0.07 -1.0", "9 H H -0.07 -1.0", 19, "eta of 0 or more"),
    Fault("O 9 H H", "O 9 H C", 19, "H, O"),
    Fault("0.07 -1.0 2.0 12.0", "0.07 -1.0 0.0 12.0", 19, "positive zeta"),
    Fault("0.07 -1.0 2.0 12.0 0.1", "0.07 -1.0 2.0", 19, "zeta, cutoff"),
    Fault("H 2 H 0.001 0.0 12.00", "H 2 H 0.001 0.0 0.0", 21, "positive cutoff"),
    Fault("H 2 H 0.001 0.0 12.00", "H 2 H 0.001 0.0", 21, "eta, shift and cutoff"),
  ]

  @Test("faults are told with their line", arguments: faults)
  func fault(_ fault: Fault) throws {
    let text = N2P2Fixture.settings.replacing(fault.old, with: fault.new, maxReplacements: 1)
    #expect(text != N2P2Fixture.settings)
    let error = #expect(throws: FormatError.self) { try N2P2Settings(parsing: text) }
    #expect(error?.line == fault.line)
    let sentence = error?.description ?? ""
    #expect(sentence.contains(fault.words), "\(sentence)")
    #expect(sentence.hasPrefix("input.nn"))
  }

  @Test("an element without functions is refused")
  func noFunctions() throws {
    let text = N2P2Fixture.settings.split(separator: "\n").filter {
      !$0.hasPrefix("symfunction_short O")
    }
    let error = #expect(throws: FormatError.self) {
      try N2P2Settings(parsing: text.joined(separator: "\n"))
    }
    #expect(error?.expected.contains("symfunction_short O") == true)
  }
}
