internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxImaging

/// The engine of every remote provider: pictures are made ready, cut into requests, sent, checked;
/// what a provider refuses is narrowed down to the item at fault.
struct RemoteEmbedder: Embedder {
  let spec: EmbeddingSpec
  let capabilities: EmbedderCapabilities
  let api: any EmbeddingAPI
  let client: HTTPClient
  let decoder: ImageDecoder
  let picture: RemotePicture
  let tokensPerImage: Int
  /// What stands before a text on each side; `nil` for nothing.
  let prefixes: [EmbeddingSide: String]

  @concurrent func embed(images: [ImageInput]) async throws -> [Result<[Float], ParallaxError>] {
    let prepared = try await picture.prepare(images, decoder)
    let ready = prepared.indices.filter { if case .success = prepared[$0] { true } else { false } }
    let items = try ready.map { position in
      Item(
        name: images[position].name,
        input: .jpeg(try prepared[position].get(), with: images[position].text))
    }
    var outcomes: [Result<[Float], ParallaxError>] = prepared.map { $0.map { _ in [] } }
    do {
      for (position, outcome) in zip(ready, try await embed(items, .document)) {
        outcomes[position] = outcome
      }
    } catch let partial as PartialReply {
      throw PartialReply(
        vectors: Dictionary(uniqueKeysWithValues: partial.vectors.map { (ready[$0], $1) }),
        cause: partial.cause)
    }
    return outcomes
  }

  @concurrent func embed(texts: [String], side: EmbeddingSide) async throws -> [[Float]] {
    let prefix = prefixes[side] ?? ""
    let items = texts.map { Item(name: "the text", input: .text(prefix + $0)) }
    let outcomes = try await embed(items, side)
    let refusal = outcomes.compactMap { if case .failure(let error) = $0 { error } else { nil } }
    guard let cause = refusal.first else { return try outcomes.map { try $0.get() } }
    throw Self.partial(outcomes, cause)
  }

  func countTokens(of texts: [String]) async throws -> Int? {
    let prefix = prefixes[.document] ?? ""
    var total = 0
    for batch in batches(texts.map { Item(name: "the text", input: .text(prefix + $0)) }) {
      guard let request = try await api.countRequest(for: batch.map(\.input)) else { return nil }
      guard let count = api.tokens(in: try await client.send(request, judge: api.judge)) else {
        return nil
      }
      total += count
    }
    return total
  }

  private struct Item: Sendable {
    var name: String
    var input: RemoteInput
  }

  /// One outcome an item, in order.
  ///
  /// - Throws: ``PartialReply`` when a request failed after others had been answered.
  private func embed(
    _ items: [Item], _ side: EmbeddingSide
  ) async throws -> [Result<[Float], ParallaxError>] {
    var outcomes: [Result<[Float], ParallaxError>] = []
    for batch in batches(items) {
      do {
        try await send(batch, side, into: &outcomes)
      } catch let cause as ParallaxError {
        throw Self.partial(outcomes, cause)
      }
    }
    return outcomes
  }

  /// The cause, with what was answered before it.
  private static func partial(
    _ outcomes: [Result<[Float], ParallaxError>], _ cause: ParallaxError
  ) -> any Error {
    let answered = outcomes.enumerated().compactMap { index, outcome in
      (try? outcome.get()).map { (index, $0) }
    }
    if answered.isEmpty { return cause }
    return PartialReply(vectors: Dictionary(uniqueKeysWithValues: answered), cause: cause)
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
    _ items: ArraySlice<Item>, _ side: EmbeddingSide,
    into outcomes: inout [Result<[Float], ParallaxError>]
  ) async throws {
    do {
      let response = try await response(for: items, side)
      outcomes += try checked(api.vectors(in: response), items).map { .success($0) }
    } catch let error as ParallaxError where error.code == .rejectedInput {
      guard items.count > 1 else { return outcomes.append(.failure(error)) }
      let middle = items.startIndex + items.count / 2
      try await send(items[..<middle], side, into: &outcomes)
      try await send(items[middle...], side, into: &outcomes)
    } catch var error as ParallaxError where error.code == .badReply {
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
    for items: ArraySlice<Item>, _ side: EmbeddingSide
  ) async throws -> HTTPResponse {
    func attempt() async throws -> HTTPResponse {
      try await client.send(
        try await api.request(for: items.map(\.input), side: side),
        amounts: [Double(items.count), Double(items.reduce(0) { $0 + tokens(in: $1.input) })],
        judge: api.judge)
    }
    do {
      return try await attempt()
    } catch let error as ParallaxError where error.code == .authentication {
      guard await api.renewAccess() else { throw error }
      return try await attempt()
    }
  }

  /// The vectors at the space's dimension and unit length.
  private func checked(_ vectors: [[Float]], _ items: ArraySlice<Item>) throws -> [[Float]] {
    guard vectors.count == items.count else {
      throw ParallaxError(
        .badReply,
        "'\(spec.provider)' answered \(vectors.count) vectors for \(items.count) items")
    }
    return try vectors.map { vector in
      guard vector.count >= spec.dimension else {
        throw ParallaxError(
          .badReply,
          "'\(spec.provider)' answered \(vector.count) dimensions; asked were \(spec.dimension)")
      }
      guard let unit = Vector.normalized(Array(vector.prefix(spec.dimension))) else {
        throw ParallaxError(
          .badReply, "'\(spec.provider)' answered a vector that is zero or not of numbers")
      }
      return unit
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

  func prepare(
    _ images: [ImageInput], _ decoder: ImageDecoder
  ) async throws -> [Result<[UInt8], ParallaxError>] {
    try await withThrowingTaskGroup(of: (Int, Result<[UInt8], ParallaxError>).self) { group in
      for (index, image) in images.enumerated() {
        group.addTask { [self] in
          do {
            let jpeg = try await decoder.jpeg(
              image.path, transform, quality: quality, expecting: image.content)
            return (index, .success(jpeg.bytes))
          } catch let error as ParallaxError where error.code != .missingComponent {
            return (index, .failure(error))
          }
        }
      }
      var outcomes = [Result<[UInt8], ParallaxError>?](repeating: nil, count: images.count)
      for try await (index, outcome) in group { outcomes[index] = outcome }
      return outcomes.compactMap(\.self)
    }
  }
}
