private import ParallaxCore
private import ParallaxSystem
private import ParallaxText

/// `tokenizer.json` in two parts: its settings, and the long lists within them.
///
/// The lists have tens of thousands of entries, and a general decoder takes longer over them than the
/// model takes to load; here they are skipped until they are needed, and then read in one go.
struct TokenizerJSON {
  /// The text with `null` in place of the lists.
  let settings: [UInt8]
  private let path: String
  private let bytes: [UInt8]
  private var vocabularyStart: Int?
  private var mergesStart: Int?

  /// - Throws: `unreadable-file`; `invalid-model` for text that is no JSON object.
  init(fileAt path: String) throws {
    self.path = path
    bytes = try Files.read(path)
    var lists: [String: Range<Int>] = [:]
    do {
      var scanner = JSONScanner(bytes)
      try scanner.members { key, scanner in
        guard key == "model", scanner.next == UInt8(ascii: "{") else {
          return try scanner.skipValue()
        }
        try scanner.members { key, scanner in
          let start = scanner.position
          try scanner.skipValue()
          if ["vocab", "merges"].contains(key) { lists[key] = start..<scanner.position }
        }
      }
    } catch is JSONScanner.Malformed {
      throw Self.damaged(path, "it is not JSON")
    }
    (vocabularyStart, mergesStart) = (lists["vocab"]?.lowerBound, lists["merges"]?.lowerBound)
    var (settings, copied): ([UInt8], Int) = ([], 0)
    for range in lists.values.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      settings += bytes[copied..<range.lowerBound] + Array("null".utf8)
      copied = range.upperBound
    }
    self.settings = settings + bytes[copied...]
  }

  /// The ids of pieces.
  ///
  /// - Throws: `invalid-model` for anything but whole numbers by text.
  func vocabulary() throws -> [String: Int32] {
    try list(at: vocabularyStart, or: [:]) { scanner in
      var ids: [String: Int32] = [:]
      ids.reserveCapacity(1 << 16)
      try scanner.members { key, scanner in ids[key] = try scanner.integer() }
      return ids
    }
  }

  /// Merges written as `"a b"`, or as `["a", "b"]` in newer files.
  ///
  /// - Throws: `invalid-model` for one that has not two pieces.
  func merges() throws -> [(String, String)] {
    try list(at: mergesStart, or: []) { scanner in
      var merges: [(String, String)] = []
      try scanner.elements { scanner in
        var pieces: [String] = []
        if scanner.next == UInt8(ascii: "[") {
          try scanner.elements { scanner in pieces.append(try scanner.string()) }
        } else {
          pieces = try scanner.string().split(separator: " ").map(String.init)
        }
        guard pieces.count == 2 else { throw JSONScanner.Malformed() }
        merges.append((pieces[0], pieces[1]))
      }
      return merges
    }
  }

  private func list<List>(
    at start: Int?, or empty: List, _ read: (inout JSONScanner) throws -> List
  ) throws -> List {
    guard let start else { return empty }
    var scanner = JSONScanner(bytes, from: start)
    do { return try read(&scanner) } catch is JSONScanner.Malformed {
      throw Self.damaged(path, "its vocabulary or its merges have another shape")
    }
  }

  private static func damaged(_ path: String, _ reason: String) -> ParallaxError {
    ParallaxError(
      .invalidModel, "'\(PathText.name(of: path))' is not as expected: \(reason)",
      hint: "the file is '\(path)'")
  }
}
