import ParallaxCore
private import ParallaxText

/// The captions of a dataset in COCO's format: one object with the lists `images` and `annotations`.
///
/// A row is an image: `file_name` names it, `caption` has all of its captions in the order of their ids,
/// and the other members of the image but its size are columns, too. Images without a caption have an empty one.
struct CaptionRecords: MetadataRecords {
  /// What a row has already, or the picture itself says.
  private static let own: Set<String> = ["id", "caption", "width", "height"]

  private(set) var columnNames = ["file_name", "caption"]
  private(set) var issues: [IngestIssue] = []
  let listColumns: Set<String> = ["caption"]
  private var rows: [[RawCell]] = []

  /// - Returns: `nil` for JSON of another form.
  /// - Throws: `invalid-value` for one of COCO's files that holds no captions, or no names.
  init?(_ bytes: [UInt8], source: String) throws {
    guard Self.mayBe(bytes) else { return nil }
    var images: [(id: String, members: [(name: String, cell: RawCell)])] = []
    var captions: [String: [(id: Int, text: String)]] = [:]
    var annotations = 0
    var hasImages = false
    var isWhole = false
    do {
      var scanner = JSONScanner(bytes)
      try scanner.members { name, scanner in
        switch name {
        case "images":
          hasImages = true
          try scanner.elements { images.append(try Self.image(&$0, bytes)) }
        case "annotations":
          try scanner.elements { scanner in
            annotations += 1
            guard let caption = try Self.caption(&scanner) else { return }
            captions[caption.image, default: []].append((caption.id, caption.text))
          }
        default: try scanner.skipValue()
        }
      }
      isWhole = scanner.isAtEnd
    } catch is JSONScanner.Malformed {
      throw ParallaxError(
        .invalidValue, "'\(source)' is not JSON as COCO's files of captions are",
        hint: "nothing of the table was read")
    }
    guard hasImages, isWhole else { return nil }
    guard !captions.isEmpty else {
      throw ParallaxError(
        .invalidValue,
        "'\(source)' has \(annotations) annotations and no caption among them",
        hint: "COCO's captions are in the files captions_*.json; boxes are not read")
    }
    add(images, captions, source)
  }

  var rowCount: Int { rows.count }

  func cell(row: Int, column: Int) -> RawCell {
    column < rows[row].count ? rows[row][column] : .empty
  }

  /// A file of one line has no lines to tell.
  func line(ofRow row: Int) -> Int { row + 1 }

  /// Whether the text begins as one object and has both lists: everything else is told by reading.
  private static func mayBe(_ bytes: [UInt8]) -> Bool {
    let start = bytes.lazy.filter { $0 > 0x20 }.prefix(1)
    guard Array(start) == [UInt8(ascii: "{")] else { return false }
    return bytes.firstRange(of: Array("\"annotations\"".utf8)) != nil
      && bytes.firstRange(of: Array("\"images\"".utf8)) != nil
  }

  private static func image(
    _ scanner: inout JSONScanner, _ bytes: [UInt8]
  ) throws -> (id: String, members: [(name: String, cell: RawCell)]) {
    guard scanner.next == UInt8(ascii: "{") else { throw JSONScanner.Malformed() }
    let start = scanner.position
    try scanner.skipValue()
    var reader = JSONObjectReader(bytes[start..<scanner.position])
    guard let members = try? reader.members() else { throw JSONScanner.Malformed() }
    let id = members.first { $0.name == "id" }?.cell.text ?? ""
    return (id, members)
  }

  private static func caption(
    _ scanner: inout JSONScanner
  ) throws -> (image: String, id: Int, text: String)? {
    var image: String?
    var id = 0
    var text: String?
    try scanner.members { name, scanner in
      switch name {
      case "image_id" where scanner.next == UInt8(ascii: "\""): image = try scanner.string()
      case "image_id" where scanner.isAtNumber: image = String(try scanner.integer() as Int)
      case "id" where scanner.isAtNumber: id = try scanner.integer()
      case "caption" where scanner.next == UInt8(ascii: "\""): text = try scanner.string()
      default: try scanner.skipValue()
      }
    }
    guard let image, let text = text?.trimmingBlanks, !text.isEmpty else { return nil }
    return (image, id, text)
  }

  private mutating func add(
    _ images: [(id: String, members: [(name: String, cell: RawCell)])],
    _ captions: [String: [(id: Int, text: String)]], _ source: String
  ) {
    var columns = ["file_name": 0, "caption": 1]
    var used: Set<String> = []
    for image in images {
      var row: [RawCell] = [.empty, .empty]
      for (name, cell) in image.members where !Self.own.contains(name) {
        let column = columns[name] ?? columnNames.count
        if column == columnNames.count {
          columns[name] = column
          columnNames.append(name)
        }
        if column >= row.count { row += repeatElement(.empty, count: column + 1 - row.count) }
        row[column] = cell
      }
      let texts = (captions[image.id] ?? []).sorted { $0.id < $1.id }.map(\.text)
      used.insert(image.id)
      if !texts.isEmpty {
        row[1] = .several(
          texts.map(Value.text), "[\(texts.map(JSON.string).joined(separator: ","))]")
      }
      rows.append(row)
    }
    let stray = captions.filter { !used.contains($0.key) }.values.map(\.count).reduce(0, +)
    guard stray > 0 else { return }
    issues.append(
      IngestIssue(
        .rowWithoutImage, subject: source,
        reason: "\(stray) captions are of images that the file does not list", count: stray))
  }
}
