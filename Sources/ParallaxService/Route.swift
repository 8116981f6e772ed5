internal import ParallaxCore
internal import ParallaxServer

/// One thing that the service answers.
struct Route: Sendable {
  struct Parameter: Sendable {
    var name: String
    var shape: Shape
    var help: String

    init(_ name: String, _ shape: Shape, _ help: String) {
      self.name = name
      self.shape = shape
      self.help = help
    }
  }

  enum Body: Sendable {
    case json(Shape, holdsPicture: Bool)
    /// The bytes of a picture.
    case picture
    /// What a form of a page sends.
    case form
  }

  enum Answer: Sendable {
    case json(Shape)
    case picture
    /// A text of a type.
    case text(String)
  }

  var method: String
  /// Such as `/v1/items/{collection}/{id}`.
  var template: String
  /// One line, for the document.
  var summary: String
  /// By name, for the document.
  var tag: String
  /// In the path.
  var segments: [Parameter] = []
  /// Behind the path; all may be left out.
  var parameters: [Parameter] = []
  var body: Body?
  var answer: Answer
  /// Statuses of problems, for the document, besides those of every route.
  var problems: [Int] = []
  /// Whether it needs no token.
  var isOpen = false
  /// Whether the document leaves it out: it is for people.
  var isPage = false
  var handle: @Sendable (Service, Call) async throws -> ServerResponse

  /// A request as its route reads it.
  struct Call: Sendable {
    var request: ServerRequest
    /// The parameters of the path.
    var segments: [String: String]
    /// Those behind it.
    var parameters: [String: JSONValue]
    var body: JSONValue = .null

    func segment(_ name: String) -> String { segments[name] ?? "" }
  }

  /// The parameters that a path gives; `nil` for a path of another route.
  func match(_ path: [String]) -> [String: String]? {
    let parts = template.split(separator: "/").map(String.init)
    guard parts.count == path.count else { return nil }
    var found: [String: String] = [:]
    for (part, text) in zip(parts, path) {
      if part.hasPrefix("{") {
        found[String(part.dropFirst().dropLast())] = text
      } else if part != text {
        return nil
      }
    }
    return found
  }

  /// Bytes that its body may have.
  func bodyLimit(ofPicture picture: Int) -> Int {
    switch body {
    case nil: 0
    case .json(_, let holdsPicture): (64 << 10) + (holdsPicture ? picture / 3 * 4 + 4 : 0)
    case .picture: picture
    case .form: 256 << 10
    }
  }

  /// Reads a request.
  ///
  /// - Throws: `unknown-member`, `invalid-value`, `bad-request`, naming what is wrong.
  func call(_ request: ServerRequest, _ segments: [String: String]) throws -> Call {
    // A page says what it leaves out.
    guard !isPage else { return Call(request: request, segments: segments, parameters: [:]) }
    var values: [String: JSONValue] = [:]
    for given in request.head.target?.parameters ?? [] {
      guard let parameter = parameters.first(where: { $0.name == given.name }) else {
        throw ParallaxError(
          .unknownMember, "unknown parameter '\(given.name)'",
          hint: Suggestion.hint(for: given.name, among: parameters.map(\.name)),
          parameter: .init(name: given.name))
      }
      guard values[given.name] == nil else {
        throw ParallaxError(
          .badRequest, "'\(given.name)' is given twice", parameter: .init(name: given.name))
      }
      values[given.name] = try parameter.shape.value(ofParameter: given.value, named: given.name)
    }
    var call = Call(request: request, segments: segments, parameters: values)
    if case .json(let shape, _) = body {
      call.body = try JSONValue(parsing: request.body)
      try shape.check(call.body)
    }
    return call
  }
}
