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
    let registered = ProviderRegistry.all.map { provider in
      "\(provider.id.prefix(1).uppercased())\(provider.id.dropFirst())Provider.swift"
    }
    #expect(files == registered.sorted())
  }

  @Test func `the page of providers names them all, with their models`() throws {
    let lines = try TestFiles.lines(of: TestData.packageRoot + "/docs/providers.md")
    for provider in ProviderRegistry.all {
      let row = try #require(lines.first { $0.hasPrefix("| `\(provider.id)` |") }, "\(provider.id)")
      for model in provider.models { #expect(row.contains("`\(model.name)`")) }
    }
  }

  @Test func `a model's name leads to its provider, a path to the folder's`() throws {
    #expect(try ProviderRegistry.provider(ofModel: "mini").id == "mini")
    #expect(try ProviderRegistry.provider(ofModel: "models/clip").id == "onnx")
    #expect(try ProviderRegistry.provider(ofModel: "vision.onnx").id == "onnx")
    #expect(try ProviderRegistry.provider(withID: "onnx").id == "onnx")
  }

  @Test func `an unknown provider of a stored space is named`() {
    #expect {
      try ProviderRegistry.provider(withID: "gone")
    } throws: { ($0 as? ParallaxError)?.message.contains("no provider 'gone'") == true }
  }
}
