import Graph
import TestSupport
import Testing

@Suite("The printed programs of a small network's Jacobians")
struct GoldenProgramTests {
  let layers = [(3, 4), (4, 1)].enumerated().map { number, size in
    (
      Variable("w\(number)", [size.0, size.1], initializer: .xavierUniform),
      Variable("b\(number)", [size.1], initializer: .constant(0))
    )
  }

  func network(_ x: Symbol) -> Symbol {
    var value = x
    for (number, (matrix, bias)) in layers.enumerated() {
      value = value.matmul(matrix.symbol)
      value = value + bias.symbol.broadcast(to: value.shape, axes: [1])
      if number == 0 { value = value.tanh() }
    }
    return value.reshaped([x.shape[0]])
  }

  var parameters: [Symbol] { layers.flatMap { [$0.0.symbol, $0.1.symbol] } }

  @Test("stay the same: energies")
  func energies() {
    let x = Symbol.placeholder("x", ["rows", 3])
    let sample = Symbol.placeholder("sample", ["rows"], .index)
    let energies = network(x).segmentSum(by: sample, count: "samples")
    #expect(
      Program([energies, jacobian(of: energies, by: parameters)]).description == """
        %16: real[rows, 1] = fill[value: 1.0, shape: [rows, 1]]()
        for blocks of rows:
          %4: real[rows, 4] = fused[#0 along [1]; 0 + #1 · #2; tanh(1)](b0, x, w0)
          %6: real[rows, 1] = fused[#0 along [1]; 0 + #1 · #2](b1, %4, w1)
          %11: real[rows, 4] = fused[#0; multiply(0, 0); 1.0; subtract(2, 1); #1 along [1]; multiply(4, 3)](%4, w1[4])
        %17: real[samples, 1] = segmentSum[axis: 0, count: samples](%16, sample)
        %9: real[samples] = segmentSum[axis: 0, count: samples](%6[rows], sample)
        %12: real[samples, 3, 4] = segmentedMatMul[count: samples](x, %11, sample)
        %14: real[samples, 4] = segmentSum[axis: 0, count: samples](%11, sample)
        %15: real[samples, 4] = segmentSum[axis: 0, count: samples](%4, sample)
        %18: real[samples, 21] = concatenate[axis: 1](%12[samples, 12], %14, %15, %17)
        return %9, %18
        """)
  }

  @Test("stay the same: forces")
  func forces() {
    let x = Symbol.placeholder("x", ["terms", 3])
    let v = Symbol.placeholder("v", ["terms", 3])
    let force = Symbol.placeholder("force", ["terms"], .index)
    let slope = gradient(of: network(x).sum(), by: x)
    let forces = -(slope * v).sum(along: 1).segmentSum(by: force, count: "forces")
    #expect(
      Program([forces, jacobian(of: forces, by: parameters)]).description == """
        %22: real[forces, 1] = fill[value: 0.0, shape: [forces, 1]]()
        for blocks of terms:
          %5: real[terms, 4] = fused[#0 along [1]; 0 + #1 · #2; tanh(1)](b0, x, w0)
          %6: real[terms, 4] = fused[#0; multiply(0, 0); 1.0; subtract(2, 1)](%5)
          %7: real[terms, 4] = fused[#0 along [1]; #1; multiply(0, 1)](w1[4], %6)
          %9: real[terms, 3] = fused[#0 · #1ᵀ; #2; multiply(0, 1)](%7, w0, v)
          %10: real[terms] = sum[axis: 1](%9)
          %14: real[terms, 3] = fused[-1.0; #0; multiply(0, 1)](v)
          %15: real[terms, 4] = matMul[transposeA: false, transposeB: false](%14, w0)
          %16: real[terms, 4] = fused[#0; #1 along [1]; multiply(0, 1); negate(2); #2; multiply(3, 4); add(5, 5); #3; multiply(6, 7)](%15, w1[4], %5, %6)
          %20: real[terms, 4] = fused[#0; #1; multiply(0, 1)](%15, %6)
        %12: real[forces] = segmentSum[axis: 0, count: forces](%10, force)
        %17: real[forces, 3, 4] = segmentedMatMul[count: forces](%14, %7, x, %16, force)
        %19: real[forces, 4] = segmentSum[axis: 0, count: forces](%16, force)
        %21: real[forces, 4] = segmentSum[axis: 0, count: forces](%20, force)
        for blocks of forces:
          %13: real[forces] = fused[#0; negate(0)](%12)
          %23: real[forces, 21] = concatenate[axis: 1](%17[forces, 12], %19, %21, %22)
        return %13, %23
        """)
  }
}
