package import ParallaxCore

/// Grades of one collection's items for questions, under a name.
package struct JudgementSetRecord: Sendable, Hashable {
  package let rowID: Int64
  package let name: String
  /// The name of the collection, which may be gone.
  package let collection: String
  /// ISO 8601, UTC, to the second.
  package let created: String

  /// - Throws: `unsupported` for another collection than its own.
  package func check(_ collection: ItemCollection) throws {
    guard self.collection != collection.name else { return }
    throw ParallaxError(
      .unsupported,
      "'\(name)' judges items of '\(self.collection)', and these are of '\(collection.name)'",
      hint: "name another set")
  }
}

/// How well an item answers a question, by one judge.
package struct Grade: Sendable, Hashable {
  /// Who said so.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case person, model
    /// The last word on what judges disagree about; one a pair.
    case settled
  }

  /// From something else to exactly what was asked for.
  package static let scale = 0...3

  package var question: String
  package var item: ItemID
  package var judge: String
  package var kind: Kind
  /// In ``scale``.
  package var grade: Int
  /// ISO 8601, UTC, to the second.
  package var at: String
  /// Of the picture that was judged.
  package var hash: ContentHash
  /// Of a model with what it was told: everything that decides its grade; `nil` for a person.
  package var identity: String?

  package init(
    _ grade: Int, of item: ItemID, for question: String, by judge: String, _ kind: Kind, at: String,
    hash: ContentHash, identity: String? = nil
  ) {
    self.grade = grade
    self.item = item
    self.question = question
    self.judge = judge
    self.kind = kind
    self.at = at
    self.hash = hash
    self.identity = identity
  }
}

/// A part of what a judged question asks, so that it can be shown without its file.
package struct JudgedTerm: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case text, image, item
  }

  package var kind: Kind
  /// The text, the path of the image, or the id of the item.
  package var value: String
  /// Below 0 for what is looked away from.
  package var weight: Double
  /// SHA-256 of an image; `nil` for the others, and where its file could not be read.
  package var hash: ContentHash?

  package init(_ kind: Kind, _ value: String, weight: Double, hash: ContentHash? = nil) {
    self.kind = kind
    self.value = value
    self.weight = weight
    self.hash = hash
  }
}
