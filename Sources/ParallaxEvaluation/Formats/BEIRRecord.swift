private import ParallaxText

/// A question or an item of a BEIR folder: a line of `queries.jsonl` or `corpus.jsonl`.
package struct BEIRRecord: Sendable, Hashable {
  package let id: String
  /// Empty when there is none.
  package var title = ""
  package var text = ""

  /// Reads an object a line; of its members only `_id`, `title` and `text` matter.
  ///
  /// - Parameter name: of the file, for errors.
  /// - Throws: `invalid-value` with file and line for a line that is no object, has no `_id` or one
  ///   that an earlier line has; `CancellationError`.
  package static func records(_ bytes: [UInt8], named name: String) throws -> [BEIRRecord] {
    let file = SourceFile(bytes, named: name)
    var (records, known) = ([BEIRRecord](), Set<String>())
    var number = 0
    for line in file.bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    {
      number += 1
      if number % 4_096 == 0 { try Task.checkCancellation() }
      guard line.contains(where: { !SourceFile.isBlank($0) }) else { continue }
      guard let record = BEIRRecord(line) else {
        throw file.fault(number, "this is no JSON object with the members _id and text")
      }
      guard known.insert(record.id).inserted else {
        throw file.fault(number, "the id \(SourceFile.quoted(record.id)) is there twice")
      }
      records.append(record)
    }
    return records
  }

  /// `nil` for what is no object with an `_id`.
  private init?(_ line: ArraySlice<UInt8>) {
    var scanner = JSONScanner(Array(line))
    var (id, title, text) = ("", "", "")
    let isObject: Void? = try? scanner.members { name, scanner in
      switch (name, scanner.next) {
      case ("_id", UInt8(ascii: "\"")): id = try scanner.string()
      case ("title", UInt8(ascii: "\"")): title = try scanner.string()
      case ("text", UInt8(ascii: "\"")): text = try scanner.string()
      default: try scanner.skipValue()
      }
    }
    guard isObject != nil, scanner.isAtEnd, !id.isEmpty else { return nil }
    self.id = id
    self.title = title
    self.text = text
  }
}
