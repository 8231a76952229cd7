/// The symbols of the chemical elements in the order of their atomic numbers.
enum ElementSymbols {
  private static let all = """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se \
    Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb \
    Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm \
    Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split(separator: " ")

  private static let numbers = Dictionary(
    uniqueKeysWithValues: all.enumerated().map { ($0.element, $0.offset + 1) })

  static func atomicNumber(of symbol: Substring) -> Int? { numbers[symbol] }

  static func symbol(of atomicNumber: Int) -> String {
    precondition(
      (1...all.count).contains(atomicNumber),
      "ElementSymbols: no element has the atomic number \(atomicNumber)")
    return String(all[atomicNumber - 1])
  }
}
