private import ParallaxCore
internal import ParallaxStorage

extension Evaluation {
  /// - Parameters:
  ///   - command: what was asked, in words that ask it again.
  ///   - files: of judgements.
  package func provenance(command: String, judgedBy files: [Provenance.Name]) -> Provenance {
    let runs = systems.map(\.run)
    let collections = Set(runs.compactMap(\.collection))
    return Provenance(
      command: command,
      spaces: runs.flatMap(\.spaces).unique.map {
        .init(name: $0.reference, value: $0.spec.identity)
      },
      inputs: (runs.flatMap(\.inputs) + files).unique,
      collection: collections.count == 1 ? collections.first?.name : nil, seed: Int(seed))
  }
}

extension Array where Element: Hashable {
  /// Each once, where it is first.
  fileprivate var unique: [Element] {
    var known: Set<Element> = []
    return filter { known.insert($0).inserted }
  }
}
