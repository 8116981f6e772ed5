import ParallaxCore
private import ParallaxSystem

/// The part of a model that turns pictures into vectors.
struct ImageTower: Sendable {
  let session: OnnxSession
  let output: EmbeddingOutput
  private let batch: Batch
  private let input: PixelInput

  /// Whether a session reads pictures.
  static func input(of session: OnnxSignature) -> OnnxSession.Port? {
    PixelInput.port(of: session)
  }

  /// The size of the pictures that a model takes; `nil` where it declares none.
  static func size(declaredBy signature: OnnxSignature) -> ImageTransform.Size? {
    PixelInput.size(declaredBy: signature)
  }

  /// - Parameter task: an image task of the configuration; `nil` for the usual output.
  /// - Throws: `invalid-model` for inputs or outputs that cannot be followed.
  init(
    session: OnnxSession, configuration: ModelConfiguration, preprocessing: ImagePreprocessing,
    isDynamicallyQuantized: Bool, isCombined: Bool, task: String? = nil
  ) throws {
    let signature = session.signature
    guard let port = Self.input(of: signature) else {
      throw InputError.noInput("images", of: signature)
    }
    if !isCombined, let other = signature.inputs.first(where: { $0 != port }) {
      throw InputError.unreadable(
        other, of: signature, "is not a known input of an image model")
    }
    self.session = session
    input = try PixelInput(port, of: signature, preprocessing)
    batch = Batch(port.dimensions[0], mayShare: !isDynamicallyQuantized)
    output = try Self.chosenOutput(of: signature, configuration, task)
  }

  /// Which output holds the vectors, as far as a file tells; `nil` where only a session will.
  static func output(
    of signature: OnnxSignature, _ configuration: ModelConfiguration, _ task: String? = nil
  ) -> EmbeddingOutput? {
    try? chosenOutput(of: signature, configuration, task)
  }

  private static func chosenOutput(
    of signature: OnnxSignature, _ configuration: ModelConfiguration, _ task: String?
  ) throws -> EmbeddingOutput {
    if let task {
      let name = configuration.imageTasks[task] ?? ""
      guard signature.outputs.contains(where: { $0.name == name }) else {
        throw ParallaxError(
          .invalidModel,
          "'\(PathText.name(of: signature.path))' has no output '\(name)', which 'image_tasks' of "
            + "'config.json' names for '\(task)'")
      }
      return try EmbeddingOutput(of: signature, named: [name], hasClassToken: false)
    }
    return try EmbeddingOutput(
      of: signature, named: ["image_embeds", "image_embeddings"],
      hasClassToken: configuration.hasClassToken)
  }

  /// One vector an image, as the model gives it, or how it failed on that image.
  ///
  /// - Parameter companions: what the session must be given beside the images.
  /// - Throws: `invalid-value` for an image of another size.
  func vectors(
    of images: [PixelBuffer], companions: [(name: String, tensor: Tensor)]
  ) throws -> [Result<[Float], ParallaxError>] {
    try input.check(images)
    return try batch.answers(for: images.count) { range in
      let inputs = companions + [(input.name, input.tensor(images[range], slots: batch.slots))]
      let outputs = try session.run(inputs, outputs: [output.name])
      return try output.vectors(in: outputs[0], count: range.count)
    }
  }

  /// Some outputs for one image, as the session gives them.
  func outputs(_ names: [String], of image: PixelBuffer) throws -> [Tensor] {
    try input.check([image])
    let tensor = input.tensor([image], slots: batch.slots)
    return try session.run([(input.name, tensor)], outputs: names)
  }

  /// A black picture, for a session that must have one.
  func placeholder() -> [(name: String, tensor: Tensor)] {
    [(input.name, input.tensor([input.black], slots: batch.slots))]
  }
}
