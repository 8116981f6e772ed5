internal import ParallaxCore
internal import ParallaxHTTP

/// The engine of every remote provider: items are cut into requests, sent, and checked; what a provider
/// refuses is narrowed down to the item at fault.
struct RemoteRequests: Sendable {
  let api: any RemoteAPI
  let client: HTTPClient
  /// What a picture is counted as, about.
  let tokensPerImage: Int

  struct Item: Sendable {
    /// Among the inputs.
    var position: Int
    var name: String
    var input: RemoteInput
  }

  /// How items are asked for together, and how they are answered.
  struct Form: Sendable {
    /// Bytes that each request holds beside its items, nearly.
    var size = 0
    /// Tokens that each item is counted as beside its own.
    var tokens = 0
    /// Requests under way at once.
    var concurrency = 1
    var request: @Sendable ([RemoteInput]) async throws -> HTTPRequest
    /// One outcome an item, in order.
    var outcomes: @Sendable (HTTPResponse, Int) throws -> [AnsweredVector]
  }

  /// One outcome an item, in order.
  ///
  /// - Throws: what ended the work; requests under way are waited for before.
  func outcomes(
    of items: [Item], _ form: Form, meter: (any RequestMeter)?
  ) async throws -> [AnsweredVector] {
    let batches = batches(items, beside: form.size)
    let outcomes = try await batches.windowed(of: form.concurrency) { batch in
      var outcomes: [AnsweredVector] = []
      try await send(batch, form, meter, into: &outcomes)
      return outcomes
    }
    return outcomes.flatMap(\.self)
  }

  /// Cut by count and by bytes; an item beyond the limit of bytes goes alone.
  func batches(_ items: [Item], beside size: Int = 0) -> [ArraySlice<Item>] {
    var batches: [ArraySlice<Item>] = []
    var start = 0
    var bytes = size
    for (index, item) in items.enumerated() {
      let isFull = index - start == api.itemLimit || bytes + item.input.size > api.byteLimit
      if index > start, isFull {
        batches.append(items[start..<index])
        (start, bytes) = (index, size)
      }
      bytes += item.input.size
    }
    if start < items.count { batches.append(items[start...]) }
    return batches
  }

  /// A refused batch is halved until the item that is refused stands alone.
  private func send(
    _ items: ArraySlice<Item>, _ form: Form, _ meter: (any RequestMeter)?,
    into outcomes: inout [AnsweredVector]
  ) async throws {
    let request = MeteredRequest(meter, positions: items.map(\.position))
    do {
      outcomes += try await answer(to: items, form, request)
    } catch let error as ParallaxError where error.code == .rejectedInput {
      guard items.count > 1 else { return outcomes.append(.failure(error)) }
      let middle = items.startIndex + items.count / 2
      try await send(items[..<middle], form, meter, into: &outcomes)
      try await send(items[middle...], form, meter, into: &outcomes)
    } catch is CancellationError {
      request.wasLost()
      throw ParallaxError(.cancelled, "cancelled")
    }
  }

  private func answer(
    to items: ArraySlice<Item>, _ form: Form, _ request: MeteredRequest
  ) async throws -> [AnsweredVector] {
    let inputs = items.map(\.input)
    let counted = inputs.reduce(0) { $0 + tokens(in: $1) + form.tokens }
    let response = try await response(counted: inputs.count, tokens: counted, request) {
      try await form.request(inputs)
    }
    do {
      // What has come is paid for: it is read to its end and kept, whoever stopped waiting for it.
      let outcomes = try await Task { try form.outcomes(response, inputs.count) }.value
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
  func tokens(in input: RemoteInput) -> Int {
    input.parts.reduce(0) { sum, part in
      switch part {
      case .text(let text): sum + TokenEstimate.tokens(in: text)
      case .jpeg: sum + tokensPerImage
      }
    }
  }

  /// Access that has run out in the middle of a job is renewed, once a request.
  func response(
    counted items: Int, tokens: Int, _ observer: MeteredRequest,
    to request: @Sendable () async throws -> HTTPRequest
  ) async throws -> HTTPResponse {
    func attempt() async throws -> HTTPResponse {
      try await client.send(
        try await request(), amounts: [Double(items), Double(tokens)], observer: observer,
        judge: api.judge)
    }
    do {
      return try await attempt()
    } catch let error as ParallaxError where error.code == .authentication {
      guard await api.renewAccess() else { throw error }
      return try await attempt()
    }
  }

  private static func names(_ items: ArraySlice<Item>) -> String {
    let names = items.prefix(3).map { "'\($0.name)'" }.joined(separator: ", ")
    return items.count > 3 ? "\(names) and \(items.count - 3) more" : names
  }
}

extension Array where Element: Sendable {
  /// One result an element, in order, with a few of them worked on at once.
  ///
  /// - Throws: the first error to come. Nothing is begun after it, and what is under way is waited for.
  func windowed<Output: Sendable>(
    of width: Int, _ body: @escaping @Sendable (Element) async throws -> Output
  ) async throws -> [Output] {
    var results = [Output?](repeating: nil, count: count)
    var failure: (any Error)?
    await withTaskGroup(of: (Int, Result<Output, any Error>).self) { group in
      func begin(_ index: Int) {
        let element = self[index]
        group.addTask {
          do { return (index, .success(try await body(element))) } catch {
            return (index, .failure(error))
          }
        }
      }
      var next = Swift.min(width, count)
      for index in 0..<next { begin(index) }
      for await (index, result) in group {
        switch result {
        case .success(let output): results[index] = output
        case .failure(let error): failure = failure ?? error
        }
        if failure == nil, next < count {
          begin(next)
          next += 1
        }
      }
    }
    if let failure { throw failure }
    return results.compactMap(\.self)
  }
}
