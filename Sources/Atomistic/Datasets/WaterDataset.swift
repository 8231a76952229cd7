public import Tensors

/// Frames of liquid water, sampled from boxes of whole molecules.
public enum WaterDataset {
  /// Trajectories from boxes of water at all combinations of densities and temperatures.
  ///
  /// - Parameters:
  ///   - molecules: The number of molecules in a box.
  ///   - densities: The mass densities in g/mL.
  ///   - temperatures: The temperatures in kelvin.
  ///   - geometry: The model whose bond length and angle the molecules have.
  /// - Returns: Each density at all temperatures, one after another.
  public static func trajectories(
    molecules: Int = 64, densities: [Double] = [0.9, 1.0, 1.1],
    temperatures: [Double] = [300, 400],
    geometry: FlexibleWater.Parameters = FlexibleWater.Parameters()
  ) -> [DynamicsDataset.Trajectory] {
    densities.flatMap { density in
      temperatures.map { temperature in
        DynamicsDataset.Trajectory(
          name: "\(density) g/mL, \(temperature) K", temperature: temperature
        ) { random in
          WaterBox.structure(
            molecules: molecules, density: density, bondLength: geometry.bondLength,
            angle: geometry.angle, random: &random)
        }
      }
    }
  }

  /// Makes frames labelled with the classical water model, see `DynamicsDataset.generate`.
  ///
  /// - Parameters:
  ///   - frames: The number of frames.
  ///   - molecules: The number of molecules in a frame.
  ///   - densities: The mass densities in g/mL.
  ///   - temperatures: The temperatures in kelvin.
  ///   - seed: The seed of all random numbers.
  ///   - sampling: How frames are sampled.
  ///   - model: The water model.
  ///   - workers: The threads that trajectories are shared among.
  ///   - progress: Called with the number of frames done, from any thread.
  /// - Returns: The frames of one trajectory after another, with energy, forces and stress.
  /// - Throws: A `DynamicsError` if a trajectory leaves the realm of the model.
  public static func generate(
    frames: Int, molecules: Int = 64, densities: [Double] = [0.9, 1.0, 1.1],
    temperatures: [Double] = [300, 400], seed: UInt64,
    sampling: DynamicsDataset.Sampling = DynamicsDataset.Sampling(),
    model: FlexibleWater = FlexibleWater(), workers: Workers = Workers(count: 1),
    progress: @Sendable (Int) -> Void = { _ in }
  ) throws(DynamicsError) -> [Structure] {
    try DynamicsDataset.generate(
      frames: frames,
      from: trajectories(
        molecules: molecules, densities: densities, temperatures: temperatures,
        geometry: model.parameters),
      potential: model, seed: seed, sampling: sampling, workers: workers, progress: progress)
  }
}
