private import ParallaxSystem

/// What a file's first bytes say, asked where its name says nothing.
package enum FileHead: Sendable, Hashable {
  /// A picture of a kind that is read.
  case picture
  /// A picture of another kind, such as `a JPEG XL image`.
  case otherPicture(String)
  case noPicture
}

/// Tells what a file is by its first bytes; this module knows no formats.
package typealias HeadReader = @Sendable (_ bytes: [UInt8]) -> FileHead

/// Looks into the files of a folder whose names do not say that they are pictures.
struct FileHeads {
  /// Bytes that are looked at.
  static let length = 1024

  /// Files of tables, texts, programs, sound and film, which lie beside pictures in thousands: opening
  /// each would take longer than all else.
  static let otherEndings: Set<String> = [
    "txt", "csv", "tsv", "json", "jsonl", "ndjson", "geojson", "xml", "xmp", "html", "htm", "md",
    "rst", "yaml", "yml", "toml", "ini", "cfg", "log", "py", "ipynb", "js", "css", "sh", "c", "h",
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "gz", "bz2", "xz", "zst", "tar",
    "7z", "rar", "mp4", "m4v", "mov", "avi", "mkv", "webm", "mpg", "wav", "mp3", "m4a", "flac",
    "npy", "npz", "pt", "pth", "onnx", "safetensors", "pkl", "parquet", "arrow", "h5", "db",
    "sqlite", "parallax", "thm", "aae", "pp3", "dop", "lnk", "url", "ds_store",
  ]

  /// Endings of camera raw files. Many are TIFFs, of which only a preview could be read.
  static let rawEndings: Set<String> = [
    "3fr", "ari", "arw", "bay", "cap", "cr2", "cr3", "crw", "dcr", "dng", "erf", "fff", "gpr",
    "iiq", "k25", "kdc", "mef", "mos", "mrw", "nef", "nrw", "orf", "pef", "ptx", "raf", "raw",
    "rw2", "rwl", "sr2", "srf", "srw", "x3f",
  ]

  /// Files that look like pictures and were left out, by what they are.
  private(set) var leftOut: [String: Int] = [:]
  private let reader: HeadReader

  init(_ reader: @escaping HeadReader) { self.reader = reader }

  /// Whether a regular file that is not empty is a picture to be read.
  mutating func isPicture(_ path: String, ending: String?) -> Bool {
    if let ending, Self.otherEndings.contains(ending) { return false }
    if let ending, Self.rawEndings.contains(ending) {
      leftOut["a camera raw file", default: 0] += 1
      return false
    }
    switch reader(Self.head(of: path)) {
    case .picture: return true
    case .otherPicture(let name): leftOut[name, default: 0] += 1
    case .noPicture: break
    }
    return false
  }

  /// None for a file that cannot be read: nobody asked for it.
  private static func head(of path: String) -> [UInt8] {
    guard let file = try? InputFile(path) else { return [] }
    return [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
      filled = (try? file.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
    }
  }

  /// One line about what was left out.
  func issue(in folder: String) -> IngestIssue? { Self.issue(of: leftOut, in: folder) }

  static func issue(of leftOut: [String: Int], in folder: String) -> IngestIssue? {
    guard !leftOut.isEmpty else { return nil }
    let kinds = leftOut.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
      .map { "\($0.value) × \($0.key)" }
    let count = leftOut.values.reduce(0, +)
    return IngestIssue(
      .otherKind, .note, subject: folder,
      reason: "left out \(count) \(count == 1 ? "file" : "files") of unsupported kinds: "
        + kinds.joined(separator: ", "), count: count)
  }
}
