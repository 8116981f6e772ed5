import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

@Suite struct ProviderRegistryTests {
  @Test func `each file of Providers is registered, under its id`() async throws {
    let listing = try await ProgramRun(
      "/bin/ls", ["\(TestData.packageRoot)/Sources/ParallaxProviders/Providers"]
    ).finish()
    let files = listing.output.split(separator: "\n").map(String.init)
    #expect(files.sorted() == ProviderRegistry.all.map { "\($0).swift" }.sorted())
    for provider in ProviderRegistry.all {
      #expect("\(provider)".lowercased() == "\(provider.id)provider")
    }
  }

  @Test func `the page of providers names them all, with their models`() throws {
    let lines = try TestFiles.lines(of: TestData.packageRoot + "/docs/providers.md")
    for provider in ProviderRegistry.all {
      let row = try #require(lines.first { $0.hasPrefix("| `\(provider.id)` |") }, "\(provider.id)")
      for model in provider.models { #expect(row.contains("`\(model.name)`")) }
    }
  }

  @Test func `the page of providers has a row for each reranker that is asked over a network`()
    throws
  {
    let rows = try TestFiles.lines(of: TestData.packageRoot + "/docs/providers.md")
      .filter { $0.hasPrefix("| `") }
    for provider in ProviderRegistry.all.filter({ $0.isRemote }) {
      for model in provider.rerankers {
        #expect(rows.contains { $0.contains("`\(model.name)`") }, "\(model.name)")
      }
    }
  }

  @Test func `a model's name leads to its provider, a path to the folder's`() throws {
    #expect(try ProviderRegistry.provider(ofModel: "mini").id == "mini")
    #expect(try ProviderRegistry.provider(ofModel: "models/clip").id == "onnx")
    #expect(try ProviderRegistry.provider(ofModel: "vision.onnx").id == "onnx")
    #expect(try ProviderRegistry.provider(withID: "onnx").id == "onnx")
  }

  @Test func `what a model may be called is said by its providers`() throws {
    let all = ProviderRegistry.all
    // 'imported' stands for models that are not here.
    for provider in all where provider != ImportedProvider.self {
      #expect(
        !provider.models.isEmpty || provider.modelForm != nil || !provider.rerankers.isEmpty)
    }
    for form in all.compactMap({ $0.modelForm }) {
      #expect(ProviderRegistry.modelRule.contains(form.meaning))
    }
    let error = #expect(throws: ParallaxError.self) {
      try ProviderRegistry.provider(ofModel: "clop")
    }
    #expect(error?.message.contains("--model takes \(ProviderRegistry.modelRule)") == true)
  }

  @Test func `task types are names, whatever else is said of them`() throws {
    let mini = try #require(MiniProvider.models.first)
    #expect(
      mini.tasks == [
        "RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY", "CLASSIFICATION",
        "COPY",
      ])
    for model in ProviderRegistry.all.flatMap({ $0.models }) {
      let fact = model.facts.first { $0.name == "task types" }
      #expect(model.tasks == fact?.value.split(separator: ", ").map(String.init) ?? [])
    }
  }

  @Test func `an unknown provider of a stored space is named`() {
    #expect {
      try ProviderRegistry.provider(withID: "gone")
    } throws: { ($0 as? ParallaxError)?.message.contains("no provider 'gone'") == true }
  }
}
