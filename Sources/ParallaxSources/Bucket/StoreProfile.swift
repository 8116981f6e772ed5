internal import ParallaxCore
internal import ParallaxHTTP
private import ParallaxSystem

/// What the files below `~/.aws` say of the profile that the environment names.
///
/// Source: "Configuration and credential file settings" of the AWS SDKs and Tools Reference Guide.
struct StoreProfile: Sendable {
  /// A file of settings is not near this long.
  private static let longest = 1 << 20
  /// Settings by which a profile gets keys that stand in no file.
  private static let elsewhere = [
    "credential_process", "sso_session", "sso_start_url", "role_arn", "web_identity_token_file",
    "login_session",
  ]

  let name: String
  /// Whether the environment names it; else it is the usual one.
  let isNamed: Bool
  private(set) var accessKey: String?
  private(set) var secretKey: Secret?
  private(set) var sessionToken: Secret?
  private(set) var region: String?
  /// For all services, or for S3 where one is named for it.
  private(set) var endpoint: String?
  /// The setting by which it gets keys that are not to be had here; `nil` where there is none.
  private var unread: String?

  /// - Returns: `nil` where the environment names no profile and there is none of the usual name.
  /// - Throws: `invalid-value` for a profile that is named and not there, or has half a key, and for a file that
  ///   is no list of settings; `unreadable-file`.
  init?(in variables: [String: String]) throws {
    let files = Self.files(variables)
    let asked = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].lazy.compactMap { variables[$0] }
      .first { !$0.isEmpty }
    name = asked ?? "default"
    isNamed = asked != nil
    let keys = try files.credentials.map(Self.settings) ?? [:]
    let others = try files.config.map(Self.settings) ?? [:]
    let found = [keys[name], others["profile \(name)"] ?? (name == "default" ? others[name] : nil)]
      .compactMap(\.self)
    guard !found.isEmpty else {
      guard asked != nil else { return nil }
      throw ParallaxError(
        .invalidValue, "there is no profile '\(name)' in \(Self.words(files))",
        hint: "AWS_PROFILE names one; 'aws configure list-profiles' lists those there are")
    }
    func value(_ setting: String) -> String? {
      found.lazy.compactMap { $0[setting] }.first { !$0.isEmpty }
    }
    // Both halves come from one file.
    let own = found.first { $0["aws_access_key_id"] != nil || $0["aws_secret_access_key"] != nil }
    accessKey = own?["aws_access_key_id"]
    secretKey = own?["aws_secret_access_key"].map { Secret($0) }
    sessionToken = own?["aws_session_token"].map { Secret($0) }
    region = value("region")
    let services = value("services").flatMap { others["services \($0)"] } ?? [:]
    endpoint = services["s3.endpoint_url"] ?? value("endpoint_url")
    guard (accessKey == nil) == (secretKey == nil) else {
      throw ParallaxError(
        .invalidValue,
        "the profile '\(name)' has one of aws_access_key_id and aws_secret_access_key without the other",
        hint: "\(Self.words(files)) hold both together")
    }
    if accessKey == nil { unread = Self.elsewhere.first { value($0) != nil } }
  }

  /// Why it gives no keys, and what gives them; `nil` where it has them, or wants none.
  var refusal: ParallaxError? {
    unread.map { setting in
      ParallaxError(
        .unsupported,
        "the profile '\(name)' gets its keys by '\(setting)', and Parallax reads keys that stand in a file only",
        hint:
          "aws configure export-credentials --profile '\(name)' --format env writes them as variables"
      )
    }
  }

  /// Those that are there.
  private static func files(
    _ variables: [String: String]
  ) -> (credentials: String?, config: String?) {
    func file(_ variable: String, _ usual: String) -> String? {
      let named = variables[variable].flatMap { $0.isEmpty ? nil : $0 }
      let home = variables["HOME"].flatMap { $0.isEmpty ? nil : $0 }
      let path = named ?? home.map { "\($0)/.aws/\(usual)" }
      return path.flatMap { FileStatus.exists($0) ? $0 : nil }
    }
    return (
      file("AWS_SHARED_CREDENTIALS_FILE", "credentials"), file("AWS_CONFIG_FILE", "config")
    )
  }

  private static func words(_ files: (credentials: String?, config: String?)) -> String {
    "'\(files.credentials ?? "~/.aws/credentials")' and '\(files.config ?? "~/.aws/config")'"
  }

  private static func settings(at path: String) throws -> [String: [String: String]] {
    let bytes = try InputFile.contents(of: path, atMost: longest)
    guard let settings = settings(in: String(decoding: bytes, as: UTF8.self)) else {
      throw ParallaxError(
        .invalidValue,
        "'\(path)' is no file of settings: a line begins no section and is no 'name = value'",
        hint: "correct it, or name another in AWS_SHARED_CREDENTIALS_FILE or AWS_CONFIG_FILE")
    }
    return settings
  }

  /// Sections with their settings. What is indented below a setting without a value belongs to it, as
  /// `s3.endpoint_url` does.
  ///
  /// - Returns: `nil` for another form.
  static func settings(in text: String) -> [String: [String: String]]? {
    var sections: [String: [String: String]] = [:]
    var section: String?
    var outer: String?
    for whole in text.split(whereSeparator: \.isNewline) {
      let line = whole.trimmed
      guard let first = line.first, first != "#", first != ";" else { continue }
      if first == "[" {
        guard let end = line.lastIndex(of: "]") else { return nil }
        let name = line[line.index(after: line.startIndex)..<end]
          .filter { $0 != "\"" && $0 != "'" }
          .split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
        (section, outer) = (name, nil)
        sections[name] = sections[name] ?? [:]
        continue
      }
      guard let section, let equals = line.firstIndex(of: "=") else { return nil }
      let name = line[..<equals].trimmed.lowercased()
      let value = String(line[line.index(after: equals)...].trimmed)
      let isInner = whole.first.map { $0 == " " || $0 == "\t" } ?? false
      if isInner, let outer {
        sections[section]?["\(outer).\(name)"] = value
      } else {
        sections[section]?[name] = value
        outer = value.isEmpty ? name : nil
      }
    }
    return sections
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var part = drop { $0 == " " || $0 == "\t" }
    while let last = part.last, last == " " || last == "\t" { part.removeLast() }
    return part
  }
}
