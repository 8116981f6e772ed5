package import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
package import ParallaxStorage

/// What a space shall be that is made beside another one; `nil` for what the other one is.
package struct ReembedRequest: Sendable, Hashable {
  /// Of the new space.
  package var name: String
  /// `nil` for the model of the old space, as it is now.
  package var model: String?
  package var dimension: Int?
  package var task: String?
  package var content: EmbeddedContent?
  /// Whether the new space must exist.
  package var resumes = false

  package init(name: String) { self.name = name }

  fileprivate var saysModel: Bool {
    model != nil || dimension != nil || task != nil || content != nil
  }
}

/// How a space is made beside another one.
package struct Reembedding: Sendable {
  package var old: Space
  /// Makes the new space, or goes on with it.
  package internal(set) var request: EmbedRequest
  /// What was taken over from the old space, and what the new model does not have.
  package internal(set) var notes: [String] = []
}

extension Workbench {
  /// What of an old space a new one takes over, found out without spending anything.
  ///
  /// Whatever is not asked for is that of the old space: model, content, and, where the new model has
  /// them, task and dimension. A space that exists goes on with its own model unless one is asked for.
  ///
  /// - Throws: `already-exists` when the new space would be the old one, or have its identity; what
  ///   opens no model.
  @concurrent package func reembedding(
    _ request: ReembedRequest, of old: Space, budget: Int?
  ) async throws -> Reembedding {
    guard request.name != old.name else {
      throw ParallaxError(
        .alreadyExists, "'\(old.reference)' is the space to be embedded again",
        hint: "--as takes the name of the new one", parameter: "as")
    }
    let existing = try workspace.spaces(in: old.collection).first { $0.name == request.name }
    var asked = EmbedRequest(name: request.name, model: EmbedderRequest(old.spec))
    asked.resumes = request.resumes
    asked.insistsOnModel = request.saysModel
    if let existing, !request.saysModel {
      try checkDiffers(existing.spec, from: old)
      return Reembedding(old: old, request: asked)
    }
    var choice = InheritedChoice(request, old)
    let embedder = try await choice.settle { model, provider in
      try await models.embedder(
        for: model, provider: provider, subject: "\(old.collection.name)@\(request.name)",
        budget: budget, isForEstimate: true)
    }
    try checkDiffers(embedder.spec, from: old)
    (asked.model, asked.provider) = (choice.model, choice.provider)
    return Reembedding(
      old: old, request: asked, notes: existing == nil ? choice.notes(embedder) : [])
  }

  private func checkDiffers(_ spec: EmbeddingSpec, from old: Space) throws {
    guard spec == old.spec else { return }
    throw ParallaxError(
      .alreadyExists,
      "'\(old.reference)' has this identity already, so there is nothing to gain: "
        + "\(spec.model), version \(spec.version), \(spec.dimension) dimensions",
      hint: "--model, --task, --dim or --content ask for another one; 'embed "
        + "\(old.collection.name) --as \(old.name)' embeds what '\(old.reference)' lacks")
  }
}

/// The model that a request asks for, with what the old space leaves to it.
private struct InheritedChoice {
  let request: ReembedRequest
  let old: Space
  private(set) var model: EmbedderRequest
  /// A model that is not named is the old provider's.
  let provider: String?

  init(_ request: ReembedRequest, _ old: Space) {
    (self.request, self.old) = (request, old)
    provider = request.model == nil ? old.spec.provider : nil
    model = EmbedderRequest(
      model: request.model ?? old.spec.model, content: request.content ?? old.spec.content)
  }

  /// Takes dimension and task over as far as the model has them.
  ///
  /// - Throws: what refuses the model without them.
  mutating func settle(
    _ open: (EmbedderRequest, String?) async throws -> any Embedder
  ) async throws -> any Embedder {
    let dimensions = request.dimension.map { [$0] } ?? [old.spec.dimension, nil]
    let tasks = request.task.map { [$0] } ?? old.spec.task.map { [$0, nil] } ?? [nil]
    var refusal = ParallaxError(.unsupported, "model '\(model.model)' cannot be used")
    for dimension in dimensions {
      for task in tasks {
        (model.dimension, model.task) = (dimension, task)
        do { return try await open(model, provider) } catch let error as ParallaxError
          where error.code == .unsupported
        { refusal = error }
      }
    }
    throw refusal
  }

  /// What of the new space is as before, what is not, and what that means.
  func notes(_ embedder: any Embedder) -> [String] {
    let spec = embedder.spec
    let name = "\(old.collection.name)@\(request.name)"
    var kept: [String] = []
    if request.model == nil { kept.append("model \(spec.model)") }
    if request.content == nil, spec.content != .image { kept.append("content \(spec.content)") }
    if request.task == nil, let task = spec.task { kept.append("task \(task)") }
    if request.dimension == nil, spec.dimension == old.spec.dimension {
      kept.append("\(spec.dimension) dimensions")
    }
    var notes: [String] = []
    if !kept.isEmpty {
      notes.append("\(name) takes over from \(old.reference): \(kept.joined(separator: ", "))")
    }
    if request.task == nil, let task = old.spec.task, spec.task == nil {
      notes.append("'\(spec.model)' has no task type \(task): \(name) has none")
    }
    if request.dimension == nil, spec.dimension != old.spec.dimension {
      notes.append(
        "'\(spec.model)' gives no vectors of \(old.spec.dimension) dimensions: those of \(name) have "
          + "\(spec.dimension)")
    }
    let changes = spec.differences(from: old.spec).filter { $0.name != "query task" }
    let words = changes.map { "\($0.name) \(Self.word($0.own)), not \(Self.word($0.other))" }
    notes.append("\(name) has another identity: \(words.joined(separator: "; "))")
    if changes.map(\.name) == ["task"], spec.content == .image,
      embedder.capabilities.sharesImages(spec.task, old.spec.task)
    {
      notes.append(
        "'\(spec.model)' gives an image the same vector under every task: only the texts that ask "
          + "for images are embedded in another way")
    }
    return notes
  }

  private static func word(_ value: String) -> String { value.isEmpty ? "none" : value }
}
