internal import ParallaxCore
private import ParallaxServer

/// The routes as OpenAPI 3.1 describes them.
enum OpenAPI {
  static let document: JSONValue = {
    var named: [String: JSONValue] = [:]
    var paths: [(path: String, operations: [JSONValue.Member])] = []
    for route in RouteTable.all where !route.isPage {
      let operation = JSONValue.Member(
        route.method.lowercased(), Self.operation(of: route, &named))
      if let place = paths.firstIndex(where: { $0.path == route.template }) {
        paths[place].operations.append(operation)
      } else {
        paths.append((route.template, [operation]))
      }
    }
    _ = Shape.problem.schema(&named)
    return .members([
      "openapi": .string("3.1.0"),
      "info": .members([
        "title": .string("Parallax"), "version": .string(Version.current),
        "description": .string(
          "Searches the spaces of a workspace that 'serve' was given. It changes nothing but grades and verdicts, "
            + "where it was told to keep some."),
      ]),
      "paths": .object(paths.map { .init($0.path, .object($0.operations)) }),
      "components": .members([
        "schemas": .object(named.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }),
        "securitySchemes": .members([
          "token": .members(["type": .string("http"), "scheme": .string("bearer")])
        ]),
      ]),
      "security": .array([.members(["token": .array([])]), .object([])]),
    ])
  }()

  private static func operation(
    of route: Route, _ named: inout [String: JSONValue]
  ) -> JSONValue {
    var parameters: [JSONValue] = []
    for (place, list) in [("path", route.segments), ("query", route.parameters)] {
      for parameter in list {
        parameters.append(
          .members([
            "name": .string(parameter.name), "in": .string(place),
            "required": .boolean(place == "path"), "description": .string(parameter.help),
            "schema": parameter.shape.schema(&named),
          ]))
      }
    }
    let reads = route.body != nil || !route.parameters.isEmpty
    let problems = Set(
      route.problems + [401, 403, 421, 429, 431, 500] + (reads ? [400] : [])
        + (route.body == nil ? [] : [413]))
    var responses = [JSONValue.Member("200", answer(route.answer, &named))]
    for status in problems.sorted() {
      responses.append(
        .init(
          String(status),
          .members([
            "description": .string(Problem.title(of: status)),
            "content": .object([
              .init(Problem.contentType, .members(["schema": Shape.problem.schema(&named)]))
            ]),
          ])))
    }
    // Said by libmicrohttpd, before there is a request to answer.
    responses.append(
      .init("414", .members(["description": .string("The address has more than 16 KiB")])))
    return .members([
      "summary": .string(route.summary), "operationId": .string(id(of: route)),
      "tags": .array([.string(route.tag)]),
      "parameters": parameters.isEmpty ? nil : .array(parameters),
      "requestBody": body(of: route, &named), "responses": .object(responses),
    ])
  }

  /// Such as `getItemsThumbnail`.
  private static func id(of route: Route) -> String {
    let words = route.template.split(separator: "/").filter { !$0.hasPrefix("{") && $0 != "v1" }
    return route.method.lowercased()
      + words.map { word in
        let plain = word.prefix { $0.isLetter }
        return plain.prefix(1).uppercased() + plain.dropFirst()
      }.joined()
  }

  private static func body(
    of route: Route, _ named: inout [String: JSONValue]
  ) -> JSONValue? {
    let content: JSONValue
    switch route.body {
    case nil: return nil
    case .json(let shape, _):
      content = .members(["application/json": .members(["schema": shape.schema(&named)])])
    case .picture: content = .members(["image/*": binary])
    case .form: content = .members(["application/x-www-form-urlencoded": binary])
    }
    return .members(["required": .boolean(true), "content": content])
  }

  private static func answer(
    _ answer: Route.Answer, _ named: inout [String: JSONValue]
  ) -> JSONValue {
    let content: JSONValue
    switch answer {
    case .json(let shape):
      content = .members(["application/json": .members(["schema": shape.schema(&named)])])
    case .picture: content = .members(["image/*": binary])
    case .text(let type):
      content = .object([
        .init(type, .members(["schema": .members(["type": .string("string")])]))
      ])
    }
    return .members(["description": .string("Done"), "content": content])
  }

  /// Bytes: a media type without a schema, as OpenAPI 3.1 has it.
  private static let binary = JSONValue.object([])
}

extension Shape {
  static let problem = Shape.object(
    Object(
      name: "Problem",
      properties: [
        Property("type", .anyText, required: true, "about:blank"),
        Property("title", .anyText, required: true, "the words of the status"),
        Property("status", .integer(400...599), required: true, "of the response"),
        Property("code", .anyText, required: true, "stable, as 'set error.codes on' shows it"),
        Property("detail", .anyText, required: true, "what is wrong"),
        Property("hint", .anyText, "what helps"),
        Property("parameter", .anyText, "the member or parameter at fault"),
        Property("part", .list(.count, count: 2...2), "UTF-8 offsets into its value"),
      ], help: "RFC 9457"))
}
