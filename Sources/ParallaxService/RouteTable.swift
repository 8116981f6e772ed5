internal import ParallaxCore
internal import ParallaxServer

/// Everything that the service answers; the document reads this.
enum RouteTable {
  static let all: [Route] = [
    .search, .compare, .gate,
    .upload, .uploadThumbnail,
    .collections, .fields, .map,
    .groups, .keepVerdict, .takeBackVerdict,
    .item, .neighbours, .thumbnail, .original,
    .health, .metrics, .document,
    .judging, .grade, .settle, .agreement, .questionPicture,
    .page, .itemPage, .mapPage, .judgePage, .judgementsPage, .groupsPage, .answerGroups, .asset,
  ]

  /// Why no route answers a request.
  struct Refusal: Error {
    var response: ServerResponse
  }

  static func route(for head: RequestHead) -> Result<Route, Refusal> {
    let path = head.target?.path ?? []
    let known = all.filter { $0.match(path) != nil }
    let method = head.method == "HEAD" ? "GET" : head.method
    if let route = known.first(where: { $0.method == method }) { return .success(route) }
    guard !known.isEmpty else {
      return .failure(
        Refusal(
          response: .refusal(
            404,
            ParallaxError(
              .notFound, "there is nothing at this address",
              hint: "/openapi.json lists what there is"))))
    }
    let methods = known.map(\.method).flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
      .joined(separator: ", ")
    return .failure(
      Refusal(
        response: .refusal(
          405, ParallaxError(.wrongMethod, "this address takes \(methods)"), [("Allow", methods)])))
  }
}
