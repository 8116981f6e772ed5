internal import ParallaxCore
internal import ParallaxGeometry
internal import ParallaxImaging

/// Counts the local features of two pictures that agree with one transform.
struct GeometricReranker: PairExplaining {
  let spec: RerankerSpec
  let capabilities = RerankerCapabilities(
    readsQuestionText: false, readsQuestionImages: true, readsImages: true)
  private let library: GeometryLibrary
  private let decoder: ImageDecoder
  private let memory: FeatureMemory

  init(
    model: String, library: GeometryLibrary, decoder: ImageDecoder,
    memory: FeatureMemory = .shared
  ) {
    self.library = library
    self.decoder = decoder
    self.memory = memory
    spec = RerankerSpec(
      provider: GeometricProvider.id, model: model, version: library.version, scale: .inliers,
      settings: GeometrySettings.identity + ["processor=\(Self.processor)"])
  }

  /// Compilers fuse multiplications with additions on some kinds of processors, which moves a feature by a
  /// fraction of a pixel: scores of two kinds are not the same.
  private static var processor: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }

  @concurrent func scores(
    of candidates: [ModelInput], for question: ModelInput
  ) async throws -> [Result<Double, ParallaxError>] {
    let asked = try await asked(question)
    return try await candidates.concurrentOutcomes { candidate in
      Double(try await best(of: candidate, among: asked).agreement.inliers)
    }
  }

  @concurrent func explanation(
    of candidate: ModelInput, for question: ModelInput
  ) async throws -> [(name: String, value: String)] {
    try await best(of: candidate, among: asked(question)).facts
  }

  /// The pictures of a question.
  ///
  /// - Throws: `unsupported` when it holds anything else, or none; what is wrong with one of them.
  private func asked(_ question: ModelInput) async throws -> [LookedAt] {
    var pictures: [LookedAt] = []
    for part in question.parts {
      guard case .image(let path, let hash) = part else {
        throw ParallaxError(
          .unsupported,
          "'\(spec.model)' compares pictures and reads no text; got '\(question.name)'",
          hint: "ask with an image alone (--image, --like), or rerank with a model that reads text")
      }
      pictures.append(try await look(at: path, hash))
    }
    return pictures
  }

  /// Of several pictures of a question, the one that agrees best; the first of equal ones.
  private func best(of candidate: ModelInput, among asked: [LookedAt]) async throws -> Compared {
    guard let part = candidate.parts.first, case .image(let path, let hash) = part else {
      throw ParallaxError(
        .unsupported, "'\(spec.model)' compares pictures; '\(candidate.name)' is none")
    }
    let picture = try await look(at: path, hash)
    var best: Compared?
    for first in asked {
      let agreement = try library.agreement(of: first.features, with: picture.features)
      if let best, agreement.inliers <= best.agreement.inliers { continue }
      best = Compared(question: first, candidate: picture, agreement: agreement)
    }
    guard let best else {
      throw ParallaxError(.unsupported, "'\(spec.model)' needs a question with an image")
    }
    return best
  }

  private func look(at path: String, _ hash: ContentHash?) async throws -> LookedAt {
    if let hash, let kept = memory[hash] { return kept }
    let (properties, pixels) = try await decoder.decode(
      path, GeometrySettings.transform, expecting: hash)
    let picture = LookedAt(
      width: properties.width, height: properties.height,
      features: try library.features(of: pixels))
    if let hash { memory[hash] = picture }
    return picture
  }
}

/// The features of a picture, and the size of the file's picture in pixels.
struct LookedAt: Sendable {
  var width: Int
  var height: Int
  var features: LocalFeatures

  /// How many pixels of the file's picture one looked-at pixel is.
  var magnification: (across: Double, down: Double) {
    (Double(width) / Double(features.width), Double(height) / Double(features.height))
  }
}

/// What a comparison found.
private struct Compared {
  var question: LookedAt
  var candidate: LookedAt
  var agreement: Agreement

  var facts: [(name: String, value: String)] {
    let features = agreement.features
    var facts = [
      ("inliers", "\(agreement.inliers)"),
      ("matches", "\(agreement.matches)"),
      ("features", "\(features.first) of the question, \(features.second) of the candidate"),
    ]
    guard let map = agreement.map else {
      facts.append(("transform", "none: \(agreement.refusal ?? "nothing agrees")"))
      return facts
    }
    let whole = map.resized(from: question.magnification, to: candidate.magnification)
    facts += [
      ("rotation", "\(Self.rounded(whole.rotation, 10))°"),
      ("scale", Self.rounded(whole.scale, 1000)),
      ("stretch", Self.rounded(whole.stretch, 1000)),
      ("translation", "\(Self.rounded(whole.x, 10)), \(Self.rounded(whole.y, 10)) pixels"),
      (
        "matrix",
        "[\(Self.rounded(whole.xx, 10000)), \(Self.rounded(whole.xy, 10000)), "
          + "\(Self.rounded(whole.x, 10)); \(Self.rounded(whole.yx, 10000)), "
          + "\(Self.rounded(whole.yy, 10000)), \(Self.rounded(whole.y, 10))]"
      ),
    ]
    return facts
  }

  /// To one part in `parts`; never `-0.0`.
  private static func rounded(_ number: Double, _ parts: Double) -> String {
    "\((number * parts).rounded() / parts + 0)"
  }
}
