internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxImaging

/// A reranker of a remote provider: pictures are made ready, requested with the question, and the scores
/// checked.
struct RemoteReranker: MeteredReranker {
  let spec: RerankerSpec
  let capabilities: RerankerCapabilities
  let notes: [String]
  let api: any RerankAPI
  let client: HTTPClient
  let inputs: RerankInputs
  let tokensPerImage: Int
  /// Requests of one list under way at once.
  let concurrency: Int
  /// What the model is told beside the question, and its answer, for each candidate.
  let overhead: RerankUse
  let cuts: CutTexts
  /// What a judge's service counts; `nil` for a model that answers with numbers.
  let record: JudgeRecord?

  /// Bytes of a reply for each candidate, beside what it repeats of the request.
  private static let bytesOfScore = 4_096
  private static let otherBytes = 1 << 16

  func drainFindings() -> RerankerFindings {
    RerankerFindings(
      notes: record?.drainNotes() ?? [], warnings: cuts.drainWarnings(model: spec.model))
  }

  @concurrent func scores(
    of candidates: [ModelInput], for question: ModelInput, meter: (any RequestMeter)?
  ) async throws -> [Result<Double, ParallaxError>] {
    try capabilities.check(candidates, for: question, model: spec.model)
    let asked = try await inputs.ready(question)
    let ready = try await candidates.concurrentOutcomes { try await inputs.ready($0) }
    var outcomes: [AnsweredVector] = ready.map { $0.map { _ in [] } }
    let items = ready.enumerated().compactMap { position, outcome in
      (try? outcome.get()).map {
        RemoteRequests.Item(position: position, name: candidates[position].name, input: $0)
      }
    }
    cuts.note(items.map(\.input))
    let requests = RemoteRequests(api: api, client: client, tokensPerImage: tokensPerImage)
    let form = RemoteRequests.Form(
      size: asked.size, tokens: requests.tokens(in: asked) + overhead.tokens,
      concurrency: concurrency
    ) { documents in
      var request = try await api.request(for: documents, question: asked)
      request.largestReply =
        request.body.count * 2 + documents.count * Self.bytesOfScore + Self.otherBytes
      return request
    } outcomes: { response, count in
      try api.scores(in: response, count: count)
    }
    let answered = try await requests.outcomes(of: items, form, meter: meter)
    for (item, outcome) in zip(items, answered) { outcomes[item.position] = outcome }
    return outcomes.map { $0.map { Double($0[0]) } }
  }

  func use(of candidate: ModelInput, for question: ModelInput, among count: Int) -> RerankUse {
    RerankUse(question, tokensPerImage: tokensPerImage)
      + RerankUse(candidate, tokensPerImage: tokensPerImage) + overhead
  }

  func requests(ofList count: Int) -> Int { (count + api.itemLimit - 1) / api.itemLimit }
}

/// Makes questions and candidates ready for the wire.
struct RerankInputs: Sendable {
  let decoder: ImageDecoder
  let picture: RemotePicture

  /// - Throws: what prevents that: an image that cannot be read, a text that is blank.
  func ready(_ input: ModelInput) async throws -> RemoteInput {
    var parts: [RemoteInput.Part] = []
    for part in input.parts {
      switch part {
      case .text(let text):
        guard !text.isBlank else {
          throw ParallaxError(.invalidValue, "there is no text to read of '\(input.name)'")
        }
        parts.append(.text(text))
      case .image(let path, let hash):
        parts.append(.jpeg(try await picture.jpeg(at: path, expecting: hash, decoder)))
      }
    }
    guard !parts.isEmpty else {
      throw ParallaxError(.invalidValue, "there is nothing to read of '\(input.name)'")
    }
    return RemoteInput(parts: parts)
  }
}

extension RerankerCapabilities {
  /// Refuses a question and candidates that the model named `model` cannot read.
  ///
  /// - Throws: `unsupported`.
  func check(_ candidates: [ModelInput], for question: ModelInput, model: String) throws {
    if question.holdsImage, !readsQuestionImages {
      throw ParallaxError(
        .unsupported, "reranker '\(model)' reads questions of text only",
        hint: "ask with text, or rerank with a model that looks at a question's image")
    }
    if !question.holdsImage, !readsQuestionText {
      throw ParallaxError(.unsupported, "reranker '\(model)' reads questions of images only")
    }
    if !readsImages, candidates.contains(where: \.holdsImage) {
      throw ParallaxError(
        .unsupported, "reranker '\(model)' reads texts, not pictures",
        hint: "give it a text of each candidate, such as its caption")
    }
  }
}
