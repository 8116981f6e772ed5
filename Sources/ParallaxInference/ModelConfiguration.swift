private import ParallaxCore

/// What is read of `config.json`.
struct ModelConfiguration: Decodable {
  /// The architecture, such as `clip` or `siglip`.
  var modelType: String?
  /// Tokens a text may have.
  var maximumPositions: Int?
  var prompts: [String: String] = [:]
  var matryoshkaDimensions: [Int] = []
  /// The image tower's output that holds the vectors of a task, by task.
  var imageTasks: [String: String] = [:]
  var version: String?

  private enum Key: String, CodingKey {
    case modelType = "model_type"
    case textConfiguration = "text_config"
    case maximumPositions = "max_position_embeddings"
    case prompts
    case matryoshkaDimensions = "matryoshka_dims"
    case imageTasks = "image_tasks"
    case version
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    modelType = try container.decodeIfPresent(String.self, forKey: .modelType)
    let text = try? container.nestedContainer(keyedBy: Key.self, forKey: .textConfiguration)
    maximumPositions =
      try text?.decodeIfPresent(Int.self, forKey: .maximumPositions)
      ?? container.decodeIfPresent(Int.self, forKey: .maximumPositions)
    prompts = try container.decodeIfPresent([String: String].self, forKey: .prompts) ?? [:]
    matryoshkaDimensions =
      try container.decodeIfPresent([Int].self, forKey: .matryoshkaDimensions) ?? []
    imageTasks = try container.decodeIfPresent([String: String].self, forKey: .imageTasks) ?? [:]
    version =
      try (try? container.decodeIfPresent(String.self, forKey: .version))
      ?? container.decodeIfPresent(Double.self, forKey: .version).map { "\($0)" }
  }

  /// Whether the architecture was trained on texts filled up to the longest length.
  var padsToMaximum: Bool { modelType?.hasPrefix("siglip") ?? false }

  /// Whether a sequence of outputs begins with a token that stands for the whole image.
  var hasClassToken: Bool {
    ["vit", "deit", "dinov2", "dinov2_with_registers"].contains(modelType ?? "")
  }

  /// - Throws: `invalid-model` for a prefix that is no part of `dimension`.
  func prefixes(within dimension: Int) throws -> [Int] {
    for prefix in matryoshkaDimensions where prefix < 1 || prefix > dimension {
      throw ParallaxError(
        .invalidModel,
        "'matryoshka_dims' takes numbers from 1 to \(dimension), the model's dimension; "
          + "got \(prefix)")
    }
    return Set(matryoshkaDimensions).filter { $0 < dimension }.sorted()
  }
}
