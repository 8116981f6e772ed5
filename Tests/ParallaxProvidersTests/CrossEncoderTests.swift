import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxInference
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// A person's own cross-encoder; what it scores is tested with the network itself.
@Suite struct CrossEncoderTests {
  @Test(.enabled(if: OnnxRuntime.isAvailable, "needs ONNX Runtime: run scripts/setup"))
  func `texts that do not fit beside the question are counted`() async throws {
    // It reads 12 tokens.
    let path = TestData.packageRoot + "/Tests/ParallaxInferenceTests/Fixtures/pairs/texts"
    let reranker = try await CrossEncoderReranker(
      provider: "onnx", path: path,
      environment: ProviderEnvironment(
        decoder: ImageDecoder(workers: 1, executable: builtProduct(named: "parallax")), threads: 1,
        miniFolder: nil, transport: CurlTransport(connections: 1, agent: "parallax-tests")))
    let texts = [
      "blue", "blue blue blue blue blue blue blue", "red", "red red red red red red red red",
    ]
    let scores = try await reranker.scores(
      of: texts.map { ModelInput(name: $0, parts: [.text($0)]) },
      for: ModelInput(name: "question", parts: [.text("a red car")]))
    #expect(scores.allSatisfy { (try? $0.get()) != nil })
    #expect(
      reranker.drainFindings().warnings == [
        "2 texts are longer together with the question than the 12 tokens that 'texts' reads: what is "
          + "behind them has no effect"
      ])
    #expect(reranker.drainFindings().warnings == [])
  }
}
