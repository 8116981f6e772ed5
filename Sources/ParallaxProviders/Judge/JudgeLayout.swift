internal import ParallaxCore
internal import ParallaxImaging

/// How a judge that orders a list is shown its pictures.
enum JudgeLayout: Sendable, Hashable {
  /// Each by itself behind its number, looked at coarsely.
  case images
  /// As numbered cells of pictures that hold so many.
  case grid(cells: Int)

  /// As `layout=` names them.
  static let names = ["images", "grid"]
  /// 25 cells leave each of them 45 tokens.
  static let usualCells = 25
  static let cells = 4...100

  var resolution: GenerateContentAPI.Resolution { self == .images ? .low : .high }

  /// How pictures are made ready.
  var picture: RemotePicture {
    let side = if case .grid = self { ContactSheet.side } else { 384 }
    return RemotePicture(
      transform: ImageTransform(resize: .fit(width: side, height: side)), quality: 90)
  }

  /// Whatever decides how a list is shown, beside the pictures themselves.
  var settings: [String] {
    if case .grid(let cells) = self { ["layout=\(ContactSheet.identity)/\(cells)"] } else { [] }
  }

  /// Pictures that so many candidates take.
  func pictures(of count: Int) -> Int {
    if case .grid(let cells) = self { (count + cells - 1) / cells } else { count }
  }
}

/// A candidate as it is shown to a judge.
enum ShownCandidate: Sendable {
  case parts(RemoteInput)
  /// A cell of a grid.
  case pixels(PixelBuffer)
}

/// Makes candidates ready to be shown, and draws grids of them.
struct JudgeShow: Sendable {
  let layout: JudgeLayout
  let prompt: JudgePrompt
  let inputs: RerankInputs

  /// - Throws: what prevents that: an image that cannot be read, a text that is blank.
  func ready(_ candidate: ModelInput) async throws -> ShownCandidate {
    guard case .grid = layout, candidate.parts.count == 1,
      case .image(let path, let hash) = candidate.parts[0]
    else { return .parts(try await inputs.ready(candidate)) }
    return .pixels(
      try await inputs.decoder.decode(path, inputs.picture.transform, expecting: hash).pixels)
  }

  /// The question, then the candidates in the order in which they are shown. Texts have their numbers among
  /// the pictures, and stand before the grids.
  ///
  /// - Throws: what prevents a grid from being drawn.
  func parts(
    question: RemoteInput, candidates: [ShownCandidate]
  ) async throws -> [RemoteInput.Part] {
    var parts = prompt.opening(question: question)
    var cells: [ContactSheet.Cell] = []
    for (index, candidate) in candidates.enumerated() {
      switch candidate {
      case .parts(let input): parts += prompt.candidate(input, number: index + 1)
      case .pixels(let picture): cells.append(.init(number: index + 1, picture: picture))
      }
    }
    // Grids of nearly the same size: none looks at its cells less closely than it must.
    let grids = max(1, layout.pictures(of: cells.count))
    let size = max(1, (cells.count + grids - 1) / grids)
    for start in stride(from: 0, to: cells.count, by: size) {
      let sheet = ContactSheet(Array(cells[start..<min(start + size, cells.count)]))
      parts.append(.text(prompt.label(ofGrid: sheet.cells.map(\.number))))
      parts.append(
        .jpeg(try await inputs.decoder.jpeg(of: sheet.drawn(), quality: inputs.picture.quality)))
    }
    return parts
  }
}
