internal import ParallaxCore

extension SourceFile {
  /// The only column of a header that may be called by one of some names; `nil` where there is none. Case, `_`, `-` and
  /// blanks do not matter.
  ///
  /// - Parameter what: the column in an error.
  /// - Throws: `invalid-value` where there are several.
  func column(
    _ what: String, _ names: [String], in header: [String], _ line: Int
  ) throws -> Int? {
    let places = header.indices.filter { names.contains(Self.plainName(header[$0])) }
    guard places.count < 2 else {
      let found = places.map { Self.quoted(header[$0]) }.joined(separator: " and ")
      throw fault(line, "\(found) may both be the \(what)", hint: "rename the one that is not")
    }
    return places.first
  }

  /// Lower case, without quotes and what separates words.
  static func plainName(_ name: String) -> String {
    name.lowercased().filter { !"_- \"\r".contains($0) }
  }
}
