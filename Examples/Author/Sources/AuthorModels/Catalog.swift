import Train

extension Catalog {
  /// The models of AtomFlow and those of this package, for its tool and its driver.
  public static let author = standard.adding(MessagePassing.self).adding(Dipole.self)
}
