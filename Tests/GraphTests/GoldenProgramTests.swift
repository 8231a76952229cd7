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
        %18: real[rows, 1] = fill[value: 1.0, shape: [rows, 1]]()
        for blocks of rows:
          %2: real[rows, 4] = matMul[transposeA: false, transposeB: false](x, w0)
          %4: real[rows, 4] = fused[#0; #1 along [1]; add(0, 1); tanh(2)](%2, b0)
          %6: real[rows, 1] = matMul[transposeA: false, transposeB: false](%4, w1)
          %8: real[rows, 1] = fused[#0; #1 along [1]; add(0, 1)](%6, b1)
          %13: real[rows, 4] = fused[#0; multiply(0, 0); 1.0; subtract(2, 1); #1 along [1]; multiply(4, 3)](%4, w1[4])
        %19: real[samples, 1] = segmentSum[axis: 0, count: samples](%18, sample)
        %11: real[samples] = segmentSum[axis: 0, count: samples](%8[rows], sample)
        %14: real[samples, 3, 4] = segmentedMatMul[count: samples](x, %13, sample)
        %16: real[samples, 4] = segmentSum[axis: 0, count: samples](%13, sample)
        %17: real[samples, 4] = segmentSum[axis: 0, count: samples](%4, sample)
        %20: real[samples, 21] = concatenate[axis: 1](%14[samples, 12], %16, %17, %19)
        return %11, %20
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
        %26: real[forces, 1] = fill[value: 0.0, shape: [forces, 1]]()
        for blocks of terms:
          %4: real[terms, 4] = matMul[transposeA: false, transposeB: false](x, w0)
          %6: real[terms, 4] = fused[#0; #1 along [1]; add(0, 1); tanh(2)](%4, b0)
          %7: real[terms, 4] = fused[#0; multiply(0, 0); 1.0; subtract(2, 1)](%6)
          %8: real[terms, 4] = fused[#0 along [1]; #1; multiply(0, 1)](w1[4], %7)
          %9: real[terms, 3] = matMul[transposeA: false, transposeB: true](%8, w0)
          %11: real[terms, 3] = fused[#0; #1; multiply(0, 1)](%9, v)
          %12: real[terms] = sum[axis: 1](%11)
          %16: real[terms, 3] = fused[-1.0; #0; multiply(0, 1)](v)
          %18: real[terms, 4] = matMul[transposeA: false, transposeB: false](%16, w0)
          %19: real[terms, 4] = fused[#0; #1 along [1]; multiply(0, 1); negate(2); #2; multiply(3, 4); add(5, 5); #3; multiply(6, 7)](%18, w1[4], %6, %7)
          %24: real[terms, 4] = fused[#0; #1; multiply(0, 1)](%18, %7)
        %14: real[forces] = segmentSum[axis: 0, count: forces](%12, force)
        %17: real[forces, 3, 4] = segmentedMatMul[count: forces](%16, %8, force)
        %20: real[forces, 3, 4] = segmentedMatMul[count: forces](x, %19, force)
        %23: real[forces, 4] = segmentSum[axis: 0, count: forces](%19, force)
        %25: real[forces, 4] = segmentSum[axis: 0, count: forces](%24, force)
        for blocks of forces:
          %15: real[forces] = fused[#0; negate(0)](%14)
          %21: real[forces, 3, 4] = fused[#0; #1; add(0, 1)](%17, %20)
        %27: real[forces, 21] = concatenate[axis: 1](%21[forces, 12], %23, %25, %26)
        return %15, %27
        """)
  }
}
