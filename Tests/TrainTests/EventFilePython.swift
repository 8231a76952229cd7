import Foundation
import TestSupport
import Testing
import Train

@Suite("TensorBoard reads our event files")
struct EventFilePython {
  static let python = PythonEnvironment(
    importing: "tensorboard.backend.event_processing.event_accumulator")

  /// Everything TensorBoard finds in a directory, as JSON.
  static let script = """
    import json, sys
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.compat.proto.graph_pb2 import GraphDef
    run = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "histograms": 0})
    run.Reload()
    tags = run.Tags()
    graph = GraphDef()
    if tags["graph"]:
        graph.ParseFromString(run.Graph().SerializeToString())
    def histogram(tag):
        value = run.Histograms(tag)[0].histogram_value
        return {"min": value.min, "max": value.max, "num": value.num, "sum": value.sum,
                "squares": value.sum_squares, "limits": list(value.bucket_limit),
                "counts": list(value.bucket)}
    print(json.dumps({
        "scalars": {t: [[e.step, e.value, e.wall_time] for e in run.Scalars(t)]
                    for t in tags["scalars"]},
        "histograms": {t: histogram(t) for t in tags["histograms"]},
        "nodes": [{"name": n.name, "op": n.op, "input": list(n.input), "device": n.device,
                   "dtype": n.attr["dtype"].type,
                   "shape": [d.size for d in n.attr["_output_shapes"].list.shape[0].dim]}
                  for n in graph.node]}))
    """

  struct Content: Decodable {
    struct Histogram: Decodable {
      var min, max, num, sum, squares: Double
      var limits, counts: [Double]
    }
    struct Node: Decodable, Equatable {
      var name, op: String
      var input: [String]
      var device: String
      var dtype: Int
      var shape: [Int]
    }
    var scalars: [String: [[Double]]]
    var histograms: [String: Histogram]
    var nodes: [Node]
  }

  func read(_ directory: URL) throws -> Content {
    let text = try #require(Self.python).run(Self.script, directory.path)
    return try JSONDecoder().decode(Content.self, from: Data(text.utf8))
  }

  @Test(
    "scalars, histograms and the graph arrive",
    .enabled(if: python != nil, "Python with the package tensorboard is not installed."))
  func content() throws {
    try withTemporaryDirectory { directory in
      do {
        let writer = try EventFileWriter(directory: directory) { 1_700_000_000.25 }
        for step in 0..<2000 {
          try writer.addScalar("loss/train", 1 / Double(step + 1), step: step)
        }
        try writer.addHistogram("weights", values: [-1, 0, 0.5, 0.5, 2], step: 10)
        try writer.addGraph(nodes: [
          EventGraphNode(name: "x", op: "Input", shape: [-1, 64], scalarType: .float32),
          EventGraphNode(
            name: "ENERGY/é/Tanh", op: "Tanh", inputs: ["x", "^x"], device: "/cpu:0", shape: []),
        ])
      }
      let content = try read(directory)
      let curve = try #require(content.scalars["loss/train"])
      let expected: [[Double]] = (0..<2000).map { step in
        [Double(step), Double(Float(1 / Double(step + 1))), 1_700_000_000.25]
      }
      #expect(curve == expected)
      let histogram = try #require(content.histograms["weights"])
      #expect(histogram.min == -1 && histogram.max == 2 && histogram.num == 5)
      #expect(histogram.sum == 2 && histogram.squares == 5.5)
      #expect(histogram.counts.filter { $0 > 0 } == [1, 1, 2, 1])
      #expect(histogram.limits.count == histogram.counts.count)
      #expect(
        content.nodes == [
          .init(name: "x", op: "Input", input: [], device: "", dtype: 1, shape: [-1, 64]),
          .init(
            name: "ENERGY/é/Tanh", op: "Tanh", input: ["x", "^x"], device: "/cpu:0", dtype: 2,
            shape: []),
        ])
    }
  }

  @Test(
    "a resumed run replaces what came after its checkpoint",
    .enabled(if: python != nil, "Python with the package tensorboard is not installed."))
  func resume() throws {
    try withTemporaryDirectory { directory in
      do {
        let writer = try EventFileWriter(directory: directory)
        for step in 1...8 { try writer.addScalar("loss", 1, step: step) }
      }
      do {
        let writer = try EventFileWriter(directory: directory, resumingAfter: 5)
        for step in 6...9 { try writer.addScalar("loss", 2, step: step) }
      }
      let curve = try #require(try read(directory).scalars["loss"])
      #expect(curve.map { $0[0] } == (1...9).map(Double.init))
      #expect(curve.map { $0[1] } == [1, 1, 1, 1, 1, 2, 2, 2, 2])
    }
  }
}
