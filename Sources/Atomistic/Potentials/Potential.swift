public import Graph
public import Tensors

/// A model of the potential energy: anything that gives each atom an energy.
///
/// Energies of structures, forces and stress follow from it by sums and gradients.
public protocol Potential: Sendable {
  /// The elements that the model knows, sorted.
  var elements: [Element] { get }

  /// The distance in angstrom from which on atoms do not interact.
  ///
  /// Longer pairs may be among the inputs; the model must give them no energy.
  var cutoff: Double { get }

  /// The energy of each atom in eV without its offset, [atoms].
  func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol

  /// The constant in eV that is added for each atom of an element.
  ///
  /// It is no part of the graph: offsets of thousands of eV, added in single precision, would swallow
  /// the network's part. Sums that include them are made in double precision outside.
  func energyOffset(of element: Element) -> Double

  /// The values of a property that is not the energy or one of its slopes: [structures, components] or
  /// [atoms, components]; nil where the model does not know it.
  func values(of property: Property, _ inputs: AtomisticInputs) -> Symbol?

  /// The values of which the model knows the range over its training structures.
  ///
  /// Evaluation and molecular dynamics warn of values outside.
  func trainingRanges(_ inputs: AtomisticInputs) -> [TrainingRange]

  /// The units of structure files that belong to the model and do not name their units, where they
  /// are known.
  var fileUnits: UnitSystem? { get }

  /// Gives the feed what the model asks for beyond the common inputs.
  ///
  /// Pairs and atoms are numbered through all structures. Called whenever pairs change.
  func complete<Scalar: RealScalar>(
    _ feed: Feed<Scalar>, structures: [Structure], neighbors: [NeighborList]
  ) throws(PotentialError)
}

extension Potential {
  /// No offset.
  public func energyOffset(of element: Element) -> Double { 0 }

  /// Nil: there is none.
  public func values(of property: Property, _ inputs: AtomisticInputs) -> Symbol? { nil }

  /// None.
  public func trainingRanges(_ inputs: AtomisticInputs) -> [TrainingRange] { [] }

  /// Not known.
  public var fileUnits: UnitSystem? { nil }

  /// Nothing beyond the common inputs.
  public func complete<Scalar: RealScalar>(
    _ feed: Feed<Scalar>, structures: [Structure], neighbors: [NeighborList]
  ) throws(PotentialError) {}

  /// The energy of each structure in eV without the offsets, [structures].
  public func energies(_ inputs: AtomisticInputs) -> Symbol {
    checkedAtomicEnergies(inputs)
      .segmentSum(by: inputs.structureOfAtom, count: AtomisticInputs.structures)
  }

  /// The force on each atom in eV/angstrom, `-∂(Σ E)/∂x`, [atoms, 3].
  public func forces(_ inputs: AtomisticInputs) -> Symbol {
    -gradient(of: checkedAtomicEnergies(inputs).sum(), by: inputs.positions)
  }

  /// The sum of the offsets of a structure's atoms in eV.
  public func energyOffset(of structure: Structure) -> Double {
    structure.elements.reduce(0) { $0 + energyOffset(of: $1) }
  }
}
