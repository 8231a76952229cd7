public import Train

extension [any Command.Type] {
  /// The commands of `atomflow`, in the order of its help.
  public static var standard: Self {
    [
      DataGenerate.self, DataInfo.self, DataConvert.self, TrainCommand.self, Evaluate.self,
      Predict.self, MolecularDynamics.self, AnalyseDensity.self, AnalyseRDF.self, AnalyseMSD.self,
      AnalyseVACF.self, AnalyseHistogram.self, AnalyseLearning.self,
      AnalyseCurves.self, AnalyseFisher.self, AnalyseWeights.self, StudyCommand.self, Serve.self,
      GraphCommand.self, ImportN2P2.self, ExportCommand.self, Bench.self,
      CompletionsCommand.self, ManualCommand.self,
    ]
  }
}

extension Tool {
  /// The tool with the standard commands, named after its executable.
  ///
  /// - Parameter catalog: The models, optimizers and schedules that it knows by name.
  public init(catalog: Catalog = .standard) { self.init(commands: .standard, catalog: catalog) }
}
