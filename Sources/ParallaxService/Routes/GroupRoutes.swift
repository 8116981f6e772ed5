internal import ParallaxCore
internal import ParallaxServer
internal import ParallaxStorage
internal import ParallaxWorkbench

extension Shape {
  static let verdictWords = Shape.choice(Verdict.Answer.allCases.map(\.rawValue))

  private static let memberProperties = [
    Property("id", .anyText, required: true, "its id"),
    Property("bytes", .count, required: true, "of the picture's file"),
    Property("width", .nullable(.count), required: true, "pixels"),
    Property("height", .nullable(.count), required: true, "pixels"),
    Property("format", .nullable(.anyText), required: true, "such as jpeg"),
    Property("score", .nullable(.anyNumber), required: true, "cosine to the anchor"),
    Property("hash_distance", .nullable(.count), required: true, "of 64 bits, to the anchor"),
    Property("differs", .map(.anything), required: true, "metadata that is not the same in all"),
    Property("links", .links, required: true, "addresses on this server"),
  ]

  static let groupMember = Shape.object(
    Object(name: "GroupMember", properties: memberProperties))

  static let askedMember = Shape.object(
    Object(
      name: "AskedMember",
      properties: memberProperties + [
        Property(
          "verdict", .nullable(.verdictWords), required: true,
          "whether it is the same picture as the anchor"),
        Property("judge", .nullable(.anyText), required: true, "who said so"),
      ]))

  static let group = Shape.object(
    Object(
      name: "Group",
      properties: [
        Property("group", .count, required: true, "its number"),
        Property("anchor", .groupMember, required: true, "what the others are compared with"),
        Property(
          "copies", .list(.anyText, count: 0...Int.max), required: true,
          "ids of those with its bytes"),
        Property(
          "members", .list(.askedMember, count: 0...Int.max), required: true, "the others"),
      ]))

  private static let progress = [
    Property("pairs", .count, required: true, "that are asked about"),
    Property("judged", .count, required: true, "how many of them have a verdict"),
  ]

  static let groupList = Shape.object(
    Object(
      name: "Groups",
      properties: [
        Property("result", .anyText, required: true, "its name at the prompt"),
        Property("collection", .anyText, required: true, "whose items they are"),
        Property("anchor_stays", .boolean, required: true, "whether a rule says which one stays"),
        Property("total", .count, required: true, "groups with something to ask"),
      ] + progress + [
        Property("groups", .list(.group, count: 0...Int.max), required: true, "those asked for")
      ]))

  static let groupVerdict = Shape.object(
    Object(
      name: "GroupVerdict",
      properties: [
        Property("group", .integer(1...Int.max), required: true, "its number"),
        Property(
          "items", .list(.text, count: 1...1_000), required: true, "members, but the anchor"),
        Property(
          "verdict", .verdictWords, required: true, "whether they are the anchor's picture"),
        Property("judge", .judgeName, "who says so"),
      ]))

  static let groupAnswer = Shape.object(
    Object(
      name: "GroupAnswer",
      properties: [
        Property("group", .count, required: true, "its number"),
        Property(
          "items", .list(.anyText, count: 0...Int.max), required: true, "what was answered of"),
      ] + progress))
}

extension Route {
  static let groups = Route(
    method: "GET", template: "/v1/groups",
    summary: "Groups of near-duplicates, with what was said of their members", tag: "groups",
    parameters: [
      Parameter("offset", .count, "groups that are left out before; 0 if left out"),
      Parameter("top", .integer(1...100), "at most so many; 20 if left out"),
    ], answer: .json(.groupList), problems: [404, 409]
  ) { service, call in
    let review = try service.review()
    let verdicts = try service.bench.verdicts(in: review)
    let shown = review.groups.dropFirst(call.parameters["offset"]?.integer ?? 0)
      .prefix(call.parameters["top"]?.integer ?? 20)
    let progress = GroupProgress(review, verdicts)
    return .json(
      JSONValue.members([
        "result": .string(review.name), "collection": .string(review.collection.name),
        "anchor_stays": .boolean(review.hasKept), "total": JSONValue(review.groups.count),
        "pairs": JSONValue(progress.pairs), "judged": JSONValue(progress.judged),
        "groups": .array(try shown.map { try service.json($0, of: review, verdicts) }),
      ]).text)
  }

