internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxImaging

/// The engine of every remote provider: pictures are made ready, cut into requests, sent, checked;
/// what a provider refuses is narrowed down to the item at fault.
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
  private static let leastDimension = 4_096

  @concurrent func embed(
    _ inputs: [ModelInput], side: EmbeddingSide, meter: (any RequestMeter)?
  ) async throws -> [Result<[Float], ParallaxError>] {
    try capabilities.check(inputs, model: spec.model)
    let ready = try await inputs.concurrentOutcomes { try await remoteInput($0, side) }
    var outcomes: [AnsweredVector] = ready.map { $0.map { _ in [] } }
    var (pictures, texts): ([Item], [Item]) = ([], [])
    for (position, outcome) in ready.enumerated() {
      guard case .success(let input) = outcome else { continue }
      let item = Item(position: position, name: inputs[position].name, input: input)
      if input.holdsPicture { pictures.append(item) } else { texts.append(item) }
    }
    // Some services have a form for each, and pictures stand on a side of their own.
    for (items, side) in [(pictures, .document), (texts, side)] {
      for (item, outcome) in zip(items, try await embed(items, side, meter)) {
        outcomes[item.position] = outcome
      }
    }
    return outcomes
  }

  /// An input with its pictures made ready, and with the words that a task puts in front of a text.
  private func remoteInput(_ input: ModelInput, _ side: EmbeddingSide) async throws -> RemoteInput {
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
      Item(position: index, name: "", input: RemoteInput(parts: [.text(prefix + text)]))
    }
    var total = 0
    for batch in batches(items) {
      guard let request = try await api.countRequest(for: batch.map(\.input)) else { return nil }
      guard let count = api.tokens(in: try await client.send(request, judge: api.judge)) else {
        return nil
      }
      total += count
    }
    return total
  }

  private struct Item: Sendable {
    /// Among the inputs.
    var position: Int
    var name: String
    var input: RemoteInput
  }

  /// One outcome an item, in order.
  private func embed(
    _ items: [Item], _ side: EmbeddingSide, _ meter: (any RequestMeter)?
  ) async throws -> [AnsweredVector] {
    var outcomes: [AnsweredVector] = []
    for batch in batches(items) { try await send(batch, side, meter, into: &outcomes) }
    return outcomes
  }

  /// Cut by count and by bytes; an item beyond the limit of bytes goes alone.
  private func batches(_ items: [Item]) -> [ArraySlice<Item>] {
    var batches: [ArraySlice<Item>] = []
    var start = 0
    var bytes = 0
    for (index, item) in items.enumerated() {
      let isFull = index - start == api.itemLimit || bytes + item.input.size > api.byteLimit
      if index > start, isFull {
        batches.append(items[start..<index])
        (start, bytes) = (index, 0)
      }
      bytes += item.input.size
    }
    if start < items.count { batches.append(items[start...]) }
    return batches
  }

  /// A refused batch is halved until the item that is refused stands alone.
  private func send(
    _ items: ArraySlice<Item>, _ side: EmbeddingSide, _ meter: (any RequestMeter)?,
    into outcomes: inout [AnsweredVector]
  ) async throws {
    let request = MeteredRequest(meter, positions: items.map(\.position))
    do {
      outcomes += try await answer(to: items, side, request)
    } catch let error as ParallaxError where error.code == .rejectedInput {
      guard items.count > 1 else { return outcomes.append(.failure(error)) }
      let middle = items.startIndex + items.count / 2
      try await send(items[..<middle], side, meter, into: &outcomes)
      try await send(items[middle...], side, meter, into: &outcomes)
    } catch is CancellationError {
      request.wasLost()
      throw ParallaxError(.cancelled, "cancelled")
    }
  }

  private func answer(
    to items: ArraySlice<Item>, _ side: EmbeddingSide, _ request: MeteredRequest
  ) async throws -> [AnsweredVector] {
    let response = try await response(for: items, side, request)
    do {
      // What has come is paid for: it is read to its end and kept, whoever stopped waiting for it.
      let outcomes = try await Task { [self] in
        try checked(api.vectors(in: response, count: items.count))
      }.value
      try request.wasAnswered(outcomes)
      // A service whose replies are useless gets no more requests.
      if items.count > 1, let first = outcomes.first, case .failure(let error) = first,
        outcomes.allSatisfy({ (try? $0.get()) == nil })
      {
        throw error
      }
      return outcomes
    } catch var error as ParallaxError where error.code == .badReply {
      // It was paid for all the same.
      request.wasLost()
      error.message += " (\(Self.names(items)))"
      throw error
    }
  }

  /// About as many as the provider will count.
  private func tokens(in input: RemoteInput) -> Int {
    input.parts.reduce(0) { sum, part in
      switch part {
      case .text(let text): sum + TokenEstimate.tokens(in: text)
      case .jpeg: sum + tokensPerImage
      }
    }
  }

  /// Access that has run out in the middle of a job is renewed, once a request.
  private func response(
    for items: ArraySlice<Item>, _ side: EmbeddingSide, _ observer: MeteredRequest
  ) async throws -> HTTPResponse {
    func attempt() async throws -> HTTPResponse {
      var request = try await api.request(for: items.map(\.input), side: side)
      request.largestReply =
        items.count * max(spec.dimension, Self.leastDimension) * Self.bytesOfNumber
        + Self.otherBytes
      return try await client.send(
        request,
        amounts: [Double(items.count), Double(items.reduce(0) { $0 + tokens(in: $1.input) })],
        observer: observer, judge: api.judge)
    }
    do {
      return try await attempt()
    } catch let error as ParallaxError where error.code == .authentication {
      guard await api.renewAccess() else { throw error }
      return try await attempt()
    }
  }

  /// The vectors at unit length.
  ///
  /// - Throws: `bad-reply` for another dimension, which is no matter of one item.
  private func checked(_ outcomes: [AnsweredVector]) throws -> [AnsweredVector] {
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

  private static func names(_ items: ArraySlice<Item>) -> String {
    let names = items.prefix(3).map { "'\($0.name)'" }.joined(separator: ", ")
    return items.count > 3 ? "\(names) and \(items.count - 3) more" : names
  }
}

/// How pictures are made ready to be sent: a stated size, JPEG, nothing but the picture.
struct RemotePicture: Sendable, Hashable {
  var transform: ImageTransform
  /// 1 to 100.
  var quality: Int

  /// Enough pixels for detail, few enough bytes for many pictures in a request.
  static let usual = RemotePicture(
    transform: ImageTransform(resize: .fit(width: 1024, height: 1024)), quality: 90)

  /// Part of a space's identity.
  var identity: String { "\(transform.identity)/jpeg\(quality)" }

  /// The picture of a file as JPEG.
  ///
  /// - Parameter hash: what the file's bytes must be; `nil` where that does not matter.
  func jpeg(
    at path: String, expecting hash: ContentHash? = nil, _ decoder: ImageDecoder
  ) async throws -> [UInt8] {
    try await decoder.jpeg(path, transform, quality: quality, expecting: hash).bytes
  }
}
