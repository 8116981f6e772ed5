private import COnnxRuntime
import ParallaxCore

/// The part of a model that turns pictures into vectors.
struct ImageTower: Sendable {
  let session: OnnxSession
  let output: EmbeddingOutput
  let transform: ImageTransform
  /// Pictures in one run.
  let batch: Batch
  private let input: String
  private let size: ImageTransform.Size
  private let isPlanar: Bool
  private let table: Table

  /// A byte's number in each channel, in the input's own type.
  private enum Table: Sendable {
    case float32([Float])
    case float16([UInt16])
    case uint8([UInt8])
  }

  /// Whether a session reads pictures.
  static func input(of session: OnnxSession) -> OnnxSession.Port? {
    let ranked = session.inputs.filter { $0.dimensions.count == 4 }
    return ranked.first { $0.name == "pixel_values" } ?? (ranked.count == 1 ? ranked[0] : nil)
  }

  /// - Parameter preprocessor: `preprocessor_config.json`, if there is one.
  /// - Throws: `invalid-model` for inputs, outputs or settings that cannot be followed.
  init(
    session: OnnxSession, configuration: ModelConfiguration, preprocessor: String?,
    isDynamicallyQuantized: Bool
  ) throws {
    guard let port = Self.input(of: session) else {
      throw InputError.noInput("images", of: session)
    }
    self.session = session
    input = port.name
    let dimensions = port.dimensions
    isPlanar = dimensions[3] != .fixed(3) || dimensions[1] == .fixed(3)
    let channels = isPlanar ? dimensions[1] : dimensions[3]
    if case .fixed(let count) = channels, count != 3 {
      throw InputError.unreadable(port, of: session, "has \(count) channels instead of 3")
    }
    var declared: ImageTransform.Size?
    if case (.fixed(let height), .fixed(let width)) =
      isPlanar ? (dimensions[2], dimensions[3]) : (dimensions[1], dimensions[2])
    {
      declared = ImageTransform.Size(width: width, height: height)
    }
    let preprocessing = try ImagePreprocessing(fileAt: preprocessor, input: declared)
    transform = preprocessing.transform
    size = preprocessing.size
    switch port.element {
    case .float32: table = .float32(preprocessing.table)
    case .float16: table = .float16(Half.bits(preprocessing.table))
    case .uint8: table = .uint8((0..<3).flatMap { _ in (0...255).map { UInt8($0) } })
    default: throw InputError.unreadable(port, of: session, "takes numbers of an unusual type")
    }
    batch = Batch(dimensions[0], isDynamicallyQuantized: isDynamicallyQuantized, preferred: 8)
    output = try EmbeddingOutput(
      of: session, named: ["image_embeds", "image_embeddings"],
      hasClassToken: configuration.hasClassToken)
  }

  /// One vector an image, as the model gives it.
  ///
  /// - Parameter companions: what the session must be given beside the images.
  /// - Throws: `invalid-value` for an image of another size; `inference-failed`.
  func vectors(
    of images: [PixelBuffer], companions: [(name: String, tensor: Tensor)]
  ) throws -> [[Float]] {
    for image in images where (image.width, image.height) != (size.width, size.height) {
      throw ParallaxError(
        .invalidValue,
        "the model takes images of \(size.width)x\(size.height); "
          + "got \(image.width)x\(image.height)")
    }
    var vectors: [[Float]] = []
    vectors.reserveCapacity(images.count)
    for start in stride(from: 0, to: images.count, by: batch.items) {
      let chunk = images[start..<min(start + batch.items, images.count)]
      let inputs = companions + [(input, tensor(Array(chunk)))]
      let outputs = try session.run(inputs, outputs: [output.name])
      vectors += try output.vectors(in: outputs[0], count: chunk.count)
    }
    return vectors
  }

  /// A black picture, for a session that must have one.
  func placeholder() -> [(name: String, tensor: Tensor)] {
    let bytes = [UInt8](repeating: 0, count: size.width * size.height * 3)
    return [(input, tensor([PixelBuffer(width: size.width, height: size.height, bytes: bytes)]))]
  }

  /// The images as the session's input, the last one repeated to fill a fixed batch.
  private func tensor(_ images: [PixelBuffer]) -> Tensor {
    let count = batch.slots(for: images.count)
    let shape =
      isPlanar ? [count, 3, size.height, size.width] : [count, size.height, size.width, 3]
    let values: Tensor.Values =
      switch table {
      case .float32(let table): .float32(packed(images, slots: count, table))
      case .float16(let table): .float16(packed(images, slots: count, table))
      case .uint8(let table): .uint8(packed(images, slots: count, table))
      }
    return Tensor(shape: shape, values: values)
  }

  private func packed<Element: BitwiseCopyable>(
    _ images: [PixelBuffer], slots: Int, _ table: [Element]
  ) -> [Element] {
    let pixels = size.width * size.height
    let total = slots * pixels * 3
    return [Element](unsafeUninitializedCapacity: total) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      for slot in 0..<slots {
        cort_pack_pixels(
          images[min(slot, images.count - 1)].bytes, pixels, isPlanar ? 1 : 0, table,
          MemoryLayout<Element>.stride, start + slot * pixels * 3)
      }
      initialized = total
    }
  }
}
