internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

/// The reply that rerankers have in common: `{"results": [{"index", "relevance_score"}]}`, by whatever names.
struct ScoreReply {
  /// As messages name it.
  let provider: String
  /// The member that holds the list, and that of a score in it.
  var list = "results"
  var score = "relevance_score"
  /// Whether scores are from 0 to 1, as the service states.
  var isProbability = false

  /// One outcome a candidate, in the order of the candidates; one that the reply leaves out fails alone.
  ///
  /// - Throws: `bad-reply`.
  func scores(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    var items: [(index: Int?, score: AnsweredVector)] = []
    let reader = VectorReply(provider: provider, content: "scores")
    try reader.read(response) { name, scanner in
      guard name == list, scanner.next == UInt8(ascii: "[") else {
        try scanner.skipValue()
        return false
      }
      try scanner.elements { items.append(try item(&$0)) }
      return true
    }
    // They come sorted by score: without its number, nobody knows whose a score is.
    let indices = items.compactMap(\.index)
    guard indices.count == items.count, Set(indices).count == items.count,
      indices.allSatisfy({ (0..<count).contains($0) })
    else {
      throw ParallaxError(.badReply, "the reply of '\(provider)' numbers its scores wrongly")
    }
    var outcomes = [AnsweredVector](
      repeating: .failure(
        ParallaxError(.badReply, "it is missing in the reply of '\(provider)'")), count: count)
    for (index, item) in zip(indices, items) { outcomes[index] = item.score }
    return outcomes
  }

  private func item(
    _ scanner: inout JSONScanner
  ) throws -> (index: Int?, score: AnsweredVector) {
    var index: Int?
    var value: AnsweredVector?
    guard scanner.next == UInt8(ascii: "{") else {
      try scanner.skipValue()
      return (nil, .failure(unusable("no score")))
    }
    try scanner.members { name, scanner in
      if name == "index", scanner.isAtNumber {
        index = Int(exactly: try scanner.double())
      } else if name == score {
        value = try checked(&scanner)
      } else {
        try scanner.skipValue()
      }
    }
    return (index, value ?? .failure(unusable("no score")))
  }

  private func checked(_ scanner: inout JSONScanner) throws -> AnsweredVector {
    guard scanner.isAtNumber else {
      try scanner.skipValue()
      return .failure(unusable("something else where a score should be"))
    }
    let value: Float = try scanner.number()
    guard value.isFinite else {
      return .failure(
        unusable(
          value.isNaN
            ? "a score that is not a number" : "a score beyond the range of 32-bit numbers"))
    }
    guard !isProbability || (0...1).contains(value) else {
      return .failure(unusable("a score that is not from 0 to 1"))
    }
    return .success([value])
  }

  private func unusable(_ what: String) -> ParallaxError {
    ParallaxError(.badReply, "'\(provider)' answered \(what)")
  }
}
