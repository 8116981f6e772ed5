internal import ParallaxCore
internal import ParallaxServer
private import ParallaxStatistics
internal import ParallaxStorage
internal import ParallaxWorkbench

extension Shape {
  private static let grade = Shape.integer(Grade.scale)
  /// As `Judge` has them.
  static let judgeName = Shape.string(length: 1...100)

  static let judging = Shape.object(
    Object(
      name: "Judging",
      properties: [
        Property("judgements", .anyText, required: true, "the name that grades are kept under"),
        Property("collection", .anyText, required: true, "whose items are graded"),
        Property("judge", .anyText, required: true, "who grades"),
        Property(
          "questions", .list(.judgedQuestion, count: 0...Int.max), required: true,
          "what is asked, in the order in which it is graded first"),
        Property(
          "pairs", .list(.judgedPair, count: 0...Int.max), required: true,
          "questions and items, in the order in which they are graded"),
        Property("notes", .list(.anyText, count: 0...Int.max), required: true, "what is left out"),
      ], help: "Nothing in it tells which system found an item, nor what others said."))

  private static let judgedQuestion = Shape.object(
    Object(
      name: "JudgedQuestion",
      properties: [
        Property("id", .anyText, required: true, "of the question"),
        Property(
          "parts", .list(.judgedPart, count: 0...Int.max), required: true,
          "what it asks by; nothing where only its id is known"),
      ]))

  private static let judgedPart = Shape.object(
    Object(
      name: "JudgedPart",
      properties: [
        Property("text", .anyText, "words"),
        Property("picture", .anyText, "the address of a picture"),
        Property("away", .boolean, required: true, "whether it is looked away from"),
      ]))

  private static let judgedPair = Shape.object(
    Object(
      name: "JudgedPair",
      properties: [
        Property("question", .anyText, required: true, "the id of a question"),
        Property("item", .anyText, required: true, "the id of an item"),
        Property("grade", .nullable(grade), required: true, "what this judge said"),
        Property(
          "changed", .boolean, required: true,
          "whether the picture is another one since they said so"
        ),
      ]))

  static let gradeRequest = Shape.object(
    Object(
      name: "GradeRequest",
      properties: [
        Property("judge", judgeName, required: true, "who says so"),
        Property("question", .text, required: true, "the id of a question"),
        Property("item", .text, required: true, "the id of an item"),
        Property(
          "grade", .nullable(grade), required: true,
          "3 for exactly what is asked for, 2 for mostly that, 1 for related, 0 for something else; "
            + "null takes it back"),
      ]))

  static let gradeAnswer = Shape.object(
    Object(
      name: "GradeAnswer",
      properties: [
        Property("kept", .nullable(grade), required: true, "the grade that is kept now")
      ]))

  static let agreement = Shape.object(
    Object(
      name: "Agreement",
      properties: [
        Property("judgements", .anyText, required: true, "the name that grades are kept under"),
        Property(
          "agreement", .list(.agreementRow, count: 0...Int.max), required: true,
          "of each two judges, and of all people together"),
        Property(
          "disagreements", .list(.disagreement, count: 0...Int.max), required: true,
          "what people disagree about, the farthest apart first"),
        Property("notes", .list(.anyText, count: 0...Int.max), required: true, "what is left out"),
      ]))

  private static let agreementRow = Shape.object(
    Object(
      name: "AgreementRow",
      properties: [
        Property(
          "one", .nullable(.anyText), required: true, "a judge; null for all people together"),
        Property("other", .nullable(.anyText), required: true, "the other judge"),
        Property("measure", .anyText, required: true, "such as kappa"),
        Property("value", .nullable(.anyNumber), required: true, "null where it is not defined"),
        Property("low", .nullable(.anyNumber), required: true, "of the interval of 95 %"),
        Property("high", .nullable(.anyNumber), required: true, "of the interval of 95 %"),
        Property("graded", .count, required: true, "answers that both graded"),
        Property("questions", .count, required: true, "that these answer"),
      ]))

  private static let disagreement = Shape.object(
    Object(
      name: "Disagreement",
      properties: [
        Property("question", .anyText, required: true, "the id of a question"),
        Property("item", .anyText, required: true, "the id of an item"),
        Property("grades", .map(grade), required: true, "by the name of the judge"),
        Property("settled", .nullable(grade), required: true, "the last word, if somebody said it"),
      ]))
}

extension Route {
  static let judging = Route(
    method: "GET", template: "/v1/judging", summary: "What somebody grades, with what they said",
    tag: "judging",
    parameters: [Parameter("judge", .string(length: 1...100), "who grades; me without it")],
    answer: .json(.judging), problems: [404, 409]
  ) { service, call in
    let said = Said()
    let desk = try service.judgingDesk()
    let name = call.parameters["judge"]?.string ?? Judge.usualName
    let judging = try await desk.assignment(of: name, said.handler).judging
    var asked: [String] = []
    var known: Set<String> = []
    for pair in judging.pairs where known.insert(pair.question).inserted {
      asked.append(pair.question)
    }
    return .json(
      JSONValue.members([
        "judgements": .string(judging.name), "collection": .string(judging.collection.name),
        "judge": .string(name),
        "questions": .array(
          asked.map { id in
            .members([
              "id": .string(id),
              "parts": .array(service.parts(of: judging.questions[id], in: judging.collection)),
            ])
          }),
        "pairs": .array(
          judging.pairs.map { pair in
            let isSame = pair.before?.hash == pair.item.hash
            return .members([
              "question": .string(pair.question), "item": .string(pair.item.id.rawValue),
              "grade": isSame ? pair.before.map { JSONValue($0.grade) } ?? .null : .null,
              "changed": .boolean(pair.before != nil && !isSame),
            ])
          }),
        "notes": .array((said.notes + said.warnings).map { .string($0) }),
      ]).text)
  }

