internal import ParallaxCore
internal import ParallaxServer
internal import ParallaxStorage
private import ParallaxText
internal import ParallaxWorkbench

extension Shape {
  static let term = Shape.object(
    Object(
      name: "Term",
      properties: [
        Property("text", .text, "words that say what is looked for"),
        Property("item", .text, "the id of an item of the collection"),
        Property("upload", .string(length: 64...64), "a picture that was sent to /v1/uploads"),
        Property("image", .string(length: 1...Int.max), "the bytes of a picture in base64"),
        Property("weight", .number(-1_000...1_000), "1 if left out; below 0 to look away from it"),
      ], needsOne: ["text", "item", "upload", "image"],
      help: "One thing that is looked for: a text, an item, an upload or an image."))

  static let searchRequest = Shape.object(
    Object(
      name: "SearchRequest",
      properties: [
        Property("space", .text, "the space that is searched; the first one if left out"),
        Property("text", .text, "short for a term with a text"),
        Property("item", .text, "short for a term with an item"),
        Property("upload", .string(length: 64...64), "short for a term with an upload"),
        Property("image", .string(length: 1...Int.max), "short for a term with an image"),
        Property("terms", .list(.term, count: 1...20), "what is looked for; their weights count"),
        Property("where", .text, "a condition on metadata, as 'help where' explains"),
        Property(
          "top", .integer(1...SearchRequest.mostHits), "at most so many hits; 20 if left out"),
        Property(
          "offset", .integer(0...SearchRequest.mostOffset),
          "hits left out before the first; not with diversity"),
        Property("min_score", .anyNumber, "leaves out lower scores"),
        Property("fuse", .choice(["sum", "rrf"]), "how several terms become one ranking"),
        Property("exclude_own", .boolean, "leaves out the items and pictures asked by"),
        Property("exact", .boolean, "compares every row, even if there is an index"),
        Property(
          "diversity", .number(0...1), "trades score for difference (mmr); 1 is score alone"),
        Property("rerank", .rerank, "orders the head of the list again"),
        Property("explain", .boolean, "whether hits say what each term gave to their score"),
      ], needsOne: ["text", "item", "upload", "image", "terms"]))

  static let rerank = Shape.object(
    Object(
      name: "Rerank",
      properties: [
        Property("model", .choice(SearchRequest.rerankers), required: true, "the reranker"),
        Property("depth", .integer(1...1_000), "how many of the list; 100 if left out"),
      ]))

  static let hit = Shape.object(
    Object(
      name: "Hit",
      properties: [
        Property("rank", .count, required: true, "from 1"),
        Property("id", .anyText, required: true, "of the item"),
        Property("score", .nullable(.anyNumber), required: true, "as 'query' shows it"),
        Property("first_rank", .count, "before the list was reranked"),
        Property("standing", .anyNumber, "standard deviations above unrelated questions"),
        Property("text", .nullable(.anyText), required: true, "the item's text"),
        Property("fields", .map(.anything), required: true, "the item's metadata"),
        Property(
          "contributions", .list(.contribution, count: 0...Int.max), "they add up to the score"),
        Property("links", .links, required: true, "addresses on this server"),
      ]))

  static let contribution = Shape.object(
    Object(
      name: "Contribution",
      properties: [
        Property("term", .anyText, required: true, "as the command asks for it"),
        Property("weight", .anyNumber, required: true, "of the term"),
        Property("value", .anyNumber, required: true, "its share of the score"),
      ]))

  static let searchAnswer = Shape.object(
    Object(
      name: "SearchAnswer",
      properties: [
        Property("space", .anyText, required: true, "the space that was searched"),
        Property("command", .anyText, required: true, "what gives the same at the prompt"),
        Property("method", .anyText, required: true, "how hits were found, such as exact"),
        Property("candidates", .count, required: true, "items that could have been found"),
        Property("embed_ms", .anyNumber, required: true, "milliseconds to embed the question"),
        Property("search_ms", .anyNumber, required: true, "milliseconds to search"),
        Property(
          "nothing_outstanding", .boolean, "whether no hit lies far above unrelated questions"),
        Property("notes", .list(.anyText, count: 0...Int.max), required: true, "what was noticed"),
        Property(
          "warnings", .list(.anyText, count: 0...Int.max), required: true, "what is not as asked"),
        Property("hits", .list(.hit, count: 0...Int.max), required: true, "best first"),
      ]))

