import ParallaxCore

/// The part of a model that turns texts into vectors.
struct TextTower: Sendable {
  let session: OnnxSession
  let output: EmbeddingOutput
  let tokenizer: any TextTokenizer
  /// Tokens a text may have, with the special ones.
  let maximumTokens: Int
  private let batch: Batch
  private let inputs: [Input]
  /// The length every row is filled up to; `nil` where rows may have any length.
  private let fixedLength: Int?

  /// What one input of the session is given.
  private struct Input: Sendable {
    enum Role: String, Sendable, CaseIterable {
      case ids = "input_ids"
      case mask = "attention_mask"
      case types = "token_type_ids"
      case positions = "position_ids"
    }

    let name: String
    let element: TensorElement
    let role: Role
  }

  /// The input that takes token ids.
  static func input(of session: OnnxSignature) -> OnnxSession.Port? {
    let whole = session.inputs.filter {
      $0.dimensions.count == 2 && ($0.element == .int64 || $0.element == .int32)
    }
    return whole.first { $0.name == Input.Role.ids.rawValue } ?? (whole.count == 1 ? whole[0] : nil)
  }

  /// - Throws: `invalid-model` for inputs or outputs that cannot be followed.
  init(
    session: OnnxSession, configuration: ModelConfiguration, tokenizer: any TextTokenizer,
    files: TokenizerFiles, isDynamicallyQuantized: Bool
  ) throws {
    let signature = session.signature
    guard let ids = Self.input(of: signature) else {
      throw InputError.noInput("texts", of: signature)
    }
    self.session = session
    self.tokenizer = tokenizer
    inputs = try signature.inputs.filter { $0 != ImageTower.input(of: signature) }.map { port in
      guard let role = port == ids ? .ids : Input.Role(rawValue: port.name) else {
        throw InputError.unreadable(
          port, of: signature, "is not a known input of a text model")
      }
      guard let element = port.element, port.dimensions.count == 2 else {
        throw InputError.unreadable(port, of: signature, "is not a matrix of numbers")
      }
      return Input(name: port.name, element: element, role: role)
    }
    maximumTokens = Self.limit(signature, files, configuration)
    guard maximumTokens >= 2 else {
      throw InputError.unreadable(ids, of: signature, "has room for \(maximumTokens) tokens")
    }
    let padsToMaximum = files.padsToMaximum || configuration.padsToMaximum
    fixedLength = Self.length(declaredBy: ids) ?? (padsToMaximum ? maximumTokens : nil)
    batch = Batch(
      ids.dimensions[0], mayShare: fixedLength != nil && !isDynamicallyQuantized)
    output = try Self.chosenOutput(of: signature)
  }

  /// Tokens a text may have, with the special ones.
  static func limit(
    _ signature: OnnxSignature, _ files: TokenizerFiles, _ configuration: ModelConfiguration
  ) -> Int {
    let declared = input(of: signature).flatMap(length(declaredBy:))
    let limits = [declared, files.maximumTokens, configuration.maximumPositions]
    return limits.compactMap { $0 }.min() ?? 77
  }

  private static func length(declaredBy ids: OnnxSession.Port) -> Int? {
    if case .fixed(let length) = ids.dimensions[1] { length } else { nil }
  }

  /// Which output holds the vectors, as far as a file tells; `nil` where only a session will.
  static func output(of signature: OnnxSignature) -> EmbeddingOutput? {
    try? chosenOutput(of: signature)
  }

  private static func chosenOutput(of signature: OnnxSignature) throws -> EmbeddingOutput {
    try EmbeddingOutput(
      of: signature, named: ["text_embeds", "text_embeddings"], hasClassToken: false)
  }

  /// One vector a text, as the model gives it, or how it failed on that text.
  ///
  /// - Parameter companions: what the session must be given beside the texts.
  func vectors(
    of texts: [String], companions: [(name: String, tensor: Tensor)]
  ) throws -> [Result<[Float], ParallaxError>] {
    try batch.answers(for: texts.count) { range in
      let rows = try texts[range].map { try tokenizer.encode($0, maximumTokens: maximumTokens) }
      let outputs = try session.run(companions + tensors(rows[...]), outputs: [output.name])
      return try output.vectors(in: outputs[0], count: range.count)
    }
  }

  /// A text's vector, and those of its pieces, all of which count.
  func reading(of text: String) throws -> (vector: Tensor, states: Tensor) {
    let row = try tokenizer.encode(text, maximumTokens: maximumTokens)
    let outputs = try session.run(tensors([row]), outputs: [output.name, "last_hidden_state"])
    return (outputs[0], outputs[1])
  }

  /// An empty text, for a session that must have one.
  func placeholder() throws -> [(name: String, tensor: Tensor)] {
    tensors([try tokenizer.encode("", maximumTokens: maximumTokens)])
  }

  /// The rows as the session's inputs, the last one repeated to fill a fixed batch.
  private func tensors(_ rows: ArraySlice<[Int64]>) -> [(name: String, tensor: Tensor)] {
    let length = fixedLength ?? rows.first?.count ?? 0
    return inputs.map { input in
      let values = (0..<batch.slots).flatMap { slot -> [Int64] in
        let row = rows[min(rows.startIndex + slot, rows.endIndex - 1)]
        return (0..<length).map { position in
          switch input.role {
          case .ids: position < row.count ? row[position] : tokenizer.paddingID
          case .mask: position < row.count ? 1 : 0
          case .types: 0
          case .positions: Int64(position)
          }
        }
      }
      return (
        input.name,
        Tensor(shape: [batch.slots, length], values: .init(values, as: input.element))
      )
    }
  }
}

extension Tensor.Values {
  /// Whole numbers in the type an input takes.
  fileprivate init(_ numbers: [Int64], as element: TensorElement) {
    switch element {
    case .int64: self = .int64(numbers)
    case .int32: self = .int32(numbers.map { Int32(clamping: $0) })
    case .uint8: self = .uint8(numbers.map { UInt8(clamping: $0) })
    case .bool: self = .bool(numbers.map { $0 != 0 })
    case .float32: self = .float32(numbers.map { Float($0) })
    case .float16: self = .float16(Half.bits(numbers.map { Float($0) }))
    }
  }
}
