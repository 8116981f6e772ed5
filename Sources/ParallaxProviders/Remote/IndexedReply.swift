internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxText

/// The reply that OpenAI's embeddings have and others took over: `{"data": [{"index", "embedding"}]}`.
struct IndexedReply {
  private let reader: VectorReply

  init(provider: String) { reader = VectorReply(provider: provider) }

  /// One outcome an item, in the order of the items; one that the reply leaves out fails alone.
  ///
  /// - Throws: `bad-reply`.
  func vectors(in response: HTTPResponse, count: Int) throws -> [AnsweredVector] {
    var items: [(index: Int?, vector: AnsweredVector)] = []
    try reader.read(response) { name, scanner in
      guard name == "data", scanner.next == UInt8(ascii: "[") else {
        try scanner.skipValue()
        return false
      }
      try scanner.elements { items.append(try item(&$0)) }
      return true
    }
    let indices = items.compactMap(\.index)
    if indices.isEmpty { return try reader.ordered(items.map(\.vector), count: count) }
    guard indices.count == items.count, Set(indices).count == items.count,
      indices.allSatisfy({ (0..<count).contains($0) })
    else {
      throw ParallaxError(
        .badReply, "the reply of '\(reader.provider)' numbers its vectors wrongly")
    }
    var outcomes = [AnsweredVector](
      repeating: .failure(reader.unusable("no vector for it")), count: count)
    for (index, item) in zip(indices, items) { outcomes[index] = item.vector }
    return outcomes
  }

  private func item(
    _ scanner: inout JSONScanner
  ) throws -> (index: Int?, vector: AnsweredVector) {
    var index: Int?
    var vector: AnsweredVector?
    guard scanner.next == UInt8(ascii: "{") else {
      try scanner.skipValue()
      return (nil, .failure(reader.unusable("no vector")))
    }
    try scanner.members { name, scanner in
      switch name {
      case "index" where scanner.isAtNumber: index = Int(exactly: try scanner.number())
      case "embedding": vector = try reader.vector(&scanner)
      default: try scanner.skipValue()
      }
    }
    return (index, vector ?? .failure(reader.unusable("no vector")))
  }
}
