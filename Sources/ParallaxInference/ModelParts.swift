import ParallaxCore

/// Everything a model folder is made of. What its small files and the heads of its large ones tell is
/// read at once; a tower is opened when it is first asked for.
struct ModelParts: Sendable {
  let image: ImagePart?
  let text: TextPart?
  let configuration: ModelConfiguration
  /// What images are turned into vectors for; `nil` for the usual vectors.
  let imageTask: String?
  /// Whether one file holds both towers, and so must be given an input for each.
  let isCombined: Bool
  /// Every file that decides a vector, sorted.
  let files: [String]
  let notes: [String]
  let warnings: [String]
  /// The file of a background of questions.
  private let backgroundFile: String?

  struct ImagePart: Sendable {
    let signature: OnnxSignature
    let preprocessing: ImagePreprocessing
    let tower: Lazy<ImageTower>
  }

  struct TextPart: Sendable {
    let signature: OnnxSignature
    let files: TokenizerFiles
    let session: Lazy<OnnxSession>
    let tokenizer: Lazy<any TextTokenizer>
    let tower: Lazy<TextTower>
  }

  /// - Parameter task: counts where the configuration names an output of the image tower for it.
  /// - Throws: `unreadable-file` and `invalid-model`, naming the file at fault.
  init(
    at path: String, task: String? = nil, runtime: @escaping @Sendable () throws -> OnnxRuntime,
    threads: Int
  ) throws {
    let found = try ModelFiles(at: path)
    var files: [String] = []
    if let path = found.neighbour("config.json") {
      configuration = try JSONFile.decode(ModelConfiguration.self, at: path)
      files.append(path)
    } else {
      configuration = ModelConfiguration()
    }
    let imageTasks = configuration.imageTasks
    imageTask = task.flatMap { imageTasks[$0] == nil ? nil : $0 }
    func opened(_ scan: ModelScan) -> Lazy<OnnxSession> {
      files += [scan.signature.path] + scan.externalFiles
      return Lazy {
        try OnnxSession(model: scan.signature.path, runtime: runtime(), threads: threads)
      }
    }
    var (imageScan, textScan) = try (
      found.image.map(ModelScan.init(fileAt:)), found.text.map(ModelScan.init(fileAt:))
    )
    var (imageSession, textSession) = (imageScan.map(opened), textScan.map(opened))
    var isCombined = false
    if let either = found.either {
      let scan = try ModelScan(fileAt: either)
      let session = opened(scan)
      let readsText = TextTower.input(of: scan.signature) != nil
      isCombined = readsText && ImageTower.input(of: scan.signature) != nil
      if isCombined || !readsText { (imageScan, imageSession) = (scan, session) }
      if readsText { (textScan, textSession) = (scan, session) }
    }
    self.isCombined = isCombined
    var warnings = found.warnings
    if let imageScan, let imageSession {
      let source = try PreprocessorSource(beside: found, architecture: configuration.modelType)
      files += [source.path].compactMap { $0 }
      image = try Self.image(
        imageScan, imageSession, source, configuration, isCombined, imageTask)
      warnings += image?.preprocessing.warnings ?? []
    } else {
      image = nil
    }
    if let textScan, let textSession {
      let tokenizer = try TokenizerFiles(beside: found)
      files += tokenizer.files
      text = try Self.text(textScan, textSession, tokenizer, configuration)
      warnings += tokenizer.warnings
    } else {
      text = nil
    }
    (notes, self.warnings) = (found.notes, warnings)
    backgroundFile = found.neighbour("background.json")
    self.files = Set(files).sorted()
  }

  private static func image(
    _ scan: ModelScan, _ session: Lazy<OnnxSession>, _ source: PreprocessorSource,
    _ configuration: ModelConfiguration, _ isCombined: Bool, _ task: String?
  ) throws -> ImagePart {
    // A file without inputs is no model, which a session will say with a reason.
    if !scan.signature.inputs.isEmpty, ImageTower.input(of: scan.signature) == nil {
      throw InputError.noInput("images", of: scan.signature)
    }
    let preprocessing = try ImagePreprocessing(
      source, input: ImageTower.size(declaredBy: scan.signature))
    return ImagePart(
      signature: scan.signature, preprocessing: preprocessing,
      tower: Lazy {
        try ImageTower(
          session: session.get(), configuration: configuration, preprocessing: preprocessing,
          isDynamicallyQuantized: scan.isDynamicallyQuantized, isCombined: isCombined, task: task)
      })
  }

  private static func text(
    _ scan: ModelScan, _ session: Lazy<OnnxSession>, _ files: TokenizerFiles,
    _ configuration: ModelConfiguration
  ) throws -> TextPart {
    if !scan.signature.inputs.isEmpty, TextTower.input(of: scan.signature) == nil {
      throw InputError.noInput("texts", of: scan.signature)
    }
    let tokenizer = Lazy<any TextTokenizer> { try files.load() }
    return TextPart(
      signature: scan.signature, files: files, session: session, tokenizer: tokenizer,
      tower: Lazy {
        try TextTower(
          session: session.get(), configuration: configuration, tokenizer: tokenizer.get(),
          files: files, isDynamicallyQuantized: scan.isDynamicallyQuantized)
      })
  }

  /// The dimension of the towers, as their files declare it, or as a trial finds it.
  ///
  /// - Throws: `invalid-model` when the towers differ.
  func dimension() throws -> Int {
    let (image, text) = try (imageDimension(), imageTask == nil ? textDimension() : nil)
    if let image, let text, image != text {
      throw ParallaxError(
        .invalidModel,
        "the towers do not belong together: images have \(image) dimensions, texts \(text)")
    }
    guard let dimension = image ?? text, dimension > 0 else {
      throw ParallaxError(.invalidModel, "the model's vectors have no dimensions")
    }
    return dimension
  }

  /// - Throws: `unreadable-file`; `invalid-model` for a background of another dimension.
  func background(dimension: Int) throws -> QuestionBackground? {
    guard let path = backgroundFile else { return nil }
    let file = try JSONFile.decode(BackgroundFile.self, at: path)
    return try file.background(dimension: dimension, at: path)
  }

  private func imageDimension() throws -> Int? {
    guard let image else { return nil }
    if let declared = ImageTower.output(
      of: image.signature, configuration, imageTask)?.declaredDimension
    {
      return declared
    }
    let tower = try image.tower.get()
    return try tower.output.declaredDimension ?? trial(tower.session, tower.output)
  }

  private func textDimension() throws -> Int? {
    guard let text else { return nil }
    if let declared = TextTower.output(of: text.signature)?.declaredDimension { return declared }
    let tower = try text.tower.get()
    return try tower.output.declaredDimension ?? trial(tower.session, tower.output)
  }

  private func trial(_ session: OnnxSession, _ output: EmbeddingOutput) throws -> Int {
    var inputs: [(name: String, tensor: Tensor)] = []
    if let tower = try image?.tower.get(), tower.session === session {
      inputs += tower.placeholder()
    }
    if let tower = try text?.tower.get(), tower.session === session {
      inputs += try tower.placeholder()
    }
    let outputs = try session.run(inputs, outputs: [output.name])
    return try output.vectors(in: outputs[0], count: 1)[0].count
  }
}
