private import ParallaxCore
private import ParallaxSystem

/// Which output of a model holds the vectors, and how they lie in it.
///
/// An output named for the purpose comes first, then `pooler_output`, then the
/// only output with a row an item. A sequence of token vectors is used only for
/// architectures whose first token stands for the whole image.
struct EmbeddingOutput: Sendable {
  let name: String
  /// The length of a vector, where the model declares it.
  let declaredDimension: Int?
  /// Whether the vector is the first of a sequence.
  private let isSequence: Bool

  /// - Parameters:
  ///   - names: outputs named for the purpose, the best first.
  ///   - hasClassToken: whether a sequence's first token stands for the whole.
  /// - Throws: `invalid-model` naming the outputs when none fits.
  init(of session: OnnxSignature, named names: [String], hasClassToken: Bool) throws {
    let ports = session.outputs.filter { $0.element == .float32 || $0.element == .float16 }
    func port(_ name: String) -> OnnxSession.Port? { ports.first { $0.name == name } }
    let rows = ports.filter { Self.vectorDimension($0) != nil || $0.dimensions.count == 2 }
    let sequence = port("last_hidden_state").flatMap { $0.dimensions.count == 3 ? $0 : nil }
    if let chosen = (names + ["pooler_output"]).lazy.compactMap(port).first
      ?? (rows.count == 1 ? rows[0] : nil)
    {
      self.init(name: chosen.name, declaredDimension: Self.vectorDimension(chosen))
    } else if hasClassToken, let sequence {
      self.init(
        name: sequence.name, declaredDimension: Self.size(sequence.dimensions[2]),
        isSequence: true)
    } else {
      let outputs = session.outputs.map { "'\($0.name)'" }.joined(separator: ", ")
      throw ParallaxError(
        .invalidModel,
        "'\(PathText.name(of: session.path))' has no output known to be an embedding; "
          + "it has \(outputs)",
        hint: "export it with one of \(names.map { "'\($0)'" }.joined(separator: ", "))")
    }
  }

  private init(name: String, declaredDimension: Int?, isSequence: Bool = false) {
    self.name = name
    self.declaredDimension = declaredDimension
    self.isSequence = isSequence
  }

  /// The vectors of the first `count` items, as the model gave them.
  ///
  /// - Throws: `inference-failed` for a shape that holds no vector an item.
  func vectors(in tensor: Tensor, count: Int) throws -> [[Float]] {
    guard let values = tensor.floats, let rows = tensor.shape.first, rows >= count, rows > 0,
      isSequence
        ? tensor.shape.count == 3 && tensor.shape[1] > 0
        : tensor.shape.dropFirst().filter({ $0 != 1 }).count <= 1
    else {
      throw ParallaxError(
        .inferenceFailed,
        "output '\(name)' has shape \(tensor.shape), which is not one vector per item")
    }
    let stride = values.count / rows
    let dimension = isSequence ? tensor.shape[2] : stride
    return (0..<count).map { Array(values[($0 * stride)..<($0 * stride + dimension)]) }
  }

  /// The length of an item's vector, when all but one of its dimensions are 1.
  private static func vectorDimension(_ port: OnnxSession.Port) -> Int? {
    let sizes = port.dimensions.dropFirst().map(size)
    guard !sizes.isEmpty, !sizes.contains(nil) else { return nil }
    let wide = sizes.compactMap { $0 }.filter { $0 != 1 }
    return wide.count <= 1 ? wide.first ?? 1 : nil
  }

  private static func size(_ dimension: OnnxSession.Dimension) -> Int? {
    guard case .fixed(let size) = dimension else { return nil }
    return size
  }
}
