internal import ParallaxCore
private import Synchronization

/// Compares replies of one input at two dimensions: whether the smaller is the beginning of the
/// larger, renormalised, which is what `project` takes for granted.
package final class PrefixAudit: Sendable {
  private struct Pair: Hashable {
    var model: String
    var smaller: Int
    var larger: Int
  }

  private struct Finding {
    var count = 0
    /// The largest difference of a value of unit vectors.
    var difference: Float = 0
    var lowestCosine: Float = 1

    mutating func add(_ difference: Float, _ cosine: Float) {
      count += 1
      self.difference = max(self.difference, difference)
      lowestCosine = min(lowestCosine, cosine)
    }
  }

  /// Differences below this are those of 32-bit numbers on the way through JSON.
  private static let rounding: Float = 1e-5
  private let findings = Mutex<[Pair: Finding]>([:])

  package init() {}

  /// - Parameter vectors: of one input, of two dimensions, in any order.
  func compare(_ first: [Float], _ second: [Float], model: String) {
    let (smaller, larger) = first.count < second.count ? (first, second) : (second, first)
    guard let unit = Vector.normalized(smaller),
      let prefix = Vector.normalized(Array(larger.prefix(smaller.count)))
    else { return }
    let difference = zip(unit, prefix).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
    let cosine = zip(unit, prefix).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    findings.withLock {
      $0[Pair(model: model, smaller: smaller.count, larger: larger.count), default: Finding()]
        .add(difference, cosine)
    }
  }

  /// What was found since it was last asked, a line a pair of dimensions.
  package func drain() -> (notes: [String], warnings: [String]) {
    let found = findings.withLock { found in
      defer { found = [:] }
      return found
    }
    var (notes, warnings): ([String], [String]) = ([], [])
    for (pair, finding) in found.sorted(by: { $0.key.smaller < $1.key.smaller }) {
      let subject =
        "\(finding.count) replies of '\(pair.model)' with \(pair.smaller) dimensions, compared with "
        + "the same at \(pair.larger)"
      if finding.difference <= Self.rounding {
        notes.append("\(subject): equal to their prefixes, within \(finding.difference)")
      } else {
        warnings.append(
          "\(subject): not their prefixes (cosine down to \(finding.lowestCosine)); what 'project' "
            + "makes differs from what the model returns at that dimension")
      }
    }
    return (notes, warnings)
  }
}
