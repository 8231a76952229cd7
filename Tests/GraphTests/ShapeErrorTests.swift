import Graph
import Testing

@Suite("Shape errors")
struct ShapeErrorTests {
  /// A primitive, operands that do not fit it, and a part of the sentence.
  static let mistakes: [(Symbol, [TensorType], String)] = {
    let x = Symbol.placeholder("x", ["n", 3])
    let v = Symbol.placeholder("v", [3])
    let square = Symbol.placeholder("a", [3, 3])
    let index = Symbol.placeholder("i", ["n"], .index)
    return [
      (x + x, [.real(["n", 3]), .real(["m", 3])], "one shape"),
      (x.tanh(), [.index(["n"])], "real"),
      (x.isFinite().select(x, x), [.real([2]), .real([2]), .real([3])], "one shape"),
      (x.matmul(square), [.real(["n", 3]), .real([4, 3])], "inner extents"),
      (x.sum(along: 1), [.real(["n"])], "axis 1"),
      (x.maximum(along: 1), [.real(["n"])], "axis 1"),
      (x.cumulativeSum(along: 1), [.real(["n"])], "axis 1"),
      (x.gathered(by: index), [.real(["n", 3]), .real(["n"])], "indices"),
      (x.segmentSum(by: index, count: 2), [.real(["n", 3]), .index(["m"])], "rows"),
      (x.segmentMaximum(by: index, count: 2), [.real(["n", 3]), .index(["m"])], "rows"),
      (v.reshaped([1, 3]), [.real([4])], "as many elements"),
      (x.transposed(), [.real([3])], "permutation"),
      (v.repeated(2), [.real([4])], "extents"),
      (v.slice(1, count: 2), [.real([2])], "takes"),
      (.concatenating([x, x], axis: 1), [.real(["n", 3]), .real(["m", 3])], "differ"),
      (square.cholesky(), [.real([3, 4])], "square"),
      (square.triangularSolve(square), [.real([3, 3]), .real([4, 1])], "same rows"),
      (square.choleskySolve(square), [.real([3, 3]), .real([4, 1])], "same rows"),
      (square.symmetricEigenvalues(), [.real([3])], "square"),
      (square.symmetricProduct(square), [.real([3, 3]), .real([2, 4])], "as long"),
      (
        square.symmetricRankUpdate(subtracting: square, addingToDiagonal: .fill(0, [])),
        [.real([3, 3]), .real([]), .real([2, 3]), .real([]), .real([1])], "scalar"
      ),
      (
        square.replacingRows(from: .fill(0, []), with: square),
        [.real([3, 3]), .real([2, 4]), .real([])], "as long"
      ),
      (index.oneHot(below: 4), [.real(["n"])], "indices"),
    ]
  }()

  @Test("say what is needed", arguments: mistakes.indices)
  func sentences(number: Int) {
    let (symbol, types, part) = Self.mistakes[number]
    let error = #expect(throws: ShapeError.self) {
      _ = try symbol.primitive!.resultType(types)
    }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test("stop the program that builds the graph")
  func trap() async {
    await #expect(processExitsWith: .failure) {
      _ = Symbol.placeholder("a", [2, "atoms"]) + Symbol.placeholder("b", [2, "pairs"])
    }
  }
}
