struct RandomStream {
  var s: UInt64; init(seed: UInt64, stream: UInt64) { s = seed &+ stream }
  mutating func uniform() -> Double {
    s = s &* 6364136223846793005 &+ 1442695040888963407; return Double(s >> 11) / 9007199254740992
  }
}
