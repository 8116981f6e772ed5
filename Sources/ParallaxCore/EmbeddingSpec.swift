/// What of an item a vector stands for.
package enum EmbeddedContent: String, Sendable, Hashable, CaseIterable {
  case image, text
  /// Image and text together, as one vector of the model's own making.
  case joint

  /// What a vector is counted as: `image` or `text`.
  package var noun: String { self == .text ? "text" : "image" }
}

/// The identity of a space: what must be equal for two vectors to be comparable.
package struct EmbeddingSpec: Sendable, Hashable {
  /// The provider's id in the registry, such as `mini`, `onnx` or `gemini`.
  package var provider: String
  /// The model as named to the provider.
  package var model: String
  /// The model's version; for local models a digest of its files.
  package var version: String
  /// The document side, such as `RETRIEVAL_DOCUMENT`; `nil` where the model has none.
  package var task: String?
  /// The task used for queries against the space.
  package var queryTask: String?
  package var dimension: Int
  /// `ImageTransform.identity`, or what a provider does to pixels before sending.
  package var preprocessing: String
  /// Whether stored vectors have unit length.
  package var isNormalized: Bool
  package var content: EmbeddedContent

  /// The task under which pictures lie by what they are copies of, not by what they show.
  package static let copyTask = "COPY"

  /// Whether its vectors tell copies of a picture from other pictures.
  package var isOfCopies: Bool { task == Self.copyTask && content == .image }

  package init(
    provider: String, model: String, version: String, task: String? = nil,
    queryTask: String? = nil, dimension: Int, preprocessing: String, isNormalized: Bool = true,
    content: EmbeddedContent = .image
  ) {
    self.provider = provider
    self.model = model
    self.version = version
    self.task = task
    self.queryTask = queryTask
    self.dimension = dimension
    self.preprocessing = preprocessing
    self.isNormalized = isNormalized
    self.content = content
  }

  /// The fields with their names in a fixed order, for provenance and comparison.
  package var fields: [(name: String, value: String)] {
    [
      ("provider", provider), ("model", model), ("version", version), ("task", task ?? ""),
      ("query task", queryTask ?? ""), ("dimension", String(dimension)),
      ("preprocessing", preprocessing), ("normalized", isNormalized ? "true" : "false"),
      ("content", content.rawValue),
    ]
  }

  /// The identity of which ``fields`` are known.
  ///
  /// - Parameter value: of a field, by its name.
  /// - Returns: `nil` unless all are there and mean something.
  package init?(_ value: (String) -> String?) {
    func text(_ name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }
    guard let provider = text("provider"), let model = text("model"), let version = text("version"),
      let dimension = text("dimension").flatMap({ Int($0) }), dimension > 0,
      let preprocessing = value("preprocessing"),
      let isNormalized = ["true": true, "false": false][value("normalized") ?? ""],
      let content = value("content").flatMap({ EmbeddedContent(rawValue: $0) })
    else { return nil }
    self.init(
      provider: provider, model: model, version: version, task: text("task"),
      queryTask: text("query task"), dimension: dimension, preprocessing: preprocessing,
      isNormalized: isNormalized, content: content)
  }

  /// A field in which two identities differ.
  package struct Difference: Sendable, Hashable {
    package var name: String
    /// What the one says, and the other.
    package var own: String
    package var other: String
  }

  /// The fields in which `other` differs, in the order of ``fields``; empty for an equal one.
  package func differences(from other: EmbeddingSpec) -> [Difference] {
    zip(fields, other.fields).filter { $0.value != $1.value }
      .map { Difference(name: $0.name, own: $0.value, other: $1.value) }
  }

  /// One line that two specs share exactly when they are equal.
  ///
  /// `image` is omitted: existing identities predate the field.
  package var identity: String {
    fields.filter { $0.name != "content" || content != .image }
      .map { "\($0.name)=\($0.value)" }.joined(separator: ";")
  }
}
