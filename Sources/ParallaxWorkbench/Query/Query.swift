package import ParallaxConditions
package import ParallaxCore

/// A question to spaces: what is looked for, and how.
package struct Query: Sendable, Hashable {
  /// One thing that is looked for, or looked away from.
  package struct Term: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
      case text(String)
      case image(path: String)
      /// Of the collection that is asked.
      case item(ItemID)
    }

    package var content: Content
    /// Below 0 to subtract.
    package var weight: Double
    /// What `explain` calls it, such as `text "red car"`.
    package var label: String
    /// Names the term in errors.
    package var parameter: ParallaxError.Parameter

    package init(
      _ content: Content, weight: Double = 1, label: String, parameter: ParallaxError.Parameter
    ) {
      self.content = content
      self.weight = weight
      self.label = label
      self.parameter = parameter
    }
  }

  /// How several terms become one ranking.
  package enum Fusion: String, Sendable, Hashable, CaseIterable {
    /// The weighted sum of unit vectors.
    case sum
    /// Reciprocal ranks of each term apart.
    case reciprocalRank = "rrf"
    /// One vector that the model makes of a text and an image.
    case joint
  }

  package enum Codes: String, Sendable, Hashable, CaseIterable {
    case int8, binary

    /// Candidates compared in full for each hit wanted.
    package var usualOversample: Double { self == .int8 ? 4 : 20 }
  }

  package enum Method: Sendable, Hashable {
    /// The index if there is a good one, every row elsewhere.
    case best
    case exact
    /// Short codes first; `oversample` times as many candidates are compared in full.
    case codes(Codes, oversample: Double)
  }

  package var terms: [Term]
  /// At most so many hits.
  package var top = 10
  package var condition: WhereExpression?
  package var minimumScore: Float?
  package var fusion = Fusion.sum
  package var similarity = Similarity.cosine
  package var method = Method.best
  /// Candidates held in an index; `nil` for as many as its recall was measured with.
  package var expansion: Int?
  /// Measured recall of an index below which every row is compared instead.
  package var recallFloor = 0.0
  /// Whether many more questions come to the same space: what makes each cheaper is then worth its making in a smaller space,
  /// too. No answer is another one for it.
  package var isOneOfMany = false
  /// Whether the items asked by are left out, and copies of the files.
  package var excludesOwn = false
  /// 0 to 1: score against difference (maximal marginal relevance); `nil` for score alone.
  package var diversity: Double?
  /// Prefixes to search at, all in one pass; empty for the whole vector.
  package var dimensions: [Int] = []

  package init(terms: [Term]) { self.terms = terms }

  /// Refuses what contradicts itself, whatever the workspace holds.
  ///
  /// - Throws: `usage`, `unsupported`, `invalid-value`, naming the parameter.
  package func check() throws {
    for term in terms {
      guard case .text(let text) = term.content, text.isBlank else { continue }
      // A model answers an empty text, too, with a vector that means nothing.
      throw ParallaxError(
        .invalidValue, "--\(term.parameter.name) takes words to look for; got an empty text",
        hint: "leave it out, or say what the picture shows", parameter: term.parameter)
    }
    guard terms.contains(where: { $0.weight != 0 }) else {
      throw ParallaxError(
        .invalidValue, "every weight of the query is 0: nothing is left to look for",
        hint: "leave a term without a weight, which counts as 1")
    }
    try checkFusion()
    try checkOptions()
  }

  /// Refuses options that contradict one another, whatever is asked with them.
  ///
  /// - Throws: `usage`, naming the parameter.
  package func checkOptions() throws {
    try refuse(
      similarity != .cosine, "compares directions: it goes with --similarity cosine",
      [codes, prefixes, held, diverse])
    if hasCodes, expansion != nil {
      throw Self.misuse(
        "ef", "--codes looks through codes, not an index; --ef cannot be combined with it")
    }
    for (isGiven, name) in [
      (fusion != .sum, "fuse"), diverse, codes, held,
    ] where isGiven && !dimensions.isEmpty {
      throw Self.misuse(
        name, "--dims compares every row of one space; --\(name) cannot be combined with it")
    }
  }

  private typealias Given = (isGiven: Bool, name: String)

  private var hasCodes: Bool { if case .codes = method { true } else { false } }
  private var codes: Given { (hasCodes, "codes") }
  private var prefixes: Given { (!dimensions.isEmpty, "dims") }
  private var held: Given { (expansion != nil, "ef") }
  private var diverse: Given { (diversity != nil, "mmr") }

  private func checkFusion() throws {
    guard fusion == .joint else { return }
    let (texts, images) = (
      terms.count { if case .text = $0.content { true } else { false } },
      terms.count { if case .image = $0.content { true } else { false } }
    )
    guard texts == 1, images == 1, terms.count == 2, terms.allSatisfy({ $0.weight >= 0 }) else {
      throw ParallaxError(
        .unsupported, "--fuse joint takes one --text and one --image", parameter: "fuse")
    }
    if let weighted = terms.first(where: { $0.weight != 1 }) {
      throw ParallaxError(
        .unsupported, "--fuse joint makes one vector of both, so a weight means nothing",
        hint: "leave the weight out, or choose --fuse sum", parameter: weighted.parameter)
    }
  }

  private func refuse(_ isWrong: Bool, _ reason: String, _ others: [Given]) throws {
    guard isWrong, let other = others.first(where: \.isGiven) else { return }
    throw Self.misuse(other.name, "--\(other.name) \(reason)")
  }

  private static func misuse(_ name: String, _ message: String) -> ParallaxError {
    ParallaxError(.usage, message, parameter: .init(name: name))
  }
}
