private import ParallaxCore
private import ParallaxSystem

/// What a model's file tells before it is loaded. Its weights are skipped, not read.
///
/// The numbers of the messages and fields are those of `onnx.proto`, which only ever grows.
struct ModelScan {
  /// Whether activations are quantised with a scale taken over the whole batch, so
  /// that an item's result depends on its neighbours.
  private(set) var isDynamicallyQuantized = false
  /// Files holding the weights, beside the model's own.
  private(set) var externalFiles: [String] = []
  /// Empty for a file that is no model, which a session will refuse with a reason.
  private(set) var signature: OnnxSignature

  /// Operators that take their scale from the data they are given.
  private static let dynamicOperators = [
    "DynamicQuantize", "MatMulInteger", "ConvInteger", "QAttention",
  ]
  /// Graphs within graphs are followed so far; no exporter nests deeper.
  private static let depthLimit = 32

  /// - Throws: `unreadable-file`; `invalid-model` naming weights that are not there.
  init(fileAt path: String) throws {
    var graph = Graph()
    try InputFile(path).withMappedBytes { bytes in
      Self.fields(bytes) { field, message in
        if field == 7 { graph.read(message, depth: 0) }
        // A function of the model's own; its nodes are field 7.
        if field == 25 {
          Self.fields(message) { if $0 == 7 { graph.readNode($1, depth: 0) } }
        }
      }
    }
    isDynamicallyQuantized = graph.operators.contains { name in
      Self.dynamicOperators.contains { name.contains($0) }
    }
    let inputs = graph.inputs.filter { !graph.weights.contains($0.name) }
    signature = OnnxSignature(path: path, inputs: inputs, outputs: graph.outputs)
    let folder = PathText.folder(of: path)
    for location in graph.locations.sorted() {
      guard !location.hasPrefix("/"), !location.split(separator: "/").contains("..") else {
        throw ParallaxError(
          .invalidModel, "'\(path)' keeps weights outside of its folder, in '\(location)'")
      }
      switch FileStatus(at: "\(folder)/\(location)")?.kind {
      case .file: externalFiles.append("\(folder)/\(location)")
      case nil:
        throw ParallaxError(
          .invalidModel,
          "'\(path)' keeps its weights in '\(location)', which is not in the same folder",
          hint: "fetch '\(location)' from the model's source")
      case let kind?:
        throw ParallaxError(
          .invalidModel,
          "'\(path)' keeps its weights in '\(location)', which is a \(kind.rawValue), not a file")
      }
    }
  }

  /// Calls `body` with every field that holds bytes.
  fileprivate static func fields(
    _ message: UnsafeRawBufferPointer, _ body: (UInt64, UnsafeRawBufferPointer) -> Void
  ) {
    var reader = ProtocolBuffer(message)
    while let (field, value) = reader.next() {
      if case .bytes(let bytes) = value { body(field, bytes) }
    }
  }

  fileprivate static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// What is gathered of a graph and the graphs within it.
  private struct Graph {
    var operators: Set<String> = []
    var locations: Set<String> = []
    var weights: Set<String> = []
    var inputs: [OnnxSession.Port] = []
    var outputs: [OnnxSession.Port] = []

    mutating func read(_ graph: UnsafeRawBufferPointer, depth: Int) {
      guard depth < ModelScan.depthLimit else { return }
      ModelScan.fields(graph) { field, message in
        switch field {
        case 1: readNode(message, depth: depth)
        case 5: readTensor(message, isWeight: depth == 0)
        case 11 where depth == 0: inputs.append(OnnxSession.Port(declaredBy: message))
        case 12 where depth == 0: outputs.append(OnnxSession.Port(declaredBy: message))
        default: break
        }
      }
    }

    mutating func readNode(_ node: UnsafeRawBufferPointer, depth: Int) {
      ModelScan.fields(node) { field, message in
        if field == 4 { operators.insert(ModelScan.text(message)) }
        guard field == 5 else { return }
        ModelScan.fields(message) { field, value in
          switch field {
          case 5, 10: readTensor(value, isWeight: false)
          case 6, 11: read(value, depth: depth + 1)
          default: break
          }
        }
      }
    }

    private mutating func readTensor(_ tensor: UnsafeRawBufferPointer, isWeight: Bool) {
      ModelScan.fields(tensor) { field, message in
        if field == 8, isWeight { weights.insert(ModelScan.text(message)) }
        guard field == 13 else { return }
        var (key, value) = ("", "")
        ModelScan.fields(message) { field, text in
          if field == 1 { key = ModelScan.text(text) }
          if field == 2 { value = ModelScan.text(text) }
        }
        if key == "location" { locations.insert(value) }
      }
    }
  }
}

extension OnnxSession.Port {
  /// Of a `ValueInfoProto`.
  fileprivate init(declaredBy message: UnsafeRawBufferPointer) {
    var name = ""
    var element: TensorElement?
    var dimensions: [OnnxSession.Dimension] = []
    ModelScan.fields(message) { field, value in
      if field == 1 { name = ModelScan.text(value) }
      guard field == 2 else { return }
      ModelScan.fields(value) { field, tensor in
        guard field == 1 else { return }
        var reader = ProtocolBuffer(tensor)
        while let (field, value) = reader.next() {
          switch value {
          case .number(let type) where field == 1:
            element = Int32(exactly: type).flatMap(TensorElement.init(rawValue:))
          case .bytes(let shape) where field == 2:
            ModelScan.fields(shape) { if $0 == 1 { dimensions.append(.init(declaredBy: $1)) } }
          default: break
          }
        }
      }
    }
    self.init(name: name, element: element, dimensions: dimensions)
  }
}

extension OnnxSession.Dimension {
  fileprivate init(declaredBy message: UnsafeRawBufferPointer) {
    var reader = ProtocolBuffer(message)
    self = .free(nil)
    while let (field, value) = reader.next() {
      switch value {
      case .number(let size) where field == 1:
        self = Int(exactly: size).map(Self.fixed) ?? .free(nil)
      case .bytes(let name) where field == 2:
        self = .free(name.isEmpty ? nil : ModelScan.text(name))
      default: break
      }
    }
  }
}
