import ParallaxCore
private import ParallaxSystem

/// Reads tables of metadata, whatever their format, by their bytes rather than their endings.
enum TableFile {
  /// Offsets of cells are kept in 31 bits.
  private static let sizeLimit = DelimitedText.sizeLimit

  /// The table at `path`: delimited text, JSON lines or a JSON array, each also as gzip.
  ///
  /// - Throws: `unsupported` for another format, by name and with a remedy; what reading it throws.
  static func records(at path: String, delimiter: Character? = nil) throws -> any MetadataRecords {
    try records(
      in: try InputFile.contents(of: path, atMost: sizeLimit), source: path, delimiter: delimiter)
  }

  /// The same of bytes; `source` names them, and its ending may decide.
  static func records(
    in bytes: [UInt8], source: String, delimiter: Character? = nil
  ) throws -> any MetadataRecords {
    var bytes = bytes
    if Gunzip.isGzip(bytes) {
      bytes = try Gunzip.inflated(bytes, source: source, limit: sizeLimit)
    }
    if let format = ForeignFormat.of(bytes) {
      throw ParallaxError(
        .unsupported, "'\(source)' is \(format.name), which Parallax does not read",
        hint: format.remedy)
    }
    let text = try TextDecoding(bytes, source: source)
    let isJSON = ["json", "jsonl", "ndjson"].contains(FilePath.tableEnding(of: source))
    if let captions = try CaptionRecords(text.bytes, source: source) { return captions }
    if isJSON || delimiter == nil && looksLikeJSON(text.bytes) {
      return try JSONRecords(text, source: source)
    }
    return try DelimitedText(text, source: source, delimiter: delimiter)
  }

  /// Whether the text begins as an object, or an array of them, does.
  private static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
    let start = bytes.lazy.filter { $0 > 0x20 }.prefix(2)
    return Array(start) == Array("{\"".utf8) || Array(start) == Array("[{".utf8)
  }
}

/// A format that people keep tables in and that is not read.
private struct ForeignFormat {
  let magic: [UInt8]
  let name: String
  let remedy: String

  /// A column may be named as a format begins: what is text throughout is none of them.
  static func of(_ bytes: [UInt8]) -> ForeignFormat? {
    guard let format = all.first(where: { bytes.starts(with: $0.magic) }) else { return nil }
    return bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil ? format : nil
  }

  private static let all: [ForeignFormat] = [
    .init("PAR1", "Parquet", "duckdb -c \"copy (from 'FILE') to 'FILE.csv'\" writes it as CSV"),
    .init("ARROW1", "Arrow", "write it as CSV or JSON lines, or Parquet with duckdb"),
    .init([0x50, 0x4B, 3, 4], "a zip file or a workbook (XLSX, ODS)", "save its sheet as CSV"),
    .init(
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Excel workbook (XLS)",
      "save its sheet as CSV"),
    .init([0x28, 0xB5, 0x2F, 0xFD], "packed with zstd", "unpack it with 'zstd -d', or use gzip"),
    .init(
      [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "packed with xz", "unpack it with 'xz -d', or use gzip"),
    .init("BZh", "packed with bzip2", "unpack it with 'bzip2 -d', or use gzip"),
    .init(
      "SQLite format 3\0", "an SQLite database", "'sqlite3 -csv -header' writes a table as CSV"),
    .init("Obj\u{1}", "Avro", "write it as CSV or JSON lines"),
    .init([0x89, 0x48, 0x44, 0x46], "HDF5", "write it as CSV or JSON lines"),
    .init([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array", "write it as CSV or JSON lines"),
    .init("%PDF-", "a PDF", "write its table as CSV"),
    .init([0xFF, 0xD8, 0xFF], "a JPEG image", "name a table"),
    .init([0x89, 0x50, 0x4E, 0x47], "a PNG image", "name a table"),
  ]

  private init(_ magic: [UInt8], _ name: String, _ remedy: String) {
    self.magic = magic
    self.name = name
    self.remedy = remedy
  }

  private init(_ magic: String, _ name: String, _ remedy: String) {
    self.init(Array(magic.utf8), name, remedy)
  }
}
