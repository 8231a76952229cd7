import Graph
import Layers
import TestSupport
import Testing

@Suite("Evenly spaced Gaussian bases")
struct EvenGaussianBasisTests {
  @Test("end at the cutoff and fall to exp(-1/2) after a spacing")
  func spacing() {
    let basis = GaussianBasis(count: 4, from: 1, cutoff: Cutoff(.cosine, radius: 2.5))
    #expect(basis.centers == [1, 1.5, 2, 2.5])
    #expect(basis.widths.allSatisfy { abs($0 * 0.25 - 0.5) < 1e-15 })
  }
}

@Suite("Gaussian bases", .enabled(if: ReferenceFile.areAvailable, "needs shared/reference"))
struct GaussianBasisTests {
  @Test(
    "values and cotangents are JAX's",
    arguments: [("radial_basis_tanh3", CutoffFunction.tanhCubed), ("radial_basis_cos", .cosine)])
  func reference(name: String, function: CutoffFunction) throws {
    let cases = try ReferenceFile("primitives.json")["cases"].list
    let example = try #require(cases.first { $0["name"].text == name })
    let attributes = example["attributes"]
    let centers = attributes["centres"].doubles
    let basis = GaussianBasis(
      centers: centers, widths: centers.map { _ in attributes["eta"].double },
      cutoff: Cutoff(function, radius: attributes["rc"].double))
    let r = Symbol.placeholder("r", ["pairs"])
    let seed = Symbol.placeholder("seed", ["pairs", .fixed(centers.count)])
    let cotangent = gradient(of: (basis(r) * seed).sum(), by: r)
    let distances = example["inputs"]["r"].tensor.doubles
    let feed = Feed<Double>()
    feed[axis: "pairs"] = distances.count
    feed.set(r, distances)
    feed.set(seed, example["v"].tensor.doubles)
    let found = try values([basis(r), cotangent], feed)
    #expect(largestDifference(found[0], example["output"].tensor.doubles) < 1e-13)
    #expect(largestDifference(found[1], example["vjp"]["r"].tensor.doubles) < 1e-12)
  }
}
