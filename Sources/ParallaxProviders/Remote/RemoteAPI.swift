internal import ParallaxCore
internal import ParallaxHTTP

/// What the wire formats of a remote provider have in common, whatever is asked for.
protocol RemoteAPI: Sendable {
  /// Items of one request.
  var itemLimit: Int { get }
  /// Bytes of one request's body.
  var byteLimit: Int { get }

  /// As the service names it, for messages.
  var model: String { get }
  /// What a person may set when the access is refused.
  var accessNames: [String] { get }

  /// What a reply means; only an accepted one is read further.
  func judge(_ response: HTTPResponse) -> HTTPClient.Verdict

  /// Asks for new access after a refusal; says whether that is worth another try.
  func renewAccess() async -> Bool
}

extension RemoteAPI {
  func judge(_ response: HTTPResponse) -> HTTPClient.Verdict {
    if response.isSuccess, !ServiceError.isError(response.body) { return .accepted }
    return ServiceError(response).verdict(model: model, keyNames: accessNames)
  }

  func renewAccess() async -> Bool { false }
}
