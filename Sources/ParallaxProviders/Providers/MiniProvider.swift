package import ParallaxCore

/// The embedded default: a small dual encoder shipped with the program, no network, no key.
///
/// `mini` is its newest version, `mini@2` names one. Both are the model `mini` in an identity, which
/// holds the version beside it, so that a space is the same whichever name it was made by.
package enum MiniProvider: Provider {
  package static let id = "mini"
  package static let summary = "the embedded model: no network, no key"
  package static let models: [ModelDescription] = {
    let newest = ShippedVersion.all[0]
    let others = ShippedVersion.all.dropFirst().map {
      description(of: $0, named: name(of: $0), "'mini' as it was before: version \($0.number)")
    }
    return [
      description(
        of: newest, named: id, "small dual encoder for images and English text, on the CPU"),
      description(
        of: newest, named: name(of: newest),
        "'mini' as it is now: stays version \(newest.number) after an update"),
    ] + others
  }()

  private static func name(of version: ShippedVersion) -> String { "\(id)@\(version.number)" }

  private static func description(
    of version: ShippedVersion, named name: String, _ summary: String
  ) -> ModelDescription {
    ModelDescription(
      name: name, summary: summary,
      facts: [
        .init("version", version.number),
        .init("inputs", "images (the whole picture, squashed), text (32 tokens, English)"),
        .init("dimensions", "256, or its prefixes of 128, 64 and 32"),
        .init(
          "task types",
          "RETRIEVAL_QUERY, RETRIEVAL_DOCUMENT, SEMANTIC_SIMILARITY, CLASSIFICATION"
            + (version.knowsCopies ? ", \(EmbeddingSpec.copyTask)" : "")),
        .init("how a task is sent", "as a prefix of the text"),
      ]
        + (version.knowsCopies
          ? [
            .init(
              "under \(EmbeddingSpec.copyTask)",
              "images alone, as 128 numbers of their own: copies of a picture are near to it")
          ] : []) + [
          .init("price", "none: it runs on this machine, without a network or a key")
        ])
  }

  /// A version that comes with the program is named as identities name it; without one, the folder
  /// that a person named is meant, else the newest.
  package static func resolved(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) -> EmbedderRequest {
    let version = ShippedVersion.all.first {
      request.model == name(of: $0) || request.version == $0.identity
    }
    let newest = environment.isMiniNamed ? nil : ShippedVersion.all[0]
    var request = request
    request.model = id
    request.version = (version ?? newest)?.identity
    return request
  }

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    let request = resolved(request, in: environment)
    let version = ShippedVersion.all.first { $0.identity == request.version }
    if let version, let folder = folder(of: version, in: environment) {
      return try await LocalModelEmbedder(
        provider: id, request: request, folder: folder, environment: environment,
        shippedAs: version.folder)
    }
    guard environment.isMiniNamed, let folder = environment.miniFolder else {
      throw missing(version)
    }
    let own = try await LocalModelEmbedder(
      provider: id, request: request, folder: folder, environment: environment)
    guard version == nil || own.spec.version == version?.identity else { throw missing(version) }
    return own
  }

  /// The pairwise model stands on the towers of one version.
  private static let cross = (name: "mini-cross", towers: "4")

  package static let rerankers: [ModelDescription] = [
    ModelDescription(
      name: cross.name, summary: "small pairwise model for English text and images, on the CPU",
      facts: [
        .init("reads", "texts of a question, as one (32 tokens, English), and images"),
        .init("score", "larger is better; it has no unit, and is not a probability"),
        .init(
          "how",
          "the cosine of mini@\(cross.towers), and that of two small networks that learned from an "
            + "ensemble; for captions also how well each piece of the text fits one of 6 × 6 places of the "
            + "image, less what the image gets from captions of all kinds"),
        .init("kept", "what it makes of an image, by content: 16 KB each, at most 1 GiB"),
        .init("price", "none: it runs on this machine, without a network or a key"),
      ])
  ]

  package static func makeReranker(
    _ request: RerankerRequest, in environment: ProviderEnvironment
  ) async throws -> any Reranker {
    let base = ShippedVersion.all.first { $0.number == cross.towers }
    guard let base, let models = environment.shippedModels else { throw missing(base) }
    return try await CrossReranker(
      provider: id, name: cross.name, over: base, in: models,
      environment: environment)
  }

  /// Where the files of a version are; `nil` when the shipped models cannot be found.
  private static func folder(
    of version: ShippedVersion, in environment: ProviderEnvironment
  ) -> String? {
    if !environment.isMiniNamed, version == ShippedVersion.all[0] { return environment.miniFolder }
    return environment.shippedModels.map { "\($0)/\(version.folder)" }
  }

  private static func missing(_ version: ShippedVersion?) -> ParallaxError {
    ParallaxError(
      .missingComponent,
      "the files of the embedded model \(version.map { "'\(name(of: $0))' " } ?? "")were not found",
      hint: "set PARALLAX_MINI to their folder")
  }
}
