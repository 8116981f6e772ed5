internal import ParallaxCore
private import ParallaxDigest
internal import ParallaxProviders

/// What the scores of some candidates of a question are kept under.
struct ScoreKeys {
  /// Stands for a candidate that a list left out.
  static let leftOut = Float.nan

  /// One a candidate; `nil` where its content, or that of the question, is not known.
  let keys: [ContentHash?]

  /// Workspaces hold these keys, so they must not change. A score of a list depends on all of it.
  init(of candidates: [ModelInput], for question: ModelInput, by reranker: any Reranker) {
    let digests = candidates.map(\.digest)
    guard let asked = question.digest else {
      keys = candidates.map { _ in nil }
      return
    }
    var side = "score for \(asked.hexadecimal)"
    if reranker.capabilities.isListwise {
      guard !digests.contains(nil) else {
        keys = candidates.map { _ in nil }
        return
      }
      let list = digests.compactMap { $0?.hexadecimal }.joined(separator: "\n")
      side += " in \(Digest.sha256(list).hexadecimal)"
    }
    let identity = reranker.spec.identity
    keys = digests.map { digest in
      digest.map { ReplyCache.key(identity: identity, side: side, digest: $0) }
    }
  }

  /// The score that was kept as a vector.
  static func score(of vector: [Float]) -> Result<Double, ParallaxError> {
    guard vector.count == 1 else {
      return .failure(ParallaxError(.provider, "a kept score has \(vector.count) numbers"))
    }
    guard !vector[0].isNaN else {
      return .failure(ParallaxError(.provider, "the list that was answered left it out"))
    }
    return .success(Double(vector[0]))
  }
}
