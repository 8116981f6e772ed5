package import ParallaxCore

/// Ids, one a line, each once. Lines end in LF or CR LF; the last may end without.
package struct IDList: Sendable, Hashable {
  /// In the order of the lines.
  package let ids: [ItemID]

  /// - Throws: `invalid-value` naming the file and the line; `cancelled`.
  package init(_ bytes: [UInt8], of path: String) throws {
    func wrong(_ line: Int, _ what: String, hint: String? = nil) -> ParallaxError {
      ParallaxError(.invalidValue, "'\(path)', line \(line): \(what)", hint: hint)
    }
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    let isEmpty = rest.isEmpty
    if rest.last == UInt8(ascii: "\n") { rest = rest.dropLast() }
    var ids: [ItemID] = []
    var lines: [ItemID: Int] = [:]
    if !isEmpty {
      for raw in rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        let line = ids.count + 1
        if line % 4_096 == 0, Task.isCancelled {
          throw ParallaxError(.cancelled, "cancelled while reading '\(path)'")
        }
        let content = raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw
        guard let text = String(validating: content, as: UTF8.self) else {
          throw wrong(line, "the text is not UTF-8", hint: "save the file as UTF-8")
        }
        guard !text.isEmpty else { throw wrong(line, "an id is missing") }
        let id = ItemID(text)
        if let first = lines.updateValue(line, forKey: id) {
          throw wrong(
            line, "'\(text)' stands in line \(first) already",
            hint: "an item has one vector; leave one of them out of both files")
        }
        ids.append(id)
      }
    }
    self.ids = ids
  }
}
