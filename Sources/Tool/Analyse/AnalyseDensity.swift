import Atomistic
import Train

/// `atomflow analyse density`: the mean density, and how it went.
struct AnalyseDensity: Command {
  static let name = "analyse density"
  static let summary = "Measure the density of trajectories"
  static let discussion =
    "Prints the mean mass density in g/mL over the last half of a trajectory and its standard error "
    + "by block averages. Of several trajectories, it is the mean of their means and the standard "
    + "error over them. The table and the figure show the density of all frames against time, or "
    + "against the frame's number where the headers name no time."
  static let example =
    "atomflow analyse density npt.extxyz --json\n"
    + "atomflow analyse density run-*.extxyz --from 0.2 --svg density.svg --csv density.csv"
  static let parameters = AnalyseOptions.parameters

  /// The JSON of all trajectories.
  private struct Report: Encodable {
    struct Run: Encodable {
      var trajectory: String
      var frames: Int
      var density: Estimate
    }
    var density: Estimate
    var runs: [Run]
  }

  private struct Run {
    var path: String
    var time, density: [Double]
    var kept: Range<Int>
    var hasTime: Bool
    var estimate: Estimate { Estimate(correlated: Array(density[kept])) }
  }

  let options: AnalyseOptions

  init(_ arguments: Arguments) throws(UsageError) { options = try AnalyseOptions(arguments) }

  func run(in tool: Tool) throws {
    // The figure shows the frames before the average, too.
    let showsAll = options.results.writesFiles
    let runs = try options.forEachTrajectory(in: tool) { trajectory, frames in
      let read = showsAll ? 0..<trajectory.count : frames
      var run = Run(
        path: trajectory.path, time: [], density: [],
        kept: frames.lowerBound - read.lowerBound..<read.count, hasTime: true)
      try trajectory.forEach(in: read) { frame throws(FrameFault) in
        run.density.append(try frame.requiredDensity())
        let time = frame.info[FrameClock.key].flatMap { Double($0) }
        run.hasTime = run.hasTime && time?.isFinite == true
        run.time.append(time ?? 0)
      }
      if !run.hasTime { run.time = read.map(Double.init) }
      return run
    }
    let mean = Estimate(runs: runs.map(\.estimate))
    let report = Report(
      density: mean,
      runs: runs.map {
        Report.Run(trajectory: $0.path, frames: $0.kept.count, density: $0.estimate)
      })
    let lines = runs.map {
      "\($0.path): density \($0.estimate.text(4)) g/mL over \($0.kept.count) frames\n"
    }
    let last = runs.count > 1 ? "all \(runs.count): density \(mean.text(4)) g/mL\n" : ""
    try options.publish(
      json: try StrictJSON.text(of: report), text: lines.joined() + last, table: table(runs),
      figure: figure(runs, mean))
  }

  private func table(_ runs: [Run]) -> SeriesTable {
    let hasTime = runs.allSatisfy(\.hasTime)
    var table = SeriesTable(["trajectory", hasTime ? "time_fs" : "frame", "density_g_per_mL"])
    for run in runs {
      for (index, density) in run.density.enumerated() {
        table.add(run.path, hasTime ? run.time[index] : Double(index), density)
      }
    }
    return table
  }

  private func figure(_ runs: [Run], _ mean: Estimate) -> Figure {
    let hasTime = runs.allSatisfy(\.hasTime)
    var layers = runs.enumerated().map { index, run in
      let x = hasTime ? run.time.map { $0 / 1000 } : run.density.indices.map(Double.init)
      return Layer(.line(x: x, y: run.density), name: options.labels[index], style: index)
    }
    layers.append(Layer(.level(mean.mean), name: "mean \(mean.text(4))", style: 6))
    return Figure(
      "Density",
      [
        Panel(
          x: Axis(label: hasTime ? "time (ps)" : "frame"), y: Axis(label: "density (g/mL)"),
          layers: layers)
      ])
  }
}
