private import COnnxRuntime
private import ParallaxCore
private import ParallaxSystem

/// A loaded model: its inputs, its outputs, and a way to compute the one from the other.
package final class OnnxSession: Sendable {
  /// A dimension as the model declares it.
  package enum Dimension: Sendable, Hashable {
    case fixed(Int)
    /// Any size; models name such dimensions at will (`batch_size`).
    case free(String?)
  }

  /// An input or output as the model declares it.
  package struct Port: Sendable, Hashable {
    package let name: String
    /// `nil` for a type that is not read, or for a value that is no tensor.
    package let element: TensorElement?
    package let dimensions: [Dimension]
  }

  let signature: OnnxSignature
  private var path: String { signature.path }
  private let runtime: OnnxRuntime
  /// Unsafe only in type: ONNX Runtime lets any number of threads run one
  /// session, the pointer never changes, and nothing else frees it.
  private nonisolated(unsafe) let handle: OpaquePointer

  /// Loads a model file.
  ///
  /// - Parameter threads: threads that one run computes on, at least 1.
  /// - Throws: `invalid-model` with the library's reason.
  package init(model path: String, runtime: OnnxRuntime, threads: Int) throws {
    var created: OpaquePointer?
    let failure = messageOfFailure { text, capacity in
      cort_session_create(
        runtime.handle, path, Int32(clamping: max(1, threads)), &created,
        cort_message(text: text, capacity: capacity))
    }
    guard let created, failure == nil else {
      throw ParallaxError(
        .invalidModel, "'\(path)' does not load as an ONNX model: \(failure ?? "")")
    }
    self.runtime = runtime
    handle = created
    signature = OnnxSignature(
      path: path,
      inputs: (0..<cort_input_count(created)).map { Self.port(cort_input(created, $0).pointee) },
      outputs: (0..<cort_output_count(created)).map { Self.port(cort_output(created, $0).pointee) })
  }

  deinit { cort_session_free(handle) }

  /// Computes outputs; may be called from several threads at once.
  ///
  /// - Throws: `inference-failed` with the library's reason.
  package func run(
    _ inputs: [(name: String, tensor: Tensor)], outputs names: [String]
  ) throws -> [Tensor] {
    try withCStrings(names) { names in
      try withTensors(inputs[...], []) { tensors in
        var result: OpaquePointer?
        let failure = messageOfFailure { text, capacity in
          cort_run(
            handle, tensors, tensors.count, names, names.count, &result,
            cort_message(text: text, capacity: capacity))
        }
        guard let result, failure == nil else {
          throw ParallaxError(.inferenceFailed, "'\(path)' failed: \(failure ?? "")")
        }
        defer { cort_result_free(result) }
        return try names.indices.map { try tensor(cort_result_tensor(result, $0).pointee) }
      }
    }
  }

  private func tensor(_ output: cort_tensor) throws -> Tensor {
    guard let element = TensorElement(rawValue: output.type) else {
      throw ParallaxError(.inferenceFailed, "'\(path)' returned an unsupported element type")
    }
    let shape = UnsafeBufferPointer(start: output.dimensions, count: output.rank).map(Int.init)
    let bytes = UnsafeRawBufferPointer(start: output.data, count: output.byte_count)
    return Tensor(shape: shape, values: Tensor.Values(copying: bytes, as: element))
  }

  private static func port(_ info: cort_value_info) -> Port {
    let dimensions = (0..<info.rank).map { axis -> Dimension in
      if info.dimensions[axis] >= 0 { return .fixed(Int(info.dimensions[axis])) }
      let name = info.symbols[axis].map { String(cString: $0) } ?? ""
      return .free(name.isEmpty ? nil : name)
    }
    return Port(
      name: String(cString: info.name), element: TensorElement(rawValue: info.type),
      dimensions: dimensions)
  }
}

/// Calls `body` with views of all tensors, one scope inside the other.
private func withTensors<Result>(
  _ inputs: ArraySlice<(name: String, tensor: Tensor)>, _ views: [cort_tensor],
  _ body: ([cort_tensor]) throws -> Result
) rethrows -> Result {
  guard let (name, tensor) = inputs.first else { return try body(views) }
  return try name.withCString { name in
    try tensor.shape.map(Int64.init).withUnsafeBufferPointer { shape in
      try tensor.values.withBytes { bytes in
        let view = cort_tensor(
          name: name, type: tensor.element.rawValue, rank: shape.count,
          dimensions: shape.baseAddress, data: bytes.baseAddress, byte_count: bytes.count)
        return try withTensors(inputs.dropFirst(), views + [view], body)
      }
    }
  }
}

private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafePointer<CChar>?]) throws -> Result
) rethrows -> Result {
  func nested(_ rest: ArraySlice<String>, _ views: [UnsafePointer<CChar>?]) throws -> Result {
    guard let first = rest.first else { return try body(views) }
    return try first.withCString { try nested(rest.dropFirst(), views + [$0]) }
  }
  return try nested(strings[...], [])
}
