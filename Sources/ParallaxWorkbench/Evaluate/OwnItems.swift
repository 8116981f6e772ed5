internal import ParallaxCore
internal import ParallaxStorage

/// Which items of a collection are the questions themselves.
///
/// An item is a question that asks by it, by a file with its content, or by another item with its
/// content; and one of the question's id, if the question asks by an image or an item. A text alone is
/// never an item: it says what is looked for.
struct OwnItems {
  /// The contents that some question asks by, with the items that have them.
  private let items: [ContentHash: [ItemID]]
  /// Of the images asked by, by path.
  private let files: [String: ContentHash]
  /// Of the items asked by.
  private let contents: [ItemID: ContentHash]
  private let named: Set<ItemID>

  /// - Parameter contents: of the items that are asked by, which may be of another collection.
  init(
    of questions: [Question], files: [String: ContentHash], contents: [ItemID: ContentHash],
    in collection: ItemCollection, _ workspace: Workspace
  ) throws {
    self.files = files
    self.contents = contents
    items = try workspace.items(
      withContent: Set(files.values).union(contents.values), in: collection)
    let ids = questions.filter(\.asksByImage).map { ItemID($0.id) }
    named = Set(try workspace.items(named: ids, in: collection).keys)
  }

  /// The items that are a question, in the sense of an evaluation.
  func own(_ question: Question) -> Set<ItemID> {
    var own = asked(question.terms.filter { $0.weight > 0 })
    let id = ItemID(question.id)
    if question.asksByImage, named.contains(id) { own.insert(id) }
    return own
  }

  /// The items asked by or away from, and copies of the files: what `--exclude-self` leaves out.
  func asked(_ terms: [Query.Term]) -> Set<ItemID> {
    var own: Set<ItemID> = []
    for term in terms {
      switch term.content {
      case .text: continue
      case .image(let path): own.formUnion(files[path].flatMap { items[$0] } ?? [])
      case .item(let id):
        own.insert(id)
        own.formUnion(contents[id].flatMap { items[$0] } ?? [])
      }
    }
    return own
  }
}

extension Question {
  /// Whether it looks for what an image or an item shows.
  fileprivate var asksByImage: Bool {
    terms.contains { term in
      if case .text = term.content { return false }
      return term.weight > 0
    }
  }
}
