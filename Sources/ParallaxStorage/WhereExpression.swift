/// A parsed `--where`: what to ask of metadata and built-in fields.
package struct WhereExpression: Sendable, Hashable {
  /// A field as named in the expression.
  package struct FieldName: Sendable, Hashable {
    package let name: String
    /// UTF-8 offsets into ``text``.
    package let range: Range<Int>
  }

  package let text: String
  /// Each mention of a field, from left to right.
  package let fieldNames: [FieldName]

  /// - Throws: `where-syntax` with a location whose source is `where`.
  package init(parsing text: String) throws {
    self.text = text
    fieldNames = []
  }
}
