internal import ParallaxCore
internal import ParallaxHTTP
private import ParallaxText

/// Pictures at addresses of the web.
///
/// An address may be anybody's idea, so a connection leads to public addresses only, unless a person
/// allows others: it is looked at when it is made, at every redirection, and no proxy stands between.
struct AddressSource: PictureSource {
  /// Redirections of one request.
  private static let mostRedirections = 5
  /// For one picture.
  private static let timeout: Duration = .seconds(120)

  let access: SourceAccess
  let allowsPrivate: Bool
  /// The whole address, where the path is without what may be a key.
  let secretAddress: String?

  static func reads(_ path: String) -> Bool { PicturePath.isAddress(path) }

  func picture(
    at path: String, unless known: PictureState?, atMost limit: Int
  ) async throws -> PictureReply {
    try access.checkNetwork(for: path)
    var address = try Self.address(secretAddress ?? path, shownAs: path)
    guard secretAddress != nil || !path.contains("=\(WebAddress.hidden)") else {
      throw ParallaxError(
        .unreadableFile,
        "cannot read '\(path)': its address was signed, and signatures are not kept",
        hint: "'sync COLLECTION' reads its list again; then this works in the same session")
    }
    for _ in 0...Self.mostRedirections {
      let response = try await send(address, path, known, limit)
      if response.status == 304, known != nil { return .unchanged }
      guard Self.isRedirection(response) else {
        return .picture(
          response.body, PictureState(tag: response.header("ETag"), modified: response.lastModified)
        )
      }
      address = try Self.target(of: response, from: address, path)
    }
    throw ParallaxError(
      .unreadableFile,
      "cannot read '\(path)': it is redirected more than \(Self.mostRedirections) times")
  }

  private func send(
    _ address: WebAddress, _ path: String, _ known: PictureState?, _ limit: Int
  ) async throws -> HTTPResponse {
    var headers = [HTTPRequest.Header("Accept", "image/*,*/*;q=0.5")]
    if let tag = known?.tag {
      headers.append(.init("If-None-Match", tag))
    } else if let modified = known?.modified {
      headers.append(
        .init("If-Modified-Since", HTTPDate.text(secondsSince1970: modified / 1_000_000_000)))
    }
    let request = HTTPRequest(
      method: "GET", url: address.whole, headers: headers, timeout: Self.timeout,
      largestReply: limit, hidden: address.secrets, isPublicOnly: !allowsPrivate)
    let client = allowsPrivate ? access.openClient : access.publicClient
    return try await client.send(request) { response in
      if response.isSuccess || Self.isRedirection(response) { return .accepted }
      if response.status == 304, known != nil { return .accepted }
      return response.verdict(on: path)
    }
  }

  private static func isRedirection(_ response: HTTPResponse) -> Bool {
    [301, 302, 303, 307, 308].contains(response.status)
  }

  private static func address(_ text: String, shownAs path: String) throws -> WebAddress {
    do throws(WebAddress.Fault) { return try WebAddress(text) } catch {
      throw ParallaxError(.unreadableFile, "cannot read '\(path)': it is no address of the web")
    }
  }

  private static func target(
    of response: HTTPResponse, from address: WebAddress, _ path: String
  ) throws -> WebAddress {
    let location = response.header("Location") ?? ""
    let target: WebAddress
    do throws(WebAddress.Fault) { target = try address.resolving(location) } catch {
      throw ParallaxError(
        .unreadableFile, "cannot read '\(path)': it is redirected to what is no address of the web")
    }
    guard target.isSecure || !address.isSecure else {
      throw ParallaxError(
        .unreadableFile,
        "cannot read '\(path)': it is redirected from https to http, which anybody on the way can change"
      )
    }
    return target
  }
}

extension WebAddress {
  /// What of it no text may hold.
  fileprivate var secrets: [Secret] {
    guard holdsSecret, let mark = whole.firstIndex(of: "?") else { return [] }
    return whole[whole.index(after: mark)...].split(separator: "&").compactMap { field in
      guard let equals = field.firstIndex(of: "="), TellingNames.tells(field[..<equals]) else {
        return nil
      }
      return Secret(String(field[field.index(after: equals)...]))
    }.filter { !$0.isEmpty }
  }
}

extension HTTPResponse {
  /// When the picture was changed last, in nanoseconds since 1970.
  var lastModified: Int64? {
    header("Last-Modified").flatMap { HTTPDate.nanoseconds(of: $0) }
  }

  /// What a reply without the picture means.
  func verdict(on path: String) -> HTTPClient.Verdict {
    if status == 408 || status == 429 || (500...504).contains(status) {
      return .retry(
        .init(after: retryAfter, isRateLimit: status == 429, reason: "it answered \(status)"))
    }
    let meaning = [
      401: "it asks for a login", 403: "it is forbidden", 404: "there is nothing",
      410: "it is gone", 451: "it is withheld",
    ]
    let words = meaning[status].map { " (\($0))" } ?? ""
    return .refused(
      ParallaxError(.unreadableFile, "cannot read '\(path)': the server answered \(status)\(words)")
    )
  }
}
