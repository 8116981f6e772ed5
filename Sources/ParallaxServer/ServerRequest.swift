/// What is known of a request before its body.
package struct RequestHead: Sendable {
  package struct Field: Sendable, Hashable {
    /// In small letters.
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name.lowercased()
      self.value = value
    }
  }

  package let method: String
  /// As it was written.
  package let rawTarget: String
  /// `nil` where it is malformed.
  package let target: RequestTarget?
  package let fields: [Field]
  /// The address it comes from, in numbers.
  package let client: String

  package init(method: String, target: String, fields: [Field] = [], client: String = "") {
    self.method = method
    rawTarget = target
    self.target = RequestTarget(target)
    self.fields = fields
    self.client = client
  }

  /// The value of a field; `nil` where there is none, and where there are several.
  package func field(_ name: String) -> String? {
    let found = fields.filter { $0.name == name }
    return found.count == 1 ? found[0].value : nil
  }

  /// Bytes of its line and header.
  package var byteCount: Int {
    fields.reduce(method.utf8.count + rawTarget.utf8.count + " HTTP/1.1\r\n\r\n ".utf8.count) {
      $0 + $1.name.utf8.count + $1.value.utf8.count + ": \r\n".utf8.count
    }
  }

  package func hasField(_ name: String) -> Bool { fields.contains { $0.name == name } }

  /// Whether it asks for something and changes nothing.
  package var isReading: Bool { method == "GET" || method == "HEAD" }

  /// The type of the body without its parameters, in small letters.
  package var contentType: String? {
    field("content-type")?.split(separator: ";").first.map {
      $0.trimmingBlanks.lowercased()
    }
  }

  /// The value of a cookie; `nil` where there is none.
  package func cookie(_ name: String) -> String? {
    for field in fields where field.name == "cookie" {
      for pair in field.value.split(separator: ";") {
        let sides = pair.split(separator: "=", maxSplits: 1)
        if sides.count == 2, sides[0].trimmingBlanks == name { return sides[1].trimmingBlanks }
      }
    }
    return nil
  }
}

package struct ServerRequest: Sendable {
  package let head: RequestHead
  package let body: [UInt8]

  package init(_ head: RequestHead, body: [UInt8] = []) {
    self.head = head
    self.body = body
  }
}

extension Substring {
  var trimmingBlanks: String {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    let start = drop(while: isBlank)
    return String(start.reversed().drop(while: isBlank).reversed())
  }
}
