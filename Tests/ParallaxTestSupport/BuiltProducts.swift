#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The path of a program built with the tests, such as `parallax`; `nil` when it is not there.
///
/// Programs lie beside the test bundle, also with another scratch path or
/// configuration; the bundle is named by the runner's arguments or is the
/// running program itself.
package func builtProduct(named name: String) -> String? {
  let arguments = CommandLine.arguments
  let named = arguments.firstIndex(of: "--test-bundle-path").flatMap { index in
    arguments.indices.contains(index + 1) ? arguments[index + 1] : nil
  }
  let bundles = [named, resolved("/proc/self/exe"), resolved(arguments[0])].compactMap { $0 }
  let folders = bundles.map(folder) + ["\(TestData.packageRoot)/.build/debug"]
  return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
}

/// The folder a bundle lies in; the program of a macOS bundle lies deeper.
private func folder(of path: String) -> String {
  var parts = path.split(separator: "/", omittingEmptySubsequences: false)
  if let bundle = parts.firstIndex(where: { $0.hasSuffix(".xctest") }) {
    parts.removeSubrange(bundle...)
  } else {
    parts.removeLast()
  }
  return parts.joined(separator: "/")
}

private func resolved(_ path: String) -> String? {
  guard let name = realpath(path, nil) else { return nil }
  defer { free(name) }
  return String(cString: name)
}
