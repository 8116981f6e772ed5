package import ParallaxCore
internal import ParallaxHTTP

/// Google's models on Vertex AI, asked under a Google Cloud project.
package enum VertexProvider: Provider {
  package static let id = "vertex"
  package static let summary =
    "Google's Vertex AI; needs GOOGLE_CLOUD_PROJECT and a login, a key file or a token"
  package static let isRemote = true
  package static let models = [
    ModelDescription(
      name: prefix + gemini, summary: "images and text, 128 to 3072 dimensions, multilingual",
      price: ModelPrice(
        dollarsPerImage: 0.00012, dollarsPerMillionTokens: 0.20, date: "2026-11"),
      facts: [
        .init("inputs", "images, text (8,192 tokens), both as one"),
        .init("dimensions", "128 to 3072; 768, 1536 and 3072 are recommended"),
        .init("task types", GeminiTask.all.map(\.name).joined(separator: ", ")),
        .init("how a task is sent", "as a prefix of the text; images are sent without one"),
        .init("in a request", "one item"), .init("locations", "global (unless set), us, eu"),
        .init("jobs", "'embed --batch', through a bucket of Google Cloud Storage ('--bucket')"),
      ] + connection),
    ModelDescription(
      name: prefix + multimodal, summary: "images and English text, 128 to 1408 dimensions",
      price: ModelPrice(dollarsPerImage: 0.0001, dollarsPerMillionTokens: 0.80, date: "2026-11"),
      facts: [
        .init("inputs", "images, text (32 tokens, English)"),
        .init("dimensions", "128, 256, 512 or 1408"), .init("in a request", "one item"),
        .init("locations", "regions; us-central1 unless set"),
        .init("end", "announced for 2027-04-01"),
      ] + connection),
  ]

  private static let prefix = "vertex:"
  private static let gemini = "gemini-embedding-2"
  private static let multimodal = "multimodalembedding@001"

  private static let connection: [ModelDescription.Fact] = [
    .init("project", "GOOGLE_CLOUD_PROJECT, else that of the credentials file"),
    .init("location", "GOOGLE_CLOUD_LOCATION"),
    .init(
      "access",
      "a token in \(GoogleAccess.tokenNames.joined()), else the credentials file that "
        + "GOOGLE_APPLICATION_CREDENTIALS names, else 'gcloud auth print-access-token'"),
    .init("address", "by location, or PARALLAX_VERTEX_URL"),
  ]

  package static func recognizes(model: String) -> Bool { model.hasPrefix(prefix) }

  package static func makeEmbedder(
    _ request: EmbedderRequest, in environment: ProviderEnvironment
  ) async throws -> any Embedder {
    let name = String(request.model.dropFirst(prefix.count))
    let isMultimodal = name.hasPrefix("multimodalembedding")
    let model =
      isMultimodal
      ? RemoteModel(
        provider: id, name: request.model, dimensions: [128, 256, 512], fullDimension: 1408,
        textTokens: 32, batch: 1, concurrency: 8)
      : RemoteModel(
        provider: id, name: request.model, dimensions: [128, 256, 512, 768, 1536],
        range: 128...3072, fullDimension: 3072, joinsText: true,
        tasks: GeminiTask.all.map { ($0.name, $0.queryName) }, textTokens: 8_192, batch: 1,
        concurrency: 16)
    let dimension = try model.dimension(request)
    let task = try model.task(request).flatMap { asked in
      GeminiTask.all.first { $0.name == asked.name }
    }
    let endpoint = try endpoint(of: name, isMultimodal: isMultimodal, environment)
    let api: any EmbeddingAPI =
      isMultimodal
      ? VertexPredictAPI(endpoint: endpoint, dimension: dimension)
      : VertexAPI(
        endpoint: endpoint, dimension: dimension,
        storage: GoogleStorage(
          base: environment.address(of: "\(id)_storage", own: GoogleStorage.address),
          access: endpoint.access))
    return try model.embedder(request, api: api, prefixes: task?.prefixes ?? [:], in: environment)
  }

  private static func endpoint(
    of model: String, isMultimodal: Bool, _ environment: ProviderEnvironment
  ) throws -> VertexEndpoint {
    let (source, ownProject) = try source(environment)
    let named = environment.variables["GOOGLE_CLOUD_PROJECT"] ?? ownProject
    guard let project = named ?? (environment.isOffline ? "offline" : nil) else {
      throw ParallaxError(
        .missingComponent, "provider 'vertex' needs the name of a Google Cloud project",
        hint: "export GOOGLE_CLOUD_PROJECT=…")
    }
    var location = environment.variables["GOOGLE_CLOUD_LOCATION"] ?? "global"
    if isMultimodal, ["global", "us", "eu"].contains(location) { location = "us-central1" }
    let own = "https://\(host(of: location))/v1beta1"
    return VertexEndpoint(
      base: Address.appending(
        "/projects/\(project)/locations/\(location)", to: environment.address(of: id, own: own)),
      model: model,
      access: GoogleAccess(
        source, client: environment.client()))
  }

  private static func source(
    _ environment: ProviderEnvironment
  ) throws -> (GoogleAccess.Source, project: String?) {
    let names = GoogleAccess.tokenNames
    let namesToken = names.contains {
      environment.variables[$0] != nil || environment.variables["\($0)_FILE"] != nil
    }
    if namesToken || environment.isOffline {
      return (.token(try environment.key(names, of: id, hint: "")), nil)
    }
    if let path = environment.variables["GOOGLE_APPLICATION_CREDENTIALS"] {
      let credentials = try GoogleCredentials(fileAt: path)
      return (.credentials(credentials), credentials.project)
    }
    return (.gcloud, nil)
  }

  private static func host(of location: String) -> String {
    switch location {
    case "global": "aiplatform.googleapis.com"
    case "us", "eu": "aiplatform.\(location).rep.googleapis.com"
    default: "\(location)-aiplatform.googleapis.com"
    }
  }
}
