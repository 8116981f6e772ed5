private import COnnxRuntime
private import ParallaxCore

/// What the bytes of a model file tell before it is loaded.
struct ModelScan {
  /// Whether activations are quantised with a scale taken over the whole batch, so
  /// that an item's result depends on its neighbours.
  let isDynamicallyQuantized: Bool
  /// Files holding the weights, beside the model's own.
  let externalFiles: [String]

  /// Operators that take their scale from the data they are given.
  private static let dynamicOperators = [
    "DynamicQuantize", "MatMulInteger", "ConvInteger", "QAttention",
  ]

  /// - Throws: `unreadable-file`; `invalid-model` naming weights that are not there.
  init(fileAt path: String) throws {
    let folder = Files.folder(of: path)
    let (isDynamic, locations) = try Files.withMappedBytes(of: path) { bytes in
      (
        Self.dynamicOperators.contains { bytes.firstIndex(of: Array($0.utf8)) != nil },
        Self.externalLocations(bytes)
      )
    }
    isDynamicallyQuantized = isDynamic
    externalFiles = locations.sorted().map { "\(folder)/\($0)" }
    for location in locations.sorted() {
      guard !location.hasPrefix("/"), !location.split(separator: "/").contains("..") else {
        throw ParallaxError(
          .invalidModel, "'\(path)' keeps weights outside of its folder, in '\(location)'")
      }
      guard Files.exists("\(folder)/\(location)") else {
        throw ParallaxError(
          .invalidModel,
          "'\(path)' keeps its weights in '\(location)', which is not beside it",
          hint: "fetch '\(location)' from where the model came from")
      }
    }
  }

  /// The values of `location` in the tensors' `external_data` entries: a
  /// StringStringEntryProto with the key in field 1 and the value in field 2.
  private static func externalLocations(_ bytes: UnsafeRawBufferPointer) -> Set<String> {
    let entry: [UInt8] = [0x0A, 8] + Array("location".utf8) + [0x12]
    var locations: Set<String> = []
    var start = 0
    while let found = bytes.firstIndex(of: entry, from: start) {
      start = found + entry.count
      guard start < bytes.count, bytes[start] < 0x80 else { continue }
      let value = (start + 1)..<(start + 1 + Int(bytes[start]))
      guard value.upperBound <= bytes.count else { break }
      locations.insert(String(decoding: bytes[value], as: UTF8.self))
      start = value.upperBound
    }
    return locations
  }
}

extension UnsafeRawBufferPointer {
  /// The offset of the first occurrence of `sought` at or after `start`.
  fileprivate func firstIndex(of sought: [UInt8], from start: Int = 0) -> Int? {
    guard let baseAddress, start < count else { return nil }
    let found = cort_find(baseAddress + start, count - start, sought, sought.count)
    return found < 0 ? nil : start + found
  }
}
