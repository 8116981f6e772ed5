import ParallaxCore
import ParallaxHTTP
import ParallaxImaging
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

/// The versions of the embedded model: spaces name them, so that each is found as long as there are
/// spaces.
struct ShippedVersionTests {
  private static let resources =
    "\(TestData.packageRoot)/Sources/ParallaxProviders/Resources"

  private func environment(
    _ folder: String? = "\(resources)/mini", isNamed: Bool = false, shipped: String? = nil
  ) -> ProviderEnvironment {
    ProviderEnvironment(
      decoder: ImageDecoder(workers: 1, executable: "/nowhere"), threads: 1,
      miniFolder: folder, isMiniNamed: isNamed, shippedModels: shipped,
      transport: CurlTransport(connections: 1, agent: "parallax-tests"))
  }

  private func spec(
    _ model: String, version: String? = nil, in environment: ProviderEnvironment
  ) async throws -> EmbeddingSpec {
    try await MiniProvider.makeEmbedder(
      EmbedderRequest(model: model, version: version), in: environment
    ).spec
  }

  @Test(arguments: ShippedVersion.all)
  func `are what their files say`(version: ShippedVersion) async throws {
    // Nothing of the table is used: the folder is opened as a person's own.
    let own = try await spec(
      "mini", in: environment("\(Self.resources)/\(version.folder)", isNamed: true))
    #expect(own.version == version.identity)
    #expect(version.identity.hasPrefix("\(version.number)+"))
  }

  @Test func `have one identity each, by whichever name`() async throws {
    let environment = environment()
    for version in ShippedVersion.all {
      let named = try await spec("mini@\(version.number)", in: environment)
      #expect(named.model == "mini" && named.version == version.identity)
      #expect(try await spec("mini", version: version.identity, in: environment) == named)
    }
    #expect(try await spec("mini", in: environment) == spec("mini@4", in: environment))
    let numbers = ShippedVersion.all.compactMap { Int($0.number) }
    #expect(numbers == numbers.sorted(by: >) && Set(numbers).count == ShippedVersion.all.count)
  }

  @Test func `give different vectors`() async throws {
    var vectors: [[Float]] = []
    for version in ShippedVersion.all {
      let model = try await MiniProvider.makeEmbedder(
        EmbedderRequest(model: "mini@\(version.number)"), in: environment())
      vectors.append(try await model.vectors(of: ["a red mug"], side: .query)[0])
    }
    #expect(Set(vectors).count == vectors.count)
  }

  @Test func `stay what they are beside a folder of a person's own`() async throws {
    let named = environment(
      "\(Self.resources)/mini-2", isNamed: true, shipped: Self.resources)
    #expect(try await spec("mini", in: named).version == "2+271af212525f")
    #expect(try await spec("mini@3", in: named).version == "3+a859f574b24f")
    #expect(
      try await spec("mini", version: "3+a859f574b24f", in: named).version == "3+a859f574b24f")
    // A version that nobody has is not taken for another one in silence: the caller compares.
    #expect(try await spec("mini", version: "1+57efd86d9498", in: named).version.hasPrefix("2+"))
  }

  @Test func `are found in a named folder where the program's own are gone`() async throws {
    let named = environment("\(Self.resources)/mini-2", isNamed: true)
    #expect(try await spec("mini@2", in: named).version == "2+271af212525f")
    await #expect {
      _ = try await spec("mini@3", in: named)
    } throws: { error in
      let error = error as? ParallaxError
      return error?.code.name == "missing-component"
        && error?.message == "the files of the embedded model 'mini@3' were not found"
    }
  }

  @Test func `are refused when their files are damaged`() async throws {
    try await withTemporaryDirectory { folder in
      for model in ["mini", "mini-2"] {
        let copied = try await ProgramRun(
          "/bin/cp", ["-r", "\(Self.resources)/\(model)", folder]
        ).finish()
        #expect(copied.code == 0)
      }
      var bytes = try TestFiles.bytes(of: folder + "/mini-2/text_model.onnx")
      bytes[bytes.count / 2] ^= 1
      try TestFiles.write(bytes, to: folder + "/mini-2/text_model.onnx")
      let environment = environment(folder + "/mini")
      #expect(try await spec("mini", in: environment).version == "4+cc6f9fc86120")
      await #expect {
        _ = try await spec("mini@2", in: environment)
      } throws: { ($0 as? ParallaxError)?.code.name == "invalid-model" }
    }
  }
}
