/// Factorisations and solutions in double precision, with matrices stored row by row.
///
/// Callers in single precision convert; these are small beside the products that feed them.
public enum LinearAlgebra {
  /// A factorisation that did not come to an end.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// The iteration for the eigenvalues or singular values of a matrix did not converge.
    case notConverged(rows: Int, columns: Int)
    /// The matrix holds an element that is not a number, or infinite.
    case notFinite(row: Int, column: Int)

    /// The reason as a sentence.
    public var description: String {
      switch self {
      case .notConverged(let rows, let columns):
        "The singular values of a \(rows) x \(columns) matrix did not converge; look for elements "
          + "of very different magnitude and scale them."
      case .notFinite(let row, let column):
        "Element (\(row), \(column)) of a matrix is not a finite number; find out which "
          + "observation it comes from."
      }
    }
  }

  /// Throws for the first element of a row-major matrix that is not finite.
  static func requireFinite(_ elements: [Double], columns: Int) throws(Failure) {
    guard let index = elements.firstIndex(where: { !$0.isFinite }) else { return }
    throw .notFinite(row: index / columns, column: index % columns)
  }
}
