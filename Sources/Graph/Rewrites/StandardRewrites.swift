extension [any Rewrite] {
  /// The laws that the compiler applies.
  static var standard: [any Rewrite] {
    [
      DetachedValue(), ConstantFolding(), AddZero(), SubtractZero(), MultiplyByOne(),
      NegateOfNegate(), AddNegated(), LinearOfZero(), BroadcastOfFill(), SumOfFill(),
      ReshapeOfReshape(), TransposeOfTranspose(), BroadcastOfBroadcast(), SumOfBroadcast(),
      BroadcastByOne(),
      MatMulOfTranspose(), MatMulOfFill(), SegmentedMatMulOfFill(), GatherOfIota(),
      SliceOfConcatenate(),
    ]
  }
}
