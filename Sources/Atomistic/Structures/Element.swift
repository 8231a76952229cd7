/// A chemical element, known by its atomic number.
///
/// Elements sort by atomic number, and are encoded as their symbol.
public struct Element: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The atomic number stored in one byte, 1 ... 118.
  private let storedNumber: UInt8

  /// Makes the element of an atomic number, or nil outside 1 ... 118.
  public init?(number: Int) {
    guard (1...PeriodicTable.count).contains(number) else { return nil }
    storedNumber = UInt8(number)
  }

  /// Makes the element of a symbol written as in the periodic table (`"Na"`), or nil.
  public init?(symbol: some StringProtocol) {
    guard let number = PeriodicTable.numbers[String(symbol)] else { return nil }
    self.init(number: number)
  }

  /// Makes the element of a symbol in any case (`"NA"`, `"na"`), as files have it, or nil.
  init?(name: some StringProtocol) {
    self.init(symbol: name.prefix(1).uppercased() + name.dropFirst().lowercased())
  }

  private init(known number: UInt8) { storedNumber = number }

  /// The atomic number.
  public var number: Int { Int(storedNumber) }

  /// The symbol in the periodic table.
  public var symbol: String { PeriodicTable.symbols[number - 1] }

  /// The standard atomic weight in atomic mass units (IUPAC 2016); of elements that have none, the
  /// mass of the longest-lived isotope.
  public var mass: Double { PeriodicTable.masses[number - 1] }

  /// The covalent radius in angstrom, nil beyond curium.
  ///
  /// Cordero et al., Dalton Trans. 2008, 2832.
  public var covalentRadius: Double? {
    number <= PeriodicTable.covalentRadii.count ? PeriodicTable.covalentRadii[number - 1] : nil
  }

  /// Whether the element is a noble gas, which forms no bonds to speak of.
  public var isNobleGas: Bool { [2, 10, 18, 36, 54, 86, 118].contains(number) }

  /// The symbol.
  public var description: String { symbol }

  /// Orders by atomic number.
  public static func < (lhs: Element, rhs: Element) -> Bool {
    lhs.storedNumber < rhs.storedNumber
  }

  /// Hydrogen, 1.
  public static let hydrogen = Element(known: 1)
  /// Helium, 2.
  public static let helium = Element(known: 2)
  /// Carbon, 6.
  public static let carbon = Element(known: 6)
  /// Nitrogen, 7.
  public static let nitrogen = Element(known: 7)
  /// Oxygen, 8.
  public static let oxygen = Element(known: 8)
  /// Argon, 18.
  public static let argon = Element(known: 18)
}

/// A dictionary by elements is encoded as an object whose keys are their symbols.
extension Element: CodingKeyRepresentable {
  /// The symbol as a key.
  public var codingKey: any CodingKey { NamedKey(symbol) }

  /// The element whose symbol a key is.
  public init?(codingKey: some CodingKey) { self.init(symbol: codingKey.stringValue) }
}

extension Element: Codable {
  /// Decodes a symbol.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let symbol = try container.decode(String.self)
    guard let element = Element(symbol: symbol) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "expected the symbol of an element, found \"\(symbol.shortened())\"")
    }
    self = element
  }

  /// Encodes the symbol.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(symbol)
  }
}
