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
        .init(
          "counted as",
          "tokens read, and the longest answer that may come; an image, and a grid of them, is "
            + "\(GenerateContentAPI.Resolution.high.tokens) tokens, one of a list that is no grid "
            + "\(GenerateContentAPI.Resolution.low.tokens)"),
      ] + connection,
      parameters: [
        RerankParameter(
          "mode", .choice(JudgeMode.allCases.map(\.rawValue)), usual: JudgeMode.pointwise.rawValue,
          "a grade for each, two orders of all, or votes on pairs"),
        RerankParameter(
          "layout", .choice(JudgeLayout.names), usual: JudgeLayout.names[0],
          "listwise: each picture by itself, or as numbered cells of a grid"),
        RerankParameter(
          "cells", .integer(JudgeLayout.cells), usual: String(JudgeLayout.usualCells),
          "of a grid, at most; a longer list takes several grids in the same request"),
        RerankParameter(
          "model", .choice(judgePrices.keys.sorted()), usual: usualJudge, "the generative model"),
      ])
  ]

  private static let usualJudge = "gemini-3.5-flash-lite"

  /// A picture costs what its tokens do.
  private static let judgePrices = [
    "gemini-3.1-flash-lite": judgePrice(0.25, 1.50),
    "gemini-3.5-flash-lite": judgePrice(0.30, 2.50),
    "gemini-3.5-flash": judgePrice(1.50, 9), "gemini-3.8-flash": judgePrice(0.75, 3.75),
  ]

  private static func judgePrice(_ read: Double, _ written: Double) -> ModelPrice {
    ModelPrice(
      dollarsPerImage: nil, dollarsPerMillionTokens: read,
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
    let layout = try layout(request.parameters, mode)
    let prompt = JudgePrompt(mode: mode, layout: layout, instruction: request.instruction)
    let record = JudgeRecord()
    var model = RemoteRerankModel(
      provider: id, name: named.isEmpty ? usualJudge : named,
      scale: mode == .pointwise ? .grade : .rank, readsImages: true, readsQuestionImages: true,
      isListwise: mode != .pointwise, tokensPerImage: GenerateContentAPI.Resolution.high.tokens,
      batch: mode.limit,
      concurrency: mode == .pointwise ? 8 : 4, requestsAtOnce: 8,
      overhead: RerankUse(tokens: prompt.tokens, answerTokens: GradeAPI.answerTokens))
    model.picture =
      mode == .listwise
      ? layout.picture
      : RemotePicture(
        transform: ImageTransform(resize: .fit(width: 768, height: 768)), quality: 90)
    let resolution = mode == .listwise ? layout.resolution : .high
    model.settings =
      ["judge=\(mode.rawValue)", "resolution=\(resolution)", "prompt=\(prompt.digest)"]
      + layout.settings
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
      show: JudgeShow(layout: layout, prompt: prompt, inputs: model.inputs(in: environment)),
      seed: request.seed, record: record)
  }

  /// - Throws: `invalid-value` for a grid that nobody would draw.
  private static func layout(
    _ parameters: RerankParameters, _ mode: JudgeMode
  ) throws -> JudgeLayout {
    let cells = parameters.integer("cells")
    let isGrid = parameters.text("layout") == "grid"
    if isGrid, mode != .listwise {
      throw ParallaxError(
        .invalidValue, "layout=grid goes with mode=listwise; got mode=\(mode.rawValue)",
        parameter: "model")
    }
    if !isGrid, cells != JudgeLayout.usualCells {
      throw ParallaxError(
        .invalidValue, "cells=\(cells) is of a grid: it goes with layout=grid", parameter: "model")
    }
    return isGrid ? .grid(cells: cells) : .images
  }
}
