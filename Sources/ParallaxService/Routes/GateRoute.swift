internal import ParallaxCore
internal import ParallaxServer
private import ParallaxStorage
private import ParallaxText
internal import ParallaxWorkbench

extension Shape {
  static let gateRequest = Shape.object(
    Object(
      name: "GateRequest",
      properties: [
        Property("space", .text, "the space that it is compared with; the first one if left out"),
        Property("image", .string(length: 1...Int.max), "the bytes of a picture in base64"),
        Property("upload", .string(length: 64...64), "or a picture that was sent to /v1/uploads"),
        Property(
          "max_score", .number(-1...1), required: true, "from this cosine on it is rejected"),
        Property("review_score", .number(-1...1), "from this one on somebody looks at it"),
      ], needsOne: ["image", "upload"]))

  static let gateAnswer = Shape.object(
    Object(
      name: "GateAnswer",
      properties: [
        Property(
          "decision", .choice(GateDecision.allCases.map(\.rawValue)), required: true,
          "what becomes of it"),
        Property("problem", .nullable(.anyText), required: true, "why it cannot be compared"),
        Property("compared", .count, required: true, "vectors it was compared with"),
        Property(
          "matches", .list(.gateMatch, count: 0...Int.max), required: true, "the nearest first"),
        Property("notes", .list(.anyText, count: 0...Int.max), required: true, "what was noticed"),
        Property(
          "warnings", .list(.anyText, count: 0...Int.max), required: true, "what is not as asked"),
      ]))

  static let gateMatch = Shape.object(
    Object(
      name: "GateMatch",
      properties: [
        Property("id", .anyText, required: true, "of the item"),
        Property("score", .nullable(.anyNumber), required: true, "the cosine"),
        Property("same_bytes", .boolean, required: true, "whether the files are equal"),
      ]))
}

extension Route {
  static let gate = Route(
    method: "POST", template: "/v1/gate",
    summary: "Whether a picture is too near to one that is there; nothing is added", tag: "search",
    body: .json(.gateRequest, holdsPicture: true), answer: .json(.gateAnswer),
    problems: [404, 409, 413, 415, 422, 502, 503]
  ) { service, call in
    let space = try service.space(call.body["space"]?.string)
    try service.checkThere(space)
    let upload: Uploads.Upload
    switch (call.body["image"]?.string, call.body["upload"]?.string) {
    case (let text?, nil):
      guard let bytes = Base64.decoded(text), !bytes.isEmpty,
        bytes.count <= service.options.uploadBytes
      else {
        throw ParallaxError(
          .invalidValue,
          "'image' takes the bytes of a picture in base64, at most "
            + "\(service.options.uploadBytes) of them", parameter: "image")
      }
      upload = try service.uploads.hold(bytes)
    case (nil, let id?): upload = try service.uploads.upload(id)
    default: throw ParallaxError(.missingMember, "a gate takes one picture: 'image' or 'upload'")
    }
    // Its file is there until the gate has decided.
    defer { withExtendedLifetime(upload) {} }
    let most = call.body["max_score"]?.number ?? 1
    let review = call.body["review_score"]?.number ?? most
    guard review <= most else {
      throw ParallaxError(
        .invalidValue, "'review_score' takes at most 'max_score', \(most); got \(review)",
        parameter: "review_score")
    }
    let request = GateRequest(
      [upload.path], thresholds: GateThresholds(reject: most, review: review))
    let said = Said()
    let outcome = try await hiding(upload.path, as: "the picture") {
      try await service.whenFree {
        try await service.bench.gate(
          request, on: space, budget: service.options.budget, said.handler)
      }
    }
    guard let picture = outcome.pictures.first else {
      throw ParallaxError(.internalError, "the gate decided nothing")
    }
    let texts = { (texts: [String]) in
      JSONValue.array(texts.map { .string($0.replacing(upload.path, with: "the picture")) })
    }
    return .json(
      JSONValue.members([
        "decision": .string(picture.decision.rawValue),
        "problem": JSONValue(
          picture.problem?.replacing(upload.path, with: "the picture")),
        "compared": JSONValue(outcome.compared),
        "matches": .array(
          picture.matches.map { match in
            .members([
              "id": .string(match.name), "score": match.score.map(JSONValue.number) ?? .null,
              "same_bytes": .boolean(match.isCopy),
            ])
          }),
        "notes": texts(said.notes), "warnings": texts(said.warnings),
      ]).text)
  }
}
