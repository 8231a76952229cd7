/// Returns the known name that a misspelt one was probably meant to be.
///
/// That is the name at the smallest Levenshtein distance, upper and lower case being the same, if
/// no more than a third of its letters (but at least two) differ; or else the only one that
/// continues the given name. Of equally near names the first in alphabetical order is taken.
public func nearestName(to name: String, among known: some Sequence<String>) -> String? {
  let letters = Array(name.lowercased())
  let ordered = known.sorted()
  let ranked = ordered.map { candidate in
    (candidate, levenshteinDistance(letters, Array(candidate.lowercased())))
  }
  if let best = ranked.min(by: { $0.1 < $1.1 }) {
    let longest = max(letters.count, best.0.count)
    if best.1 < longest, best.1 <= max(2, longest / 3) { return best.0 }
  }
  let continued = ordered.filter { !letters.isEmpty && $0.lowercased().starts(with: letters) }
  return continued.count == 1 ? continued[0] : nil
}

/// The number of insertions, deletions and replacements that turn one sequence into another.
func levenshteinDistance(_ first: [Character], _ second: [Character]) -> Int {
  var row = Array(0...second.count)
  for (i, a) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, b) in second.enumerated() {
      let replaced = diagonal + (a == b ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[second.count]
}
