import Tensors

extension FusedChain {
  /// The most elements of a tile: small enough that half a dozen operands and registers stay in the
  /// first-level cache, large enough that the call for each step costs little.
  private static var largestTile: Int { 1024 }

  /// Elements of a tile: whole rows and whole vectors if possible, so that what repeats from row to
  /// row is the same in all tiles.
  private func tile(_ shape: ResolvedShape) -> Int {
    let row = shape.rank == 0 ? 1 : shape[shape.rank - 1]
    guard row > 0, row <= Self.largestTile else { return Self.largestTile }
    let unit = 8 * row <= Self.largestTile ? 8 * row : row
    return Self.largestTile / unit * unit
  }

  /// Chunks of sixteen tiles that one thread takes.
  private func chunks(_ shape: ResolvedShape) -> Int {
    let chunk = 16 * tile(shape)
    return (shape.count + chunk - 1) / chunk
  }

  /// The memory of one thread: the registers, and the parts of matrices that products keep.
  private func scratchCount(_ result: ResolvedShape, shape: (Int) -> ResolvedShape) -> Int {
    products.reduce(targetCount * Self.largestTile) {
      $0 + rowProductScratch(inner: shape($1.rows)[1], columns: result[1])
    }
  }

  func scratchCount(_ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers) -> Int {
    workers.count * scratchCount(result) { shapes[$0] }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let (count, tile) = (result.shape.count, tile(result.shape))
    let memory = scratchCount(result.shape) { operands.shape($0) }
    operands.workers.forEach(chunks(result.shape)) { chunk, thread in
      let registers = operands.scratch + thread * memory
      let end = min(count, (chunk + 1) * 16 * tile)
      withUnsafeTemporaryAllocation(of: UnsafePointer<Scalar>.self, capacity: actions.count + 3) {
        let places = $0.baseAddress.unsafelyUnwrapped
        withMatrices(operands, result, registers + targetCount * Self.largestTile) { matrices in
          var start = chunk * 16 * tile
          var isFirst = true
          while start < end {
            runTile(
              operands, registers, places, matrices, from: start, min(tile, end - start), of: tile,
              result, isFirst: isFirst)
            start += tile
            isFirst = false
          }
        }
      }
    }
  }

  /// Calls `body` with the matrices of the products, ready to be multiplied with rows.
  @inline(__always)
  private func withMatrices<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, _ result: Destination<Scalar>,
    _ scratch: UnsafeMutablePointer<Scalar>, _ body: (UnsafePointer<RowProduct<Scalar>>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: RowProduct<Scalar>.self, capacity: products.count + 1) {
      let matrices = $0.baseAddress.unsafelyUnwrapped
      var scratch = scratch
      for (number, product) in products.enumerated() {
        let (inner, columns) = (operands.shape(product.rows)[1], result.shape[1])
        (matrices + number).initialize(
          to: RowProduct(
            operands[product.matrix], leading: product.transposesMatrix ? inner : columns,
            transposed: product.transposesMatrix, inner: inner, columns: columns,
            scratch: scratch))
        scratch += rowProductScratch(inner: inner, columns: columns)
      }
      body(UnsafePointer(matrices))
    }
  }

  /// Runs all steps on one tile; `places[i]` is where register `i` lies.
  @inline(__always)
  private func runTile<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, _ registers: UnsafeMutablePointer<Scalar>,
    _ places: UnsafeMutablePointer<UnsafePointer<Scalar>>,
    _ matrices: UnsafePointer<RowProduct<Scalar>>, from start: Int, _ length: Int,
    of tile: Int, _ result: Destination<Scalar>, isFirst: Bool
  ) {
    let arguments = places + actions.count
    for number in actions.indices {
      let register = registers + targets[number] * Self.largestTile
      let target = number == actions.count - 1 ? result.base + start : register
      switch actions[number] {
      case .operand(let operand): places[number] = operands[operand] + start
      case .broadcast(let operand, let first, let end):
        let pattern = RepeatPattern(
          count: result.shape.count(first..<end),
          repeats: result.shape.count(end..<result.shape.rank))
        places[number] = UnsafePointer(register)
        let isSame = pattern.count == 1 || pattern.repeats == 1 && tile % pattern.count == 0
        if !isSame || isFirst {
          pattern.repeatElements(
            of: operands[operand], from: start, isSame ? tile : length, into: register)
        }
      case .strided(let operand, let broadcast):
        places[number] = UnsafePointer(register)
        broadcast.repeatStrided(
          operands[operand], result.shape, from: start, length, into: register)
      case .fill(let value):
        places[number] = UnsafePointer(register)
        if isFirst { register.update(repeating: Scalar(value), count: tile) }
      case .apply(let primitive, let first, let second, let third):
        arguments[0] = places[first]
        arguments[1] = places[second]
        arguments[2] = places[third]
        primitives[primitive].apply(UnsafePointer(arguments), into: target, count: length)
        places[number] = UnsafePointer(target)
      case .product(let product, let plus):
        // A tile is whole rows of the product, whose columns are few.
        let columns = result.shape[1]
        let inner = operands.shape(products[product].rows)[1]
        matrices[product].multiply(
          operands[products[product].rows] + start / columns * inner, leading: inner,
          plus: plus.map { places[$0] }, into: target, leading: columns, rows: length / columns)
        places[number] = UnsafePointer(target)
      }
    }
  }
}