  static let keepVerdict = Route(
    method: "POST", template: "/v1/groups/verdicts",
    summary: "Keeps whether members of a group are the same picture as its anchor",
    tag: "groups", body: .json(.groupVerdict, holdsPicture: false), answer: .json(.groupAnswer),
    problems: [404, 409, 415, 503]
  ) { service, call in
    let review = try service.review()
    let group = try service.group(call.body["group"]?.integer ?? 0, of: review)
    let items = (call.body["items"]?.elements ?? []).compactMap(\.string).map { ItemID($0) }
    guard let answer = call.body["verdict"]?.string.flatMap(Verdict.Answer.init) else {
      throw ParallaxError(.missingMember, "'verdict' is missing", parameter: "verdict")
    }
    let judge = try Service.judge(call.body["judge"]?.string)
    let kept = try await service.writing {
      try await service.groupAnswers.keep(answer, of: items, in: group, of: review, by: judge)
    }
    return try service.response(to: kept, in: review)
  }

  static let takeBackVerdict = Route(
    method: "DELETE", template: "/v1/groups/verdicts",
    summary: "Takes back what somebody said last here, to what was said before", tag: "groups",
    parameters: [Parameter("judge", .judgeName, "who said it")], answer: .json(.groupAnswer),
    problems: [404, 409, 503]
  ) { service, call in
    let review = try service.review()
    let judge = try Service.judge(call.parameters["judge"]?.string)
    let back = try await service.writing { try await service.groupAnswers.takeBack(by: judge) }
    return try service.response(to: back, in: review)
  }
}

extension Service {
  fileprivate func response(
    to answer: GroupAnswer, in review: GroupReview
  ) throws -> ServerResponse {
    let progress = GroupProgress(review, try bench.verdicts(in: review))
    return .json(
      JSONValue.members([
        "group": JSONValue(answer.group),
        "items": .array(answer.items.map { .string($0.rawValue) }),
        "pairs": JSONValue(progress.pairs), "judged": JSONValue(progress.judged),
      ]).text)
  }

  fileprivate func json(
    _ group: GroupReview.Group, of review: GroupReview, _ verdicts: [ContentPair: Verdict]
  ) throws -> JSONValue {
    let differs = try GroupDifferences([group.anchor] + group.others, in: review, bench.workspace)
    func member(_ member: ItemGroups.Member, _ more: [JSONValue.Member]) -> JSONValue {
      let item = member.item
      return .object(
        [
          .init("id", .string(item.id.rawValue)), .init("bytes", .integer(item.size)),
          .init("width", item.width.map { JSONValue($0) } ?? .null),
          .init("height", item.height.map { JSONValue($0) } ?? .null),
          .init("format", JSONValue(item.format)),
          .init("score", member.score.map(JSONValue.number) ?? .null),
          .init("hash_distance", member.hashDistance.map { JSONValue($0) } ?? .null),
          .init("differs", fields(differs.values(of: item.rowID))),
          .init("links", links(item.id, in: review.collection)),
        ] + more)
    }
    return .members([
      "group": JSONValue(group.number), "anchor": member(group.anchor, []),
      "copies": .array(group.copies.map { .string($0.item.id.rawValue) }),
      "members": .array(
        group.others.map { other in
          let verdict = group.pair(with: other).flatMap { verdicts[$0] }
          return member(
            other,
            [
              .init("verdict", JSONValue(verdict?.answer.rawValue)),
              .init("judge", JSONValue(verdict?.judge)),
            ])
        }),
    ])
  }
}

/// The metadata in which members of a group differ.
struct GroupDifferences {
  /// Ascending by name.
  let names: [String]
  private let metadata: [ItemRecord.RowID: [String: Value]]

  init(
    _ members: [ItemGroups.Member], in review: GroupReview, _ workspace: Workspace
  ) throws {
    let rows = members.map(\.item.rowID)
    let values = try workspace.metadata(of: rows, in: review.collection)
    let all = Set(values.flatMap(\.keys))
    names = all.filter { name in Set(values.map { $0[name] ?? .null }).count > 1 }.sorted()
    metadata = Dictionary(zip(rows, values), uniquingKeysWith: { first, _ in first })
  }

  func values(of item: ItemRecord.RowID) -> [String: Value] {
    let own = metadata[item] ?? [:]
    return Dictionary(uniqueKeysWithValues: names.map { ($0, own[$0] ?? .null) })
  }
}
