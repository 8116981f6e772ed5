private import COnnxRuntime
import ParallaxCore

/// The part of a model that turns pictures into vectors.
struct ImageTower: Sendable {
  let session: OnnxSession
  let output: EmbeddingOutput
  private let batch: Batch
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
  static func input(of session: OnnxSignature) -> OnnxSession.Port? {
    let ranked = session.inputs.filter { $0.dimensions.count == 4 }
    return ranked.first { $0.name == "pixel_values" } ?? (ranked.count == 1 ? ranked[0] : nil)
  }

  /// Whether pixels come channel by channel.
  private static func isPlanar(_ dimensions: [OnnxSession.Dimension]) -> Bool {
    dimensions[3] != .fixed(3) || dimensions[1] == .fixed(3)
  }

  /// The size of the pictures that a model takes; `nil` where it declares none.
  static func size(declaredBy signature: OnnxSignature) -> ImageTransform.Size? {
    guard let dimensions = input(of: signature)?.dimensions,
      case (.fixed(let height), .fixed(let width)) =
        isPlanar(dimensions) ? (dimensions[2], dimensions[3]) : (dimensions[1], dimensions[2])
    else { return nil }
    return ImageTransform.Size(width: width, height: height)
  }

  /// - Throws: `invalid-model` for inputs or outputs that cannot be followed.
  init(
    session: OnnxSession, configuration: ModelConfiguration, preprocessing: ImagePreprocessing,
    isDynamicallyQuantized: Bool, isCombined: Bool
  ) throws {
    let signature = session.signature
    guard let port = Self.input(of: signature) else {
      throw InputError.noInput("images", of: signature)
    }
    if !isCombined, let other = signature.inputs.first(where: { $0 != port }) {
      throw InputError.unreadable(
        other, of: signature, "is not a known input of an image model")
    }
    self.session = session
    input = port.name
    let dimensions = port.dimensions
    isPlanar = Self.isPlanar(dimensions)
    let channels = isPlanar ? dimensions[1] : dimensions[3]
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
    batch = Batch(dimensions[0], mayShare: !isDynamicallyQuantized)
    output = try Self.chosenOutput(of: signature, configuration)
  }

  /// Which output holds the vectors, as far as a file tells; `nil` where only a session will.
  static func output(
    of signature: OnnxSignature, _ configuration: ModelConfiguration
  ) -> EmbeddingOutput? {
    try? chosenOutput(of: signature, configuration)
  }

  private static func chosenOutput(
    of signature: OnnxSignature, _ configuration: ModelConfiguration
  ) throws -> EmbeddingOutput {
    try EmbeddingOutput(
      of: signature, named: ["image_embeds", "image_embeddings"],
      hasClassToken: configuration.hasClassToken)
  }

  /// One vector an image, as the model gives it, or how it failed on that image.
  ///
  /// - Parameter companions: what the session must be given beside the images.
  /// - Throws: `invalid-value` for an image of another size.
  func vectors(
    of images: [PixelBuffer], companions: [(name: String, tensor: Tensor)]
  ) throws -> [Result<[Float], ParallaxError>] {
    for image in images where (image.width, image.height) != (size.width, size.height) {
      throw ParallaxError(
        .invalidValue,
        "the model takes images of \(size.width)x\(size.height); "
          + "got \(image.width)x\(image.height)")
    }
    return try batch.answers(for: images.count) { range in
      let inputs = companions + [(input, tensor(images[range]))]
      let outputs = try session.run(inputs, outputs: [output.name])
      return try output.vectors(in: outputs[0], count: range.count)
    }
  }

  /// Some outputs for one image, as the session gives them.
  func outputs(_ names: [String], of image: PixelBuffer) throws -> [Tensor] {
    guard (image.width, image.height) == (size.width, size.height) else {
      throw ParallaxError(
        .invalidValue,
        "the model takes images of \(size.width)x\(size.height); "
          + "got \(image.width)x\(image.height)")
    }
    return try session.run([(input, tensor([image]))], outputs: names)
  }

  /// A black picture, for a session that must have one.
  func placeholder() -> [(name: String, tensor: Tensor)] {
    let bytes = [UInt8](repeating: 0, count: size.width * size.height * 3)
    return [(input, tensor([PixelBuffer(width: size.width, height: size.height, bytes: bytes)]))]
  }

  /// The images as the session's input, the last one repeated to fill a fixed batch.
  private func tensor(_ images: ArraySlice<PixelBuffer>) -> Tensor {
    let (height, width) = (size.height, size.width)
    let shape = isPlanar ? [batch.slots, 3, height, width] : [batch.slots, height, width, 3]
    let values: Tensor.Values =
      switch table {
      case .float32(let table): .float32(packed(images, table))
      case .float16(let table): .float16(packed(images, table))
      case .uint8(let table): .uint8(packed(images, table))
      }
    return Tensor(shape: shape, values: values)
  }

  private func packed<Element: BitwiseCopyable>(
    _ images: ArraySlice<PixelBuffer>, _ table: [Element]
  ) -> [Element] {
    let pixels = size.width * size.height
    let total = batch.slots * pixels * 3
    return [Element](unsafeUninitializedCapacity: total) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      for slot in 0..<batch.slots {
        let image = images[min(images.startIndex + slot, images.endIndex - 1)]
        cort_pack_pixels(
          image.bytes, pixels, isPlanar ? 1 : 0, table,
          MemoryLayout<Element>.stride, start + slot * pixels * 3)
      }
      initialized = total
    }
  }
}
