package import ParallaxCore
internal import ParallaxStorage
package import ParallaxWorkbench

/// What a result means, beyond the table that shows it.
package enum ResultContent: Sendable, Hashable {
  /// Nothing but its table.
  case table
  /// Hits of a query; row by row those of the table, whatever columns it has.
  case ranking(Answer)
  /// Ranked items for each of many questions.
  case run(SystemRun)
  /// How good systems are, or how they differ.
  case evaluation(Evaluation)
  /// How two systems differ.
  case difference(SystemDifference)
  /// What became of pictures that came in.
  case gate(GateOutcome)
  /// Members of groups of similar items; row by row those of the table, whatever columns it has.
  case groups(GroupListing)
  /// What judges said of answers; row by row those of the table, whatever columns it has.
  case judgements(JudgementListing)
}

/// What a command said of its result.
package struct ResultRemarks: Sendable, Hashable {
  /// Parts of the line under the table.
  package var footer: [String] = []
  package var notes: [String] = []
  package var warnings: [String] = []
}

/// An immutable table with a name and provenance.
package struct NamedResult: Sendable, Hashable {
  package var name: String
  package var table: Table
  package var provenance: Provenance
  package var content = ResultContent.table
  /// What was said with it.
  package var remarks = ResultRemarks()

  /// The collections that its rows are items of.
  var collections: [String] {
    switch content {
    case .table, .judgements: provenance.collection.map { [$0] } ?? []
    case .evaluation, .difference, .gate: []
    case .groups(let listing): [listing.found.collection.name]
    case .ranking(let answer): answer.spaces.map(\.collection.name)
    case .run(let run):
      run.collection.map { [$0.name] } ?? run.spaces.map(\.collection.name)
    }
  }
}
