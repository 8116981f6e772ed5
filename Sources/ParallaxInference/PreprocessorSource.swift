private import ParallaxCore

/// Where the settings of a model's image processor are written.
///
/// `transformers` 5 nests them in `processor_config.json`, under `image_processor`; what it and others
/// wrote before is `preprocessor_config.json`. The nested ones come first, as they do there; both may
/// stand beside a model as long as they say the same.
struct PreprocessorSource {
  /// `nil` where nothing is written.
  let file: PreprocessorFile?
  /// The file's name, for messages.
  let name: String
  /// The file that was followed.
  let path: String?

  private struct Nested: Decodable {
    var imageProcessor: PreprocessorFile?

    private enum CodingKeys: String, CodingKey {
      case imageProcessor = "image_processor"
    }
  }

  static let nestedName = "processor_config.json"
  static let plainName = "preprocessor_config.json"

  /// - Throws: `invalid-model` for a damaged file, and for two files that differ.
  init(beside model: ModelFiles, architecture: String?) throws {
    let nestedPath = model.neighbour(Self.nestedName)
    let plainPath = model.neighbour(Self.plainName)
    let nested = try nestedPath.flatMap {
      try JSONFile.decode(Nested.self, at: $0, architecture: architecture).imageProcessor
    }
    let plain = try plainPath.map {
      try JSONFile.decode(PreprocessorFile.self, at: $0, architecture: architecture)
    }
    if let nested, let plain, nested.steps != plain.steps {
      throw ParallaxError(
        .invalidModel,
        "'\(Self.nestedName)' and '\(Self.plainName)' contradict each other about images",
        hint: "remove the one that the model was not trained with")
    }
    (file, name, path) =
      nested == nil
      ? (plain, Self.plainName, plainPath) : (nested, Self.nestedName, nestedPath)
  }

  /// The settings of one file, or none.
  init(_ file: PreprocessorFile?, name: String = plainName) {
    (self.file, self.name, path) = (file, name, nil)
  }
}