  static let compareRequest = Shape.object(
    Object(
      name: "CompareRequest",
      properties: [
        Property("search", .searchRequest, required: true, "the question; its space is the first"),
        Property("with", .text, required: true, "the space that is asked the same"),
      ]))

  static let compareAnswer = Shape.object(
    Object(
      name: "CompareAnswer",
      properties: [
        Property("first", .searchAnswer, required: true, "what the first space answers"),
        Property("second", .searchAnswer, required: true, "what the other one answers"),
        Property("shared", .count, required: true, "hits that both lists have"),
        Property(
          "moves", .list(.move, count: 0...Int.max), required: true, "by rank in the second"),
      ]))

  static let move = Shape.object(
    Object(
      name: "Move",
      properties: [
        Property("id", .anyText, required: true, "of the item"),
        Property("first", .nullable(.count), required: true, "its rank in the first list"),
        Property("second", .nullable(.count), required: true, "its rank in the second list"),
      ]))
}

extension Route {
  static let search = Route(
    method: "POST", template: "/v1/search",
    summary: "The items nearest to texts, pictures or items",
    tag: "search", body: .json(.searchRequest, holdsPicture: true), answer: .json(.searchAnswer),
    problems: [404, 409, 413, 415, 422, 502, 503]
  ) { service, call in
    let found = try await service.find(try service.searchRequest(call.body))
    return .json(service.json(found).text)
  }

  static let compare = Route(
    method: "POST", template: "/v1/compare", summary: "The same question asked of two spaces",
    tag: "search", body: .json(.compareRequest, holdsPicture: true), answer: .json(.compareAnswer),
    problems: [404, 409, 413, 415, 422, 502, 503]
  ) { service, call in
    let request = try service.searchRequest(call.body["search"] ?? .null)
    let other = try request.asked(of: service.space(call.body["with"]?.string))
    let (first, second) = (try await service.find(request), try await service.find(other))
    return .json(
      JSONValue.members([
        "first": service.json(first), "second": service.json(second),
        "shared": JSONValue(Moves(first, second).shared),
        "moves": .array(
          Moves(first, second).all.map {
            .members([
              "id": .string($0.id.rawValue), "first": $0.first.map { JSONValue($0) } ?? .null,
              "second": $0.second.map { JSONValue($0) } ?? .null,
            ])
          }),
      ]).text)
  }
}

/// Where each item of two lists stands in both.
struct Moves {
  var all: [(id: ItemID, first: Int?, second: Int?)]

  /// In the order of the second list, then what only the first one has.
  init(_ first: Service.Found, _ second: Service.Found) {
    let ranks = { (found: Service.Found) in
      Dictionary(found.hits.map { ($0.hit.id, $0.hit.rank) }) { first, _ in first }
    }
    let (before, after) = (ranks(first), ranks(second))
    all =
      second.hits.map { ($0.hit.id, before[$0.hit.id], $0.hit.rank) }
      + first.hits.filter { after[$0.hit.id] == nil }.map { ($0.hit.id, $0.hit.rank, nil) }
  }

  var shared: Int { all.count { $0.first != nil && $0.second != nil } }
}

extension SearchRequest {
  /// The same question to another space.
  ///
  /// - Throws: `unsupported` for a space of another collection.
  func asked(of other: Space) throws -> SearchRequest {
    var copy = self
    guard other.collection == space.collection else {
      throw ParallaxError(
        .unsupported,
        "'\(space.reference)' and '\(other.reference)' are spaces of different collections: their "
          + "items are not the same, even where ids are",
        hint: "compare two spaces of one collection, or search each by itself", parameter: "with")
    }
    copy.space = other
    return copy
  }
}

