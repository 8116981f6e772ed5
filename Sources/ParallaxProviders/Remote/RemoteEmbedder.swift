internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxImaging

/// An embedder of a remote provider: pictures are made ready, requested, and the vectors checked.
struct RemoteEmbedder: MeteredEmbedder {
  let spec: EmbeddingSpec
  let capabilities: EmbedderCapabilities
  let api: any EmbeddingAPI
  let client: HTTPClient
  let decoder: ImageDecoder
  let picture: RemotePicture
  let tokensPerImage: Int
  /// What stands before a text on each side; `nil` for nothing.
  let prefixes: [EmbeddingSide: String]
  /// Tokens of a text that are read; `nil` where that is not known.
  let textTokens: Int?

  /// Bytes of one number in a reply, at most, and of all that is not numbers.
  private static let bytesOfNumber = 32
  private static let otherBytes = 1 << 16
  /// A reply of as many dimensions is read, to say how many they are.
  static let leastDimension = 4_096

  @concurrent func embed(
    _ inputs: [ModelInput], side: EmbeddingSide, meter: (any RequestMeter)?
  ) async throws -> [Result<[Float], ParallaxError>] {
    try capabilities.check(inputs, model: spec.model)
    let ready = try await inputs.concurrentOutcomes { try await remoteInput($0, side) }
    var outcomes: [AnsweredVector] = ready.map { $0.map { _ in [] } }
    var (pictures, texts): ([RemoteRequests.Item], [RemoteRequests.Item]) = ([], [])
    for (position, outcome) in ready.enumerated() {
      guard case .success(let input) = outcome else { continue }
      let item = RemoteRequests.Item(
        position: position, name: inputs[position].name, input: input)
      if input.holdsPicture { pictures.append(item) } else { texts.append(item) }
    }
    // Some services have a form for each, and pictures stand on a side of their own.
    for (items, side) in [(pictures, .document), (texts, side)] {
      let answered = try await requests.outcomes(of: items, form(side), meter: meter)
      for (item, outcome) in zip(items, answered) { outcomes[item.position] = outcome }
    }
    return outcomes
  }

  var batches: (any BatchService)? {
    api.batches.map { RemoteBatches(embedder: self, api: $0) }
  }

  private var requests: RemoteRequests {
    RemoteRequests(api: api, client: client, tokensPerImage: tokensPerImage)
  }

  private func form(_ side: EmbeddingSide) -> RemoteRequests.Form {
    RemoteRequests.Form { inputs in
      var request = try await api.request(for: inputs, side: side)
      request.largestReply =
        inputs.count * max(spec.dimension, Self.leastDimension) * Self.bytesOfNumber
        + Self.otherBytes
      return request
    } outcomes: { response, count in
      try checked(api.vectors(in: response, count: count))
    }
  }

  /// An input with its pictures made ready, and with the words that a task puts in front of a text.
  func remoteInput(_ input: ModelInput, _ side: EmbeddingSide) async throws -> RemoteInput {
    var parts: [RemoteInput.Part] = []
    for part in input.parts {
      switch part {
      case .text(let text):
        let isFirst = parts.isEmpty && !input.holdsImage
        parts.append(.text(isFirst ? (prefixes[side] ?? "") + text : text))
      case .image(let path, let hash):
        parts.append(.jpeg(try await picture.jpeg(at: path, expecting: hash, decoder)))
      }
    }
    return RemoteInput(parts: parts)
  }

  /// The provider's tokens are not counted here, but no word is less than one: what has more words
  /// than the limit is cut for certain.
  func limits(exceededBy texts: [String], side: EmbeddingSide) async throws -> [TextLimit?] {
    let prefix = prefixes[side] ?? ""
    return texts.map { text in
      textTokens.flatMap { limit in
        let words = (prefix + text).split(whereSeparator: \.isWhitespace)
        return words.count > limit ? TextLimit(tokens: limit) : nil
      }
    }
  }

  func countTokens(of texts: [String]) async throws -> Int? {
    let prefix = prefixes[.document] ?? ""
    let items = texts.enumerated().map { index, text in
      RemoteRequests.Item(
        position: index, name: "", input: RemoteInput(parts: [.text(prefix + text)]))
    }
    var total = 0
    for batch in requests.batches(items) {
      guard let request = try await api.countRequest(for: batch.map(\.input)) else { return nil }
      guard let count = api.tokens(in: try await client.send(request, judge: api.judge)) else {
        return nil
      }
      total += count
    }
    return total
  }

  /// The vectors at unit length.
  ///
  /// - Throws: `bad-reply` for another dimension, which is no matter of one item.
  func checked(_ outcomes: [AnsweredVector]) throws -> [AnsweredVector] {
    try outcomes.map { outcome in
      guard case .success(let vector) = outcome else { return outcome }
      guard vector.count == spec.dimension else {
        throw ParallaxError(
          .badReply,
          "'\(spec.provider)' answered \(vector.count) dimensions; asked were \(spec.dimension)",
          hint: api.remedy(forDimension: vector.count))
      }
      guard let unit = Vector.normalized(vector) else {
        return .failure(
          ParallaxError(.badReply, "'\(spec.provider)' answered a vector of zeros"))
      }
      return .success(unit)
    }
  }
}
