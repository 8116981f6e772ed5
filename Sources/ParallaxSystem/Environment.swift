#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The process's environment variables.
package enum Environment {
  package static let variables: [String: String] = {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text).split(separator: "=", maxSplits: 1)
      if let name = pair.first { variables[String(name)] = pair.count > 1 ? String(pair[1]) : "" }
      entry += 1
    }
    return variables
  }()
}
