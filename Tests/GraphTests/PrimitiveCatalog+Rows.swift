import Graph
import Tensors

extension PrimitiveCase {
  static let rows: [PrimitiveCase] = [
    .init("Constant") { _ in .constant(Tensor([1, 2, 3], shape: [3])) },
    .init("Constant", "of an index") { _ in .constant(Tensor(.int32([2, 0]), shape: [2])) },
    .init("Fill") { _ in .fill(2.5, ["rows", 2]) },
    .init("Iota") { _ in .indices(below: "rows") },
    .init("FlattenedIndex", "", .index(["rows"], below: 3), .index(["rows"], below: 4)) {
      $0[0].flattenedIndex(with: $0[1], below: 4)
    },
    .init("OneHot", "", .index(["rows"], below: 4)) { $0[0].oneHot(below: 4) },
    .init("ExtentValue") { _ in .size(of: "rows") },
    .init("Detach", "", .real(["rows", 3], -1.5...1.5), order: 0) { $0[0].detached() },
    .init("Reshape", "", .real([2, "rows", 3], -1.5...1.5)) { $0[0].reshaped(["rows" * 6]) },
    .init("Reshape", "that keeps rows", .real(["rows", 3], -1.5...1.5)) {
      $0[0].reshaped(["rows", 3, 1])
    },
    .init("Reshape", "that merges rows", .real(["rows", 3, 2], -1.5...1.5)) {
      $0[0].reshaped(["rows" * 3, 2])
    },
    .init("Reshape", "that merges rows and parts them", .real(["rows", 3, 2], -1.5...1.5)) {
      ($0[0].reshaped(["rows" * 3, 2]).sin()).reshaped(["rows", 6])
    },
    .init("Transpose", "", .real(["rows", 3], -1.5...1.5)) { $0[0].transposed() },
    .init("Transpose", "of three axes", .real([2, "rows", 3], -1.5...1.5)) {
      $0[0].transposed([2, 0, 1])
    },
    .init("Broadcast", "along the first axis", .real(["rows", 3], -1.5...1.5)) {
      $0[0].repeated(2)
    },
    .init("Broadcast", "along an inner axis", .real(["rows", 3], -1.5...1.5)) {
      $0[0].broadcast(to: ["rows", 2, 3], axes: [0, 2])
    },
    .init("Broadcast", "along several inner axes", .real(["rows", 3, 9], -1.5...1.5)) {
      $0[0].broadcast(to: [2, "rows", 2, 3, 5, 9, 2], axes: [1, 3, 5])
    },
    .init("Slice", "", .real([2, "rows", 3], -1.5...1.5)) { $0[0].slice(1, count: 2, axis: 2) },
    .init("Slice", "in steps", .real([2, "rows", 3], -1.5...1.5)) {
      $0[0].slice(0, count: 2, axis: 2, step: 2)
    },
    .init("Pad", "", .real(["rows", 3], -1.5...1.5)) { $0[0].padded(from: 1, total: 5, axis: 1) },
    .init("Pad", "in steps", .real(["rows", 3], -1.5...1.5)) {
      $0[0].padded(from: 0, total: 6, axis: 1, step: 2)
    },
    .init("Pad", "of rows", .real(["rows", 3], -1.5...1.5)) {
      $0[0].padded(from: 1, total: "rows" + 2)
    },
    .init("Concatenate", "of rows", .real(["rows", 3], -1.5...1.5), .real([2, 3], -1...1)) {
      .concatenating([$0[0], $0[1]], axis: 0)
    },
    .init(
      "Concatenate", "of columns", .real(["rows", 3], -1.5...1.5), .real(["rows", 2], -1.5...1.5)
    ) { .concatenating([$0[0], $0[1]], axis: 1) },
    .init("Sum", "of rows", .real(["rows", 3], -1.5...1.5)) { $0[0].sum(along: 0) },
    .init("Sum", "of columns", .real(["rows", 3], -1.5...1.5)) { $0[0].sum(along: 1) },
    .init("MaximumAlong", "of columns", .real(["rows", 3], -1.5...1.5)) { $0[0].maximum(along: 1) },
    .init("MaximumAlong", "of the middle axis", .real(["rows", 3, 2], -1...1)) {
      $0[0].maximum(along: 1)
    },
    .init("CumulativeSum", "of rows", .real(["rows", 3], -1.5...1.5)) {
      $0[0].cumulativeSum(along: 0)
    },
    .init("CumulativeSum", "of columns, exclusive, reversed", .real(["rows", 3], -1.5...1.5)) {
      $0[0].cumulativeSum(along: 1, isExclusive: true, isReversed: true)
    },
    .init("Gather", "of rows", .real([4, 3], -1...1), .index(["rows"], below: 4)) {
      $0[0].gathered(by: $0[1])
    },
    .init("Gather", "of columns", .real(["rows", 3], -1.5...1.5), .index([5], below: 3)) {
      $0[0].gathered(by: $0[1], axis: 1)
    },
    .init("Gather", "of an index", .index([4], below: 9), .index(["rows"], below: 4)) {
      $0[0].gathered(by: $0[1])
    },
    .init("SegmentSum", "of rows", .real(["rows", 3], -1.5...1.5), .index(["rows"], below: 4)) {
      $0[0].segmentSum(by: $0[1], count: 4)
    },
    .init("SegmentSum", "of columns", .real(["rows", 3], -1.5...1.5), .index([3], below: 2)) {
      $0[0].segmentSum(by: $0[1], count: 2, axis: 1)
    },
    .init("SegmentMaximum", "of rows", .real(["rows", 3], -1.5...1.5), .index(["rows"], below: 4)) {
      $0[0].segmentMaximum(by: $0[1], count: 4)
    },
    .init("SegmentMaximum", "of columns", .real(["rows", 3], -1.5...1.5), .index([3], below: 2)) {
      $0[0].segmentMaximum(by: $0[1], count: 2, axis: 1)
    },
  ]
}
