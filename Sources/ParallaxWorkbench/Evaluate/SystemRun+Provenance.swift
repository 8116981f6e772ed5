internal import ParallaxCore
package import ParallaxStorage

extension SystemRun {
  /// Whether the scores of its search are sums of what terms give.
  package var hasSums: Bool { template?.hasSums ?? false }

  /// - Parameter command: what was asked, in words that ask it again.
  package func provenance(command: String) -> Provenance {
    var timings: [Provenance.Timing] = []
    for (step, time) in [
      ("embed", costs.embedding), ("search", costs.searching),
    ] {
      if let time { timings.append(.init(step: step, milliseconds: time)) }
    }
    return Provenance(
      command: command,
      spaces: spaces.map { .init(name: $0.reference, value: $0.spec.identity) }, inputs: inputs,
      timings: timings + rerankings.timings, collection: collection?.name,
      search: method.isEmpty || spaces.isEmpty ? nil : method,
      rerankings: rerankings.map(\.summary))
  }

  /// Where one of its hits comes from; `nil` where that is not known.
  package func collection(of hit: Hit) -> ItemCollection? {
    collection ?? (hit.space < spaces.count ? spaces[hit.space].collection : nil)
  }
}
