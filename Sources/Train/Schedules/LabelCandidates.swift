/// The labels that a schedule draws from.
public protocol LabelCandidates: AnyObject {
  /// The kinds of label.
  var kinds: [LabelKind] { get }

  /// The number of structures with labels; 0 where labels belong to none.
  var structureCount: Int { get }

  /// The labels of one kind that a structure has.
  func labels(of structure: Int, kind: Int) -> Range<Int>

  /// `|ŷ - y|` of a label with the weights of the moment, per atom for what is reported per atom.
  func error(of label: Int, kind: Int) -> Double

  /// The root mean squared error of all labels of each kind with the weights of the moment, per atom for
  /// what is reported per atom.
  func rootMeanSquareErrors() -> [Double]

  /// The numbers `0 ..< count` in an order that a seed and the number of a stream decide.
  func order(_ count: Int, seed: UInt64, stream: UInt64) -> [Int]
}