  static let grade = Route(
    method: "POST", template: "/v1/judging/grades", summary: "Keeps a grade, or takes it back",
    tag: "judging", body: .json(.gradeRequest, holdsPicture: false), answer: .json(.gradeAnswer),
    problems: [403, 404, 409, 415, 503]
  ) { service, call in
    try await graded(call, in: service) { grade, item, question, judge in
      try await service.judgingDesk().grade(grade, of: item, for: question, by: judge)
    }
  }

  static let settle = Route(
    method: "POST", template: "/v1/judging/settled",
    summary: "Says the last word on what people disagree about, or takes it back",
    tag: "judging", body: .json(.gradeRequest, holdsPicture: false), answer: .json(.gradeAnswer),
    problems: [403, 404, 409, 415, 503]
  ) { service, call in
    try await graded(call, in: service) { grade, item, question, judge in
      try await service.judgingDesk().settle(grade, of: item, for: question, by: judge)
    }
  }

  private static func graded(
    _ call: Call, in service: Service, _ keep: (Int?, String, String, String) async throws -> Void
  ) async throws -> ServerResponse {
    let text = { (name: String) in call.body[name]?.string ?? "" }
    let grade = call.body["grade"]?.integer
    try await service.writing {
      try await keep(grade, text("item"), text("question"), text("judge"))
    }
    return .json(JSONValue.members(["kept": grade.map { JSONValue($0) } ?? .null]).text)
  }

  static let agreement = Route(
    method: "GET", template: "/v1/judging/agreement",
    summary: "How far judges agree, and what they disagree about", tag: "judging",
    answer: .json(.agreement), problems: [404]
  ) { service, _ in
    let desk = try service.judgingDesk()
    let kept = try desk.kept()
    let rows = try kept?.agreement(seed: service.options.seed) ?? []
    let number = { (value: Double?) in value.map(JSONValue.number) ?? .null }
    return .json(
      JSONValue.members([
        "judgements": .string(desk.offer.name),
        "agreement": .array(
          rows.map { row in
            .members([
              "one": JSONValue(row.one?.name), "other": JSONValue(row.other?.name),
              "measure": .string(row.measure.rawValue), "value": number(row.value),
              "low": number(row.interval?.low), "high": number(row.interval?.high),
              "graded": JSONValue(row.pairs), "questions": JSONValue(row.questions),
            ])
          }),
        "disagreements": .array(
          (kept?.disagreements(withSettled: true) ?? []).map { pair in
            .members([
              "question": .string(pair.question), "item": .string(pair.item.rawValue),
              "grades": .object(pair.people.map { .init($0.judge, JSONValue($0.grade)) }),
              "settled": pair.settled.map { JSONValue($0.grade) } ?? .null,
            ])
          }),
        "notes": .array((kept?.changedSentence).map { [.string($0)] } ?? []),
      ]).text)
  }

  static let questionPicture = Route(
    method: "GET", template: "/v1/judging/picture",
    summary: "The picture that a question asks by, small, as JPEG without metadata", tag: "judging",
    parameters: [
      Parameter("question", .text, "the id of a question"),
      Parameter("part", .integer(0...99), "which of its parts"),
    ],
    answer: .picture, problems: [404, 422]
  ) { service, call in
    let question = call.parameters["question"]?.string ?? ""
    guard
      let path = try service.judgingDesk().picture(
        of: question, part: call.parameters["part"]?.integer ?? 0)
    else {
      throw ParallaxError(.unknownName, "the question '\(question)' has no picture there")
    }
    let bytes = try await hiding(path, as: "the picture of the question") {
      try await service.bench.preview(ofFile: path, side: 640)
    }
    return ServerResponse(
      200, [("Content-Type", "image/jpeg"), ("Cache-Control", "private, no-cache")], body: bytes)
  }
}

extension Service {
  /// - Throws: `not-found` where nothing is graded.
  func judgingDesk() throws -> JudgingDesk {
    guard let desk else {
      throw ParallaxError(
        .notFound, "nothing is graded here", hint: "'serve SPACE --judge NAME --run RUN' does that")
    }
    return desk
  }

  /// What a question asks by, without a path.
  fileprivate func parts(of question: Question?, in collection: ItemCollection) -> [JSONValue] {
    (question?.terms ?? []).enumerated().map { place, term in
      var (text, picture): (String?, String?)
      switch term.content {
      case .text(let words): text = words
      case .image:
        let id = RequestTarget.encoded(question?.id ?? "")
        picture = "/v1/judging/picture?question=\(id)&part=\(place)"
      case .item(let id): picture = Self.address(of: id, in: collection) + "/thumbnail?side=640"
      }
      return .members([
        "text": text.map(JSONValue.string), "picture": picture.map(JSONValue.string),
        "away": .boolean(term.weight < 0),
      ])
    }
  }
}
