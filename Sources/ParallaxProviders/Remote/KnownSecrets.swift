package import ParallaxHTTP

/// The keys, tokens and passwords that a process was given, by their values: whatever they look like,
/// they are to be in no message, no recording and no history.
package enum KnownSecrets {
  /// What the parts of the name of a variable end with that holds a secret.
  private static let telling = [
    "KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "CREDENTIALS",
  ]
  /// Values below this length are switches and names, not secrets; of variables that hold a key by
  /// definition they count.
  private static let least = 8
  private static let keyNames: Set = Set(
    GeminiAPI.keyNames + VoyageAPI.keyNames + CohereAPI.keyNames + JinaAPI.keyNames
      + OpenAIAPI.keyNames + GoogleAccess.tokenNames)

  /// - Parameter variables: the environment; files that it names as holding a key are read.
  package static func all(in variables: [String: String]) -> [Secret] {
    var secrets: [Secret] = []
    for (name, value) in variables {
      let upper = name.uppercased()
      if value.contains("://") {
        secrets += Address.secrets(in: value)
      } else if upper.hasSuffix("_PROXY") {
        secrets += Address.secrets(in: "//" + value)
      } else if keyNames.contains(name) {
        secrets.append(Secret(value))
      } else if value.count >= least, !value.hasPrefix("/"), tells(upper) {
        secrets.append(Secret(value))
      }
    }
    for name in keyNames {
      if let path = variables["\(name)_FILE"], let key = try? KeyFile.key(at: path) {
        secrets.append(key)
      }
    }
    if let path = variables["GOOGLE_APPLICATION_CREDENTIALS"],
      let credentials = try? GoogleCredentials(fileAt: path)
    {
      secrets += credentials.secrets
    }
    return secrets.filter { !$0.isEmpty }
  }

  private static func tells(_ name: String) -> Bool {
    let parts = name.split(separator: "_")
    // What ends like this names a file, a socket or a program.
    if let last = parts.last, ["FILE", "SOCK", "PATH", "DIR", "URL", "COMMAND"].contains(last) {
      return false
    }
    return parts.contains { part in telling.contains { part.hasSuffix($0) } }
  }
}
