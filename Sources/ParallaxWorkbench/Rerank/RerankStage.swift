package import ParallaxCore

/// What is known of a hit of a list that was looked at again, beside its place.
package struct RerankStage: Sendable, Hashable {
  /// From 1 in the list as it was before.
  package var firstRank: Int
  /// By what it was ranked before; `nil` for a hit that an earlier reranking gave no score.
  package var firstScore: Double?
  /// On the reranker's own scale; `nil` for a hit behind the head, and for one that got no score.
  package var secondScore: Double?

  package init(firstRank: Int, firstScore: Double?, secondScore: Double?) {
    self.firstRank = firstRank
    self.firstScore = firstScore
    self.secondScore = secondScore
  }
}

/// One reranking of a result: who, how, and what it took.
package struct RerankRecord: Sendable, Hashable {
  /// As it was named.
  package var name: String
  package var spec: RerankerSpec
  package var depth: Int
  package var blend: Double?
  package var minimumScore: Double?
  package var minimumFirstScore: Double?
  /// Lists that were looked at.
  package var questions: Int
  /// Candidates that were, of all lists together.
  package var pairs: Int
  /// Those whose score was kept: the time says less then of what asking takes.
  package var known: Int
  /// Those that got no score.
  package var failures: Int
  /// Milliseconds for all questions.
  package var milliseconds: Double
  /// Millionths of a US dollar; `nil` where no price is known.
  package var money: Int?
  /// What was asked instead of the result's own question; empty for that.
  package var terms: [Query.Term] = []

  /// What stands for the question, where it is not the result's own.
  package var question: String? {
    terms.isEmpty ? nil : terms.map(\.label).joined(separator: ", ")
  }

  /// How the score came about, in one line.
  package var summary: String {
    var parts = ["\(name) (\(spec.identity))", "depth \(depth)", "scores are \(spec.scale.plural)"]
    if let blend {
      parts.append(
        "blended: \(blend) of it and \(Self.rest(blend)) of the first stage, each from 0 to 1 within "
          + "the head")
    }
    if let minimumScore { parts.append("at least \(minimumScore)") }
    if let minimumFirstScore { parts.append("first stage at least \(minimumFirstScore)") }
    if let question { parts.append("asked: \(question)") }
    return parts.joined(separator: "; ")
  }

  /// Of 1, as a person would write it.
  private static func rest(_ blend: Double) -> Double {
    ((1 - blend) * 1e9).rounded() / 1e9
  }
}

extension ScoreScale {
  /// What its scores are, for a sentence.
  package var plural: String {
    switch self {
    case .cosine: "cosines, from -1 to 1"
    case .logit: "logits, around 0"
    case .probability: "probabilities, from 0 to 1"
    case .grade: "grades, from 0"
    case .rank: "1 / rank"
    case .inliers: "counts of inliers"
    case .unbounded: "on a scale of their own, larger is better"
    }
  }
}
