private import COnnxRuntime

/// The element types that published image and text models use; raw values are ONNX's.
package enum TensorElement: Int32, Sendable {
  case float32 = 1
  case uint8 = 2
  case int32 = 6
  case int64 = 7
  case bool = 9
  case float16 = 10
}

/// Values with a shape, in row-major order.
package struct Tensor: Sendable, Hashable {
  package enum Values: Sendable, Hashable {
    case float32([Float])
    case uint8([UInt8])
    case int32([Int32])
    case int64([Int64])
    case bool([Bool])
    /// IEEE binary16 as bits.
    case float16([UInt16])
  }

  package let shape: [Int]
  package let values: Values

  /// - Precondition: as many values as the shape says.
  package init(shape: [Int], values: Values) {
    precondition(shape.reduce(1, *) == values.count, "a tensor has as many values as its shape")
    self.shape = shape
    self.values = values
  }

  package var element: TensorElement { values.element }

  /// The values as 32-bit floats; `nil` unless they are floats.
  package var floats: [Float]? {
    switch values {
    case .float32(let values): values
    case .float16(let halves): Half.floats(halves)
    default: nil
    }
  }
}

extension Tensor.Values {
  package var element: TensorElement {
    switch self {
    case .float32: .float32
    case .uint8: .uint8
    case .int32: .int32
    case .int64: .int64
    case .bool: .bool
    case .float16: .float16
    }
  }

  package var count: Int {
    switch self {
    case .float32(let values): values.count
    case .uint8(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .bool(let values): values.count
    case .float16(let values): values.count
    }
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch self {
    case .float32(let values): try values.withUnsafeBytes(body)
    case .uint8(let values): try values.withUnsafeBytes(body)
    case .int32(let values): try values.withUnsafeBytes(body)
    case .int64(let values): try values.withUnsafeBytes(body)
    case .bool(let values): try values.withUnsafeBytes(body)
    case .float16(let values): try values.withUnsafeBytes(body)
    }
  }

  /// A copy of memory that holds whole elements.
  init(copying bytes: UnsafeRawBufferPointer, as element: TensorElement) {
    switch element {
    case .float32: self = .float32(Array(bytes.bindMemory(to: Float.self)))
    case .uint8: self = .uint8(Array(bytes))
    case .int32: self = .int32(Array(bytes.bindMemory(to: Int32.self)))
    case .int64: self = .int64(Array(bytes.bindMemory(to: Int64.self)))
    case .bool: self = .bool(bytes.map { $0 != 0 })
    case .float16: self = .float16(Array(bytes.bindMemory(to: UInt16.self)))
    }
  }
}

/// IEEE binary16 as bits, which Swift has as a type on some processors only.
package enum Half {
  package static func floats(_ halves: [UInt16]) -> [Float] {
    [Float](unsafeUninitializedCapacity: halves.count) { buffer, count in
      cort_floats_from_halves(halves, halves.count, buffer.baseAddress)
      count = halves.count
    }
  }

  /// Rounded to nearest, ties to even.
  package static func bits(_ floats: [Float]) -> [UInt16] {
    [UInt16](unsafeUninitializedCapacity: floats.count) { buffer, count in
      cort_halves_from_floats(floats, floats.count, buffer.baseAddress)
      count = floats.count
    }
  }
}
