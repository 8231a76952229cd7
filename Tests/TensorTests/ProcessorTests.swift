import Processors
import Tensors
import Testing

@Suite("Programs and processors that they were not built for")
struct ProcessorTests {
  @Test("this processor runs what it was built for and has a name")
  func fit() {
    #expect(Processor.misfit == nil)
    #expect(Processor.compiledVectorBits <= Processor.vectorBits)
    #expect(!Processor.name.isEmpty && !Processor.name.contains("\n"))
  }

  @Test("a processor with narrower vectors is named, with what helps")
  func misfit() throws {
    #expect(Processor.misfit(builtFor: 256, found: 256, name: "Some") == nil)
    let narrow = try #require(Processor.misfit(builtFor: 512, found: 256, name: "Some"))
    #expect(narrow.contains("512 bits, but this one, Some, has 256"))
    #expect(narrow.contains("--portable"))
    let old = try #require(Processor.misfit(builtFor: 256, found: 128, name: "Other"))
    #expect(old.contains("AVX2") && !old.contains("--portable"))
  }
}