extension Service {
  /// - Parameter body: that was checked.
  func searchRequest(_ body: JSONValue) throws -> SearchRequest {
    var request = SearchRequest(space: try space(body["space"]?.string))
    try addTerm(of: body, weight: 1, to: &request, at: "")
    for (place, term) in (body["terms"]?.elements ?? []).enumerated() {
      let before = request.query.terms.count
      try addTerm(
        of: term, weight: term["weight"]?.number ?? 1, to: &request, at: "terms[\(place)]")
      guard request.query.terms.count == before + 1 else {
        throw ParallaxError(
          .invalidValue, "a term has one of text, item, upload and image",
          parameter: .init(name: "terms[\(place)]"))
      }
    }
    if let text = body["where"]?.string { try request.setCondition(text) }
    if let top = body["top"]?.integer { request.query.top = top }
    request.offset = body["offset"]?.integer ?? 0
    request.query.minimumScore = body["min_score"]?.number.map { Float($0) }
    if let fusion = body["fuse"]?.string.flatMap(Query.Fusion.init) {
      request.query.fusion = fusion
    }
    request.query.excludesOwn = body["exclude_own"]?.boolean ?? false
    if body["exact"]?.boolean == true { request.query.method = .exact }
    request.query.diversity = body["diversity"]?.number
    // What is most different depends on how many are chosen, so that pages would not follow one another.
    guard request.offset == 0 || request.query.diversity == nil else {
      throw ParallaxError(
        .unsupported, "'offset' and 'diversity' do not go together",
        hint: "ask for all of them at once with 'top', at most \(SearchRequest.mostHits)",
        parameter: "offset")
    }
    request.explains = body["explain"]?.boolean ?? false
    if let rerank = body["rerank"], let model = rerank["model"]?.string {
      request.rerank = RerankRequest(model: RerankModel(model))
      if let depth = rerank["depth"]?.integer { request.rerank?.depth = depth }
    }
    return request
  }

  private func addTerm(
    of body: JSONValue, weight: Double, to request: inout SearchRequest, at place: String
  ) throws {
    if let text = body["text"]?.string { try request.add(text: text, weight: weight) }
    if let item = body["item"]?.string { request.add(item: item, weight: weight) }
    if let id = body["upload"]?.string {
      request.add(try uploads.upload(id), weight: weight)
    }
    if let text = body["image"]?.string {
      guard let bytes = Base64.decoded(text), !bytes.isEmpty else {
        throw ParallaxError(
          .invalidValue, "'image' takes the bytes of a picture in base64",
          parameter: .init(name: place.isEmpty ? "image" : "\(place).image"))
      }
      guard bytes.count <= options.uploadBytes else {
        throw ParallaxError(
          .bodyTooLarge, "a picture may have \(options.uploadBytes) bytes; this has \(bytes.count)")
      }
      request.add(try uploads.hold(bytes), weight: weight)
    }
  }

  func json(_ found: Found) -> JSONValue {
    let answer = found.answer
    return .members([
      "space": .string(found.request.space.reference), "command": .string(found.request.command),
      "method": .string(answer.method), "candidates": JSONValue(answer.candidates),
      "embed_ms": .number(answer.embedding), "search_ms": .number(answer.searching),
      "nothing_outstanding": answer.leastStanding == nil
        ? nil : .boolean(answer.hasNothingOutstanding),
      "notes": .array(found.notes.map(JSONValue.string)),
      "warnings": .array(found.warnings.map(JSONValue.string)),
      "hits": .array(found.hits.map { json($0.hit, $0.contributions, found) }),
    ])
  }

  private func json(_ hit: Answer.Hit, _ shares: [Double]?, _ found: Found) -> JSONValue {
    let collection = found.request.space.collection
    let terms = found.answer.rankings[0].contributions
    let contributions = shares.flatMap { shares in
      terms.map { terms in
        JSONValue.array(
          shares.indices.map { place in
            .members([
              "term": .string(terms.terms[place]), "weight": .number(terms.weights[place]),
              "value": .number(shares[place]),
            ])
          })
      }
    }
    return .members([
      "rank": JSONValue(hit.rank), "id": .string(hit.id.rawValue),
      "score": hit.shownScore.map(JSONValue.number) ?? .null,
      "first_rank": hit.stage.map { JSONValue($0.firstRank) },
      "standing": hit.standing.map(JSONValue.number),
      "text": JSONValue(found.items[hit.id]?.text),
      "fields": fields(found.metadata[hit.id] ?? [:]),
      "contributions": found.request.explains ? contributions : nil,
      "links": links(hit.id, in: collection),
    ])
  }
}
