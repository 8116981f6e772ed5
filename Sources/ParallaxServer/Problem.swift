package import ParallaxCore
internal import ParallaxText

/// An error as RFC 9457 writes it, with the stable code of the program's own errors.
package struct Problem: Sendable {
  package static let contentType = "application/problem+json"

  package let status: Int
  package let error: ParallaxError

  package init(_ status: Int, _ error: ParallaxError) {
    self.status = status
    self.error = error
  }

  /// The words of a status.
  package static func title(of status: Int) -> String { titles[status] ?? "Error" }

  private static let titles = [
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 409: "Conflict", 411: "Length Required", 413: "Content Too Large",
    415: "Unsupported Media Type", 421: "Misdirected Request", 422: "Unprocessable Content",
    429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
  ]

  package var json: String {
    var members = [
      ("type", JSON.string("about:blank")), ("title", JSON.string(Self.title(of: status))),
      ("status", String(status)), ("code", JSON.string(error.code.name)),
      ("detail", JSON.string(error.message)),
    ]
    if let hint = error.hint { members.append(("hint", JSON.string(hint))) }
    if let parameter = error.parameter {
      members.append(("parameter", JSON.string(parameter.name)))
      if let part = parameter.part {
        members.append(("part", "[\(part.lowerBound), \(part.upperBound)]"))
      }
    }
    return "{" + members.map { "\(JSON.string($0)): \($1)" }.joined(separator: ", ") + "}\n"
  }
}

extension ParallaxError.Code {
  package static let badRequest = Self("bad-request")
  package static let wrongHost = Self("wrong-host")
  package static let wrongOrigin = Self("wrong-origin")
  package static let notAuthorized = Self("not-authorized")
  package static let tooManyRequests = Self("too-many-requests")
  package static let bodyTooLarge = Self("body-too-large")
  package static let headerTooLarge = Self("header-too-large")
  package static let lengthRequired = Self("length-required")
  package static let notFound = Self("not-found")
  package static let wrongMethod = Self("wrong-method")
  package static let wrongContentType = Self("wrong-content-type")
  package static let serverEnding = Self("server-ending")
  package static let addressInUse = Self("address-in-use")
}
