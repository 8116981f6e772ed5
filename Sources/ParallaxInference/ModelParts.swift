import ParallaxCore

/// Everything a model folder is made of, loaded.
struct ModelParts {
  private(set) var image: ImageTower?
  private(set) var text: TextTower?
  private(set) var configuration = ModelConfiguration()
  private(set) var isCombined = false
  private(set) var isDynamicallyQuantized = false
  /// Every file read, sorted.
  private(set) var files: [String] = []

  private let found: ModelFiles
  private let runtime: OnnxRuntime
  private let threads: Int

  /// - Throws: `unreadable-file` and `invalid-model`, naming the file at fault.
  init(at path: String, runtime: @autoclosure () throws -> OnnxRuntime, threads: Int) throws {
    found = try ModelFiles(at: path)
    self.runtime = try runtime()
    self.threads = threads
    if let path = found.neighbour("config.json") {
      configuration = try JSONFile.decode(ModelConfiguration.self, at: path)
      files.append(path)
    }
    if let path = found.image { try addImageTower(try load(path)) }
    if let path = found.text { try addTextTower(try load(path)) }
    if let path = found.either { try addTowers(of: try load(path)) }
    files = Set(files).sorted()
  }

  /// The dimension of the towers, as declared or as found by a trial.
  ///
  /// - Throws: `invalid-model` when the towers differ.
  func dimension() throws -> Int {
    let imageDimension = try image.map {
      try $0.output.declaredDimension ?? trial($0.session, $0.output)
    }
    let textDimension = try text.map {
      try $0.output.declaredDimension ?? trial($0.session, $0.output)
    }
    if let imageDimension, let textDimension, imageDimension != textDimension {
      throw ParallaxError(
        .invalidModel,
        "the towers do not belong together: images have \(imageDimension) dimensions, "
          + "texts \(textDimension)")
    }
    guard let dimension = imageDimension ?? textDimension, dimension > 0 else {
      throw ParallaxError(.invalidModel, "the model's vectors have no dimensions")
    }
    return dimension
  }

  private func trial(_ session: OnnxSession, _ output: EmbeddingOutput) throws -> Int {
    var inputs: [(name: String, tensor: Tensor)] = []
    if let image, image.session === session { inputs += image.placeholder() }
    if let text, text.session === session { inputs += try text.placeholder() }
    let outputs = try session.run(inputs, outputs: [output.name])
    return try output.vectors(in: outputs[0], count: 1)[0].count
  }

  private mutating func load(_ path: String) throws -> OnnxSession {
    let scan = try ModelScan(fileAt: path)
    if scan.isDynamicallyQuantized { isDynamicallyQuantized = true }
    files += [path] + scan.externalFiles
    return try OnnxSession(model: path, runtime: runtime, threads: threads)
  }

  private mutating func addTowers(of session: OnnxSession) throws {
    let readsText = TextTower.input(of: session) != nil
    isCombined = readsText && ImageTower.input(of: session) != nil
    if isCombined || !readsText { try addImageTower(session) }
    if readsText { try addTextTower(session) }
  }

  private mutating func addImageTower(_ session: OnnxSession) throws {
    let input = ImageTower.input(of: session)
    if !isCombined, let other = session.inputs.first(where: { $0 != input }), input != nil {
      throw InputError.unreadable(
        other, of: session, "is not an input of an image model known here")
    }
    let preprocessor = found.neighbour("preprocessor_config.json")
    if let preprocessor { files.append(preprocessor) }
    image = try ImageTower(
      session: session, configuration: configuration, preprocessor: preprocessor,
      isDynamicallyQuantized: isDynamicallyQuantized)
  }

  private mutating func addTextTower(_ session: OnnxSession) throws {
    let tokenizer = try LoadedTokenizer(beside: found)
    files += tokenizer.files
    text = try TextTower(
      session: session, configuration: configuration, tokenizer: tokenizer,
      isDynamicallyQuantized: isDynamicallyQuantized)
  }
}
