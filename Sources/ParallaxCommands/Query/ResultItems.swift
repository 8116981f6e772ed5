internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

/// An item that a row of a result is about.
struct ResultItem: Sendable, Hashable {
  var collection: String
  var id: ItemID
  /// That it answers, in a run.
  var question: String?
}

extension NamedResult {
  /// The items of the first rows, one a row.
  ///
  /// - Parameters:
  ///   - most: rows; `nil` for all.
  ///   - option: what needs them.
  /// - Throws: `unsupported` where rows are no items.
  func items(_ most: Int? = nil, for option: some ArgumentKey) throws -> [ResultItem] {
    let most = most ?? table.rows.count
    switch content {
    case .ranking(let answer):
      return answer.hits.prefix(most).map {
        ResultItem(collection: answer.spaces[$0.space].collection.name, id: $0.id)
      }
    case .run(let run):
      return try run.lists.lazy.flatMap { list in list.hits.lazy.map { (list.question, $0) } }
        .prefix(most).map { question, hit in
          guard let collection = run.collection(of: hit) else {
            throw Self.noImages(name, for: option)
          }
          return ResultItem(collection: collection.name, id: hit.id, question: question)
        }
    case .groups(let listing):
      let collection = listing.found.collection.name
      return listing.items.prefix(most).map { ResultItem(collection: collection, id: $0.id) }
    case .evaluation, .difference, .gate: throw Self.noImages(name, for: option)
    case .table, .judgements:
      // Such as the rows of 'explain'.
      guard let collection = provenance.collection, let column = table.index(of: "id") else {
        throw Self.noImages(name, for: option)
      }
      return table.rows.prefix(most).map { row in
        if case .text(let id) = row[column] {
          ResultItem(collection: collection, id: ItemID(id))
        } else {
          ResultItem(collection: collection, id: ItemID(""))
        }
      }
    }
  }

  static func noImages(_ name: String, for option: some ArgumentKey) -> ParallaxError {
    ParallaxError(
      .unsupported, "'\(name)' is not a list of images; --\(option.name) needs one",
      parameter: option.parameter())
  }
}
