import ParallaxCore
private import ParallaxSystem

/// What lies beside the pictures of archives, as a table: `.txt` is `caption`, `.cls` is `cls`, the
/// members of `.json` are columns of their names.
struct ArchiveRecords: MetadataRecords {
  /// The column that names the picture.
  static let key = "__key__"
  static let endings: Set<String> = ["txt", "json", "cls"]

  private(set) var columnNames = [key]
  private var columns = [key: 0]
  private var rows: [[RawCell]] = []
  private var places: [String: Int] = [:]
  private var log = IssueLog()

  var issues: [IngestIssue] { log.issues }
  var isEmpty: Bool { rows.isEmpty }
  var rowCount: Int { rows.count }

  func cell(row: Int, column: Int) -> RawCell {
    column < rows[row].count ? rows[row][column] : .empty
  }

  func line(ofRow row: Int) -> Int { row + 1 }

  /// - Parameters:
  ///   - picture: relative to the root.
  ///   - name: of the member, for messages.
  mutating func add(_ bytes: [UInt8], ending: String, of picture: String, named name: String) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return log.add(
        IngestIssue(.textEncoding, .error, subject: name, reason: "the text is not UTF-8; left out")
      )
    }
    switch ending {
    case "txt": set("caption", .typed(.text(Self.trimmed(text))), of: picture, wins: true)
    case "cls": set("cls", .untyped(Self.trimmed(text)), of: picture, wins: true)
    default:
      var reader = JSONObjectReader(bytes[...])
      do throws(JSONObjectReader.Fault) {
        for (member, cell) in try reader.members() {
          set(member.trimmingBlanks.withoutControls, cell, of: picture, wins: false)
        }
      } catch {
        log.add(
          IngestIssue(
            .badJSON, .error, subject: name,
            reason: "\(error.reason) (byte \(error.offset + 1)); left out"))
      }
    }
  }

  /// - Parameter wins: whether it takes the place of a member of JSON with the same name, which is kept
  ///   under another where it differs.
  private mutating func set(_ name: String, _ cell: RawCell, of picture: String, wins: Bool) {
    guard !name.isEmpty, name != Self.key, cell.text?.isEmpty == false else { return }
    let row = places[picture] ?? rows.count
    if row == rows.count {
      places[picture] = row
      rows.append([.untyped(picture)])
    }
    let column = column(name)
    let there = self.cell(row: row, column: column)
    if case .empty = there { return put(cell, row, column) }
    guard there.text != cell.text else { return }
    put(wins ? there : cell, row, self.column("json_\(name)"))
    if wins { put(cell, row, column) }
  }

  /// Without blanks and line ends around it.
  private static func trimmed(_ text: String) -> String {
    let start = text.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }

  private mutating func column(_ name: String) -> Int {
    if let column = columns[name] { return column }
    columns[name] = columnNames.count
    columnNames.append(name)
    return columnNames.count - 1
  }

  private mutating func put(_ cell: RawCell, _ row: Int, _ column: Int) {
    let missing = column + 1 - rows[row].count
    if missing > 0 { rows[row] += repeatElement(.empty, count: missing) }
    rows[row][column] = cell
  }
}
