import Foundation
import Processors
import Testing

@testable import Tensors

/// The kernels are those of the whole process, so each of these changes them in a process of its own.
@Suite("OpenBLAS gets kernels that fit the processor")
struct OpenBLASKernelsTests {
  @Test("a choice that fits stays, and its results are right")
  func kept() throws {
    let kernels = try OpenBLASKernels(choosingFor: 128, environment: [:])
    #expect(kernels.core == kernels.chosen && kernels.core == OpenBLAS.coreName)
    #expect(kernels.rejected == [] && kernels.remark == nil)
  }

  @Test(
    "kernels of an old processor are replaced",
    .enabled(if: Processor.vectorBits > 128, "The processor has no wider vectors."))
  func replaced() async {
    await #expect(processExitsWith: .success) {
      OpenBLAS.useKernels(of: "Nehalem")
      try #require(OpenBLAS.coreName == "Nehalem")
      let kernels = try OpenBLASKernels(choosingFor: Processor.vectorBits, environment: [:])
      #expect(kernels.chosen == "Nehalem")
      #expect(kernels.core == (Processor.vectorBits == 512 ? "SkylakeX" : "Haswell"))
      #expect(kernels.core == OpenBLAS.coreName && OpenBLASKernels.giveRightResults)
      let remark = try #require(kernels.remark)
      #expect(remark.contains("chose kernels for Nehalem; those for \(kernels.core) are used"))
    }
  }

  @Test("no kernels are taken that the processor cannot run")
  func narrow() async {
    await #expect(processExitsWith: .success) {
      OpenBLAS.useKernels(of: "Nehalem")
      let kernels = try OpenBLASKernels(choosingFor: 128, environment: [:])
      #expect(kernels.core == "Nehalem" && kernels.remark == nil)
    }
  }

  @Test("the user's own choice stays")
  func users() async {
    await #expect(processExitsWith: .success) {
      OpenBLAS.useKernels(of: "Nehalem")
      let kernels = try OpenBLASKernels(
        choosingFor: Processor.vectorBits, environment: ["OPENBLAS_CORETYPE": "Nehalem"])
      #expect(kernels.core == "Nehalem" && kernels.remark == nil)
    }
  }

  @Test("the environment of programs that are started later is as it was")
  func environment() async {
    await #expect(processExitsWith: .success) {
      OpenBLAS.useKernels(of: "Nehalem")
      #expect(getenv("OPENBLAS_CORETYPE") == nil)
    }
  }
}
