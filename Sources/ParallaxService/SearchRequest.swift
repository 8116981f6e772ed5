internal import CommandLanguage
internal import ParallaxConditions
internal import ParallaxCore
private import ParallaxReporting
internal import ParallaxStorage
private import ParallaxText
internal import ParallaxWorkbench

/// A search as a body of JSON, or the address of the page, asks for it.
struct SearchRequest: Sendable {
  /// Hits that one request may have, and places they may begin at.
  static let mostHits = 1_000
  static let mostOffset = 9_000

  var space: Space
  var query: Query
  /// Hits that are left out before the first.
  var offset = 0
  var explains = false
  /// How the head of the list is ordered again; `nil` for not at all.
  var rerank: RerankRequest?

  /// The paths of pictures that were sent, which no text shows.
  private(set) var uploads: [Uploads.Upload] = []
  private var words: [String] = []

  /// Rerankers that read nothing but what this machine has.
  static let rerankers = RerankMethodRegistry.all.map { $0.id } + ["mini-cross", "geometric"]

  init(space: Space) {
    self.space = space
    query = Query(terms: [])
    query.top = 20
  }

  // MARK: - Terms

  mutating func add(text: String, weight: Double = 1) throws {
    guard !text.isBlank else {
      throw ParallaxError(
        .invalidValue, "'text' takes words to look for; got an empty text", parameter: "text")
    }
    add(.text(text), "text", text, weight)
  }

  mutating func add(item: String, weight: Double = 1) {
    add(.item(ItemID(item)), "like", item, weight)
  }

  mutating func add(_ upload: Uploads.Upload, weight: Double = 1) {
    uploads.append(upload)
    add(.image(path: upload.path), "image", "FILE", weight)
  }

  private mutating func add(
    _ content: Query.Term.Content, _ option: String, _ word: String, _ weight: Double
  ) {
    let name = weight < 0 ? "not-\(option)" : option
    let shown = option == "image" ? word : Quoting.quoted(word)
    query.terms.append(
      Query.Term(
        content, weight: weight, label: "\(name) \(shown)",
        parameter: .init(name: option == "like" ? "item" : option)))
    let size = abs(weight)
    words.append("--\(name) \(shown)" + (size == 1 ? "" : "^\(Wording.number(size))"))
  }

  mutating func setCondition(_ text: String) throws {
    query.condition = try WhereExpression(parsing: text)
  }

  /// Hits that are needed: those that are shown, and those that are ordered again.
  var candidates: Int { min(10_000, max(offset + query.top, rerank?.depth ?? 0)) }

  // MARK: - What it says

  /// What gives the same at the prompt; `FILE` stands for a picture that was sent.
  var command: String {
    var parts = ["query \(space.reference)"] + words
    if let condition = query.condition { parts.append("--where \(Quoting.quoted(condition.text))") }
    if let least = query.minimumScore { parts.append("--min-score \(Wording.number(least.shown))") }
    if query.fusion != .sum { parts.append("--fuse \(query.fusion.rawValue)") }
    if query.excludesOwn { parts.append("--exclude-self") }
    if query.method == .exact { parts.append("--exact") }
    if let diversity = query.diversity { parts.append("--mmr \(Wording.number(diversity))") }
    parts.append("--top \(candidates)")
    guard let rerank else { return parts.joined(separator: " ") }
    return parts.joined(separator: " ")
      + " | rerank --model \(rerank.model.text) --depth \(rerank.depth) --top \(offset + query.top)"
  }
}

extension Service {
  /// What a search found.
  struct Found: Sendable {
    var request: SearchRequest
    var answer: Answer
    /// Those that were asked for and whose items are there still.
    var hits: [(hit: Answer.Hit, contributions: [Double]?)]
    /// Where the next hits begin, if there may be any.
    var next: Int?
    var items: [ItemID: ItemRecord]
    var metadata: [ItemID: [String: Value]]
    var notes: [String]
    var warnings: [String]
  }

  /// Searches as `query` does.
  ///
  /// - Throws: `collection-gone`, `space-gone`; as `Workbench.answer`, without the paths of pictures that were sent.
  func find(_ request: SearchRequest) async throws -> Found {
    try checkThere(request.space)
    var query = request.query
    query.top = request.candidates
    query.recallFloor = options.recallFloor
    query.isOneOfMany = true
    let said = Said()
    let answer: Answer
    do {
      answer = try await whenFree { [query] in
        let first = try await bench.answer(
          query, in: [request.space], budget: options.budget, said.handler)
        guard let rerank = request.rerank else { return first }
        return try await bench.reranked(first, rerank, budget: options.budget, said.handler)
      }
    } catch let error as ParallaxError {
      throw request.uploads.reduce(error) { $0.hiding($1.path, as: "the picture") }
    }
    let ranking = answer.rankings[0]
    let places = ranking.hits.indices.dropFirst(request.offset).prefix(request.query.top)
    let ids = places.map { ranking.hits[$0].id }
    let items = try bench.workspace.items(named: ids, in: request.space.collection)
    let there = places.filter { items[ranking.hits[$0].id] != nil }
    let records = there.compactMap { items[ranking.hits[$0].id] }
    let fields = try bench.workspace.metadata(
      of: records.map(\.rowID), in: request.space.collection)
    return Found(
      request: request, answer: answer,
      hits: there.map { (ranking.hits[$0], ranking.contributions?.rows[$0]) },
      next: places.count == request.query.top && places.endIndex < answer.candidates
        ? places.endIndex : nil,
      items: items,
      metadata: Dictionary(zip(records.map(\.id), fields)) { first, _ in first },
      notes: said.notes,
      warnings: said.warnings + Self.warnings(ofRemoved: places.count - there.count))
  }

  /// What is said of items in a list that another session removed since the space was read.
  static func warnings(ofRemoved count: Int) -> [String] {
    guard count > 0 else { return [] }
    return [
      "\(Wording.count(count, "item")) of this list \(count == 1 ? "was" : "were") removed since the "
        + "space was read, and \(count == 1 ? "is" : "are") left out; serve again to search without "
        + (count == 1 ? "it" : "them")
    ]
  }
}
