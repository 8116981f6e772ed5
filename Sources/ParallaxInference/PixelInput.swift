private import COnnxRuntime
import ParallaxCore

/// The input of a session that takes pictures, and how they become its numbers.
struct PixelInput: Sendable {
  let name: String
  let size: ImageTransform.Size
  private let isPlanar: Bool
  private let table: Table

  /// A byte's number in each channel, in the input's own type.
  private enum Table: Sendable {
    case float32([Float])
    case float16([UInt16])
    case uint8([UInt8])
  }

  /// The input that reads pictures; `nil` where there is none.
  static func port(of session: OnnxSignature) -> OnnxSession.Port? {
    let ranked = session.inputs.filter { $0.dimensions.count == 4 }
    return ranked.first { $0.name == "pixel_values" } ?? (ranked.count == 1 ? ranked[0] : nil)
  }

  /// Whether pixels come channel by channel.
  private static func isPlanar(_ dimensions: [OnnxSession.Dimension]) -> Bool {
    dimensions[3] != .fixed(3) || dimensions[1] == .fixed(3)
  }

  /// The size of the pictures that a model takes; `nil` where it declares none.
  static func size(declaredBy signature: OnnxSignature) -> ImageTransform.Size? {
    guard let dimensions = port(of: signature)?.dimensions,
      case (.fixed(let height), .fixed(let width)) =
        isPlanar(dimensions) ? (dimensions[2], dimensions[3]) : (dimensions[1], dimensions[2])
    else { return nil }
    return ImageTransform.Size(width: width, height: height)
  }

  /// - Throws: `invalid-model` for an input that cannot be filled.
  init(
    _ port: OnnxSession.Port, of signature: OnnxSignature, _ preprocessing: ImagePreprocessing
  ) throws {
    name = port.name
    isPlanar = Self.isPlanar(port.dimensions)
    let channels = isPlanar ? port.dimensions[1] : port.dimensions[3]
    if case .fixed(let count) = channels, count != 3 {
      throw InputError.unreadable(port, of: signature, "has \(count) channels instead of 3")
    }
    size = preprocessing.size
    switch port.element {
    case .float32: table = .float32(preprocessing.table)
    case .float16: table = .float16(Half.bits(preprocessing.table))
    case .uint8: table = .uint8((0..<3).flatMap { _ in (0...255).map { UInt8($0) } })
    default: throw InputError.unreadable(port, of: signature, "has an unsupported element type")
    }
  }

  /// - Throws: `invalid-value` for an image of another size.
  func check(_ images: [PixelBuffer]) throws {
    for image in images where (image.width, image.height) != (size.width, size.height) {
      throw ParallaxError(
        .invalidValue,
        "the model takes images of \(size.width)x\(size.height); "
          + "got \(image.width)x\(image.height)")
    }
  }

  /// A picture for a session that must have one.
  var black: PixelBuffer {
    PixelBuffer(
      width: size.width, height: size.height,
      bytes: [UInt8](repeating: 0, count: size.width * size.height * 3))
  }

  /// The images as the session's input, the last one repeated to fill a fixed batch.
  func tensor(_ images: ArraySlice<PixelBuffer>, slots: Int) -> Tensor {
    let (height, width) = (size.height, size.width)
    let shape = isPlanar ? [slots, 3, height, width] : [slots, height, width, 3]
    let values: Tensor.Values =
      switch table {
      case .float32(let table): .float32(packed(images, table, slots))
      case .float16(let table): .float16(packed(images, table, slots))
      case .uint8(let table): .uint8(packed(images, table, slots))
      }
    return Tensor(shape: shape, values: values)
  }

  private func packed<Element: BitwiseCopyable>(
    _ images: ArraySlice<PixelBuffer>, _ table: [Element], _ slots: Int
  ) -> [Element] {
    let pixels = size.width * size.height
    let total = slots * pixels * 3
    return [Element](unsafeUninitializedCapacity: total) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      for slot in 0..<slots {
        let image = images[min(images.startIndex + slot, images.endIndex - 1)]
        cort_pack_pixels(
          image.bytes, pixels, isPlanar ? 1 : 0, table,
          MemoryLayout<Element>.stride, start + slot * pixels * 3)
      }
      initialized = total
    }
  }
}
