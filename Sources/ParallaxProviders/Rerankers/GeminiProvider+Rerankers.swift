package import ParallaxCore
internal import ParallaxImaging

extension GeminiProvider {
  static let judge = "gemini-judge"

  package static let rerankers = [
    ModelDescription(
      name: judge, summary: "a generative model that grades or orders images, as it is told to",
      price: judgePrices[usualJudge],
      facts: [
        .init("question", "text, images, or both"), .init("candidates", "images"),
        .init(
          "scores", "pointwise: a grade from 0 to 3; listwise and pairwise: 1 / rank in the list"),
        .init(
          "requests",
          "pointwise: one a candidate; listwise: two a question; pairwise: two a pair, of at most "
            + "\(JudgeMode.pairwise.limit) candidates"),
        .init("counted as", "images and tokens read, and the longest answer that may come"),
      ] + connection,
      parameters: [
        RerankParameter(
          "mode", .choice(JudgeMode.allCases.map(\.rawValue)), usual: JudgeMode.pointwise.rawValue,
          "a grade for each, two orders of all, or votes on pairs"),
        RerankParameter(
          "model", .choice(judgePrices.keys.sorted()), usual: usualJudge, "the generative model"),
      ])
  ]

  private static let usualJudge = "gemini-3.5-flash-lite"

  /// A picture of any size is counted as 258 tokens at most, as it is sent.
  private static let judgePrices = [
    "gemini-3.1-flash-lite": judgePrice(0.25, 1.50),
    "gemini-3.5-flash-lite": judgePrice(0.30, 2.50),
    "gemini-3.5-flash": judgePrice(1.50, 9), "gemini-3.8-flash": judgePrice(0.75, 3.75),
  ]

  private static let tokensPerImage = 258

  private static func judgePrice(_ read: Double, _ written: Double) -> ModelPrice {
    ModelPrice(
      dollarsPerImage: Double(tokensPerImage) * read / 1e6, dollarsPerMillionTokens: read,
      dollarsPerMillionAnswerTokens: written, date: "2026-11")
  }

  package static func price(ofModel model: String) -> ModelPrice? {
    judgePrices[model] ?? (models + rerankers).first { $0.name == model }?.price
  }

  package static func makeReranker(
    _ request: RerankerRequest, in environment: ProviderEnvironment
  ) async throws -> any Reranker {
    let mode = JudgeMode(rawValue: request.parameters.text("mode")) ?? .pointwise
    let named = request.parameters.text("model")
    let prompt = JudgePrompt(mode: mode, instruction: request.instruction)
    let record = JudgeRecord()
    var model = RemoteRerankModel(
      provider: id, name: named.isEmpty ? usualJudge : named,
      scale: mode == .pointwise ? .grade : .rank, readsImages: true, readsQuestionImages: true,
      isListwise: mode != .pointwise, tokensPerImage: tokensPerImage, batch: mode.limit,
      concurrency: mode == .pointwise ? 8 : 4, requestsAtOnce: 8,
      overhead: RerankUse(tokens: prompt.tokens, answerTokens: GradeAPI.answerTokens))
    model.picture = RemotePicture(
      transform: ImageTransform(
        resize: mode == .listwise
          ? .fit(width: 384, height: 384) : .fit(width: 768, height: 768)), quality: 90)
    model.settings =
      ["judge=\(mode.rawValue)", "prompt=\(prompt.digest)"]
      + (mode == .listwise ? ["seed=\(request.seed)"] : [])
    let content = GenerateContentAPI(
      base: environment.address(of: id, own: address), model: model.name,
      key: try key(in: environment))
    guard mode != .pointwise else {
      return try model.reranker(
        request, api: GradeAPI(content: content, prompt: prompt, record: record), record: record,
        in: environment)
    }
    return ListJudge(
      spec: model.spec, capabilities: model.capabilities, notes: model.notes, content: content,
      prompt: prompt, client: try model.client(in: environment),
      inputs: model.inputs(in: environment), tokensPerImage: tokensPerImage, seed: request.seed,
      record: record)
  }
}
