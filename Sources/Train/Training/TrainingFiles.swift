/// What a training run calls its files in the model directory.
public enum TrainingFiles {
  /// The folder of the checkpoint.
  public static let checkpoint = "checkpoint"
  /// The table of metrics.
  public static let metrics = "metrics.csv"
  /// What the names of TensorBoard's event files start with.
  public static let eventPrefix = EventFileWriter.namePrefix
}
