import Foundation
import Tensors

/// The scripts that run a study on a Slurm cluster: a job array for each level of dependencies, one task
/// a run, and a job that writes the report.
///
/// A task that is preempted, out of time or requeued goes on from what its folder holds. A task whose
/// inputs are missing fails at once, the others go on.
struct SlurmScripts {
  private let study: StudyDirectory
  private let program: String
  /// The names of runs by level; those of a level need only those of earlier ones.
  let levels: [[String]]

  /// Lays out the runs that have no result yet.
  init(
    _ plan: StudyPlan, in study: StudyDirectory,
    program: String = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
  ) {
    (self.study, self.program) = (study, program)
    var level: [String: Int] = [:]
    var levels: [[String]] = []
    for task in plan.tasks where !study.isDone(task.name) {
      let own = (task.dependencies.compactMap { level[$0] }.max() ?? -1) + 1
      level[task.name] = own
      while levels.count <= own { levels.append([]) }
      levels[own].append(task.name)
    }
    self.levels = levels
  }

  private var folder: URL { study.url.appendingPathComponent("slurm") }

  /// The script that submits all jobs.
  var submission: URL { study.url.appendingPathComponent("job.sh") }

  /// Writes the scripts and the lists of runs.
  ///
  /// Throws `FileError`.
  func write() throws {
    try Folder.make(folder.path)
    for (number, names) in levels.enumerated() {
      try WholeFile.write(names.joined(separator: "\n") + "\n", to: list(number).path)
    }
    try WholeFile.write(taskScript, to: folder.appendingPathComponent("task.sh").path)
    try WholeFile.write(reportScript, to: folder.appendingPathComponent("report.sh").path)
    try WholeFile.write(submissionScript, to: submission.path)
  }

  private func list(_ level: Int) -> URL {
    folder.appendingPathComponent("level-\(level + 1).txt")
  }

  /// A word for the shell.
  private func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }

  private static let header = """
    #!/bin/sh
    #SBATCH --ntasks=1 --cpus-per-task=1
    #SBATCH --open-mode=append
    """

  /// One run of the array: the line of the list that has the task's number.
  var taskScript: String {
    """
    \(Self.header)
    #SBATCH --requeue --signal=B:TERM@60
    # Arguments: the list of runs. A minute before the end of its time, a task ends in good order and is
    # queued again; it goes on from what its folder holds.
    name=$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$1")
    \(quoted(program)) study \(quoted(study.url.path)) --run "$name" &
    run=$!
    trap 'kill -TERM $run' TERM
    wait $run
    status=$?
    if [ $status -gt 128 ] && kill -0 $run 2>/dev/null; then
      wait $run
      status=$?
    fi
    if [ $status -eq \(Tool.Status.interrupted.rawValue) ]; then
      scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
    fi
    exit $status

    """
  }

  /// The job that writes the report of what there is.
  var reportScript: String {
    """
    \(Self.header)
    exec \(quoted(program)) study \(quoted(study.url.path)) --collect

    """
  }

  /// Submits an array for each level after the one before, however that ends, then the report.
  var submissionScript: String {
    var lines = [
      "#!/bin/sh", "# Submits the runs of a study. Options of sbatch, such as --partition, are",
      "# passed on: sh job.sh --partition=short --time=4:00:00", "set -eu", "after=",
    ]
    for (number, names) in levels.enumerated() {
      lines.append(
        "job=$(sbatch --parsable $after --array=1-\(names.count) "
          + "--job-name=study-\(number + 1) "
          + "--output=\(quoted(folder.path + "/level-\(number + 1)-%a.txt.log")) \"$@\" "
          + "\(quoted(folder.path + "/task.sh")) \(quoted(list(number).path)))")
      lines.append("after=--dependency=afterany:${job%%;*}")
    }
    lines.append(
      "sbatch --parsable $after --job-name=study-report "
        + "--output=\(quoted(folder.path + "/report.log")) \"$@\" "
        + "\(quoted(folder.path + "/report.sh"))")
    return lines.joined(separator: "\n") + "\n"
  }
}
