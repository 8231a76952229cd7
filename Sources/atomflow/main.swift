import Foundation

let tool = Tool(
  commands: [
    DataGenerate.self, DataInfo.self, DataConvert.self, TrainCommand.self, Evaluate.self,
    Predict.self, MolecularDynamics.self, AnalyseDensity.self, AnalyseRDF.self, AnalyseMSD.self,
    AnalyseVACF.self, AnalyseHistogram.self, Serve.self, GraphCommand.self, ImportN2P2.self,
    ExportCommand.self, Bench.self,
  ],
  output: StandardStreams.output, errors: StandardStreams.error)
exit(tool.run(Array(CommandLine.arguments.dropFirst())).rawValue)
