import Atomistic
import Testing

@Suite("Randomly damaged files")
struct DamagedFileTests {
  /// One to three random changes: a byte, a range cut out or doubled, the end cut off.
  static func damaged(
    _ bytes: [UInt8], _ generator: inout StructureFixtures.Generator
  ) -> [UInt8] {
    var result = bytes
    for _ in 0...Int(generator.next() % 3) where result.count > 2 {
      let place = Int(generator.next() % UInt64(result.count))
      switch generator.next() % 6 {
      case 0: result[place] = UInt8(truncatingIfNeeded: generator.next())
      case 1:
        result[place] = Array("0123456789-+.eE \n\"='{}[]:\\T".utf8).randomElement(
          using: &generator)!
      case 2: result.insert(contentsOf: Array("9999999999999".utf8), at: place)
      case 3: result.removeSubrange(place..<min(result.count, place + Int(generator.next() % 20)))
      case 4:
        let end = min(result.count, place + Int(generator.next() % 200))
        result.insert(contentsOf: Array(result[place..<end]), at: place)
      default: result.removeSubrange(place...)
      }
    }
    return result
  }

  @Test("extended XYZ either reads or throws", arguments: 0..<8)
  func extendedXYZ(seed: Int) {
    var generator = StructureFixtures.Generator(seed: seed)
    let good = ExtendedXYZ.text([
      StructureFixtures.labelled(seed: seed), StructureFixtures.water(molecules: 2, seed: seed),
    ])
    var thrown = 0
    for _ in 0..<400 {
      let bytes = Self.damaged(good, &generator)
      do throws(FormatError) {
        let set = try ExtendedXYZ.read(text: bytes, file: "damaged.xyz")
        _ = try? DatasetSummary(set)
      } catch {
        thrown += 1
        #expect(error.file == "damaged.xyz")
      }
    }
    #expect(thrown > 40)
  }

  @Test("input.data either reads or throws", arguments: 0..<4)
  func runnerData(seed: Int) throws {
    var generator = StructureFixtures.Generator(seed: seed)
    let text = """
      begin
      comment a structure
      lattice 20.5 0 0
      lattice 1.25 19.5 0
      lattice 0 0.5 21
      atom 0.1 0.2 0.3 O 0.0 0.0 1e-3 2e-3 -3.5e-2
      atom 1.9 0.2 0.3 H 0.0 0.0 1e-3 2e-3 -3.5e-2
      atom 0.1 2.0 0.3 H 0.0 0.0 1e-3 2e-3 -3.5e-2
      energy -17.25
      charge 0.0
      end

      """
    let good = Array((text + text).utf8)
    #expect(try RunnerData.read(text: good, file: "input.data").structures.count == 2)
    for _ in 0..<400 {
      let bytes = Self.damaged(good, &generator)
      do throws(FormatError) {
        let set = try RunnerData.read(text: bytes, file: "input.data")
        _ = try? DatasetSummary(set)
      } catch {
        #expect(error.file == "input.data")
      }
    }
  }

  @Test("NumPy arrays either read or throw", arguments: 0..<4)
  func arrays(seed: Int) {
    var generator = StructureFixtures.Generator(seed: seed)
    let good = NumpyArray(shape: [3, 4], values: (0..<12).map(Double.init)).bytes
    for _ in 0..<1000 {
      let bytes = Self.damaged(good, &generator)
      do throws(FormatError) {
        let array = try NumpyArray(bytes: bytes, file: "a.npy")
        #expect(array.shape.reduce(1, *) == array.values.count)
      } catch {
        #expect(error.file == "a.npy")
      }
    }
  }
}
