internal import ParallaxCore
internal import ParallaxWorkbench

/// The results that the lines of a script make, as far as that is certain before one runs.
@MainActor
struct ScriptResults {
  /// What is known of a result.
  struct Shape {
    /// The collections that its rows are items of; empty when they are of none.
    var collections: [String]
    var kind = Kind.other

    /// Of groups, which a condition may name.
    var columns: [Table.Column] = []

    enum Kind { case ranking, run, groups, other }
  }

  private let session: Session?
  /// Results that were named, or whose name now stands for one of which nothing is known.
  private var named: [String: Shape?] = [:]
  /// What comes through `|`.
  private var piped: Shape?
  /// What the command that is looked at makes.
  private var made: Shape?

  /// - Parameter session: where results are that no line makes; `nil` when nothing is known of any.
  init(of session: Session?) { self.session = session }

  mutating func beginStatement() { (piped, made) = (nil, nil) }

  mutating func make(_ shape: Shape?) { made = shape }

  mutating func endCommand(producesResult: Bool) {
    if producesResult { named["_"] = .some(made) }
    (piped, made) = (made, nil)
  }

  mutating func endStatement(named name: String?) {
    if let name { named[name] = .some(piped) }
  }

  /// Whether there may be a result of a name.
  func mayHold(_ name: String) -> Bool {
    guard let session else { return true }
    return named[name] != nil || session.result(named: name) != nil
  }

  /// - Parameter name: `nil` for what comes through the pipe.
  func shape(of name: String?) -> Shape? {
    guard let name else { return piped }
    if let known = named[name] { return known }
    return session?.result(named: name).map {
      Shape(
        collections: $0.collections, kind: Shape.Kind($0.content), columns: $0.content.columns)
    }
  }
}

extension ScriptResults.Shape.Kind {
  fileprivate init(_ content: ResultContent) {
    switch content {
    case .ranking: self = .ranking
    case .run: self = .run
    case .groups: self = .groups
    case .table, .evaluation, .difference, .gate, .judgements: self = .other
    }
  }
}

extension ResultContent {
  /// Columns that a condition may name beside the fields of items.
  fileprivate var columns: [Table.Column] {
    if case .groups(let listing) = self {
      GroupListing.columns(of: listing.found.request)
    } else {
      []
    }
  }
}
