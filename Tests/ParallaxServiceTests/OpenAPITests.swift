import ParallaxCore
import ParallaxServer
import Testing

@testable import ParallaxService

/// The document says what the routes do.
@Suite struct OpenAPITests {
  @Test func `every route is described, and every reference leads somewhere`() throws {
    let document = try JSONValue(parsing: Array(OpenAPI.document.text.utf8))
    #expect(document["openapi"]?.string == "3.1.0")
    for route in RouteTable.all where !route.isPage {
      let operation = document["paths"]?[route.template]?[route.method.lowercased()]
      #expect(operation?["summary"]?.string == route.summary, "\(route.template)")
      let named = (operation?["parameters"]?.elements ?? []).compactMap { $0["name"]?.string }
      #expect(named == (route.segments + route.parameters).map(\.name))
      for part in route.template.split(separator: "/") where part.hasPrefix("{") {
        #expect(route.segments.contains { "{\($0.name)}" == part }, "\(route.template)")
      }
    }
    let schemas = document["components"]?["schemas"]
    #expect(schemas?["SearchRequest"]?["anyOf"]?.elements?.count == 5)
    #expect(schemas?["GateRequest"]?["anyOf"]?.elements?.count == 2)
    let text = OpenAPI.document.text
    for piece in text.split(separator: "#/components/schemas/").dropFirst() {
      let name = String(piece.prefix { $0 != "\"" })
      #expect(document["components"]?["schemas"]?[name] != nil, "\(name)")
    }
    let ids = RouteTable.all.filter { !$0.isPage }.compactMap {
      document["paths"]?[$0.template]?[$0.method.lowercased()]?["operationId"]?.string
    }
    #expect(Set(ids).count == ids.count, "\(ids)")
  }

  /// Requests whose answers are held against the shapes of their routes.
  static let samples: [(method: String, target: String, body: String)] = [
    ("GET", "/healthz", ""), ("GET", "/v1/collections", ""),
    ("GET", "/v1/collections/c/fields", ""),
    ("GET", "/v1/items/c/a", ""), ("GET", "/v1/items/c/a/neighbours?top=1&space=c@turned", ""),
    ("POST", "/v1/search", #"{"text": "red", "explain": true}"#),
    ("POST", "/v1/search", #"{"text": "red", "top": 2.0}"#),
    ("POST", "/v1/search", #"{"item": "a", "rerank": {"model": "mmr"}}"#),
    ("POST", "/v1/compare", #"{"search": {"item": "a"}, "with": "c@turned"}"#),
    ("GET", "/openapi.json", ""), ("GET", "/v1/groups", ""),
    (
      "POST", "/v1/groups/verdicts",
      #"{"group": 1, "items": ["b"], "verdict": "distinct", "judge": "anna"}"#
    ),
    ("GET", "/v1/groups?top=1&offset=0", ""), ("DELETE", "/v1/groups/verdicts?judge=anna", ""),
  ]

  @Test func `answers have the shapes that the document gives`() async throws {
    try await ServedBench.inNewFolder(reviews: true) { served in
      for sample in Self.samples {
        let answer = try await served.json(sample.method, sample.target, sample.body)
        let head = RequestHead(method: sample.method, target: sample.target)
        guard case .json(let shape) = try RouteTable.route(for: head).get().answer else {
          Issue.record("\(sample.target) is no JSON")
          continue
        }
        try shape.check(answer)
      }
    }
  }
}
