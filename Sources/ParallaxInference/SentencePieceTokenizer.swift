private import CSentencePiece
private import ParallaxCore
private import ParallaxSystem

/// SigLIP's tokenizer: lower case, no ASCII punctuation, single spaces, then SentencePiece.
///
/// Gives the ids of Hugging Face's `SiglipTokenizer`, but for texts that spell out
/// `</s>` or `<unk>`, which are ordinary text here.
final class SentencePieceTokenizer: TextTokenizer {
  let paddingID: Int64
  private let end: Int64
  /// Pieces that `prefix` alone is encoded to.
  private let prefixCount: Int
  /// Unsafe only in type: encoding does not change the processor, the pointer never
  /// changes, and nothing else frees it.
  private nonisolated(unsafe) let handle: OpaquePointer

  /// Put before every text, because the library drops a space at the very beginning;
  /// its pieces are dropped again.
  private static let prefix = "<unk>"

  /// - Throws: `invalid-model` for a file that is no SentencePiece model, or has no end piece.
  init(fileAt path: String, names: SpecialTokenNames) throws {
    var opened: OpaquePointer?
    let failure = try InputFile(path).withMappedBytes { bytes in
      messageOfFailure { csp_open(bytes.baseAddress, bytes.count, &opened, $0, $1) }
    }
    guard let opened, failure == nil else {
      throw ParallaxError(
        .invalidModel, "'\(PathText.name(of: path))' is not a SentencePiece model",
        hint: "the file is '\(path)'")
    }
    handle = opened
    let unknown = csp_unknown_id(opened)
    func id(_ name: String?) -> Int32? {
      name.map { csp_piece_id(opened, $0) }.flatMap { $0 == unknown ? nil : $0 }
    }
    let end = id(names.end) ?? csp_end_id(opened)
    self.end = Int64(end)
    paddingID = Int64(id(names.padding) ?? end)
    prefixCount = (try? Self.encode(Self.prefix, with: opened).count) ?? 0
    guard end >= 0 else {
      throw ParallaxError(
        .invalidModel, "'\(PathText.name(of: path))' has no piece that ends a text",
        hint: "the file is '\(path)'")
    }
  }

  deinit { csp_close(handle) }

  func encode(_ text: String, maximumTokens: Int) throws -> [Int64] {
    let mark: Unicode.Scalar = "\u{2581}"
    let marked = [mark] + text.unicodeScalars.map { $0 == mark ? " " : $0 }
    let ids = try Self.encode(Self.prefix + Self.canonical(marked), with: handle)
    return ids.dropFirst(prefixCount).prefix(max(2, maximumTokens) - 1).map(Int64.init) + [end]
  }

  /// Lower case, without ASCII punctuation, white space joined and trimmed.
  private static func canonical(_ scalars: [Unicode.Scalar]) -> String {
    var result = String.UnicodeScalarView()
    var pendingSpace = false
    for scalar in lowercased(scalars) {
      if isSpace(scalar) {
        pendingSpace = !result.isEmpty
      } else if !isPunctuation(scalar) {
        if pendingSpace { result.append(" ") }
        pendingSpace = false
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// Lower case with the one rule that depends on context: a capital sigma that ends a word.
  private static func lowercased(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    scalars.indices.flatMap { index -> [Unicode.Scalar] in
      if scalars[index] == "\u{3A3}" {
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        let ends = before?.properties.isCased == true && after?.properties.isCased != true
        return [ends ? "\u{3C2}" : "\u{3C3}"]
      }
      return Array(scalars[index].properties.lowercaseMapping.unicodeScalars)
    }
  }

  /// White space as Python's `str.isspace` has it: Unicode's, and four separators of ASCII.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    (0x1C...0x1F).contains(scalar.value) || scalar.properties.isWhitespace
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  private static func encode(_ text: String, with handle: OpaquePointer) throws -> [Int32] {
    var text = text
    var ids: UnsafeMutablePointer<Int32>?
    var count = 0
    let failure = text.withUTF8 { bytes in
      messageOfFailure { message, capacity in
        bytes.withMemoryRebound(to: CChar.self) {
          csp_encode(handle, $0.baseAddress, $0.count, &ids, &count, message, capacity)
        }
      }
    }
    defer { csp_free(ids) }
    if let failure {
      throw ParallaxError(.inferenceFailed, "SentencePiece failed on a text: \(failure)")
    }
    return Array(UnsafeBufferPointer(start: ids, count: count))
  }
}
